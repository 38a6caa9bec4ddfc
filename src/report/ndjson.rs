//! `-o ndjson`: one failing request of one incident per line, flat, for jq, Loki or DuckDB.
//!
//! A line is a pair of an incident and one kind of failing request in it: everything of the incident
//! that one would group or filter by is repeated on each of its lines, so that no join is needed
//! (`SELECT apiservice, sum(count) FROM 'report.ndjson' GROUP BY 1`). `count` belongs to the request and
//! may be summed; `failures`, `victims`, `fatal_victims`, `outages`, `first_seen` and `last_seen` belong to
//! the incident and may not. An incident without a request (only an object tells it) has one line, whose
//! `verb`, `path`, `status` and `error` are `null` and whose `count` is 0.
//!
//! As in [`super::json()`], keys may be added, never changed, and unknown is `null`. There are no nested
//! values. No evidence is quoted; each line passes `safe::json`, as the JSON report does.

use serde::Serialize;

use super::Report;
use super::json::SCHEMA_VERSION;
use super::safe;
use crate::diagnosis::Diagnosis;
use crate::incident::{Impact, Request};
use crate::time::rfc3339;

#[derive(Serialize)]
struct Line<'r> {
    schema_version: u32,
    incident: &'r str,
    cause: &'static str,
    confidence: &'static str,
    apiservice: Option<&'r str>,
    group_version: Option<String>,
    reason: &'r str,
    verb: Option<&'static str>,
    path: Option<&'r str>,
    status: Option<u16>,
    error: Option<&'static str>,
    count: u64,
    failures: u64,
    first_seen: Option<String>,
    last_seen: Option<String>,
    outages: usize,
    victims: usize,
    fatal_victims: usize,
    owner: Option<&'r str>,
    owner_namespace: Option<&'r str>,
    backend: Option<&'r str>,
    openshift_version: Option<&'r str>,
    kubernetes_version: Option<&'r str>,
}

/// The report as lines of JSON; empty if there is no incident.
pub fn ndjson(report: &Report) -> String {
    let mut out = String::new();
    for diagnosis in &report.incidents {
        let requests = &diagnosis.incident.requests;
        let none = requests.is_empty().then_some(None);
        for request in requests.iter().map(Some).chain(none) {
            let text = serde_json::to_string(&line(report, diagnosis, request));
            let text = text.unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
            out.push_str(&safe::json(&text));
            out.push('\n');
        }
    }
    out
}

fn line<'r>(report: &'r Report, diagnosis: &'r Diagnosis, request: Option<&'r Request>) -> Line<'r> {
    let incident = &diagnosis.incident;
    let owner = diagnosis.owner.as_ref();
    let cluster = report.cluster.as_ref();
    Line {
        schema_version: SCHEMA_VERSION,
        incident: &incident.id,
        cause: incident.cause.as_str(),
        confidence: incident.confidence.as_str(),
        apiservice: incident.apiservice.as_deref(),
        group_version: incident.group_version.as_ref().map(ToString::to_string),
        reason: &incident.reason,
        verb: request.and_then(|request| request.verb),
        path: request.and_then(|request| request.path.as_deref()),
        status: request.and_then(|request| request.status),
        error: request.map(|request| request.error),
        count: request.map_or(0, |request| request.count),
        failures: incident.failures,
        first_seen: incident.first_seen.map(rfc3339),
        last_seen: incident.last_seen.map(rfc3339),
        outages: incident.outages.len(),
        victims: incident.victims.len(),
        fatal_victims: incident.victims.iter().filter(|victim| victim.impact == Impact::Fatal).count(),
        owner: owner.map(|owner| owner.name.as_str()),
        owner_namespace: owner.and_then(|owner| owner.namespace.as_deref()),
        backend: diagnosis.outage.as_deref(),
        openshift_version: cluster.and_then(|cluster| cluster.openshift_version.as_deref()),
        kubernetes_version: cluster.and_then(|cluster| cluster.kubernetes_version.as_deref()),
    }
}
