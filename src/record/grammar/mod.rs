//! The header that a logger puts before its message.
//!
//! A [`Head`] says that a line starts a record. The formats are rows of [`GRAMMARS`]: a name and a
//! reader; the first that reads the line wins. A line that none reads is either the continuation
//! of the record before it or a record without header: `super::assemble` decides.

mod json;
mod klog;
mod lines;

use std::borrow::Cow;

use super::Level;
use super::envelope::Unwrapped;
use crate::time::Stamp;

/// The header of a record.
#[derive(Debug, Default)]
pub struct Head<'a> {
    /// The format's name, for tests and `-v`.
    pub format: &'static str,
    /// When, by the logger.
    pub at: Option<Stamp>,
    /// How serious, by the logger.
    pub level: Level,
    /// The logger's name or `file:line`.
    pub logger: Cow<'a, str>,
    /// The message and what follows it, not yet normalised.
    pub body: Cow<'a, str>,
    /// An audit.k8s.io event.
    pub audit: bool,
}

/// A format: its name, and the reader of its header.
type Grammar = (&'static str, for<'a> fn(&'a str) -> Option<Head<'a>>);

/// Formats of one line, in the order in which they are tried. JSON is told by its envelope.
pub const GRAMMARS: &[Grammar] = &[
    ("klog", klog::read),
    ("kopf", lines::kopf),
    ("logrus", lines::logrus),
    ("logrus-tty", lines::logrus_tty),
    ("dated", lines::dated),
    ("clock", lines::clock),
    ("epoch", lines::epoch),
    ("rust-span", lines::rust_span),
    ("python", lines::python),
    ("bracket", lines::bracket),
];

/// Reads the header of a line without its envelope; `None` if it has none.
pub fn head<'a>(line: &'a Unwrapped<'_>) -> Option<Head<'a>> {
    if let Some(object) = &line.json {
        return Some(json::read(object, &line.text));
    }
    let text = line.text.as_ref();
    let first = *text.as_bytes().first()?;
    if matches!(first, b' ' | b'\t') {
        return None;
    }
    GRAMMARS.iter().find_map(|(name, read)| read(text).map(|head| Head { format: name, ..head }))
}

/// Whether [`head`] reads a header.
pub fn has_head(line: &Unwrapped<'_>) -> bool {
    line.json.is_some() || head(line).is_some()
}
