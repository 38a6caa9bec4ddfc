//! From bytes to findings: one search over a whole block for the anchors of all signatures; only
//! what is found, with the lines around it that belong to the same record, is read.
//!
//! A block is a range of a source with as much of its surroundings as a record may reach
//! ([`Reach::margin`]). A record belongs to the block that holds its *first* anchor, so that every record
//! is told exactly once, however the source was cut.

mod blanks;
mod grams;
mod lines;
mod packed;
mod search;
mod shapes;
mod wide;

use std::ops::Range;
use std::sync::Arc;

use memchr::memchr_iter;

use lines::Counter;
pub use search::{Searcher, searcher};
use shapes::Known;
pub use shapes::{SAMPLES, Shapes};

use crate::failure::{self, Statement, Witnessed};
use crate::limits::{Limit, Reached};
use crate::record::{Assembler, Reach};
use crate::time::Stamp;

/// How many bytes around its core a block carries at first: records seldom reach further.
pub const NARROW: usize = 8 * 1024;
/// The usual size of a block's core: with what else a core works on, it fits into its second-level cache.
pub const BLOCK: usize = 256 * 1024;
/// How much of a record's text is kept as evidence.
const EXCERPT: usize = 400;

/// A piece of a source.
#[derive(Clone, Debug)]
pub struct Block<'b> {
    /// The core with its surroundings.
    pub bytes: &'b [u8],
    /// The part that this block answers for. It may begin and end anywhere in a line.
    pub core: Range<usize>,
    /// Whether the source ends with this block.
    pub last: bool,
    /// How much belongs to a record at most.
    pub reach: Reach,
}

/// What a block holds.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Newlines in the core; at the end of a source also an unfinished last line.
    pub lines: u64,
    /// Bytes in the core.
    pub bytes: u64,
    /// Records that were read, and what they say; `line` is relative to the core.
    pub told: Vec<Witnessed>,
    /// Records that were read.
    pub records: u64,
    /// Records that were read and say nothing of a failing request.
    pub set_aside: u64,
    /// Lines that were too long, and records that were cut.
    pub reached: Reached,
    /// The time of the last record of the source, in its last block.
    pub last_seen: Option<Stamp>,
}

/// Searches a block and reads what is found.
pub fn scan(block: &Block<'_>) -> Findings {
    scan_knowing(block, &mut Shapes::default())
}

/// As [`scan`], with what was learnt from other blocks; the findings are the same.
pub fn scan_knowing(block: &Block<'_>, shapes: &mut Shapes) -> Findings {
    scan_narrow(block, (false, false), shapes).unwrap_or_default()
}

/// As [`scan_knowing`], of a block with less around it than [`Reach::margin`] where `more` says so, before it
/// and behind: at least [`NARROW`]. `None` if that was too little to be sure of the same findings.
pub fn scan_narrow(block: &Block<'_>, more: (bool, bool), shapes: &mut Shapes) -> Option<Findings> {
    let core = &block.bytes[block.core.clone()];
    let findings = Findings { bytes: core.len() as u64, ..Findings::default() };
    let counted = Counter::new(block.core.start);
    let assembler = Assembler::new(block.bytes).within(block.reach);
    shapes.begin();
    let mut scanner = Scanner { block, more, searcher: searcher(), assembler, shapes, counted, findings };
    let mut search = scanner.searcher.search(block.bytes, block.core.end);
    let mut from = block.core.start;
    while let Some(hit) = search.first(from) {
        from = scanner.line(hit, from)?;
    }
    let Scanner { mut counted, mut findings, .. } = scanner;
    findings.lines = counted.up_to(block.bytes, block.core.end);
    if block.last {
        findings.lines += u64::from(core.last().is_some_and(|&byte| byte != b'\n'));
        let (at, touched) = last_seen(block.bytes, block.reach.line);
        if more.0 && touched {
            return None;
        }
        findings.last_seen = at;
    }
    Some(findings)
}

