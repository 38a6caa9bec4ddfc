//! What a line is to its neighbours: a record by itself, or something that must be read with them.
//!
//! Most lines have a header and are whole, and whoever knows that of a line and of those beside it need not
//! look for the extent of its record. That is all that is said here; what the record says is no part of it.

use memchr::memmem;

use super::envelope;
use super::grammar;
use super::state::{State, TRACEBACK, may_continue};

/// How a line stands to those before and behind it. Depends on nothing but its own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearing {
    /// It goes on in the next line.
    pub partial: bool,
    /// It starts a record whatever stands before it, unless that goes on in it; and it ends the record
    /// before it. Between two such lines a record is one line.
    pub alone: bool,
}

/// Judges a line without its newline.
pub fn bearing(line: &[u8]) -> Bearing {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    bearing_of(&String::from_utf8_lossy(line))
}

fn bearing_of(text: &str) -> Bearing {
    if envelope::is_object(text) {
        return Bearing { partial: false, alone: true };
    }
    let line = envelope::unwrap(text);
    let alone = !line.partial
        && !may_continue(&line)
        && !line.text.starts_with(TRACEBACK)
        && grammar::has_head(&line)
        && State::Header.after(&line, None, || true).is_none();
    Bearing { partial: line.partial, alone }
}

/// Whether a line goes on in the next one: as [`bearing`] says, and mostly without reading the line.
pub fn is_partial(line: &str) -> bool {
    // CRI's tag, docker's key, and either of them written as JSON may write any letter.
    let may_be = ["stdout P", "stderr P", "\"stream\"", "\\u"];
    may_be.iter().any(|mark| memmem::find(line.as_bytes(), mark.as_bytes()).is_some())
        && bearing_of(line).partial
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_records() {
        for line in [
            "E0714 08:00:00.0       1 a.go:1] it failed",
            "{\"level\":\"error\",\"msg\":\"it failed\"}",
            "[2026-11-23 00:21:24,539] k [ERROR   ] it failed",
        ] {
            assert_eq!(bearing(line.as_bytes()), Bearing { partial: false, alone: true }, "{line}");
        }
        for line in ["", "  indented", "Traceback (most recent call last):", "words", ", Header: map[]"] {
            assert_eq!(bearing(line.as_bytes()), Bearing { partial: false, alone: false }, "{line}");
        }
    }

    #[test]
    fn lines_that_go_on() {
        for line in [
            "2026-11-23T13:47:26.955000001Z stderr P E0714 08:00:00.0       1 a.go:1] it",
            "2026-11-23T13:47:26.955000001Z stdout P:x it",
            "{\"log\":\"it\",\"stream\":\"stdout\",\"time\":\"2026-11-23T13:47:26Z\"}",
            "{\"log\":\"it\",\"\\u0073tream\":\"stdout\",\"time\":\"2026-11-23T13:47:26Z\"}",
        ] {
            assert!(bearing(line.as_bytes()).partial && is_partial(line), "{line}");
        }
        assert!(!is_partial("2026-11-23T13:47:26.955000001Z stderr F stderr P"));
    }
}
