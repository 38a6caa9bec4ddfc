//! What an archive may cost. An archive is a stranger's program: a few kilobytes can ask for
//! terabytes of output, for millions of entries, or for an archive in an archive without end. Each
//! limit stands far above what a real must-gather needs; what lies behind it is named as unread.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::Progress;

/// Archives inside archives: the must-gather, a dump in it, an archive in that, and one to spare.
pub(super) const DEPTH: usize = 4;
/// Compressed streams directly inside each other (`.log.gz.xz`); a gzip file can hold itself.
pub(super) const LAYERS: usize = 4;
/// Entries of one input, with those of all archives inside it. Real ones have 3,500 to 200,000.
pub(super) const ENTRIES: u64 = 1_000_000;
/// Bytes of a path inside an archive. Real ones reach 388; Linux allows 4,096.
pub(super) const PATH: usize = 4096;
/// Bytes of headers between two entries of a tar: room for long names and extended attributes.
pub(super) const TAR_HEADERS: u64 = 1 << 20;
/// Bytes that come out of one input, over all layers. The largest known must-gather has 32 GiB.
pub(super) const UNPACKED: u64 = 1 << 40;
/// How many times larger than the input its contents may be ([`FREE`] is not judged). Real ones
/// reach 30; gzip can do no more than 1,032.
pub(super) const RATIO: u64 = 200;
/// Bytes that may come out before [`RATIO`] is enforced.
pub(super) const FREE: u64 = 256 << 20;
/// A zip has its directory at its end, so that one that arrives as a stream is held in memory; all
/// together that are held at once, one in the other.
pub(super) const ZIP_IN_MEMORY: u64 = 128 << 20;
/// A log up to this size is read to memory and handed over; a larger one is read in blocks.
pub(super) const OWNED: u64 = 8 << 20;
/// Bytes of one cluster object or list of objects.
pub(super) const OBJECT: u64 = 32 << 20;

/// Counts what went into one input's decoders and what came out of them.
#[derive(Debug, Default)]
pub(super) struct Meter {
    taken: AtomicU64,
    produced: AtomicU64,
    entries: AtomicU64,
    held: AtomicU64,
    progress: Arc<Progress>,
}

impl Meter {
    /// A meter that also tells how far the reading is.
    pub(super) fn of(progress: Arc<Progress>) -> Meter {
        Meter { progress, ..Meter::default() }
    }

    /// Bytes that may still be held in memory.
    pub(super) fn room(&self) -> u64 {
        ZIP_IN_MEMORY.saturating_sub(self.held.load(Relaxed))
    }

    /// Counts bytes that are held in memory while `work` is done.
    pub(super) fn holding<T>(&self, bytes: usize, work: impl FnOnce() -> T) -> T {
        self.held.fetch_add(bytes as u64, Relaxed);
        let done = work();
        self.held.fetch_sub(bytes as u64, Relaxed);
        done
    }

    /// Counts an entry of an archive.
    ///
    /// # Errors
    /// Behind [`ENTRIES`].
    pub(super) fn entry(&self) -> io::Result<()> {
        if self.entries.fetch_add(1, Relaxed) < ENTRIES {
            return Ok(());
        }
        Err(io::Error::other(format!("more than {ENTRIES} entries; the rest was not read")))
    }

    /// Counts bytes that came out of a decoder.
    ///
    /// # Errors
    /// Behind [`UNPACKED`] and [`RATIO`].
    fn produce(&self, bytes: u64) -> io::Result<()> {
        let produced = self.produced.fetch_add(bytes, Relaxed) + bytes;
        if produced > UNPACKED {
            return Err(io::Error::other("unpacks to more than 1 TiB; the rest was not read"));
        }
        if produced > FREE && produced / RATIO > self.taken.load(Relaxed) {
            return Err(io::Error::other(format!(
                "unpacks to more than {RATIO} times its size, as archives do that are made to exhaust a machine; the rest was not read"
            )));
        }
        Ok(())
    }

    /// Whether a limit of bytes was reached, so that nothing more will come.
    pub(super) fn exhausted(&self) -> bool {
        self.produce(0).is_err()
    }

    /// Whether the next entry of an archive can be read.
    ///
    /// # Errors
    /// If a limit of bytes was reached. Which one it was, the entry that reached it has told.
    pub(super) fn go_on(&self) -> io::Result<()> {
        if self.exhausted() {
            return Err(io::Error::other("a limit of size was reached; the rest was not read"));
        }
        Ok(())
    }
}

/// Ends an archive in which entries were passed over for their names.
///
/// # Errors
/// If there were any: how many.
pub(super) fn passed_over(too_long: u64) -> io::Result<()> {
    if too_long > 0 {
        return Err(io::Error::other(format!(
            "{too_long} entries with names longer than {PATH} bytes were not read"
        )));
    }
    Ok(())
}

/// The input itself: counts what is taken from it.
pub(super) struct Taken<R> {
    pub(super) reader: R,
    pub(super) meter: Arc<Meter>,
}

impl<R: Read> Read for Taken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.meter.taken.fetch_add(read as u64, Relaxed);
        self.meter.progress.take(read as u64);
        Ok(read)
    }
}

impl<R: Seek> Seek for Taken<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

/// The output of a decoder: ends with an error at a limit.
pub(super) struct Produced<R> {
    pub(super) reader: R,
    pub(super) meter: Arc<Meter>,
}

impl<R: Read> Read for Produced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.meter.produce(read as u64)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_counts_only_behind_what_is_free() {
        let meter = Meter::default();
        meter.taken.store(1000, Relaxed);
        assert!(meter.produce(FREE).is_ok());
        assert!(meter.produce(1).is_err());
        assert!(meter.exhausted());
    }

    #[test]
    fn a_large_input_may_hold_much() {
        let meter = Meter::default();
        meter.taken.store(100 << 30, Relaxed);
        assert!(meter.produce(1 << 40).is_ok());
        assert!(meter.produce(1).is_err());
    }
}
