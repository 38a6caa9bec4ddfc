//! Lines that name the APIService, its reversed group/version, or its backend: the aggregation
//! layer, library-go, tables and conditions.

use super::atoms::Atom;
use super::context::{self, first_url};
use super::read::Reader;
use super::{Change, Failure, Subject, Told, mention};
use crate::k8s::{GroupVersion, Verb};
use crate::knowledge::signatures::{ErrorKind, Shape};

/// `<apiservice> failed with: <error>`: the name stands before the phrase.
pub(super) fn before(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let end = reader.line_end(atom.end);
    let name =
        text[..atom.start].trim_end_matches('"').rsplit([' ', '"', '\n', '\t', '*']).next().unwrap_or("");
    let (_, quiet) = reader.errors_within(atom.end, end);
    reader.skip_to(end);
    reader.from = end;
    let quiet = quiet && !text[atom.start..end].contains("service \"");
    let Some(gv) = GroupVersion::parse_apiservice(name).filter(|_| !quiet) else { return };
    let mut failure = checked(reader, atom, &text[atom.start..end]);
    failure.subject = Subject::ApiService(gv);
    reader.push(failure);
}

/// A failure of the aggregation layer's own check: path, status and verb from its text.
fn checked(reader: &Reader<'_>, atom: Atom, clause: &str) -> Failure {
    let mut failure = reader.blank(atom.row, ErrorKind::CheckFailed);
    failure.reason = Some("FailedDiscoveryCheck".into());
    if clause.contains("no endpoints available") {
        failure.reason = Some("MissingEndpoints".into());
    } else if clause.contains("http") {
        failure.verb = Some(Verb::Get);
    }
    if let Some(url) = first_url(clause) {
        failure.path = url.path().map(|path| path.path);
    }
    if let Some(at) = clause.find("bad status from ") {
        failure.status = clause[at..]
            .rfind(": ")
            .and_then(|at2| context::number(&clause[at + at2 + 2..]))
            .and_then(|n| u16::try_from(n).ok());
    }
    failure
}

/// The message of a condition, without the name: `failing or missing response from <url>`. The URL's
/// path names the group/version.
pub(super) fn check(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let end = reader.line_end(atom.end);
    let (_, quiet) = reader.errors_within(atom.end, end);
    let told = reader.out.failures.iter().rfind(|failure| failure.told != Told::Marker);
    let name = told.map(|last| last.subject.clone());
    let left = &text[reader.from..atom.start];
    reader.skip_to(end);
    let mut failure = checked(reader, atom, &text[atom.start..end]);
    let urls = [first_url(&text[atom.start..end]), context::last_url(&text[atom.start..end])];
    let paths = urls.iter().flatten().filter_map(context::Url::path);
    let gv = paths.filter_map(|path| path.group_version()).find(|gv| !gv.group.is_empty());
    failure.path = gv.as_ref().map(GroupVersion::discovery_path);
    let line = text[..atom.start].rfind('\n').map_or(0, |nl| nl + 1);
    let gv = gv
        .or_else(|| context::object_name(&text[..atom.start]))
        .or_else(|| mention::only(&text[line..atom.start]));
    // A check of the host alone is of some APIService, unless the record has named it already.
    failure.subject = gv.map_or(Subject::Nothing, Subject::ApiService);
    let told =
        failure.subject == Subject::Nothing && name.is_some() || name.as_ref() == Some(&failure.subject);
    if !quiet && !told {
        failure.told = if left.trim().is_empty() { Told::Restated } else { Told::FirstHand };
        reader.push(failure);
    }
    reader.from = end;
}

/// `loading OpenAPI spec for "<apiservice>" failed with: …`, `APIService <name> …`: the name follows.
pub(super) fn after(reader: &mut Reader<'_>, atom: Atom, kind: ErrorKind) {
    let text = reader.text;
    let rest = &text[atom.end..];
    let mut name = rest.split([' ', '"', ':', '/', '\n', ',']).next().unwrap_or("");
    if atom.row.id == "AGG-44" {
        // The alert puts the namespace or the instance beside the name, in either order.
        let words = rest.split(" has ").next().unwrap_or("");
        name = words.split('/').find(|word| GroupVersion::parse_apiservice(word).is_some()).unwrap_or(name);
    }
    let end = clause_end(reader, atom);
    let clause = &text[atom.end..end];
    let (error, quiet) = reader.errors_within(atom.end, end);
    reader.skip_to(end);
    reader.from = end;
    let Some(gv) = GroupVersion::parse_apiservice(name).filter(|gv| !quiet && !gv.group.is_empty()) else {
        return;
    };
    // A sentence that has a row of its own says more than the one around it.
    let within = |inner: &&Atom| inner.row.id == "AGG-24" && (atom.end..end).contains(&inner.start);
    let row = reader.atoms.iter().find(within).map_or(atom.row, |inner| inner.row);
    let mut failure = reader.blank(row, kind);
    failure.subject = Subject::ApiService(gv);
    failure.status = None;
    if kind == ErrorKind::Degraded {
        match openapi(clause, error) {
            Some((kind, status)) => (failure.kind, failure.status) = (kind, status),
            None => return,
        }
        failure.path = clause.find("Internal Server Error: \"").map(|at| {
            let path = &clause[at + 24..];
            path[..path.find('"').unwrap_or(path.len())].to_owned()
        });
        failure.verb = Some(Verb::Get);
    } else {
        let told = checked(reader, atom, clause);
        failure.path = told.path;
        failure.status = told.status;
        failure.reason = reason_of(clause);
    }
    reader.push(failure);
}

