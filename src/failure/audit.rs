//! audit.k8s.io events: the best witness of who asked for what, and how it was answered.

use serde::Deserialize;

use super::atoms::atoms;
use super::read::subject_of;
use super::{Failure, Subject, Told};
use crate::k8s::{ApiPath, Verb};
use crate::knowledge::signatures::{ErrorKind, Shape};
use crate::record::Record;

/// What is read of an event (apiserver pkg/apis/audit/v1/types.go).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'e> {
    #[serde(default)]
    stage: &'e str,
    #[serde(borrow, rename = "requestURI")]
    request_uri: std::borrow::Cow<'e, str>,
    #[serde(default)]
    verb: &'e str,
    #[serde(default)]
    response_status: Option<Status>,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    code: u16,
    #[serde(default)]
    message: String,
}

/// Reads the failure of an event; a watch is told at two stages, and counts at the last.
pub(super) fn read(record: &Record) -> Vec<Failure> {
    let Ok(event) = serde_json::from_str::<Event<'_>>(record.text.trim()) else { return Vec::new() };
    if !event.stage.is_empty() && event.stage != "ResponseComplete" && event.stage != "Panic" {
        return Vec::new();
    }
    let Some(status) = event.response_status else { return Vec::new() };
    let Some(path) = ApiPath::parse(&event.request_uri) else { return Vec::new() };
    let Some(kind) = ErrorKind::of_status(status.code) else { return Vec::new() };
    // A missing object has a message; a path that is not served has none.
    if kind == ErrorKind::NotServed
        && (status.message.contains("\" not found") || path.kind == crate::k8s::PathKind::Root)
    {
        return Vec::new();
    }
    if kind == ErrorKind::NotServed && !names_collection(&path) {
        return Vec::new();
    }
    let Some(row) = atoms(&record.text).into_iter().find(|atom| atom.row.shape == Shape::Audit) else {
        return Vec::new();
    };
    let mut subject = subject_of(&path);
    let mut kind = kind;
    if status.message.contains("etcdserver") {
        kind = ErrorKind::Etcd;
        subject = Subject::Nothing;
    }
    vec![Failure {
        signature: row.row,
        client: row.row.client,
        kind,
        subject,
        verb: Verb::parse(event.verb),
        path: Some(path.path),
        status: Some(status.code),
        reason: None,
        attempt: None,
        told: Told::FirstHand,
    }]
}

/// Whether the path is of a collection: `/apis/g/v/things`, not `/apis/g/v/things/name`.
fn names_collection(path: &ApiPath) -> bool {
    path.resource.as_deref().is_some_and(|resource| path.path.ends_with(&format!("/{resource}")))
}
