//! What lines have said before: a line of a shape that is known need not be read again.
//!
//! Programs repeat themselves. A log of nothing but failures holds some thousand *shapes*, lines without
//! what differs each time (see `blanks`), a million times. What a record says is a pure function of its
//! text, so where a record is one line (see `record::bearing`), its shape says it, and only the time is
//! still read. Nothing is taken on trust:
//! - A shape is learnt when it is met a second time, by reading the line as it is and with two other fillings
//!   of its blanks. Unless all three say the same, each such line is read.
//! - Shapes are compared byte by byte; a hash only finds them.
//! - `tests/shapes.rs` holds reports with and without this memory against each other.
//!
//! Rows of one's own may have patterns that see into the blanks: with such, each record is read.
//!
//! One thread has one memory, whatever it reads; it forgets everything when it is full ([`MOST_BYTES`]).

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memrchr};
use rustc_hash::FxHashMap;
use twox_hash::XxHash3_64;

use super::blanks::{Blank, blank_out, fill};
use crate::failure::{self, Statement};
use crate::record::{Assembler, Bearing, bearing, is_partial};
use crate::time::Stamp;

/// A longer line is read each time.
const LONGEST: usize = 4096;
/// Bytes of shapes that are kept.
const MOST_BYTES: usize = 4 << 20;
/// Shapes that are kept.
const MOST: usize = 32 * 1024;
/// Hashes of shapes that were met once; two to a power.
const DOOR: usize = 32 * 1024;
/// How many records that say the same keep their texts, block by block: as many as a fold keeps.
pub const SAMPLES: u8 = 3;

/// The memory of one thread.
#[derive(Debug, Default)]
pub struct Shapes {
    off: bool,
    shapes: Vec<Shape>,
    by_hash: FxHashMap<u64, usize>,
    /// What shapes say, by its text; `seen` counts by this number.
    statements: FxHashMap<String, (usize, Arc<Statement>)>,
    bytes: usize,
    /// Hashes of shapes that were met once.
    door: Vec<u64>,
    /// By statement: in which stretch it was met last, and how often there.
    seen: Vec<(u64, u8)>,
    stretch: u64,
    /// Who takes what is told now (see [`Sated`](failure::Sated)).
    taker: u64,
    /// The last lines that were looked at, in this block.
    lines: [Line; 3],
    oldest: usize,
    shape: Vec<u8>,
    blanks: Vec<Blank>,
}

/// A shape, and what a record of that shape says.
#[derive(Debug)]
struct Shape {
    masked: Box<[u8]>,
    told: Option<Told>,
}

/// What is known of a shape whose blanks have no part in it.
#[derive(Clone, Debug)]
struct Told {
    bearing: Bearing,
    /// Its number, and what it says; nothing, if it is of no interest.
    statement: Option<(usize, Arc<Statement>)>,
    /// The blank that holds the time of the record, by its number.
    time: Option<usize>,
}

/// A line that was looked at.
#[derive(Clone, Debug, Default)]
struct Line {
    range: Range<usize>,
    told: Option<usize>,
    bearing: Option<Bearing>,
    /// The time of the record, if its shape is known.
    at: Option<Stamp>,
}

/// A record that need not be read.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) at: Option<Stamp>,
    /// What it says; nothing, if it is of no interest.
    pub(super) said: Option<Arc<Statement>>,
    /// Whether its text is of interest.
    pub(super) sample: bool,
}

impl Shapes {
    /// A memory that knows nothing, and learns nothing: each record is read.
    pub fn none() -> Shapes {
        Shapes { off: true, ..Shapes::default() }
    }

    /// The same memory, for another taker of what is told.
    pub fn for_taker(&mut self, taker: u64) -> &mut Shapes {
        self.taker = taker;
        self
    }

    /// Begins a block: places are those of its bytes.
    pub(super) fn begin(&mut self) {
        self.lines = Default::default();
        self.turn();
    }

    /// The life of the process takes a turn: what is counted behind it is counted anew, for the fold may
    /// have left out what came before.
    pub(super) fn turn(&mut self) {
        self.stretch += 1;
    }

    /// What the record says that is the line `range` of the block, if that is known. The line holds an anchor.
    pub(super) fn recall(&mut self, bytes: &[u8], range: &Range<usize>) -> Option<Known> {
        if self.off || range.start == 0 || range.len() > LONGEST || failure::has_own_rows() {
            return None;
        }
        let Line { told: shape, at, .. } = self.look(bytes, range, true);
        let shape = shape?;
        self.shapes[shape].told.as_ref().filter(|told| told.bearing.alone)?;
        if self.goes_on_before(bytes, range.start - 1)? {
            return None;
        }
        let next = range.end + 1;
        let end = next + memchr(b'\n', bytes.get(next..)?)?;
        if !self.look(bytes, &(next..end), false).bearing.is_some_and(|bearing| bearing.alone) {
            return None;
        }
        let told = self.shapes[shape].told.as_ref()?;
        let said = told.statement.as_ref().map(|(_, said)| Arc::clone(said));
        let number = told.statement.as_ref().map(|(number, _)| *number);
        if said.as_ref().is_some_and(|said| said.reading.life.is_some()) {
            self.turn();
        }
        let is_wanted = said.as_ref().is_some_and(|said| !said.sated.is(self.taker));
        let sample = is_wanted && number.is_some_and(|number| self.is_sample(number));
        Some(Known { at, said, sample })
    }

