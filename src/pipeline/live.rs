//! A log that is still being written: what it says so far, at any time.
//!
//! What a record is depends on what stands around it, up to [`Reach::margin`] bytes behind, and those may not
//! have been written yet. So there are two foldings: one of all that is settled, which is what the report
//! at the end is made of, and, whenever somebody asks, a copy of it to which the rest is added as if the
//! log ended there. The report at the end is that of the same bytes in a file. Memory holds the fold, the
//! rest and its margins, however long the log is.

use super::{joined, judge, scan_block};
use crate::coverage::Unreadable;
use crate::incident::{Fold, SourceTally};
use crate::limits::{Limit, Limits};
use crate::partial::{Log, Part};
use crate::record::Reach;
use crate::report::Report;
use crate::source::{self, Origin};

/// Bytes that are settled at once.
const STEP: usize = 256 * 1024;

/// A log that is still being written.
#[derive(Debug)]
pub struct Live {
    fold: Fold,
    /// What is not settled, with a margin before it.
    bytes: Vec<u8>,
    /// Where in them the part begins that is not settled.
    core: usize,
    limits: Limits,
}

/// What a log says so far.
#[derive(Debug)]
pub struct SoFar {
    /// The report, as if the log ended here.
    pub report: Report,
    /// The time of the last line that has one, in nanoseconds since 1970.
    pub until: Option<i64>,
}

impl Live {
    /// Nothing was written yet.
    pub fn new(name: &str, limits: Limits) -> Live {
        let fold = Fold::new(name, Origin::of_path(name), limits.size(Limit::Kinds));
        Live { fold, bytes: Vec::new(), core: 0, limits }
    }

    fn reach(&self) -> Reach {
        Reach::from(&self.limits)
    }

    /// Whether the first bytes are those of a log, and not of an archive or a compressed one: those have an
    /// end, and are read without following.
    pub fn takes(head: &[u8]) -> bool {
        source::is_plain(head)
    }

    /// More was written.
    pub fn add(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(STEP) {
            self.bytes.extend_from_slice(part);
            while self.bytes.len() - self.core >= STEP + self.reach().margin() {
                self.settle(STEP);
            }
        }
    }

    /// Folds the next bytes for good, and forgets what no block will see again.
    fn settle(&mut self, size: usize) {
        let (core, end) = (self.core, self.core + size);
        let (reach, margin) = (self.reach(), self.reach().margin());
        let visible = core.saturating_sub(margin)..(end + margin).min(self.bytes.len());
        self.fold.push(scan_block(&self.bytes, visible, core..end, false, reach));
        self.core = end;
        let past = self.core.saturating_sub(margin);
        self.bytes.drain(..past);
        self.core -= past;
    }

    /// What the complete lines say. `now` supplies the year of a log that tells none.
    pub fn so_far(&self, now: i64) -> SoFar {
        let rest = &self.bytes[self.core..];
        let end = self.core + memchr::memrchr(b'\n', rest).map_or(0, |newline| newline + 1);
        let tally = self.ended_at(end).finish(now);
        SoFar { until: tally.last_seen, report: report(tally, &self.limits) }
    }

    fn ended_at(&self, end: usize) -> Fold {
        let mut fold = self.fold.clone();
        let visible = self.core.saturating_sub(self.reach().margin())..end;
        fold.push(scan_block(&self.bytes, visible, self.core..end, true, self.reach()));
        fold
    }

    /// The report at the end of the log, and why it ended if that was not the end.
    pub fn finish(self, now: i64, broken: Option<Unreadable>) -> Report {
        let mut report = report(self.ended_at(self.bytes.len()).finish(now), &self.limits);
        report.coverage.unreadable.extend(broken);
        report
    }
}

fn report(tally: SourceTally, limits: &Limits) -> Report {
    judge(&joined(
        Part { logs: vec![Log { tally: Box::new(tally), digest: 0, identity: None }], ..Part::default() },
        *limits,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json;

    fn lines() -> Vec<u8> {
        let mut log = String::new();
        for n in 0..30_000 {
            let clock = format!("I1123 13:{:02}:{:02}.000000       1 a.go:1]", n / 60 % 60, n % 60);
            log.push_str(&match n % 5_000 {
                77 => format!("{clock} couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request\n"),
                _ => format!("{clock} all is well, number {n}\n"),
            });
        }
        log.into_bytes()
    }

    #[test]
    fn the_end_is_that_of_a_file_however_it_came() {
        let log = lines();
        let whole = {
            let mut live = Live::new("-", Limits::default());
            live.fold.push(scan_block(&log, 0..log.len(), 0..log.len(), true, Reach::default()));
            json(&report(live.fold.finish(0), &Limits::default()))
        };
        assert!(whole.contains("v1beta1.metrics.k8s.io"));
        for size in [1000, 100_003, 10_000_000] {
            let mut live = Live::new("-", Limits::default());
            for part in log.chunks(size) {
                live.add(part);
                assert!(live.bytes.len() <= 3 * Reach::default().margin() + 2 * STEP);
            }
            assert_eq!(json(&live.finish(0, None)), whole, "in parts of {size}");
        }
    }

    #[test]
    fn a_line_counts_when_it_is_complete() {
        let line = b"E1123 13:44:12.000000 1 m.go:1] couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request";
        let mut live = Live::new("-", Limits::default());
        live.add(line);
        assert!(live.so_far(0).report.incidents.is_empty());
        live.add(b"\n");
        assert_eq!(live.so_far(0).report.incidents.len(), 1);
        assert!(live.so_far(0).until.is_some());
    }
}
