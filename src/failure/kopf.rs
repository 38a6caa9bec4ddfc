//! Kopf's attempt lines: `Request attempt #3/9 failed; will retry: GET <url> -> <repr>`.
//!
//! The error is a Python repr. `APIServerError(None, None)` is any 5xx whose body was no Status:
//! the status itself stands only in the traceback at the end.

use super::atoms::Atom;
use super::context::{self, first_url};
use super::read::{Reader, subject_of};
use super::{Attempt, Phase, Subject, Told, webhook};
use crate::k8s::Verb;
use crate::knowledge::signatures::ErrorKind;

/// Reads an attempt; the rest of the record belongs to it.
pub(super) fn attempt(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let rest = &text[atom.end..];
    let first = reader.at;
    reader.skip_to(text.len());
    let Some(n) = context::number(rest) else { return };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let tail = &rest[digits..];
    let max = tail.strip_prefix('/').and_then(context::number);
    let phase = if tail.contains(" succeeded: ") {
        Phase::Succeeded
    } else if tail.contains("; escalating: ") {
        Phase::Escalating
    } else if tail.contains("; will retry: ") {
        Phase::WillRetry
    } else {
        return; // the start of an attempt, or a session that was closed: no failure of the API
    };
    let Some(url) = first_url(tail) else { return };
    let repr = tail[url.start + url.text.len()..].split_once("-> ").map_or("", |(_, repr)| repr);
    let attempt = Attempt { n, max, phase, delay: None };
    reader.at = first;
    let by_webhook = webhook::within(reader, atom.end, |failure| {
        failure.client = atom.row.client;
        failure.attempt = Some(attempt);
        failure.status = status_of(repr);
        failure.path = url.path().map(|path| path.path);
        failure.verb = url.verb;
    });
    reader.skip_to(text.len());
    if by_webhook {
        return;
    }
    let kind = kind_of(repr);
    let mut failure = reader.blank(atom.row, kind);
    failure.attempt = Some(attempt);
    failure.verb = if url.is_watch() { Some(Verb::Watch) } else { url.verb };
    failure.status = status_of(repr);
    match url.path() {
        Some(path) => {
            failure.subject =
                if kind.is_transport() { Subject::Host(url.host().to_owned()) } else { subject_of(&path) };
            failure.path = Some(path.path);
        }
        None => failure.subject = Subject::Host(url.host().to_owned()),
    }
    if phase == Phase::Succeeded || repr.contains("Connector is closed") || repr.contains("Session is closed")
    {
        failure.told = Told::Marker;
    }
    reader.push(failure);
}

/// Classes of kopf.clients.errors (1.30 to 1.45) and of aiohttp, by how the repr begins or what it
/// holds.
#[rustfmt::skip]
const CLASSES: &[(&str, ErrorKind)] = &[
    ("APIForbiddenError", ErrorKind::Forbidden),
    ("APIUnauthorizedError", ErrorKind::Unauthorized),
    ("APITooManyRequestsError", ErrorKind::Overloaded),
    ("APINotFoundError", ErrorKind::NotServed),
    ("ConnectionRefusedError", ErrorKind::Refused),
    ("ConnectionResetError", ErrorKind::Reset),
    ("gaierror", ErrorKind::Lookup),
    ("Certificate", ErrorKind::Certificate),
    ("SSL", ErrorKind::Certificate),
    ("ServerDisconnectedError", ErrorKind::Ended),
    ("Connection reset by peer", ErrorKind::Reset),
    ("TimeoutError", ErrorKind::Deadline),
    ("ClientConnectorError", ErrorKind::NoAnswer),
    ("ClientOSError", ErrorKind::Reset),
    ("ClientConnectionError", ErrorKind::Ended),
    ("ClientPayloadError", ErrorKind::Ended),
];

fn kind_of(repr: &str) -> ErrorKind {
    if repr.starts_with("APIServerError") || repr.starts_with("APIError") {
        return match status_of(repr) {
            _ if repr.contains("etcdserver") => ErrorKind::Etcd,
            _ if repr.contains("is shutting down") => ErrorKind::ShuttingDown,
            _ if repr.contains("trying to reach service") => ErrorKind::ProxyFailed,
            Some(504) => ErrorKind::TimedOut,
            Some(500) => ErrorKind::ServerError,
            _ => ErrorKind::Unavailable,
        };
    }
    CLASSES.iter().find(|(class, _)| repr.contains(class)).map_or(ErrorKind::Unavailable, |(_, kind)| *kind)
}

/// `status=503` (1.42 on) or the code of the Status in the repr; `None` where the line does not say.
fn status_of(repr: &str) -> Option<u16> {
    let at = repr.find("status=").map(|at| at + 7).or_else(|| repr.find("'code': ").map(|at| at + 8));
    if let Some(code) = at.and_then(|at| context::number(&repr[at..])) {
        return u16::try_from(code).ok();
    }
    [
        ("APIForbiddenError", 403),
        ("APIUnauthorizedError", 401),
        ("APITooManyRequestsError", 429),
        ("APINotFoundError", 404),
    ]
    .into_iter()
    .find(|(class, _)| repr.starts_with(class))
    .map(|(_, status)| status)
}