/// What an OpenAPI download says: 503 is an outage, 500 and 404 a degraded backend. A record that is
/// cut before the cause says nothing.
fn openapi(clause: &str, error: Option<ErrorKind>) -> Option<(ErrorKind, Option<u16>)> {
    if let Some(at) = clause.find("ResponseCode: ") {
        let status = context::number(&clause[at + 14..]).and_then(|n| u16::try_from(n).ok());
        return Some(match status {
            Some(502..=504) => (ErrorKind::Unavailable, status),
            // Cut before the number: the backend answered, and not well.
            _ => (ErrorKind::Degraded, status),
        });
    }
    // Cut in the middle of the sentence: the backend was asked, and did not answer well.
    if error.is_none() && clause.contains(": failed to ret") {
        return Some((ErrorKind::Degraded, None));
    }
    error.map(|error| match error {
        ErrorKind::Unavailable if clause.contains("could not get list of group versions") => {
            (ErrorKind::Unavailable, None)
        }
        ErrorKind::NotServed => (ErrorKind::Degraded, None),
        _ => (ErrorKind::Unavailable, None),
    })
}

/// An OpenAPI error's body may end in a newline: the clause then goes on with `, Header:`.
fn clause_end(reader: &Reader<'_>, atom: Atom) -> usize {
    let mut end = reader.line_end(atom.end);
    while reader.text[end..].trim_start().starts_with(", Header") && end < reader.text.len() {
        let next = end + 1;
        end = reader.line_end(next.min(reader.text.len()));
        if next >= reader.text.len() {
            break;
        }
    }
    // Several APIServices in one text: the next one's phrase ends this clause.
    let next = reader.atoms.iter().find(|next| next.start > atom.end && next.row.id == atom.row.id);
    next.map_or(end, |next| end.min(next.start))
}

/// The reasons of kube-aggregator's conditions, by the sentences that stand for them
/// (pkg/controllers/status/remote/remote_available_controller.go:206-374).
#[rustfmt::skip]
const REASONS: &[(&str, &str)] = &[
    (" is not present", "ServiceNotFound"),
    (" is not listening on port ", "ServicePortError"),
    ("cannot find endpoint", "EndpointsNotFound"),
    ("have no addresses", "MissingEndpoints"),
    (" cannot be checked due to: ", "ServiceAccessError"),
    ("failing or missing response", "FailedDiscoveryCheck"),
    ("no endpoints available", "MissingEndpoints"),
    ("no response from", "FailedDiscoveryCheck"),
];

fn reason_of(clause: &str) -> Option<String> {
    REASONS.iter().find(|(words, _)| clause.contains(words)).map(|(_, reason)| (*reason).to_owned())
}

/// `"changing APIService availability" name=".." oldStatus="True" newStatus="False" … reason=".."`.
pub(super) fn availability(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let end = reader.line_end(atom.end);
    let clause = &text[atom.end..end];
    reader.skip_to(end);
    reader.from = end;
    let name = context::field(clause, "name=").and_then(GroupVersion::parse_apiservice);
    let (Some(gv), Some(new)) = (name, context::field(clause, "newStatus=")) else { return };
    let mut failure = checked(reader, atom, clause);
    failure.subject = Subject::ApiService(gv);
    failure.reason = clause.rfind("reason=\"").map(|at| {
        let reason = &clause[at + 8..];
        reason[..reason.find('"').unwrap_or(reason.len())].to_owned()
    });
    failure.told = if new == "True" { Told::Recovered } else { Told::FirstHand };
    reader.push(failure);
}

/// `"<group>.<version>" is not ready: an attempt failed with statusCode = 503, err = …`.
pub(super) fn reversed(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let next = reader.atoms.iter().skip(reader.at + 1).find(|next| next.row.shape == Shape::Reversed);
    let end = next.map_or(text.len(), |next| next.start).min(reader.line_end(atom.end));
    let clause = &text[atom.start..end];
    let name = text[..atom.start].rsplit(['"', ' ', '\n']).next().unwrap_or("");
    let (error, _) = reader.errors_within(atom.end, end);
    let canceled = clause.contains("context canceled");
    reader.skip_to(end);
    reader.from = end;
    let Some(gv) = GroupVersion::parse_reversed(name).filter(|_| !canceled) else { return };
    let status = ["statusCode = ", "status code ", "is not ready: "]
        .iter()
        .find_map(|key| context::number(&clause[clause.find(key)? + key.len()..]))
        .and_then(|n| u16::try_from(n).ok());
    let kind = match status {
        Some(404) => ErrorKind::NotServed,
        Some(403) => ErrorKind::Forbidden,
        _ if error == Some(ErrorKind::NotServed) => ErrorKind::NotServed,
        _ => ErrorKind::Unavailable,
    };
    let mut failure = reader.blank(atom.row, kind);
    failure.verb = Some(Verb::Get);
    failure.status = status.filter(|&status| status != 0);
    failure.path = Some(gv.discovery_path());
    failure.subject = Subject::ApiService(gv);
    reader.push(failure);
}

