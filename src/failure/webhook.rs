//! Webhooks (decision rule D4).
//!
//! `failed calling webhook "N": … Post "https://svc.ns.svc:443/path": <error>` is the webhook's own
//! failure. Without any `Post`, or with a URL of the API server and a path below `/apis`, the
//! webhook is reached *through* the aggregation layer: then the APIService of its group is meant,
//! whose name is the webhook's without its first label.

use super::atoms::Atom;
use super::context::{self, first_url};
use super::read::{Reader, more_telling, subject_of};
use super::{Failure, Subject};
use crate::k8s::{Verb, is_group};
use crate::knowledge::signatures::{ErrorKind, Shape};

/// Reads a failed call; the rest of the line belongs to it.
pub(super) fn read(reader: &mut Reader<'_>, atom: Atom, kind: ErrorKind) {
    let text = reader.text;
    let next = reader.atoms.iter().skip(reader.at + 1).find(|next| {
        matches!(next.row.shape, Shape::Webhook(_)) && text[atom.end..next.start].contains('\n')
    });
    let end = next.map_or(text.len(), |next| next.start).min(reader.line_end(atom.end));
    let clause = &text[atom.end..end];
    let (error, quiet) = reader.errors_within(atom.end, end);
    let outer = reader.doing;
    reader.skip_to(end);
    reader.from = end;
    // `service "x" not found` is a webhook without backend, not a missing object.
    if quiet && !clause.contains("service \"") {
        return;
    }
    let mut failure = reader.blank(atom.row, kind);
    failure.verb = outer.and_then(|(doing, _)| super::read::verb_of(doing));
    failure.subject = Subject::Webhook(name_of(clause, kind));
    match first_url(clause) {
        Some(url) => {
            failure.verb = failure.verb.or(url.verb);
            if through_apiserver(&url) {
                let Some(path) = url.path() else { return };
                let error = error.unwrap_or(ErrorKind::Unavailable);
                failure.kind = error;
                failure.subject =
                    if error.is_transport() { Subject::Host(url.host().into()) } else { subject_of(&path) };
                failure.path = Some(path.path);
                failure.verb = Some(Verb::Post);
            } else if kind == ErrorKind::Admission {
                failure.path = Some(path_of(url.text));
            }
        }
        None if kind == ErrorKind::Admission => {
            let error = error.map_or(ErrorKind::Unavailable, |error| more_telling(error, error));
            let group = name_of(clause, kind).split_once('.').map(|(_, group)| group.to_owned());
            if let Some(group) = group.filter(|group| is_group(group) && group.contains('.'))
                && matches!(error, ErrorKind::Unavailable | ErrorKind::NotServed | ErrorKind::ProxyFailed)
                && clause.contains(" the server ")
            {
                failure.kind = error;
                failure.status = Some(500);
                failure.subject = Subject::Group(group);
            }
        }
        None => {}
    }
    reader.push(failure);
}

/// Reads the first call behind a place that another reader's error tells of, if it tells of one, and
/// gives whether it did: kube-apiserver answers 500 when a webhook of its fails, whatever the path.
pub(super) fn within(reader: &mut Reader<'_>, from: usize, complete: impl Fn(&mut Failure)) -> bool {
    let calls = |atom: &Atom| atom.start >= from && matches!(atom.row.shape, Shape::Webhook(_));
    let Some(at) = reader.atoms.iter().position(calls) else { return false };
    let atom = reader.atoms[at];
    let Shape::Webhook(kind) = atom.row.shape else { return false };
    reader.at = at;
    let before = reader.out.failures.len();
    read(reader, atom, kind);
    reader.out.failures[before..].iter_mut().for_each(complete);
    true
}

/// The webhook's name in quotes, or the kind that is converted.
fn name_of(clause: &str, kind: ErrorKind) -> String {
    if kind == ErrorKind::Conversion {
        return clause.split(" failed").next().unwrap_or("").trim().to_owned();
    }
    let mut quoted = clause.split('"');
    quoted.next();
    quoted.next().unwrap_or("").to_owned()
}

/// Whether a webhook's URL is one of the API server itself.
fn through_apiserver(url: &context::Url<'_>) -> bool {
    let host = url.host();
    host.starts_with("kubernetes.default") && url.path().is_some_and(|path| path.group.is_some())
}

fn path_of(url: &str) -> String {
    let rest = url.find("://").map_or(url, |at| &url[at + 3..]);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split('?').next().unwrap_or("").to_owned()
}
