//! One source as blocks, each with its surroundings, whatever its bytes come from.
//!
//! A file is read by all threads, each at its own place; a stream is read ahead by the thread that
//! owns it while the others scan what came before. Both give the same blocks.

use std::fs::File;
use std::io::{self, Read};

use rayon::ThreadPool;

use super::digest::{self, Digest};
use crate::incident::Fold;
use crate::scan::{Block, Findings, MARGIN, scan};

/// How many blocks of a file are worked on before their findings are folded.
const BATCH: u64 = 32;

/// Takes the findings of one source, in their order.
pub(super) struct Folding {
    /// Their fold.
    pub(super) fold: Fold,
    /// The hash of the blocks.
    pub(super) digest: Digest,
}

/// A block that was scanned.
type Scanned = (Findings, u128);

impl Folding {
    fn push(&mut self, (findings, hash): Scanned) {
        self.fold.push(findings);
        self.digest.push(hash);
    }

    /// Folds a source that is in memory, in the thread that calls.
    pub(super) fn bytes(&mut self, bytes: Vec<u8>, size: usize) {
        if bytes.len() <= size {
            let core = 0..bytes.len();
            self.push(scanned(&Block { bytes, core, last: true }));
            return;
        }
        for from in (0..bytes.len()).step_by(size) {
            let end = (from + size).min(bytes.len());
            let start = from.saturating_sub(MARGIN);
            let visible = &bytes[start..(end + MARGIN).min(bytes.len())];
            let core = from - start..end - start;
            self.push(scanned(&Block { bytes: visible.to_vec(), core, last: end == bytes.len() }));
        }
    }

    /// Folds a file.
    ///
    /// # Errors
    /// Of the file system; what was read before is folded.
    pub(super) fn file(
        &mut self,
        file: &File,
        length: u64,
        size: usize,
        pool: &ThreadPool,
    ) -> io::Result<()> {
        let size = size as u64;
        let blocks = length.div_ceil(size);
        let mut first = 0;
        while first < blocks {
            let batch = first..(first + BATCH).min(blocks);
            first = batch.end;
            let mut found: Vec<Option<io::Result<Scanned>>> = batch.clone().map(|_| None).collect();
            pool.in_place_scope(|scope| {
                for (slot, index) in found.iter_mut().zip(batch) {
                    scope.spawn(move |_| {
                        let block = read_block(file, length, index * size, size);
                        *slot = Some(block.map(|block| scanned(&block)));
                    });
                }
            });
            for one in found.into_iter().flatten() {
                self.push(one?);
            }
        }
        if file.metadata()?.len() < length {
            return Err(io::Error::other("it became shorter while it was read"));
        }
        Ok(())
    }

    /// Folds a stream; `ahead` blocks are read while as many are scanned.
    ///
    /// # Errors
    /// Of the stream; what was read before is folded.
    pub(super) fn stream(
        &mut self,
        reader: &mut dyn Read,
        size: usize,
        ahead: usize,
        pool: &ThreadPool,
    ) -> io::Result<()> {
        let mut window = Window { carried: Vec::new(), core: 0, ended: false, size };
        let mut batch = window.batch(reader, ahead);
        loop {
            let (blocks, failed) = batch;
            let done = blocks.last().is_none_or(|block| block.last) || failed.is_some();
            let mut found: Vec<Option<Scanned>> = blocks.iter().map(|_| None).collect();
            let next = pool.in_place_scope(|scope| {
                for (slot, block) in found.iter_mut().zip(blocks) {
                    scope.spawn(move |_| *slot = Some(scanned(&block)));
                }
                (!done).then(|| window.batch(reader, ahead))
            });
            found.into_iter().flatten().for_each(|one| self.push(one));
            match (next, failed) {
                (Some(next), None) => batch = next,
                (_, Some(error)) => return Err(error),
                (None, None) => return Ok(()),
            }
        }
    }
}

fn scanned(block: &Block) -> Scanned {
    (scan(block), digest::of(&block.bytes[block.core.clone()]))
}

