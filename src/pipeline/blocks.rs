//! One source as blocks, each with its surroundings, whatever its bytes come from.
//!
//! A file is read by all threads, each at its own place; a stream is read ahead by the thread that
//! owns it while the others scan what came before. Both give the same blocks.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Mutex;

use rayon::{Scope, ThreadPool};

use super::digest::{self, Digest};
use super::window::{Place, Window};
use super::{Settings, lock};
use crate::incident::Fold;
use crate::record::Reach;
use crate::scan::{Block, Findings, NARROW, Shapes, scan_knowing, scan_narrow};
use crate::source::Progress;
use crate::source::pages::{PAGE, before_same_place, read_at};

/// How many blocks of a file are worked on at most while the findings of as many are folded.
const BATCH: usize = 128;
/// How many records of failures may wait to be folded: a block of nothing else holds 2,000, of some 1,000
/// bytes each.
const WAITING: usize = 60_000;

/// Takes the findings of one source, in their order.
pub(super) struct Folding {
    /// Their fold.
    pub(super) fold: Fold,
    /// The hash of the blocks; nothing is told apart by that of a file without an identity.
    pub(super) digest: Digest,
    /// Size of the blocks, and whether what was learnt of lines is made use of.
    pub(super) settings: Settings,
}

/// A block that was scanned.
type Scanned = (Findings, u128);

impl Folding {
    fn push(&mut self, (findings, hash): Scanned) {
        self.fold.push(findings);
        self.digest.push(hash);
    }

    /// Folds a source that is in memory, in the thread that calls.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let Settings { block: size, recall, limits, .. } = self.settings;
        let reach = Reach::from(&limits);
        if bytes.len() <= size {
            let block = Block { bytes, core: 0..bytes.len(), last: true, reach };
            self.push(scanned(&block, recall, self.fold.id(), true));
            return;
        }
        let margin = reach.margin();
        for from in (0..bytes.len()).step_by(size) {
            let end = (from + size).min(bytes.len());
            let start = from.saturating_sub(margin);
            let visible = &bytes[start..(end + margin).min(bytes.len())];
            let core = from - start..end - start;
            let block = Block { bytes: visible, core, last: end == bytes.len(), reach };
            self.push(scanned(&block, recall, self.fold.id(), true));
        }
    }

    /// Folds a file; its blocks are hashed if `hashed`.
    ///
    /// # Errors
    /// Of the file system; what was read before is folded.
    pub(super) fn file(
        &mut self,
        file: &File,
        length: u64,
        hashed: bool,
        (progress, pool): (&Progress, &ThreadPool),
    ) -> io::Result<()> {
        let (settings, taker) = (self.settings, self.fold.id());
        let size = settings.block as u64;
        let blocks = length.div_ceil(size);
        let mut before: Vec<Option<io::Result<Scanned>>> = Vec::new();
        let mut first = 0;
        let mut pace = Pace::new(pool.current_num_threads());
        while first < blocks {
            let batch = first..(first + pace.next(BATCH) as u64).min(blocks);
            progress.take((batch.end * size).min(length) - batch.start * size);
            first = batch.end;
            let mut found: Vec<_> = batch.clone().map(|_| None).collect();
            pool.in_place_scope(|scope| {
                for (slot, index) in found.iter_mut().zip(batch) {
                    scope.spawn(move |_| {
                        *slot = Some(file_block((file, length), index * size, settings, taker, hashed))
                    });
                }
                before.drain(..).flatten().try_for_each(|one| one.map(|one| self.push(one)))
            })?;
            pace.saw(found.len(), found.iter().flatten().flatten().map(|(one, _)| one.told.len()).sum());
            before = found;
        }
        before.into_iter().flatten().try_for_each(|one| one.map(|one| self.push(one)))?;
        if file.metadata()?.len() < length {
            return Err(io::Error::other("it became shorter while it was read"));
        }
        Ok(())
    }

    /// Folds a stream; `ahead` blocks are read while as many are scanned. They are hashed if `hashed`.
    ///
    /// # Errors
    /// Of the stream; what was read before is folded.
    pub(super) fn stream(
        &mut self,
        reader: &mut dyn Read,
        ahead: usize,
        hashed: bool,
        pool: &ThreadPool,
    ) -> io::Result<()> {
        let Settings { block: size, recall, limits, .. } = self.settings;
        let (reach, taker) = (Reach::from(&limits), self.fold.id());
        let threads = pool.current_num_threads();
        let mut pace = Pace::new(threads);
        let mut window = Window::new(size, reach.margin());
        let mut failed = window.fill(reader, pace.next(ahead));
        let mut next = Window::new(size, reach.margin());
        loop {
            let places = window.places();
            let done = places.last().is_some_and(|place| place.last);
            let mut found: Vec<Option<Scanned>> = places.iter().map(|_| None).collect();
            let todo = Mutex::new(found.iter_mut().zip(&places));
            let scan = |_: &Scope<'_>| loop {
                let next = lock(&todo).next(); // not held while it is scanned
                let Some((slot, place)) = next else { return };
                let Place { visible, core, last } = place.clone();
                let block = Block { bytes: &window.bytes[visible], core, last, reach };
                *slot = Some(scanned(&block, recall, taker, hashed));
            };
            pool.in_place_scope(|scope| {
                // As long as this thread reads, one thread fewer scans: decompressing must not wait.
                (1..threads.max(2)).for_each(|_| scope.spawn(scan));
                if !done {
                    next.follow(&window, &places);
                    failed = failed.take().or_else(|| next.fill(reader, pace.next(ahead)));
                }
                scope.spawn(scan);
            });
            pace.saw(found.len(), found.iter().flatten().map(|(one, _)| one.told.len()).sum());
            found.into_iter().flatten().for_each(|one| self.push(one));
            if done {
                return failed.map_or(Ok(()), Err);
            }
            std::mem::swap(&mut window, &mut next);
        }
    }
}