/// The state of reading one block.
struct Scanner<'s, 'b> {
    block: &'s Block<'b>,
    /// Whether there is more before the block and behind it than it shows.
    more: (bool, bool),
    searcher: &'static Searcher,
    assembler: Assembler<'b>,
    shapes: &'s mut Shapes,
    counted: Counter,
    findings: Findings,
}

impl Scanner<'_, '_> {
    /// Reads what stands on the line of an anchor, and gives the place from which to search on. Nothing before
    /// `from` is looked for. `None` if there is too little around the block.
    fn line(&mut self, hit: usize, from: usize) -> Option<usize> {
        let bytes = self.block.bytes;
        let start = memchr::memrchr(b'\n', &bytes[..hit]).map(|nl| nl + 1);
        let end = memchr::memchr(b'\n', &bytes[hit..]).map(|nl| hit + nl);
        if let (Some(start), Some(end)) = (start, end)
            && start >= self.block.core.start
            && end - start <= self.block.reach.line
            && let Some(known) = self.shapes.recall(bytes, &(start..end))
        {
            self.known(known, start, hit);
            return Some(end + 1);
        }
        if end.unwrap_or(bytes.len()) - start.unwrap_or(0) < self.block.reach.line {
            let told_to = self.record(hit)?;
            return self.pass_over(hit, told_to);
        }
        // All anchors of a line that is too long, in their order: which ones come first makes a difference.
        let last = end.unwrap_or(bytes.len()).min(self.block.core.end);
        let mut told_to = from;
        for hit in self.searcher.hits(bytes, from..last) {
            if self.more.0 && hit <= self.block.reach.line && memchr::memrchr(b'\n', &bytes[..hit]).is_none()
            {
                return None;
            }
            if !self.too_long(hit)? && hit >= told_to {
                told_to = self.record(hit)?;
            }
        }
        self.pass_over(last.max(from), told_to.max(last))
    }

    /// Whether an anchor stands too far behind the beginning of its line. `None` as above.
    fn too_long(&mut self, hit: usize) -> Option<bool> {
        let bytes = self.block.bytes;
        let too_long = line_is_too_long(bytes, hit, self.block.reach.line);
        if too_long {
            if self.more.0 {
                return None;
            }
            let counted = follows_another(self.searcher, self.block, hit);
            self.findings.reached.count(Limit::Line, u64::from(!counted));
        }
        Some(too_long)
    }

    /// The place behind a record that was read; of the anchors in it, only those count that stand on lines
    /// which are too long.
    fn pass_over(&mut self, from: usize, told_to: usize) -> Option<usize> {
        if told_to.saturating_sub(from) >= self.block.reach.line / 2 {
            let within = from + 1..told_to.min(self.block.core.end);
            for hit in self.searcher.hits(self.block.bytes, within) {
                self.too_long(hit)?;
            }
        }
        Some(told_to.max(from + 1))
    }

    /// Notes a record that is known.
    fn known(&mut self, known: Known, start: usize, hit: usize) {
        self.findings.records += 1;
        let Some(said) = known.said else {
            self.findings.set_aside += 1;
            return;
        };
        let line = self.counted.up_to(self.block.bytes, start) as i64;
        let excerpt = known.sample.then(|| excerpt(self.assembler.record_at(hit).text));
        self.findings.told.push(Witnessed { line, at: known.at, said, excerpt });
    }