fn read_block(file: &File, length: u64, from: u64, size: u64) -> io::Result<Block> {
    let margin = MARGIN as u64;
    let start = from.saturating_sub(margin);
    let end = (from + size + margin).min(length);
    let mut bytes = vec![0; usize::try_from(end - start).map_err(io::Error::other)?];
    let read = read_at(file, &mut bytes, start)?;
    bytes.truncate(read); // the file has shrunk since it was opened
    let core_start = ((from - start) as usize).min(bytes.len());
    let core_end = ((from + size).min(length) - start) as usize;
    Ok(Block { core: core_start..core_end.min(bytes.len()), last: from + size >= length, bytes })
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::unix::fs::FileExt;
    let mut read = 0;
    while read < buffer.len() {
        match file.read_at(&mut buffer[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[cfg(not(unix))]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::os::windows::fs::FileExt;
    let mut read = 0;
    while read < buffer.len() {
        match file.seek_read(&mut buffer[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Cuts a stream into blocks, each with its surroundings.
struct Window {
    /// Bytes that are read and not yet behind all margins.
    carried: Vec<u8>,
    /// Where in `carried` the next core starts.
    core: usize,
    ended: bool,
    size: usize,
}

impl Window {
    /// The next blocks, and the error that ended the reading.
    fn batch(&mut self, reader: &mut dyn Read, count: usize) -> (Vec<Block>, Option<io::Error>) {
        let mut blocks = Vec::with_capacity(count);
        for _ in 0..count {
            match self.next(reader) {
                Ok(block) => {
                    let last = block.last;
                    blocks.push(block);
                    if last {
                        break;
                    }
                }
                Err(error) => {
                    // What was read before the error is still analysed.
                    self.ended = true;
                    while !blocks.last().is_some_and(|block: &Block| block.last) {
                        blocks.push(self.cut());
                    }
                    return (blocks, Some(error));
                }
            }
        }
        (blocks, None)
    }

    fn next(&mut self, reader: &mut dyn Read) -> io::Result<Block> {
        let want = self.core + self.size + MARGIN;
        if !self.ended && self.carried.len() < want {
            let missing = want - self.carried.len();
            let read = reader.take(missing as u64).read_to_end(&mut self.carried)?;
            self.ended = read < missing;
        }
        Ok(self.cut())
    }

    /// Cuts the next block off.
    fn cut(&mut self) -> Block {
        let end = if self.ended && self.carried.len() <= self.core + self.size {
            self.carried.len()
        } else {
            self.core + self.size
        };
        let last = self.ended && end == self.carried.len();
        let visible = (end + MARGIN).min(self.carried.len());
        let block = Block { bytes: self.carried[..visible].to_vec(), core: self.core..end, last };
        let keep = end.saturating_sub(MARGIN);
        self.carried.drain(..keep);
        self.core = end - keep;
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_became_shorter_is_told() {
        let path = std::env::temp_dir().join(format!("apiblame-shrinks-{}", std::process::id()));
        std::fs::write(&path, "line\n".repeat(1000)).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        for (length, size) in [(5000, 512), (1_000_000, 512), (1_000_000, 1 << 20), (5001, 5000)] {
            let fold = Fold::new("x", crate::source::Origin::default());
            let mut folding = Folding { fold, digest: Digest::default() };
            let read = folding.file(&File::open(&path).unwrap(), length, size, &pool);
            assert_eq!(read.is_err(), length != 5000);
            assert_eq!(folding.fold.finish(0).lines, 1000);
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn blocks_of_a_stream_that_breaks_hold_all_that_came() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        for length in [0, 1, 99, 100, 101, 1000, MARGIN, MARGIN + 350] {
            let bytes = vec![b'a'; length];
            let mut reader = bytes.as_slice().chain(Fails);
            let mut window = Window { carried: Vec::new(), core: 0, ended: false, size: 100 };
            let (mut cores, mut error) = (0, None);
            while error.is_none() {
                let (blocks, failed) = window.batch(&mut reader, 4);
                cores += blocks.iter().map(|block| block.core.len()).sum::<usize>();
                assert_eq!(failed.is_some(), blocks.last().is_some_and(|block| block.last));
                error = failed;
            }
            assert_eq!(cores, length);
        }
    }
}
