//! Which lines belong to one record.
//!
//! A record is a line with a header and the lines that continue it: indented ones, a Python
//! traceback and its exception, klog's multi-line values, the rest of an HTTP body, CRI's partial
//! lines, a folded YAML value, a line that a terminal wrapped. The extent of a record depends only
//! on the lines within [`Reach`] of it, never on where a block was cut: that is what makes the report
//! independent of the block size.

use std::borrow::Cow;
use std::cell::Cell;

use memchr::{memchr, memrchr};

use super::bearing::is_partial;
use super::envelope::{self, Unwrapped};
use super::lines::{is_exception, is_yaml_key, links_exceptions, yaml_indent};
use super::normalise::{strip_control, unescape};
use super::state::{State, TRACEBACK, is_marked, may_continue};
use super::{Level, Reach, Record};
use super::{grammar, margin};
use crate::limits::Limit;

/// Reads records out of a block.
#[derive(Clone, Debug)]
pub struct Assembler<'b> {
    bytes: &'b [u8],
    reach: Reach,
    /// Whether a line was read that reaches the first byte, or the last.
    touched: Cell<(bool, bool)>,
}

/// A line of the block: `start..end` without its newline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    start: usize,
    end: usize,
}

/// Widths of terminals, in columns, at which a copied line is broken.
const SCREENS: [usize; 3] = [80, 120, 132];

impl<'b> Assembler<'b> {
    /// Records of `bytes`: a block with as much of what surrounds it as a record may reach.
    pub fn new(bytes: &'b [u8]) -> Self {
        Assembler { bytes, reach: Reach::default(), touched: Cell::new((false, false)) }
    }

    /// With other limits than the usual ones.
    #[must_use]
    pub fn within(self, reach: Reach) -> Self {
        Assembler { reach, ..self }
    }

    /// Whether what was asked for could be another if there were more bytes before the first one, or
    /// behind the last.
    pub fn touched(&self) -> (bool, bool) {
        self.touched.get()
    }

    /// Where the line begins that holds the byte before `at`.
    fn line_start(&self, at: usize) -> usize {
        memrchr(b'\n', &self.bytes[..at]).map_or_else(
            || {
                self.touched.set((true, self.touched.get().1));
                0
            },
            |nl| nl + 1,
        )
    }

