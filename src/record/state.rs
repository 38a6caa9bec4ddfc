//! How a record goes on from line to line: what continues it, and what begins the next one. The lines
//! themselves are found and joined by `assemble`.

use super::envelope::Unwrapped;
use super::grammar;
use super::lines::{is_describe_row, is_exception, is_java_exception, links_exceptions, yaml_indent};

/// The line above the frames of a Python exception.
pub(super) const TRACEBACK: &str = "Traceback (most recent call last):";

/// How a line may begin that continues the one before it, though it is not indented.
const MARKERS: &[&str] = &[
    ", Header:",
    "Reason: ",
    "HTTP response ",
    "Trying to reach:",
    "Caused by: ",
    "Message: ",
    "Body: ",
    "Headers: ",
    "Original traceback",
    ": Failed to parse error data",
    "APIs: ",
    "[-]",
    "[+]",
    "'",
];

/// Whether a line continues the one before it by the words that it begins with.
pub(super) fn is_marked(text: &str) -> bool {
    MARKERS.iter().any(|marker| text.starts_with(marker))
}

/// Where in a record the reader is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    /// Behind the header line.
    Header,
    /// Among the frames of a traceback.
    Traceback,
    /// Behind the line that names the exception.
    Exception,
    /// Between two exceptions of a chain.
    Chain,
}

impl State {
    /// The state after `line`, or `None` if it belongs to the next record.
    pub(super) fn after(
        self,
        line: &Unwrapped<'_>,
        fold: Option<usize>,
        cause_follows: impl Fn() -> bool,
    ) -> Option<State> {
        let text = line.text.trim_end();
        if text.is_empty() {
            return (matches!(self, State::Exception | State::Chain)
                && (self == State::Chain || cause_follows()))
            .then_some(State::Chain);
        }
        let indented = text.starts_with([' ', '\t']);
        if let Some(indent) = fold {
            let deeper = text.len() - text.trim_start().len() > indent;
            return (deeper && line.at.is_none()).then_some(self);
        }
        if text == TRACEBACK {
            return matches!(self, State::Header | State::Chain).then_some(State::Traceback);
        }
        if indented {
            return (!is_describe_row(text)).then_some(self);
        }
        if links_exceptions(text) {
            return (self == State::Chain).then_some(State::Chain);
        }
        if is_marked(text) {
            return Some(if self == State::Traceback { State::Exception } else { self });
        }
        if grammar::has_head(line) {
            return None;
        }
        if self == State::Header && is_java_exception(text) {
            return Some(State::Exception);
        }
        (self == State::Traceback).then_some(State::Exception)
    }
}

/// Whether a line may be the continuation of an earlier one.
pub(super) fn may_continue(line: &Unwrapped<'_>) -> bool {
    let text = line.text.as_ref();
    if text.starts_with([' ', '\t']) {
        return !is_describe_row(text) && yaml_indent(text).is_none();
    }
    text.is_empty() || is_marked(text) || links_exceptions(text) || is_exception(text)
}
