//! The whole way, from sources to a report.
//!
//! Sources are read in parallel, and so are the blocks of one source; the findings of a source are
//! folded in their order, and the folds of the sources are put into the order of the arguments. The
//! report therefore does not depend on the number of threads or on the size of the blocks.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use rayon::prelude::*;

use crate::coverage::{Coverage, Unreadable};
use crate::diagnosis;
use crate::incident::{Fold, SourceTally, resolve};
use crate::report::Report;
use crate::scan::{BLOCK, Block, Findings, MARGIN, scan};
use crate::source::{self, Body, Input, Source};

/// How the work is done; nothing here changes what the report says.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Threads; 0 for one per core.
    pub threads: usize,
    /// Bytes in the core of a block.
    pub block: usize,
    /// The present, in nanoseconds since 1970: it supplies the year that a log leaves out.
    pub now: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { threads: 0, block: BLOCK, now: 0 }
    }
}

/// Reads everything that the arguments name, and reports.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn run(paths: &[PathBuf], settings: Settings) -> io::Result<Report> {
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build().map_err(io::Error::other)?;
    Ok(pool.install(|| analyse(paths, settings)))
}

fn analyse(paths: &[PathBuf], settings: Settings) -> Report {
    let (inputs, errors) = source::find(paths);
    let mut coverage = Coverage::default();
    coverage
        .unreadable
        .extend(errors.iter().map(|error| Unreadable { path: error.path(), error: error.message() }));
    let read: Vec<(Option<SourceTally>, Option<Unreadable>)> =
        inputs.par_iter().with_max_len(1).map(|input| one(input, settings)).collect();
    let mut tallies = Vec::new();
    for (tally, unreadable) in read {
        coverage.unreadable.extend(unreadable);
        if let Some(tally) = tally {
            count(&mut coverage, &tally);
            tallies.push(tally);
        }
    }
    coverage.settle();
    Report { coverage, incidents: diagnosis::diagnose(resolve(&tallies), None) }
}

fn count(coverage: &mut Coverage, tally: &SourceTally) {
    coverage.sources += 1;
    coverage.lines += tally.lines;
    coverage.bytes += tally.bytes;
    coverage.records += tally.records;
    coverage.failures += tally.failures;
    coverage.undated += tally.undated;
    coverage.truncated_lines += tally.truncated_lines;
    coverage.set_aside += tally.set_aside;
    coverage.folded += tally.folded;
    if let Some(year) = tally.assumed_year {
        coverage
            .assumptions
            .push(format!("the year {year} was assumed for {}, whose log tells none", tally.name));
    }
}

/// Reads one input to its end, or as far as it can be read.
fn one(input: &Input, settings: Settings) -> (Option<SourceTally>, Option<Unreadable>) {
    let name = input.name();
    let unreadable =
        |error: &io::Error| Unreadable { path: name.clone(), error: crate::error::reason(error) };
    let source = match source::open(input) {
        Ok(source) => source,
        Err(error) => return (None, Some(unreadable(&error))),
    };
    let Source { name: source_name, origin, body } = source;
    let mut fold = Fold::new(&source_name, origin);
    let result = match body {
        Body::File(file, length) => from_file(&file, length, settings, &mut fold),
        Body::Stream(reader) => from_stream(reader, settings, &mut fold),
    };
    (Some(fold.finish(settings.now)), result.err().map(|error| unreadable(&error)))
}

/// How many blocks are worked on before their findings are folded.
const BATCH: u64 = 32;

/// A file is read by all threads, each at its own place.
fn from_file(file: &File, length: u64, settings: Settings, fold: &mut Fold) -> io::Result<()> {
    let size = settings.block.max(1) as u64;
    let blocks = length.div_ceil(size);
    let mut first = 0;
    while first < blocks {
        let batch = first..(first + BATCH).min(blocks);
        first = batch.end;
        let found: Vec<io::Result<Findings>> = batch
            .into_par_iter()
            .map(|index| read_block(file, length, index * size, size).map(|block| scan(&block)))
            .collect();
        for findings in found {
            fold.push(findings?);
        }
    }
    Ok(())
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
    use std::io::{Seek, SeekFrom};
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(offset))?;
    match fill(&mut file, buffer) {
        (0, Some(error)) => Err(error),
        (read, _) => Ok(read),
    }
}

/// A stream is read ahead while the blocks before are scanned.
fn from_stream(mut reader: Box<dyn Read + Send>, settings: Settings, fold: &mut Fold) -> io::Result<()> {
    let mut window = Stream { carried: Vec::new(), core: 0, ended: false, size: settings.block.max(1) };
    let mut batch = window.batch(&mut reader);
    loop {
        let (blocks, failed) = batch;
        let done = blocks.last().is_none_or(|block| block.last) || failed.is_some();
        let scanned = || blocks.par_iter().map(scan).collect::<Vec<Findings>>();
        let (found, next) = if done {
            (scanned(), None)
        } else {
            let (found, next) = rayon::join(scanned, || window.batch(&mut reader));
            (found, Some(next))
        };
        found.into_iter().for_each(|findings| fold.push(findings));
        match (next, failed) {
            (Some(next), None) => batch = next,
            (_, Some(error)) => return Err(error),
            (None, None) => return Ok(()),
        }
    }
}

/// Cuts a stream into blocks, each with its surroundings.
struct Stream {
    /// Bytes that are read and not yet behind all margins.
    carried: Vec<u8>,
    /// Where in `carried` the next core starts.
    core: usize,
    ended: bool,
    size: usize,
}

impl Stream {
    /// The next blocks, and the error that ended the reading.
    fn batch(&mut self, reader: &mut dyn Read) -> (Vec<Block>, Option<io::Error>) {
        let count = rayon::current_num_threads().max(1) * 2;
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
                    // What was read before the error is still analysed, to its end.
                    self.ended = true;
                    while blocks.last().is_none_or(|block| !block.last) {
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
        while !self.ended && self.carried.len() < want {
            let from = self.carried.len();
            self.carried.resize(want, 0);
            let (read, error) = fill(reader, &mut self.carried[from..]);
            self.carried.truncate(from + read);
            if let Some(error) = error {
                return Err(error);
            }
            self.ended = read < want - from;
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

/// Reads until the buffer is full, the input ends or fails: what was read, and the error. A decoder tells
/// its error only once.
fn fill(reader: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut read = 0;
    while read < buffer.len() {
        match reader.read(&mut buffer[read..]) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (read, Some(error)),
        }
    }
    (read, None)
}