/// `error resolving <namespace>/<service>: …`, `download discovery for <namespace>/<service>:443: 503 …`.
pub(super) fn service(reader: &mut Reader<'_>, atom: Atom) {
    let end = reader.line_end(atom.end);
    if atom.row.id.starts_with("AGG-0") || atom.row.id.starts_with("AGG-1") {
        return service_message(reader, atom, end);
    }
    let mut rest = &reader.text[atom.end..end];
    if atom.row.id == "AGG-31" {
        // `service <namespace>/<service>:<port> returned non-success response code: 503`
        rest = reader.text[..end].rfind("service ").map_or(rest, |at| &reader.text[at + 8..end]);
    }
    reader.skip_to(end);
    reader.from = end;
    let Some((namespace, tail)) = rest.split_once('/') else { return };
    let service = tail.split([':', ' ']).next().unwrap_or("");
    if namespace.contains(' ') || service.is_empty() {
        return;
    }
    let mut failure = reader.blank(atom.row, ErrorKind::CheckFailed);
    failure.status = tail
        .split(' ')
        .nth(1)
        .and_then(context::number)
        .and_then(|n| u16::try_from(n).ok())
        .filter(|&n| n >= 400);
    failure.reason = reason_of(rest).or(failure.status.map(|_| "FailedDiscoveryCheck".into()));
    failure.subject = Subject::Service(format!("{namespace}/{service}"));
    failure.told = Told::Restated;
    reader.push(failure);
}

/// `service/<svc> in "<ns>" is not present`, `endpointslices for service/<svc> in "<ns>" have no addresses`.
fn service_message(reader: &mut Reader<'_>, atom: Atom, end: usize) {
    let start = reader.text[..atom.start].rfind('\n').map_or(0, |nl| nl + 1);
    let line = &reader.text[start..end];
    reader.skip_to(end);
    reader.from = end;
    let Some((service, rest)) = line.split_once("service/").and_then(|(_, rest)| rest.split_once(" in "))
    else {
        return;
    };
    let namespace = rest.trim_start_matches('"').split(['"', ' ']).next().unwrap_or("");
    if service.contains(' ') || namespace.is_empty() {
        return;
    }
    let mut failure = reader.blank(atom.row, ErrorKind::CheckFailed);
    failure.reason = reason_of(line);
    failure.subject = match context::object_name(&reader.text[..atom.start]) {
        Some(gv) => Subject::ApiService(gv),
        None => Subject::Service(format!("{namespace}/{service}")),
    };
    failure.told = Told::Restated;
    reader.push(failure);
}

/// A component that is down, without the names of its APIServices.
pub(super) fn component(reader: &mut Reader<'_>, atom: Atom, service: &str) {
    reader.skip_to(atom.end);
    let mut failure = reader.blank(atom.row, ErrorKind::CheckFailed);
    failure.told = Told::Restated;
    if !service.is_empty() {
        failure.subject = Subject::Service(service.to_owned());
    }
    reader.push(failure);
}

/// `resource=*v1.APIService/<name> successfully created/updated`: an operator says so of itself.
pub(super) fn created(reader: &mut Reader<'_>, atom: Atom) {
    let rest = &reader.text[atom.end..];
    reader.skip_to(atom.end);
    let Some((name, said)) = rest.split_once(' ') else { return };
    if GroupVersion::parse_apiservice(name).is_some() && said.starts_with("successfully created") {
        reader.out.changes.push(Change { apiservice: name.to_owned(), created: true, by: String::new() });
    }
}

/// A row of `oc get apiservices`: `v1.apps.openshift.io  openshift-apiserver/api  False (FailedDiscoveryCheck)  15m`.
pub(super) fn condition(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    reader.skip_to(atom.end);
    let start = text[..atom.start].rfind('\n').map_or(0, |nl| nl + 1);
    let row = text[start..atom.start].trim_start_matches([' ', '`', '*', '>', '|']);
    let name = row.split([' ', '\t']).next().unwrap_or("");
    let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
    let status = row.trim_end().rsplit([' ', '\t']).next().unwrap_or("");
    let Some(gv) = GroupVersion::parse_apiservice(name).filter(|_| matches!(status, "False" | "Unknown"))
    else {
        return;
    };
    let mut failure = reader.blank(atom.row, ErrorKind::CheckFailed);
    failure.reason = Some(atom.row.phrase.trim_matches(['(', ')']).to_owned());
    failure.subject = Subject::ApiService(gv);
    failure.told = Told::Restated;
    reader.push(failure);
}