    /// Reads the record of an anchor and gives its end. `None` as above.
    fn record(&mut self, hit: usize) -> Option<usize> {
        let Block { bytes, ref core, .. } = *self.block;
        let record = self.assembler.record_at(hit);
        let touched = self.assembler.touched();
        if self.more.0 && touched.0 || self.more.1 && touched.1 {
            return None;
        }
        let end = record.end;
        let before_core = record.start < core.start;
        if before_core && self.searcher.first(bytes, record.start..core.start).is_some() {
            return Some(end); // its first anchor lies in the block before
        }
        self.findings.records += 1;
        self.findings.reached.count(Limit::Line, u64::from(record.truncated));
        if let Some(limit) = record.cut {
            self.findings.reached.count(limit, 1);
        }
        let reading = failure::read(&record);
        if reading.is_empty() {
            self.findings.set_aside += 1;
            return Some(end);
        }
        if reading.life.is_some() {
            self.shapes.turn();
        }
        // Evidence points to the line with the anchor's record; a record that begins before the
        // core has a line number that is counted back.
        let line = if before_core {
            -(memchr_iter(b'\n', &bytes[record.start..core.start]).count() as i64)
        } else {
            self.counted.up_to(bytes, record.start) as i64
        };
        let said = Arc::new(Statement { writer: record.writer, reading, ..Statement::default() });
        let excerpt = Some(excerpt(record.text));
        self.findings.told.push(Witnessed { line, at: record.at, said, excerpt });
        Some(end)
    }
}

/// As much of a record's text as is kept.
fn excerpt(mut text: String) -> String {
    let mut cut = text.len().min(EXCERPT);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    text.truncate(cut);
    text
}

fn line_is_too_long(bytes: &[u8], hit: usize, limit: usize) -> bool {
    hit > limit && memchr::memrchr(b'\n', &bytes[hit - limit..hit]).is_none()
}

/// Whether an anchor stands before the one at `hit`, on the same line and no further than any block sees:
/// the line is counted, or told, where that one is.
fn follows_another(searcher: &Searcher, block: &Block<'_>, hit: usize) -> bool {
    let (bytes, visible) = (block.bytes, hit.saturating_sub(block.reach.margin()));
    let start = memchr::memrchr(b'\n', &bytes[visible..hit]).map_or(visible, |nl| visible + nl + 1);
    !searcher.hits(bytes, start..hit).is_empty()
}

/// The time of the last line that has one, within the last lines of a source; and whether the first byte
/// was reached on the way.
fn last_seen(bytes: &[u8], limit: usize) -> (Option<Stamp>, bool) {
    const LINES: usize = 400;
    let mut end = bytes.len();
    for _ in 0..LINES {
        let newline = memchr::memrchr(b'\n', &bytes[..end]);
        let start = newline.map_or(0, |nl| nl + 1);
        if end - start < limit
            && let Some(at) = crate::record::line_time(&bytes[start..end])
        {
            return (Some(at), newline.is_none());
        }
        let Some(newline) = newline else { return (None, true) };
        end = newline;
    }
    (None, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "I0714 08:00:00.000000       1 a.go:1] fine\n\
        E0714 08:55:13.033753    1353 memcache.go:287] couldn't get resource list for a.b.c/v1: the server is currently unable to handle the request\n\
        I0714 08:56:00.000000       1 a.go:1] fine\n";

    #[test]
    fn a_failure_and_its_line() {
        let found =
            scan(&Block { bytes: LOG.as_bytes(), core: 0..LOG.len(), last: true, reach: Reach::default() });
        assert_eq!((found.lines, found.records, found.told.len()), (3, 1, 1));
        assert_eq!(found.told[0].line, 1);
    }

    #[test]
    fn each_record_is_told_once_wherever_the_cut_is() {
        for cut in 0..=LOG.len() {
            let first =
                scan(&Block { bytes: LOG.as_bytes(), core: 0..cut, last: false, reach: Reach::default() });
            let second = scan(&Block {
                bytes: LOG.as_bytes(),
                core: cut..LOG.len(),
                last: true,
                reach: Reach::default(),
            });
            assert_eq!(first.told.len() + second.told.len(), 1, "cut at {cut}");
            assert_eq!(first.lines + second.lines, 3);
            let line =
                first.told.first().map_or_else(|| second.told[0].line + first.lines as i64, |told| told.line);
            assert_eq!(line, 1, "cut at {cut}");
        }
    }
}
