//! How much of the input was read and understood.
//!
//! From `scan` on nothing returns `Result`: what is skipped, capped or not understood is counted
//! here, and the report shows it. A quiet report about an unread log is thereby impossible.

use serde::{Deserialize, Serialize};

use crate::limits::Capped;

/// Counts over everything that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Logs that were read.
    pub sources: u64,
    /// Lines in them; a last line without a newline counts.
    pub lines: u64,
    /// Bytes in them, after decompression.
    pub bytes: u64,
    /// Records that were looked at because a line of theirs held an anchor.
    pub records: u64,
    /// Records that report a failing API request.
    pub failures: u64,
    /// Failures without a time.
    pub undated: u64,
    /// Lines that were longer than the limit and were cut.
    pub truncated_lines: u64,
    /// Records that were looked at and told of no failing request.
    pub set_aside: u64,
    /// Failures beyond the limit of distinct ones, which are counted but not told apart.
    pub folded: u64,
    /// Files that hold no text.
    pub binary: u64,
    /// Logs and objects that were met before: the same bytes in the same place of another tree.
    pub duplicates: u64,
    /// Files of cluster objects.
    pub objects: u64,
    /// Files that were left out because their place says that they hold neither a log nor evidence.
    pub left_out: u64,
    /// Limits that were reached, and how often.
    pub limits: Vec<Capped>,
    /// What had to be assumed, in words (a missing year, a missing zone).
    pub assumptions: Vec<String>,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: Vec<Unreadable>,
}

/// An input that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unreadable {
    /// Its name.
    pub path: String,
    /// What went wrong.
    pub error: String,
}

impl Coverage {
    /// Adds what another part of the work has counted.
    pub fn add(&mut self, other: &Coverage) {
        self.sources += other.sources;
        self.lines += other.lines;
        self.bytes += other.bytes;
        self.records += other.records;
        self.failures += other.failures;
        self.undated += other.undated;
        self.truncated_lines += other.truncated_lines;
        self.set_aside += other.set_aside;
        self.folded += other.folded;
        self.binary += other.binary;
        self.duplicates += other.duplicates;
        self.objects += other.objects;
        self.left_out += other.left_out;
        self.limits.extend(other.limits.iter().cloned());
        self.assumptions.extend(other.assumptions.iter().cloned());
        self.unreadable.extend(other.unreadable.iter().cloned());
    }

    /// Puts the lists into an order that does not depend on how the work was divided.
    pub fn settle(&mut self) {
        self.limits.sort();
        self.limits.dedup_by(|next, kept| {
            let same = (next.limit, next.value) == (kept.limit, kept.value);
            kept.count += if same { next.count } else { 0 };
            same
        });
        self.assumptions.sort();
        self.assumptions.dedup();
        self.unreadable.sort();
        self.unreadable.dedup();
    }
}
