//! Partials, read back: one of them or ten thousand.
//!
//! Lines are read one after the other and parsed in parallel. A line that cannot be read is named with
//! its file and passed over; what was met before, by name and content, is met once.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use rayon::prelude::*;

use super::{Settings, pool};
use crate::coverage::Unreadable;
use crate::error::reason;
use crate::partial::{Joined, Joiner, NONE, Unit, is_line};
use crate::source::open;

/// Bytes of lines that are parsed at once.
const BATCH: usize = 32 << 20;
/// Lines that are parsed at once.
const MOST: usize = 256;
/// Bytes of one line: a partial of a large must-gather has some megabytes.
const LINE: u64 = 1 << 30;

/// Reads the units of partials. `map` is given each with its line, in parallel; `done` gets what comes out of
/// it, in the order of the files and of the lines in them.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn merge<T: Send>(
    paths: impl Iterator<Item = PathBuf>,
    settings: Settings,
    map: impl Fn(Unit, String) -> T + Sync,
    mut done: impl FnMut(Result<T, Unreadable>),
) -> io::Result<()> {
    let pool = pool(settings)?;
    let mut batch: Vec<(String, Result<String, String>)> = Vec::new();
    let mut bytes = 0;
    for path in paths {
        let name = path.display().to_string();
        lines(&path, &mut |number, line| {
            bytes += line.as_ref().map_or(0, String::len);
            let place = if number == 0 { name.clone() } else { format!("{name}:{number}") };
            batch.push((place, line));
            if bytes >= BATCH || batch.len() >= MOST {
                parse(std::mem::take(&mut batch), &pool, &map, &mut done);
                bytes = 0;
            }
        });
    }
    parse(batch, &pool, &map, &mut done);
    Ok(())
}

fn parse<T: Send>(
    batch: Vec<(String, Result<String, String>)>,
    pool: &rayon::ThreadPool,
    map: &(impl Fn(Unit, String) -> T + Sync),
    done: &mut impl FnMut(Result<T, Unreadable>),
) {
    let parsed: Vec<_> = pool.install(|| {
        let parsed = batch.into_par_iter().map(|(path, line)| {
            line.and_then(|line| Ok(map(Unit::from_line(&line)?, line)))
                .map_err(|error| Unreadable { path, error })
        });
        parsed.collect()
    });
    parsed.into_iter().for_each(done);
}

/// The lines of a file that are not empty, numbered from 1; an error of the whole file has number 0.
fn lines(path: &std::path::Path, told: &mut dyn FnMut(u64, Result<String, String>)) {
    let mut reader = match open(path) {
        Ok(reader) => BufReader::with_capacity(128 * 1024, reader),
        Err(error) => return told(0, Err(reason(&error))),
    };
    let mut number = 0;
    loop {
        let mut line = Vec::new();
        match reader.by_ref().take(LINE).read_until(b'\n', &mut line) {
            Ok(0) if number == 0 => return told(0, Err("it is empty".into())),
            Ok(0) => return,
            Ok(_) => number += 1,
            Err(error) => return told(0, Err(reason(&error))),
        }
        if number == 1 && !is_line(&line) {
            return told(0, Err("it is no partial".into()));
        }
        if !line.trim_ascii().is_empty() && line.trim_ascii() != NONE.trim().as_bytes() {
            told(number, String::from_utf8(line).map_err(|_| "it is no partial".into()));
        }
    }
}

/// What partials hold, as one run over all their inputs reads it, and how many units there were.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn collect(paths: impl Iterator<Item = PathBuf>, settings: Settings) -> io::Result<(Joined, usize)> {
    let mut joiner = Joiner::new(settings.limits);
    let mut met = HashSet::new();
    let mut bad = Vec::new();
    let done = |one: Result<Unit, Unreadable>| match one {
        Ok(unit) => {
            if met.insert((unit.path, unit.content)) {
                joiner.push(unit.part);
            }
        }
        Err(what) => bad.push(what),
    };
    merge(paths, settings, |unit, _| unit, done)?;
    let mut joined = joiner.finish();
    joined.coverage.unreadable.extend(bad);
    joined.coverage.settle();
    Ok((joined, met.len()))
}

/// Lines of units, sorted by their names and contents, each once. They are kept compressed.
#[derive(Debug, Default)]
pub struct Collected {
    lines: BTreeMap<(String, u128), Vec<u8>>,
}

impl Collected {
    /// Adds a unit. Of two lines about the same (written in different years, say) the first by its
    /// bytes is kept.
    ///
    /// # Errors
    /// If it cannot be compressed.
    pub fn add(&mut self, unit: &Unit, line: &str) -> io::Result<()> {
        let packed = zstd::bulk::compress(line.trim_end().as_bytes(), 1)?;
        let kept = self.lines.entry((unit.path.clone(), unit.content)).or_insert_with(|| packed.clone());
        if *kept != packed && unpacked(&packed)? < unpacked(kept)? {
            *kept = packed;
        }
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Writes them.
    ///
    /// # Errors
    /// Of the writer.
    pub fn write(&self, to: &mut dyn io::Write) -> io::Result<()> {
        if self.is_empty() {
            to.write_all(NONE.as_bytes())?;
        }
        for packed in self.lines.values() {
            to.write_all(&unpacked(packed)?)?;
            to.write_all(b"\n")?;
        }
        to.flush()
    }
}

fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    zstd::stream::decode_all(packed)
}
