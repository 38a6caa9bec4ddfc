//! audit.k8s.io events: the best witness of who asked for what, and how it was answered.

use serde::Deserialize;

use super::atoms::atoms;
use super::read::subject_of;
use super::{Change, Failure, Reading, Subject, Told};
use crate::k8s::{ApiPath, GroupVersion, PathKind, Verb};
use crate::knowledge::signatures::ErrorKind;
use crate::record::Record;
use crate::time::{self, SECOND};

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
    #[serde(default, borrow)]
    object_ref: Option<ObjectRef<'e>>,
    #[serde(default)]
    user: User,
    #[serde(default)]
    request_received_timestamp: &'e str,
    #[serde(default)]
    stage_timestamp: &'e str,
}

#[derive(Deserialize, Default)]
struct User {
    #[serde(default)]
    username: String,
}

#[derive(Deserialize)]
struct ObjectRef<'e> {
    #[serde(default)]
    resource: &'e str,
    #[serde(default)]
    name: std::borrow::Cow<'e, str>,
    #[serde(default)]
    subresource: &'e str,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    code: u16,
    #[serde(default)]
    message: String,
}

/// A proxied watch that ran for longer than this was not refused: it ended. The aggregation layer calls
/// that a 503 too, whether its backend died or the client hung up before the first event came
/// (kube-aggregator pkg/apiserver/handler_proxy.go, `responder.Error`: whatever ends the round trip is answered 503).
const RAN: i64 = SECOND;

impl Event<'_> {
    /// From its receipt to this stage, in nanoseconds; 0 where it is not told.
    fn lasted(&self) -> i64 {
        let at = |text: &str| time::dated(text).map(|(stamp, _)| stamp.nanos());
        at(self.stage_timestamp)
            .zip(at(self.request_received_timestamp))
            .map_or(0, |(end, start)| end - start)
    }
}

/// Reads an event: the failure of its request, or the creation or deletion of an APIService. A watch is
/// told at two stages, and counts at the last.
pub(super) fn read(record: &Record) -> Reading {
    let Ok(event) = serde_json::from_str::<Event<'_>>(record.text.trim()) else { return Reading::default() };
    if !event.stage.is_empty() && event.stage != "ResponseComplete" && event.stage != "Panic" {
        return Reading::default();
    }
    let failures = failure(record, &event).into_iter().collect();
    Reading { failures, life: None, changes: change(&event).into_iter().collect() }
}

/// `create` and `delete` of an APIService that the API server has granted.
fn change(event: &Event<'_>) -> Option<Change> {
    let object =
        event.object_ref.as_ref().filter(|o| o.resource == "apiservices" && o.subresource.is_empty())?;
    let code = event.response_status.as_ref().map_or(200, |status| status.code);
    let created = match event.verb {
        "create" => true,
        "delete" => false,
        _ => return None,
    };
    GroupVersion::parse_apiservice(&object.name).filter(|_| code < 300)?;
    Some(Change { apiservice: object.name.to_string(), created, by: event.user.username.clone() })
}

/// The failing request of an event.
fn failure(record: &Record, event: &Event<'_>) -> Option<Failure> {
    let status = event.response_status.as_ref()?;
    let path = ApiPath::parse(&event.request_uri)?;
    let mut kind = ErrorKind::of_status(status.code)?;
    if kind == ErrorKind::Unavailable && event.verb == "watch" && event.lasted() > RAN {
        return None;
    }
    if kind == ErrorKind::Overloaded && status.message.contains("(re)initializing") {
        kind = ErrorKind::Initializing;
    }
    // A missing object has a message; a path that is not served has none.
    let object =
        status.message.contains("\" not found") || path.kind == PathKind::Root || !names_collection(&path);
    if kind == ErrorKind::NotServed && object {
        return None;
    }
    let row = atoms(&record.text).into_iter().find(|atom| atom.row.id == "AUD-01")?;
    let of_etcd = status.message.contains("etcdserver");
    Some(Failure {
        signature: row.row,
        client: row.row.client,
        kind: if of_etcd { ErrorKind::Etcd } else { kind },
        subject: if of_etcd { Subject::Nothing } else { subject_of(&path) },
        verb: Verb::parse(event.verb),
        path: Some(path.path),
        status: Some(status.code),
        reason: None,
        attempt: None,
        told: Told::FirstHand,
    })
}

/// Whether the path is of a collection: `/apis/g/v/things`, not `/apis/g/v/things/name`.
fn names_collection(path: &ApiPath) -> bool {
    path.resource.as_deref().is_some_and(|resource| path.path.ends_with(&format!("/{resource}")))
}
