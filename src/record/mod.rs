//! From lines to records: what a logger wrote.
//!
//! A [`Record`] is one statement of one program, joined from its lines, with the transport's
//! envelope taken off ([`envelope`]) and the logger's header read ([`grammar`]). Its `text` is
//! *normalised* (decision rule D0): escapes resolved, folds joined, colours gone, so that a
//! signature needs one wording whatever stood around it.
//!
//! Only records that hold an anchor are read here, with the lines around the anchor that belong to
//! the same record (`assemble`). This stage never fails: a line in no known format is a record
//! of its own, without time or level.

mod assemble;
mod bearing;
pub mod envelope;
pub mod grammar;
mod lines;
mod margin;
mod normalise;
mod state;

pub use assemble::Assembler;
pub use bearing::{Bearing, bearing, is_partial};
pub use normalise::unescape;

use serde::{Deserialize, Serialize};

use crate::limits::{Limit, Limits};
use crate::time::Stamp;

/// How serious the logger says it is; `Unknown` where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Level {
    Debug,
    Info,
    #[default]
    Unknown,
    Warning,
    Error,
    Fatal,
}

impl Level {
    /// Reads a level word in any case, or klog's letter.
    pub fn parse(word: &str) -> Level {
        let mut letters = word.bytes().map(|b| b.to_ascii_lowercase());
        match (letters.next(), letters.next()) {
            (Some(b'f'), _) | (Some(b'p'), Some(b'a')) | (Some(b'c'), Some(b'r')) => Level::Fatal,
            (Some(b'e'), _) => Level::Error,
            (Some(b'w'), _) => Level::Warning,
            (Some(b'i' | b'n'), _) => Level::Info,
            (Some(b'd' | b't'), _) => Level::Debug,
            _ => Level::Unknown,
        }
    }
}

/// Who wrote a record, as far as the envelope says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Writer {
    /// Namespace of the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Name of the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// Name of the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The systemd unit or program, for a journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

impl Writer {
    /// Whether the envelope said nothing.
    pub fn is_unknown(&self) -> bool {
        *self == Writer::default()
    }

    /// Takes from `other` what this one does not know.
    pub fn fill(&mut self, other: Writer) {
        self.namespace = self.namespace.take().or(other.namespace);
        self.pod = self.pod.take().or(other.pod);
        self.container = self.container.take().or(other.container);
        self.unit = self.unit.take().or(other.unit);
    }
}

/// One statement of one program.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Offset of the record's first byte in its block.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// When it was written.
    pub at: Option<Stamp>,
    /// How serious it is.
    pub level: Level,
    /// The logger's name, or klog's `file:line`.
    pub logger: String,
    /// Who wrote it, by the envelope.
    pub writer: Writer,
    /// The normalised text: message first, then fields as `key="value"`, then what followed on
    /// further lines.
    pub text: String,
    /// Whether the record is an audit.k8s.io event; `text` is then its JSON, unchanged.
    pub audit: bool,
    /// Whether a line was longer than the limit, and cut.
    pub truncated: bool,
    /// The limit at which the record was cut, though what follows belongs to it.
    pub cut: Option<Limit>,
}

/// How much belongs to a record at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Bytes of a line that are read; the rest is cut and counted.
    pub line: usize,
    /// Bytes around the line with the anchor, each way.
    pub bytes: usize,
    /// Lines before and after the line with the anchor.
    pub lines: usize,
}

impl Default for Reach {
    fn default() -> Self {
        Reach::from(&Limits::default())
    }
}

impl From<&Limits> for Reach {
    fn from(limits: &Limits) -> Self {
        Reach {
            line: limits.size(Limit::Line),
            bytes: limits.size(Limit::Record),
            lines: limits.size(Limit::Context),
        }
    }
}

impl Reach {
    /// How many bytes around a place have to be seen to read the record at it.
    pub fn margin(self) -> usize {
        self.line + self.bytes
    }
}

/// The time that a line tells, by its envelope or its header.
pub fn line_time(line: &[u8]) -> Option<Stamp> {
    let text = String::from_utf8_lossy(line);
    let unwrapped = margin::unwrap(&text);
    let own = grammar::head(&unwrapped).and_then(|head| head.at);
    match (own, unwrapped.at) {
        (Some(own), Some(outer)) if !own.has_year() => Some(outer),
        (own, outer) => own.or(outer),
    }
}
