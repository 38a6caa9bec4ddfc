//! What can only be said when a whole record has been read: repetitions go, and what a witness tells
//! is marked as restated. Not for judging who is to blame.

use super::{Attempt, Failure, Phase, Subject, Told, context, python};
use crate::knowledge::signatures::{Client, ErrorKind};
use crate::record::{Level, Record};

/// What can only be said when the whole record has been read: repetitions go, and what a witness
/// tells is marked as restated.
pub(super) fn settle(record: &Record, failures: &mut Vec<Failure>) {
    let restates = restates(record);
    let named: Vec<ErrorKind> =
        failures.iter().filter(|f| f.subject != Subject::Nothing).map(|f| f.kind).collect();
    let mut kept: Vec<Failure> = Vec::with_capacity(failures.len());
    for mut failure in failures.drain(..) {
        // The same error once with its subject and once without.
        let again = |kind: &ErrorKind| *kind == failure.kind || is_outage(*kind) && is_outage(failure.kind);
        let bare = failure.subject == Subject::Nothing && failure.path.is_none() && failure.attempt.is_none();
        if bare && named.iter().any(again) {
            continue;
        }
        // An attempt is told by its own line, whatever traceback the logger put behind it.
        let numbered = failure.attempt.is_some();
        failure.attempt = failure.attempt.or_else(|| tries(&record.text));
        if matches!(failure.client, Client::ClientGo | Client::Apiserver) && is_kubectl(&record.text) {
            failure.client = Client::Kubectl;
        }
        // errno's words are the same in Go and Python, and so are the rows that read them.
        if failure.client == Client::ClientGo && python::is_of_http_client(&record.text) {
            failure.client = Client::Python;
        }
        if restates && !numbered && failure.told == Told::FirstHand {
            failure.told = Told::Restated;
        }
        let again =
            kept.iter_mut().find(|other| other.subject == failure.subject && other.told == failure.told);
        match again {
            Some(other) if other.kind == failure.kind || failure.kind == ErrorKind::NotServed => {
                other.path = other.path.take().or(failure.path);
                other.status = other.status.or(failure.status);
            }
            _ => kept.push(failure),
        }
    }
    *failures = kept;
}

/// Kinds that one outage of an APIService shows in.
fn is_outage(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unavailable
            | ErrorKind::Stale
            | ErrorKind::ProxyFailed
            | ErrorKind::CheckFailed
            | ErrorKind::TimedOut
            | ErrorKind::ServerError
            | ErrorKind::Degraded
    )
}

/// kubectl's rendering of an error (pkg/cmd/util/helpers.go).
fn is_kubectl(text: &str) -> bool {
    text.starts_with("Error from server") || text.starts_with("error: ")
}

/// `(try 1/5)`, as gitops-engine counts (pkg/cache/cluster.go:620).
fn tries(text: &str) -> Option<Attempt> {
    let rest = &text[text.find("(try ")? + 5..];
    let (n, rest) = rest.split_once('/')?;
    let max = context::number(rest);
    Some(Attempt { n: n.parse().ok()?, max, phase: Phase::WillRetry, delay: None })
}

/// Whether the record repeats what was told elsewhere: an Event, a status diff, a condition, a
/// row of a table.
fn restates(record: &Record) -> bool {
    let text = record.text.trim_start();
    record.logger.starts_with("event.go")
        || record.logger.starts_with("status_controller.go")
        || record.logger.starts_with("sync_worker.go")
        || text.starts_with("Event(v1.ObjectReference")
        || text.starts_with("Warning  ")
        || text.starts_with("Normal  ")
        || text.starts_with("message:")
        || text.starts_with("Message:")
        || text.starts_with("- lastTransitionTime")
        || record.logger.starts_with("reflector.go") && record.level == Level::Warning
}
