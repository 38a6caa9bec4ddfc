//! The events table: one row per archive, incident and request, for DuckDB, Trino and Spark.
//!
//! What one would filter or group by stands on each row, so that no join is needed. `count` belongs to the
//! request and may be summed; `failures`, `outages`, `victims` and the times belong to the incident and are
//! repeated on each of its rows. An incident without a request has one row, with `count` 0. An archive
//! without an incident has none: how many there are, the fleet report says. Columns may be added, never
//! changed; what is unknown is null. In lines of JSON times are RFC 3339, in Parquet they are timestamps.

use serde::Serialize;

use super::{Archive, Seen};
use crate::incident::{Impact, Request};
use crate::report::safe::{self, mask};
use crate::time::rfc3339;

/// A row. The order of the fields is that of the columns.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Event<'a> {
    /// Name of the archive.
    pub archive: &'a str,
    /// Hash of its content.
    pub content: String,
    pub openshift_version: Option<&'a str>,
    /// `4.17` of `4.17.22`.
    pub openshift_minor: Option<String>,
    pub kubernetes_version: Option<&'a str>,
    #[serde(serialize_with = "time")]
    pub gathered_at: Option<i64>,
    pub incident: &'a str,
    pub cause: &'static str,
    pub confidence: &'static str,
    pub apiservice: Option<&'a str>,
    pub group_version: Option<&'a str>,
    pub reason: String,
    /// OLM package of who serves it, else the name.
    pub owner: Option<&'a str>,
    pub owner_version: Option<&'a str>,
    pub backend: Option<&'a str>,
    pub verb: Option<&'static str>,
    pub path: Option<String>,
    pub status: Option<u16>,
    pub error: Option<&'static str>,
    pub count: u64,
    pub failures: u64,
    pub outages: u64,
    #[serde(serialize_with = "time")]
    pub first_seen: Option<i64>,
    #[serde(serialize_with = "time")]
    pub last_seen: Option<i64>,
    /// Programs that suffer, `namespace/workload`.
    pub victims: Vec<&'a str>,
    /// Those of them that died of it.
    pub fatal_victims: Vec<&'a str>,
}

#[expect(clippy::ref_option, reason = "serde asks for a reference")]
fn time<S: serde::Serializer>(nanos: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
    nanos.map(rfc3339).serialize(to)
}

/// The rows of archives, in their order.
pub fn events(archives: &[Archive]) -> impl Iterator<Item = Event<'_>> {
    archives.iter().filter(|archive| !archive.unread).flat_map(|archive| {
        archive.incidents.iter().flat_map(move |seen| {
            let none = seen.requests.is_empty().then_some(None);
            seen.requests.iter().map(Some).chain(none).map(move |request| event(archive, seen, request))
        })
    })
}

fn event<'a>(archive: &'a Archive, seen: &'a Seen, request: Option<&'a Request>) -> Event<'a> {
    let fatal = seen.victims.iter().filter(|(_, impact)| *impact == Impact::Fatal);
    Event {
        archive: &archive.path,
        content: format!("{:032x}", archive.content),
        openshift_version: archive.openshift.as_deref(),
        openshift_minor: archive.minor(),
        kubernetes_version: archive.kubernetes.as_deref(),
        gathered_at: archive.gathered_at,
        incident: &seen.id,
        cause: seen.cause.as_str(),
        confidence: seen.confidence,
        apiservice: seen.apiservice.as_deref(),
        group_version: seen.group_version.as_deref(),
        reason: mask(&seen.reason).into_owned(),
        owner: seen.owner.as_deref(),
        owner_version: seen.owner_version.as_deref(),
        backend: seen.backend.as_deref(),
        verb: request.and_then(|request| request.verb),
        path: request.and_then(|request| request.path.as_deref()).map(|path| mask(path).into_owned()),
        status: request.and_then(|request| request.status),
        error: request.map(|request| request.error),
        count: request.map_or(0, |request| request.count),
        failures: seen.failures,
        outages: seen.outages as u64,
        first_seen: seen.first_seen,
        last_seen: seen.last_seen,
        victims: seen.victims.iter().map(|(program, _)| program.as_str()).collect(),
        fatal_victims: fatal.map(|(program, _)| program.as_str()).collect(),
    }
}

/// The table as lines of JSON.
pub fn ndjson(archives: &[Archive]) -> String {
    let mut out = String::new();
    for event in events(archives) {
        let text = serde_json::to_string(&event);
        out.push_str(&safe::json(&text.unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))));
        out.push('\n');
    }
    out
}
