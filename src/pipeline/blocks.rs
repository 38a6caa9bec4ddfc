//! One source as blocks, each with its surroundings, whatever its bytes come from.
//!
//! A file is read by all threads, each at its own place; a stream is read ahead by the thread that
//! owns it while the others scan what came before. Both give the same blocks.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;

use rayon::ThreadPool;

use super::Settings;
use super::digest::{self, Digest};
use crate::incident::Fold;
use crate::record::Reach;
use crate::scan::{Block, Findings, NARROW, Shapes, scan_knowing, scan_narrow};
use crate::source::Progress;

/// How many blocks of a file are worked on at most while the findings of as many are folded.
const BATCH: usize = 128;
/// How many records of failures may wait to be folded: a block of nothing else holds 2,000, of some 1,000
/// bytes each.
const WAITING: usize = 60_000;

/// Size of a page of memory, in bytes: what the kernel copies by. Larger pages are multiples.
const PAGE: usize = 4096;

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
            self.push(scanned(&Block { bytes, core: 0..bytes.len(), last: true, reach }, recall, true));
            return;
        }
        let margin = reach.margin();
        for from in (0..bytes.len()).step_by(size) {
            let end = (from + size).min(bytes.len());
            let start = from.saturating_sub(margin);
            let visible = &bytes[start..(end + margin).min(bytes.len())];
            let core = from - start..end - start;
            self.push(scanned(
                &Block { bytes: visible, core, last: end == bytes.len(), reach },
                recall,
                true,
            ));
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
        let settings = self.settings;
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
                        *slot = Some(file_block(file, length, index * size, settings, hashed))
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
        let reach = Reach::from(&limits);
        let mut pace = Pace::new(pool.current_num_threads());
        let mut window = Window::new(size, reach.margin());
        let mut failed = window.fill(reader, pace.next(ahead));
        let mut next = Window::new(size, reach.margin());
        loop {
            let places = window.places();
            let done = places.last().is_some_and(|place| place.last);
            let mut found: Vec<Option<Scanned>> = places.iter().map(|_| None).collect();
            pool.in_place_scope(|scope| {
                let bytes = window.bytes.as_slice();
                for (slot, place) in found.iter_mut().zip(&places) {
                    scope.spawn(move |_| {
                        let Place { visible, core, last } = place.clone();
                        *slot = Some(scanned(
                            &Block { bytes: &bytes[visible], core, last, reach },
                            recall,
                            hashed,
                        ));
                    });
                }
                if !done {
                    next.follow(&window, &places);
                    failed = failed.take().or_else(|| next.fill(reader, pace.next(ahead)));
                }
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

fn scanned(block: &Block<'_>, known: bool, hashed: bool) -> Scanned {
    let hash = if hashed { digest::of(&block.bytes[block.core.clone()]) } else { 0 };
    (knowing(known, |shapes| scan_knowing(block, shapes)), hash)
}

/// Does something with what this thread has learnt, or with nothing.
fn knowing<T>(known: bool, scan: impl FnOnce(&mut Shapes) -> T) -> T {
    if known { SHAPES.with_borrow_mut(scan) } else { scan(&mut Shapes::none()) }
}

thread_local! {
    /// Where a thread reads the blocks of files: memory that is touched for the first time costs more than
    /// what is read into it.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// What a thread has learnt of lines.
    static SHAPES: RefCell<Shapes> = RefCell::default();
}

/// Reads and scans a block of a file: with little around it, or, if that does not do, with all it may see.
fn file_block(file: &File, length: u64, from: u64, settings: Settings, hashed: bool) -> io::Result<Scanned> {
    BUFFER.with_borrow_mut(|buffer| {
        let (size, reach) = (settings.block as u64, Reach::from(&settings.limits));
        for margin in [NARROW.min(reach.margin()), reach.margin()] {
            let (block, more) = read_block(file, length, from..from + size, margin, reach, buffer)?;
            let more = if margin == reach.margin() { (false, false) } else { more };
            let found = knowing(settings.recall, |shapes| scan_narrow(&block, more, shapes));
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

/// How many bytes of the buffer come before the first that has the place `offset` in its page.
///
/// Where a copy of the kernel (`rep movsb`) ends up 1 to 31 bytes further in its page than it was, processors
/// with "fast short" copies take three to four times as long (measured: AMD Zen 3, `pread` of 256 KiB).
fn before_same_place(buffer: &[u8], offset: usize) -> usize {
    offset.wrapping_sub(buffer.as_ptr().addr()) % PAGE
}

/// Fills the buffer from a place in the file; less than full means that the file ends there.
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match read_some(file, &mut buffer[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[cfg(unix)]
fn read_some(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(not(unix))]
fn read_some(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// A part of a stream, to be cut into blocks, each with its surroundings.
struct Window {
    /// Bytes that are read and not yet behind all margins, and behind them room that is used again: clearing
    /// it for each reading would cost a tenth of the decompression.
    bytes: Vec<u8>,
    /// Where in them the first byte is: what is read next shall go to the start of a page, as in a pipe.
    head: usize,
    /// Where what is read ends.
    length: usize,
    /// Where in them the next core starts.
    core: usize,
    /// Whether nothing comes behind them.
    ended: bool,
    size: usize,
    /// How much of its surroundings a block sees.
    margin: usize,
    /// How many blocks it was filled for.
    count: usize,
}

/// Where in a window a block is.
#[derive(Clone)]
struct Place {
    visible: Range<usize>,
    /// Relative to what is visible.
    core: Range<usize>,
    last: bool,
}

impl Window {
    fn new(size: usize, margin: usize) -> Window {
        Window { bytes: Vec::new(), head: 0, length: 0, core: 0, ended: false, size, margin, count: 0 }
    }

    /// Reads as much as `count` blocks need; the error that ended the reading.
    fn fill(&mut self, reader: &mut dyn Read, count: usize) -> Option<io::Error> {
        self.count = count;
        let want = self.core + self.size * count + self.margin;
        if self.bytes.len() < want {
            self.bytes.resize(want, 0);
        }
        while !self.ended && self.length < want {
            match reader.read(&mut self.bytes[self.length..want]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true; // what was read before the error is still analysed
                    return Some(error);
                }
            }
        }
        None
    }

    /// The blocks that it was filled for.
    fn places(&self) -> Vec<Place> {
        let count = self.count;
        let length = self.length;
        let mut places: Vec<Place> = Vec::with_capacity(count);
        let mut from = self.core;
        while places.len() < count && !places.last().is_some_and(|place| place.last) {
            let end = (from + self.size).min(length);
            let start = from.saturating_sub(self.margin).max(self.head);
            let visible = start..(end + self.margin).min(length);
            places.push(Place {
                visible,
                core: from - start..end - start,
                last: self.ended && end == length,
            });
            from = end;
        }
        places
    }

    /// Begins behind the last of `places` in `before`.
    fn follow(&mut self, before: &Window, places: &[Place]) {
        let core = places.last().map_or(before.core, |place| place.visible.start + place.core.end);
        let keep = core.saturating_sub(self.margin).max(before.head);
        let kept = &before.bytes[keep..before.length];
        // Its memory stays where it is: a larger window than the first is rare, and then only slower.
        if self.bytes.len() < kept.len() + PAGE {
            self.bytes.resize(before.bytes.len().max(kept.len() + PAGE), 0);
        }
        self.head = before_same_place(&self.bytes[kept.len()..], 0);
        self.length = self.head + kept.len();
        self.bytes[self.head..self.length].copy_from_slice(kept);
        self.core = self.head + core - keep;
        self.ended = before.ended;
        self.count = before.count;
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

    #[test]
    fn blocks_of_a_stream_that_breaks_hold_all_that_came() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let margin = Reach::default().margin();
        for length in [0, 1, 99, 100, 101, 1000, margin, margin + 350, margin + 401] {
            let bytes = vec![b'a'; length];
            let mut reader = bytes.as_slice().chain(Fails);
            let mut window = Window::new(100, margin);
            let mut error = window.fill(&mut reader, 4);
            let mut cores = 0;
            loop {
                let places = window.places();
                cores += places.iter().map(|place| place.core.len()).sum::<usize>();
                if places.last().is_some_and(|place| place.last) {
                    break;
                }
                let mut next = Window::new(100, margin);
                next.follow(&window, &places);
                error = error.or_else(|| next.fill(&mut reader, 4));
                window = next;
            }
            assert_eq!(cores, length);
            assert!(error.is_some());
        }
    }
}
