//! How the limits on an input are kept: what goes into its decoders and what comes out of them is metered,
//! and reading ends with an error where a limit is reached, which names the input and the flag.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::Progress;
use crate::limits::{Limit, Limits, Reached};

/// Bytes of headers between two entries of a tar: room for long names and extended attributes.
pub(super) const TAR_HEADERS: u64 = 1 << 20;
/// Bytes that may come out before [`Limit::Ratio`] is enforced.
pub(super) const FREE: u64 = 32 << 20;
/// A log up to this size is read to memory and handed over; a larger one is read in blocks.
pub(super) const OWNED: u64 = 8 << 20;

/// Counts what went into one input's decoders and what came out of them.
#[derive(Debug, Default)]
pub(super) struct Meter {
    limits: Limits,
    reached: Mutex<Reached>,
    /// Whether a limit ended the input.
    ended: AtomicBool,
    taken: AtomicU64,
    produced: AtomicU64,
    entries: AtomicU64,
    held: AtomicU64,
    progress: Arc<Progress>,
}

impl Meter {
    /// A meter that also tells how far the reading is.
    pub(super) fn of(progress: Arc<Progress>, limits: &Limits) -> Meter {
        Meter { progress, limits: *limits, ..Meter::default() }
    }

    /// The value of a limit.
    pub(super) fn get(&self, limit: Limit) -> u64 {
        self.limits.get(limit)
    }

    /// How often which limit was reached.
    pub(super) fn reached(&self) -> Reached {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts what lies behind a limit, and says what that is: `a path longer than 4KiB (--max-path)`.
    pub(super) fn refuse(&self, limit: Limit, times: u64, what: &str, then: &str) -> io::Error {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).count(limit, times);
        let row = limit.row();
        io::Error::other(format!("{what} {} ({}); {then}", row.unit.show(self.get(limit)), row.flag))
    }

    /// The same of a limit that ends the whole input, and is therefore counted once.
    fn end(&self, limit: Limit, what: &str) -> io::Error {
        let first = !self.ended.swap(true, Relaxed);
        self.refuse(limit, u64::from(first), what, "the rest was not read")
    }

    /// Bytes that may still be held in memory.
    pub(super) fn room(&self) -> u64 {
        self.get(Limit::Held).saturating_sub(self.held.load(Relaxed))
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
    /// Behind [`Limit::Entries`].
    pub(super) fn entry(&self) -> io::Result<()> {
        if self.entries.fetch_add(1, Relaxed) < self.get(Limit::Entries) {
            return Ok(());
        }
        Err(self.end(Limit::Entries, "more entries than"))
    }

    /// Bytes that went into decoders so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Relaxed)
    }

    /// Counts bytes that went into a decoder.
    pub(super) fn take(&self, bytes: u64) {
        self.taken.fetch_add(bytes, Relaxed);
    }

    /// Counts bytes that came out of a decoder.
    ///
    /// # Errors
    /// Behind [`Limit::Unpacked`] and [`Limit::Ratio`].
    pub(super) fn produce(&self, bytes: u64) -> io::Result<()> {
        let produced = self.produced.fetch_add(bytes, Relaxed) + bytes;
        if produced > self.get(Limit::Unpacked) {
            return Err(self.end(Limit::Unpacked, "unpacks to more than"));
        }
        if produced > FREE && produced / self.get(Limit::Ratio) > self.taken() {
            return Err(self.end(
                Limit::Ratio,
                "unpacks, like archives that are made to exhaust a machine, to more times its size than",
            ));
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

    /// Ends an archive in which entries were passed over for their names.
    ///
    /// # Errors
    /// If there were any: how many.
    pub(super) fn passed_over(&self, too_long: u64) -> io::Result<()> {
        if too_long > 0 {
            let what = format!("{too_long} entries with names longer than");
            return Err(self.refuse(Limit::Path, too_long, &what, "they were not read"));
        }
        Ok(())
    }
}

/// The input itself: counts what is taken from it.
pub(super) struct Taken<R> {
    pub(super) reader: R,
    pub(super) meter: Arc<Meter>,
}

impl<R: Read> Read for Taken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.meter.take(read as u64);
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