/// How many blocks are worked on at once: few where all lines are failures, for what is found in a block takes
/// more memory than the block.
struct Pace {
    threads: usize,
    blocks: usize,
}

impl Pace {
    fn new(threads: usize) -> Pace {
        Pace { threads, blocks: threads }
    }

    fn next(&self, most: usize) -> usize {
        self.blocks.clamp(1, most.max(1))
    }

    /// So many blocks held so many records.
    fn saw(&mut self, blocks: usize, told: usize) {
        let fit = blocks * WAITING / told.max(1);
        self.blocks = fit.min(2 * self.blocks).max(self.threads.min(4));
    }
}

fn scanned(block: &Block<'_>, recall: bool, taker: u64, hashed: bool) -> Scanned {
    let hash = if hashed { digest::of(&block.bytes[block.core.clone()]) } else { 0 };
    (knowing(recall, taker, |shapes| scan_knowing(block, shapes)), hash)
}

/// Does something with what this thread has learnt, or with nothing.
fn knowing<T>(recall: bool, taker: u64, scan: impl FnOnce(&mut Shapes) -> T) -> T {
    if recall {
        SHAPES.with_borrow_mut(|shapes| scan(shapes.for_taker(taker)))
    } else {
        scan(&mut Shapes::none())
    }
}

thread_local! {
    /// Where a thread reads the blocks of files: memory that is touched for the first time costs more than
    /// what is read into it.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// What a thread has learnt of lines.
    static SHAPES: RefCell<Shapes> = RefCell::default();
}

/// Reads and scans a block of a file: with little around it, or, if that does not do, with all it may see.
fn file_block(
    (file, length): (&File, u64),
    from: u64,
    settings: Settings,
    taker: u64,
    hashed: bool,
) -> io::Result<Scanned> {
    BUFFER.with_borrow_mut(|buffer| {
        let (size, reach) = (settings.block as u64, Reach::from(&settings.limits));
        for margin in [NARROW.min(reach.margin()), reach.margin()] {
            let (block, more) = read_block(file, length, from..from + size, margin, reach, buffer)?;
            let more = if margin == reach.margin() { (false, false) } else { more };
            let found = knowing(settings.recall, taker, |shapes| scan_narrow(&block, more, shapes));
            if let Some(found) = found {
                return Ok((found, if hashed { digest::of(&block.bytes[block.core.clone()]) } else { 0 }));
            }
        }
        Ok(Scanned::default())
    })
}

/// The block whose core is `of` the file, and whether the file goes on before it and behind it.
fn read_block<'b>(
    file: &File,
    length: u64,
    of: Range<u64>,
    margin: usize,
    reach: Reach,
    buffer: &'b mut Vec<u8>,
) -> io::Result<(Block<'b>, (bool, bool))> {
    let margin = margin as u64;
    let start = of.start.saturating_sub(margin);
    let end = (of.end + margin).min(length);
    let wanted = usize::try_from(end - start).map_err(io::Error::other)?;
    if buffer.len() < wanted + PAGE {
        buffer.resize(wanted + PAGE, 0);
    }
    let lead = before_same_place(buffer, start as usize % PAGE);
    let buffer = &mut buffer[lead..lead + wanted];
    let read = read_at(file, buffer, start)?;
    let bytes = &buffer[..read]; // less than wanted, if the file has shrunk since it was opened
    let core_start = ((of.start - start) as usize).min(bytes.len());
    let core_end = (of.end.min(length) - start) as usize;
    let core = core_start..core_end.min(bytes.len());
    Ok((Block { core, last: of.end >= length, bytes, reach }, (start > 0, end < length)))
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
            let fold = Fold::new("x", crate::source::Origin::default(), 4096);
            let settings = Settings { block: size, ..Settings::default() };
            let mut folding = Folding { fold, digest: Digest::default(), settings };
            let read =
                folding.file(&File::open(&path).unwrap(), length, false, (&Progress::default(), &pool));
            assert_eq!(read.is_err(), length != 5000);
            assert_eq!(folding.fold.finish(0).lines, 1000);
        }
        std::fs::remove_file(&path).unwrap();
    }
}
