//! The exit status, which is part of the interface.

use std::process::ExitCode;

use crate::coverage::Coverage;
use crate::report::Report;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A report was given, whatever it found.
    Ok,
    /// Incidents were found, and `--exit-code` asks to say so.
    Found,
    /// Usage error, or nothing could be read.
    Usage,
    /// A report was given, but some input could not be read.
    Partial,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Ok => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::Partial => 3,
        })
    }
}

/// The status after a report. Input that could not be read outweighs what was found: whoever asks for
/// the status must know that the answer is incomplete.
pub(super) fn of(report: &Report, exit_code: bool) -> Exit {
    if !report.coverage.unreadable.is_empty() {
        Exit::Partial
    } else if exit_code && !report.incidents.is_empty() {
        Exit::Found
    } else {
        Exit::Ok
    }
}

/// Whether nothing could be read. What was opened and not read on at a limit is a report of its own: a bomb
/// that hides nothing else is told by it.
pub(super) fn nothing_read(coverage: &Coverage) -> bool {
    coverage.sources == 0 && coverage.objects == 0 && coverage.limits.is_empty()
}

/// The status of a review without incidents.
pub(super) fn of_reading(complete: bool) -> Exit {
    if complete { Exit::Ok } else { Exit::Partial }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::Unreadable;

    #[test]
    fn unreadable_input_outweighs() {
        let mut report = Report::default();
        assert_eq!(of(&report, true), Exit::Ok);
        report.coverage.unreadable.push(Unreadable { path: "x".into(), error: "y".into() });
        assert_eq!(of(&report, true), Exit::Partial);
    }
}