    fn is_sample(&mut self, number: usize) -> bool {
        let (stretch, count) = &mut self.seen[number];
        if *stretch != self.stretch {
            (*stretch, *count) = (self.stretch, 0);
        }
        *count = count.saturating_add(1);
        *count <= SAMPLES
    }

    /// Whether the line that ends at `end` goes on in the next one; `None` if its beginning is not in sight.
    fn goes_on_before(&self, bytes: &[u8], end: usize) -> Option<bool> {
        let known = self.lines.iter().find(|line| line.range.end == end && line.range.start > 0);
        if let Some(bearing) = known.and_then(|line| line.bearing) {
            return Some(bearing.partial);
        }
        let start = memrchr(b'\n', &bytes[..end])? + 1;
        Some(is_partial(&String::from_utf8_lossy(&bytes[start..end])))
    }

    /// What is known of a line; a line that holds an anchor may be learnt.
    fn look(&mut self, bytes: &[u8], range: &Range<usize>, anchored: bool) -> Line {
        let before = self.lines.iter().position(|line| line.range == *range && !range.is_empty());
        if let Some(line) = before.map(|at| &self.lines[at])
            && (line.told.is_some() || !anchored)
        {
            return line.clone();
        }
        let line = self.judge(&bytes[range.clone()], range, anchored);
        self.lines[before.unwrap_or(self.oldest)] = line.clone();
        self.oldest = (self.oldest + usize::from(before.is_none())) % self.lines.len();
        line
    }

    fn judge(&mut self, line: &[u8], range: &Range<usize>, anchored: bool) -> Line {
        let fit = line.len() <= LONGEST && line.is_ascii();
        let told = if fit { self.find(line, anchored) } else { None };
        let known = told.and_then(|at| self.shapes[at].told.as_ref());
        let at = known.and_then(|told| self.blanks[told.time?].at);
        let bearing = match known {
            Some(told) => Some(told.bearing),
            // A line that holds an anchor is read anyhow.
            None if anchored => None,
            None => Some(bearing(line)),
        };
        Line { range: range.clone(), told, bearing, at }
    }

    /// The shape of a line of ASCII, if it is known or can be learnt.
    fn find(&mut self, line: &[u8], anchored: bool) -> Option<usize> {
        blank_out(line, &mut self.shape, &mut self.blanks);
        let hash = XxHash3_64::oneshot(&self.shape);
        if let Some(&at) = self.by_hash.get(&hash) {
            return (*self.shapes[at].masked == *self.shape).then_some(at);
        }
        if !anchored || !self.knocks_again(hash) {
            return None;
        }
        self.learn(std::str::from_utf8(line).ok()?, hash)
    }

    /// Whether a shape was met before; now it was.
    fn knocks_again(&mut self, hash: u64) -> bool {
        if self.door.is_empty() {
            self.door = vec![0; DOOR];
        }
        let place = &mut self.door[hash as usize % DOOR];
        std::mem::replace(place, hash) == hash
    }

    fn learn(&mut self, line: &str, hash: u64) -> Option<usize> {
        if self.shapes.len() >= MOST || self.bytes >= MOST_BYTES {
            *self = Shapes { stretch: self.stretch + 1, taker: self.taker, ..Shapes::default() };
            return None;
        }
        let blanks = std::mem::take(&mut self.blanks);
        let told = self.hear(line, &blanks);
        self.blanks = blanks;
        let masked: Box<[u8]> = self.shape.as_slice().into();
        self.bytes += masked.len();
        self.shapes.push(Shape { masked, told });
        self.by_hash.insert(hash, self.shapes.len() - 1);
        Some(self.shapes.len() - 1)
    }

    /// What a line says whatever stands in its blanks; `None` if that has a part in it.
    fn hear(&mut self, line: &str, blanks: &[Blank]) -> Option<Told> {
        let lines = [line.to_owned(), fill(line, blanks, false), fill(line, blanks, true)];
        let bearing = bearing(line.as_bytes());
        let mut heard = Vec::with_capacity(lines.len());
        for line in &lines {
            if self::bearing(line.as_bytes()) != bearing {
                return None;
            }
            let record = Assembler::new(line.as_bytes()).record_at(0);
            let reading = failure::read(&record);
            heard.push((record.at, Statement { writer: record.writer, reading, ..Statement::default() }));
        }
        if heard.iter().any(|(_, statement)| *statement != heard[0].1) {
            return None;
        }
        let told_at = |blank: &Blank| {
            lines.iter().zip(&heard).all(|(line, (at, _))| blank.time(line.as_bytes()) == *at)
        };
        let time = blanks.iter().position(told_at);
        if time.is_none() && heard.iter().any(|(at, _)| at.is_some()) {
            return None; // the time stands in no blank
        }
        let time = time.filter(|_| heard[0].0.is_some());
        let (_, statement) = heard.swap_remove(0);
        let statement = (!statement.reading.is_empty()).then(|| self.number(statement));
        Some(Told { bearing, statement, time })
    }

    /// The statement with its number: the same for all shapes that say the same.
    fn number(&mut self, statement: Statement) -> (usize, Arc<Statement>) {
        let (next, text) = (self.seen.len(), format!("{statement:?}"));
        let known = self.statements.entry(text).or_insert_with(|| (next, Arc::new(statement)));
        if known.0 == next {
            self.seen.push((0, 0));
        }
        known.clone()
    }
}