    /// Where the line ends that holds the byte at `at`.
    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..]).map_or_else(
            || {
                self.touched.set((self.touched.get().0, true));
                self.bytes.len()
            },
            |nl| at + nl,
        )
    }

    /// The record that holds the byte at `at`.
    pub fn record_at(&self, at: usize) -> Record {
        let hit = self.line_around(at);
        let text = self.text(hit);
        let unwrapped = margin::unwrap(&text);
        let mut start = self.find_start(hit, &unwrapped);
        if start == hit {
            return self.join(hit, unwrapped);
        }
        loop {
            let record = self.assemble(start);
            if record.end > hit.start || record.end >= self.bytes.len() {
                return record;
            }
            match self.next(Line { start: record.end.saturating_sub(1), end: record.end.saturating_sub(1) }) {
                Some(next) if next.start <= hit.start => start = next,
                _ => return self.assemble(hit),
            }
        }
    }

    fn line_around(&self, at: usize) -> Line {
        Line { start: self.line_start(at), end: self.line_end(at) }
    }

    fn previous(&self, line: Line) -> Option<Line> {
        let end = line.start.checked_sub(1)?;
        Some(Line { start: self.line_start(end), end })
    }

    fn next(&self, line: Line) -> Option<Line> {
        let start = line.end + 1;
        if start >= self.bytes.len() {
            self.touched.set((self.touched.get().0, true));
            return None;
        }
        Some(Line { start, end: self.line_end(start) })
    }

    fn text(&self, line: Line) -> Cow<'b, str> {
        let bytes = &self.bytes[line.start..line.end.min(line.start + self.reach.line)];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        // Checked first: what is text is by far the commonest, and `from_utf8` passes over ASCII by words.
        std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
    }

    /// The line that starts the record of `hit`, or one from which it is reached.
    fn find_start(&self, hit: Line, unwrapped: &Unwrapped<'_>) -> Line {
        let before = self.previous(hit);
        let glued = before.is_some_and(|line| is_partial(&self.text(line)));
        let wrapped = before.is_some_and(|line| self.is_full(line, hit));
        if !glued && !wrapped && !may_continue(unwrapped) && !self.ends_traceback(hit, unwrapped) {
            return hit;
        }
        let mut start = hit;
        for _ in 0..self.reach.lines {
            let Some(line) = self.previous(start) else { break };
            if hit.start - line.start > self.reach.bytes {
                break;
            }
            let text = self.text(line);
            let unwrapped = margin::unwrap(&text);
            let was_glued = self.previous(line).is_some_and(|line| is_partial(&self.text(line)));
            start = line;
            if was_glued || self.previous(line).is_some_and(|before| self.is_full(before, line)) {
                continue;
            }
            let continues = may_continue(&unwrapped) || unwrapped.text.starts_with(TRACEBACK);
            if !continues && !self.ends_traceback(line, &unwrapped) {
                break;
            }
        }
        start
    }

    /// Whether `line` may be the exception of a traceback, whatever it looks like: it stands behind a frame
    /// and has no header. Read from the front, it is taken for one (`State::Traceback`).
    fn ends_traceback(&self, line: Line, unwrapped: &Unwrapped<'_>) -> bool {
        if grammar::has_head(unwrapped) {
            return false;
        }
        let Some(before) = self.previous(line) else { return false };
        let text = self.text(before);
        let frame = margin::unwrap(&text);
        frame.text.starts_with([' ', '\t']) || frame.text.starts_with(TRACEBACK)
    }

    /// The width of a line; the carriage return of CRLF takes no column.
    fn columns(&self, line: Line) -> usize {
        line.end - line.start - usize::from(self.bytes[line.start..line.end].ends_with(b"\r"))
    }

    /// Whether a terminal wrapped `line` into `next`: it is as wide as a screen (or one less, where the
    /// wrap swallowed a blank), and `next` is no wider and has no header.
    fn is_full(&self, line: Line, next: Line) -> bool {
        let width = self.columns(line);
        SCREENS.iter().any(|&screen| width == screen || width + 1 == screen)
            && self.columns(next) <= width + 1
            && self.columns(next) > 0
            && !self.bytes[next.start].is_ascii_whitespace()
            && !grammar::has_head(&margin::unwrap(&self.text(next)))
            && margin::unwrap(&self.text(next)).at.is_none()
    }

    /// Whether a terminal broke a line of a record that has begun: no frame of a traceback, which may have
    /// that width by chance, and no line that continues it of its own.
    fn breaks_word(&self, line: Line, next: Line) -> bool {
        let text = self.text(next);
        self.is_full(line, next)
            && !self.bytes[line.start].is_ascii_whitespace()
            && !is_exception(&text)
            && !is_marked(&text)
    }

    /// Reads the record that starts with the line `first`.
    fn assemble(&self, first: Line) -> Record {
        self.join(first, margin::unwrap(&self.text(first)))
    }

    /// As `assemble`, with the line at hand.
    fn join(&self, first: Line, mut unwrapped: Unwrapped<'_>) -> Record {
        let mut truncated = first.end - first.start > self.reach.line;
        let mut last = first;
        // CRI and docker cut long lines: join them before anything else reads them.
        let mut inner: Cow<'_, str> = unwrapped.text.clone();
        while unwrapped.partial && last.end - first.start < self.reach.line {
            let Some(line) = self.next(last) else { break };
            let text = self.text(line);
            let more = margin::unwrap(&text);
            inner.to_mut().push_str(&more.text);
            unwrapped.partial = more.partial;
            last = line;
        }
        while self.next(last).is_some_and(|next| self.is_full(last, next)) && last.end - first.start < 4096 {
            let Some(line) = self.next(last) else { break };
            if !SCREENS.contains(&self.columns(last)) {
                inner.to_mut().push(' ');
            }
            inner.to_mut().push_str(&self.text(line));
            last = line;
        }
        truncated |= last.end - last.start > self.reach.line;
        if last != first {
            let writer = std::mem::take(&mut unwrapped.writer);
            let at = unwrapped.at;
            let text = inner.into_owned();
            let mut again = margin::unwrap(&text);
            again.at = at.or(again.at);
            again.writer.fill(writer);
            return self.finish(first, last, &again, truncated);
        }
        self.finish(first, last, &unwrapped, truncated)
    }

    /// Reads the header, joins the lines that continue the record, and normalises.
    fn finish(&self, first: Line, mut last: Line, line: &Unwrapped<'_>, truncated: bool) -> Record {
        let head = grammar::head(line);
        let fold = if head.is_none() { yaml_indent(&line.text) } else { None };
        let alone = head.is_none() && fold.is_none() && is_yaml_key(&line.text);
        let mut body = match &head {
            Some(head) => head.body.to_string(),
            None => line.text.to_string(),
        };
        let mut state = if line.text.starts_with(TRACEBACK) { State::Traceback } else { State::Header };
        let (mut lines, mut cut) = (1, None);
        while let Some(next) = self.next(last) {
            if alone {
                break;
            }
            let full = if lines >= self.reach.lines {
                Some(Limit::Context)
            } else {
                (next.end - first.start > self.reach.bytes).then_some(Limit::Record)
            };
            let text = self.text(next);
            if envelope::is_object(&text) {
                break; // it has a header, whatever stands before it
            }
            let unwrapped = margin::unwrap(&text);
            if self.breaks_word(last, next) {
                body.push_str(&unwrapped.text);
                last = next;
                continue;
            }
            let Some(after) = state.after(&unwrapped, fold, || self.cause_follows(next)) else { break };
            if full.is_some() {
                cut = full;
                break;
            }
            state = after;
            body.push(if fold.is_some() { ' ' } else { '\n' });
            body.push_str(if fold.is_some() { unwrapped.text.trim_start() } else { &unwrapped.text });
            last = next;
            lines += 1;
        }
        let audit = head.as_ref().is_some_and(|head| head.audit);
        let own = head.as_ref().and_then(|head| head.at);
        // The logger's own time is the truer one, unless it leaves out the year.
        let at = match (own, line.at) {
            (Some(own), Some(outer)) => Some(if own.has_year() { own } else { outer }),
            (own, outer) => own.or(outer),
        };
        Record {
            start: first.start,
            end: (last.end + 1).min(self.bytes.len()).max(last.end),
            at,
            level: head.as_ref().map_or(Level::Unknown, |head| head.level),
            logger: head.as_ref().map_or_else(String::new, |head| strip_control(&head.logger)),
            writer: line.writer.clone(),
            text: if audit { body } else { unescape(&body) },
            audit,
            truncated,
            cut,
        }
    }

    /// Whether a blank line stands before the sentence that links two exceptions.
    fn cause_follows(&self, blank: Line) -> bool {
        self.next(blank).is_some_and(|line| {
            let text = self.text(line);
            let text = margin::unwrap(&text).text.into_owned();
            links_exceptions(&text)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(log: &str, word: &str) -> Record {
        Assembler::new(log.as_bytes()).record_at(log.find(word).unwrap())
    }

    #[test]
    fn klog_multi_line_value() {
        let log = "I0714 08:00:00.0       1 a.go:1] before\n\
                   E0714 08:29:59.840594       1 controller.go:102] \"Unhandled Error\" err=<\n\
                   \tloading OpenAPI spec for \"v1.a.b\" failed with: Body: service unavailable\n\
                   \t, Header: map[]\n \
                   > logger=\"UnhandledError\"\nI0714 08:30:00.0       1 a.go:1] after\n";
        let record = record(log, "loading");
        assert!(record.text.starts_with("\"Unhandled Error\""), "{}", record.text);
        assert!(record.text.ends_with("\"UnhandledError\""), "{}", record.text);
        assert_eq!(record.logger, "controller.go:102");
    }

    #[test]
    fn traceback_with_its_cause_is_one_record() {
        let log = "[2026-11-23 00:21:24,539] k [ERROR   ] it failed\nTraceback (most recent call last):\n  File \"a\"\n\
                   A.FirstError: 503\n\nThe above exception was the direct cause of the following exception:\n\n\
                   Traceback (most recent call last):\n  File \"b\"\nB.SecondError: (None, None)\n\
                   Traceback (most recent call last):\n  File \"c\"\nC.ThirdError: x\n";
        let first = record(log, "FirstError");
        assert!(
            first.text.starts_with("it failed") && first.text.ends_with("(None, None)"),
            "{}",
            first.text
        );
        assert!(record(log, "ThirdError").text.starts_with("Traceback"));
    }

    #[test]
    fn cri_partial_lines_are_joined() {
        let log = "2023-11-02T06:12:07.604163885+00:00 stderr P {\"msg\":\"one \n\
                   2023-11-02T06:12:07.604163999+00:00 stderr F two\"}\n";
        assert_eq!(record(log, "two").text, "one two");
    }

    #[test]
    fn yaml_fold_is_one_line() {
        let log = "    - type: NamespaceDeletionDiscoveryFailure\n      message: >-\n        Discovery failed: unable to\n        retrieve the\n      reason: X\n";
        assert_eq!(
            record(log, "retrieve").text.trim(),
            "message: >- Discovery failed: unable to retrieve the"
        );
    }
}
