//! From bytes to findings: one search over a whole block for the anchors of all signatures; only
//! what is found, with the lines around it that belong to the same record, is read.
//!
//! A block is a range of a source with as much of its surroundings as a record may reach
//! ([`MARGIN`]). A record belongs to the block that holds its *first* anchor, so that every record
//! is told exactly once, however the source was cut.

mod grams;
mod search;

use std::ops::Range;

use memchr::memchr_iter;

pub use search::{Searcher, searcher};

use crate::failure::{self, Reading, Witnessed};
use crate::record::{Assembler, Record};
use crate::time::Stamp;

/// How many bytes around its core a block carries.
pub const MARGIN: usize = 192 * 1024;
/// How many bytes around its core a block carries at first: records seldom reach further.
pub const NARROW: usize = 8 * 1024;
/// The usual size of a block's core.
pub const BLOCK: usize = 2 * 1024 * 1024;
/// A line longer than this is not read; it is counted.
pub const LINE_LIMIT: usize = 128 * 1024;
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
}

/// What a block holds.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Newlines in the core; at the end of a source also an unfinished last line.
    pub lines: u64,
    /// Bytes in the core.
    pub bytes: u64,
    /// Records that were read, and what they say; `line` is relative to the core.
    pub told: Vec<(Witnessed, Reading)>,
    /// Records that were read.
    pub records: u64,
    /// Records that were read and say nothing of a failing request.
    pub set_aside: u64,
    /// Lines that were too long to be read.
    pub truncated_lines: u64,
    /// The time of the last record of the source, in its last block.
    pub last_seen: Option<Stamp>,
}

/// Searches a block and reads what is found.
pub fn scan(block: &Block<'_>) -> Findings {
    scan_narrow(block, (false, false)).unwrap_or_default()
}

/// As [`scan`], of a block with less around it than [`MARGIN`] where `more` says so, before it and behind:
/// at least [`NARROW`]. `None` if that was too little to be sure of the same findings.
pub fn scan_narrow(block: &Block<'_>, more: (bool, bool)) -> Option<Findings> {
    let searcher = searcher();
    let core = &block.bytes[block.core.clone()];
    let mut findings = Findings { bytes: core.len() as u64, ..Findings::default() };
    let mut counted = Counter { at: block.core.start, lines: 0 };
    let assembler = Assembler::new(block.bytes);
    let mut told_to = block.core.start;
    for hit in searcher.hits(block.bytes, block.core.clone()) {
        if more.0 && hit <= LINE_LIMIT && memchr::memrchr(b'\n', &block.bytes[..hit]).is_none() {
            return None;
        }
        if line_is_too_long(block.bytes, hit) {
            if more.0 {
                return None;
            }
            findings.truncated_lines += u64::from(!follows_another(searcher, block.bytes, hit));
            continue;
        }
        if hit < told_to {
            continue;
        }
        let record = assembler.record_at(hit);
        let touched = assembler.touched();
        if more.0 && touched.0 || more.1 && touched.1 {
            return None;
        }
        told_to = record.end;
        let before_core = record.start < block.core.start;
        if before_core && !searcher.hits(block.bytes, record.start..block.core.start).is_empty() {
            continue; // its first anchor lies in the block before
        }
        findings.records += 1;
        findings.truncated_lines += u64::from(record.truncated);
        let reading = failure::read(&record);
        if reading.failures.is_empty() && reading.life.is_none() && reading.changes.is_empty() {
            findings.set_aside += 1;
            continue;
        }
        // Evidence points to the line with the anchor's record; a record that begins before the
        // core has a line number that is counted back.
        let line = if before_core {
            let back = memchr_iter(b'\n', &block.bytes[record.start..block.core.start]).count() as i64;
            -back
        } else {
            counted.up_to(block.bytes, record.start) as i64
        };
        findings.told.push((witnessed(record, line), reading));
    }
    findings.lines = counted.up_to(block.bytes, block.core.end);
    if block.last {
        findings.lines += u64::from(core.last().is_some_and(|&byte| byte != b'\n'));
        let (at, touched) = last_seen(block.bytes);
        if more.0 && touched {
            return None;
        }
        findings.last_seen = at;
    }
    Some(findings)
}

fn witnessed(record: Record, line: i64) -> Witnessed {
    let mut excerpt = record.text;
    let mut cut = excerpt.len().min(EXCERPT);
    while !excerpt.is_char_boundary(cut) {
        cut -= 1;
    }
    excerpt.truncate(cut);
    Witnessed { line, at: record.at, writer: record.writer, level: record.level, excerpt }
}

/// Counts newlines from the start of the core, each byte once.
struct Counter {
    at: usize,
    lines: u64,
}

impl Counter {
    fn up_to(&mut self, bytes: &[u8], place: usize) -> u64 {
        if place > self.at {
            self.lines += memchr_iter(b'\n', &bytes[self.at..place]).count() as u64;
            self.at = place;
        }
        self.lines
    }
}

fn line_is_too_long(bytes: &[u8], hit: usize) -> bool {
    hit > LINE_LIMIT && memchr::memrchr(b'\n', &bytes[hit - LINE_LIMIT..hit]).is_none()
}

/// Whether an anchor stands before the one at `hit`, on the same line and no further than any block sees:
/// the line is counted, or told, where that one is.
fn follows_another(searcher: &Searcher, bytes: &[u8], hit: usize) -> bool {
    let visible = hit.saturating_sub(MARGIN);
    let start = memchr::memrchr(b'\n', &bytes[visible..hit]).map_or(visible, |nl| visible + nl + 1);
    !searcher.hits(bytes, start..hit).is_empty()
}

/// The time of the last line that has one, within the last lines of a source; and whether the first byte
/// was reached on the way.
fn last_seen(bytes: &[u8]) -> (Option<Stamp>, bool) {
    const LINES: usize = 400;
    let mut end = bytes.len();
    for _ in 0..LINES {
        let newline = memchr::memrchr(b'\n', &bytes[..end]);
        let start = newline.map_or(0, |nl| nl + 1);
        if end - start < LINE_LIMIT
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
        let found = scan(&Block { bytes: LOG.as_bytes(), core: 0..LOG.len(), last: true });
        assert_eq!((found.lines, found.records, found.told.len()), (3, 1, 1));
        assert_eq!(found.told[0].0.line, 1);
    }

    #[test]
    fn each_record_is_told_once_wherever_the_cut_is() {
        for cut in 0..=LOG.len() {
            let first = scan(&Block { bytes: LOG.as_bytes(), core: 0..cut, last: false });
            let second = scan(&Block { bytes: LOG.as_bytes(), core: cut..LOG.len(), last: true });
            assert_eq!(first.told.len() + second.told.len(), 1, "cut at {cut}");
            assert_eq!(first.lines + second.lines, 3);
            let line =
                first.told.first().map_or_else(|| second.told[0].0.line + first.lines as i64, |t| t.0.line);
            assert_eq!(line, 1, "cut at {cut}");
        }
    }
}
