//! `-o json`: the contract. Keys may be added, never changed; unknown is `null`.

use serde::Serialize;

use super::safe;
use super::{ClusterFacts, Filtered, Report};
use crate::coverage::Coverage;
use crate::diagnosis::{Backend, Condition, Diagnosis, Owner, Recreation, Step};
use crate::incident::{Backoff, Evidence, Party, Request, Series, Window};
use crate::time::rfc3339;

/// The version of the contract.
pub(super) const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    schema_version: u32,
    apiblame: &'static str,
    coverage: &'r Coverage,
    cluster: Option<ClusterDocument<'r>>,
    filter: Option<&'r Filtered>,
    incidents: Vec<IncidentDocument<'r>>,
}

#[derive(Serialize)]
struct ClusterDocument<'r> {
    openshift_version: Option<&'r str>,
    kubernetes_version: Option<&'r str>,
    gathered_at: Option<String>,
    hollow: bool,
}

#[derive(Serialize)]
struct RecreationDocument<'r> {
    at: String,
    by: &'r str,
    deleted_at: Option<String>,
    deleted_by: Option<&'r str>,
    after_seconds: Option<f64>,
    how_known: &'r str,
}

#[derive(Serialize)]
struct IncidentDocument<'r> {
    id: &'r str,
    cause: &'static str,
    reason: &'r str,
    confidence: &'static str,
    apiservice: Option<&'r str>,
    group_version: Option<String>,
    failures: u64,
    restated: u64,
    first_seen: Option<String>,
    last_seen: Option<String>,
    outages: Vec<WindowDocument>,
    requests: Vec<RequestDocument<'r>>,
    retries: Vec<SeriesDocument<'r>>,
    victims: Vec<PartyDocument<'r>>,
    witnesses: Vec<PartyDocument<'r>>,
    backend: Option<BackendDocument<'r>>,
    status: Option<ConditionDocument<'r>>,
    outage: Option<&'r str>,
    warnings: &'r [String],
    recreations: Vec<RecreationDocument<'r>>,
    known: &'r [&'static str],
    owner: Option<OwnerDocument<'r>>,
    remedy: Vec<StepDocument<'r>>,
    evidence: Vec<EvidenceDocument<'r>>,
}

#[derive(Serialize)]
struct WindowDocument {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct RequestDocument<'r> {
    verb: Option<&'static str>,
    path: Option<&'r str>,
    status: Option<u16>,
    error: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct SeriesDocument<'r> {
    source: &'r str,
    client: Option<&'static str>,
    verb: Option<&'static str>,
    path: Option<&'r str>,
    attempts: u64,
    last_attempt: u64,
    max_attempts: Option<u32>,
    waits_seconds: Vec<f64>,
    backoff: &'static str,
    outcome: &'static str,
    explicit: bool,
}

#[derive(Serialize)]
struct PartyDocument<'r> {
    source: &'r str,
    namespace: Option<&'r str>,
    pod: Option<&'r str>,
    container: Option<&'r str>,
    client: Option<&'static str>,
    failures: u64,
    impact: &'static str,
}

#[derive(Serialize)]
struct BackendDocument<'r> {
    namespace: &'r str,
    service: &'r str,
    state: Option<&'r str>,
}

#[derive(Serialize)]
struct ConditionDocument<'r> {
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'r str,
    reason: &'r str,
    message: &'r str,
    last_transition_time: Option<&'r str>,
}

#[derive(Serialize)]
struct OwnerDocument<'r> {
    kind: &'static str,
    name: &'r str,
    namespace: Option<&'r str>,
    package: Option<&'r str>,
    version: Option<&'r str>,
    how_known: &'r str,
}

#[derive(Serialize)]
struct StepDocument<'r> {
    step: &'r str,
    why: &'r str,
    command: Option<&'r str>,
    lasting: bool,
}

#[derive(Serialize)]
struct EvidenceDocument<'r> {
    source: &'r str,
    line: u64,
    at: Option<String>,
    signature: &'static str,
    text: &'r str,
}

/// The report on one of many inputs, as one line.
#[derive(Serialize)]
struct Line<'r> {
    schema_version: u32,
    path: &'r str,
    content: String,
    error: Option<&'r str>,
    report: Option<Document<'r>>,
}

/// The report on one of many inputs, as one line of JSON: its path, a hash of what was read of it, and either
/// the error for which nothing could be read, or the report.
pub fn json_line(path: &str, content: u128, error: Option<&str>, report: &Report) -> String {
    let line = Line {
        schema_version: SCHEMA_VERSION,
        path,
        content: format!("{content:032x}"),
        error,
        report: error.is_none().then(|| document(report)),
    };
    let text = serde_json::to_string(&line).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
    let mut text = safe::json(&text);
    text.push('\n');
    text
}

/// The report as JSON, with a newline at its end.
pub fn json(report: &Report) -> String {
    let document = document(report);
    let text =
        serde_json::to_string_pretty(&document).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
    let mut text = safe::json(&text);
    text.push('\n');
    text
}

fn document(report: &Report) -> Document<'_> {
    Document {
        schema_version: SCHEMA_VERSION,
        apiblame: env!("CARGO_PKG_VERSION"),
        coverage: &report.coverage,
        cluster: report.cluster.as_ref().map(cluster),
        filter: report.filter.as_ref(),
        incidents: report.incidents.iter().map(incident).collect(),
    }
}

fn incident(diagnosis: &Diagnosis) -> IncidentDocument<'_> {
    let incident = &diagnosis.incident;
    IncidentDocument {
        id: &incident.id,
        cause: incident.cause.as_str(),
        reason: &incident.reason,
        confidence: incident.confidence.as_str(),
        apiservice: incident.apiservice.as_deref(),
        group_version: incident.group_version.as_ref().map(ToString::to_string),
        failures: incident.failures,
        restated: incident.restated,
        first_seen: incident.first_seen.map(rfc3339),
        last_seen: incident.last_seen.map(rfc3339),
        outages: incident.outages.iter().map(window).collect(),
        requests: incident.requests.iter().map(request).collect(),
        retries: incident.retries.iter().map(series).collect(),
        victims: incident.victims.iter().map(party).collect(),
        witnesses: incident.witnesses.iter().map(party).collect(),
        backend: diagnosis.backend.as_ref().map(backend),
        status: diagnosis.status.as_ref().map(condition),
        outage: diagnosis.outage.as_deref(),
        warnings: &diagnosis.warnings,
        recreations: diagnosis.recreations.iter().map(recreation).collect(),
        known: &diagnosis.known,
        owner: diagnosis.owner.as_ref().map(owner),
        remedy: diagnosis.remedy.iter().map(step).collect(),
        evidence: incident.evidence.iter().map(evidence).collect(),
    }
}

fn cluster(facts: &ClusterFacts) -> ClusterDocument<'_> {
    ClusterDocument {
        openshift_version: facts.openshift_version.as_deref(),
        kubernetes_version: facts.kubernetes_version.as_deref(),
        gathered_at: facts.gathered_at.map(rfc3339),
        hollow: facts.hollow,
    }
}

fn recreation(recreation: &Recreation) -> RecreationDocument<'_> {
    RecreationDocument {
        at: rfc3339(recreation.at),
        by: &recreation.by,
        deleted_at: recreation.deleted.as_ref().map(|(at, _)| rfc3339(*at)),
        deleted_by: recreation.deleted.as_ref().map(|(_, by)| by.as_str()),
        after_seconds: recreation.after.map(|nanos| (nanos as f64 / 1e7).round() / 100.0),
        how_known: &recreation.how_known,
    }
}

fn window(window: &Window) -> WindowDocument {
    WindowDocument { from: rfc3339(window.from), to: rfc3339(window.to) }
}

fn request(request: &Request) -> RequestDocument<'_> {
    RequestDocument {
        verb: request.verb,
        path: request.path.as_deref(),
        status: request.status,
        error: request.error,
        count: request.count,
    }
}

fn series(series: &Series) -> SeriesDocument<'_> {
    let waits = series.waits();
    SeriesDocument {
        source: &series.source,
        client: named(series.client.as_str()),
        verb: series.verb,
        path: series.path.as_deref(),
        attempts: series.attempts,
        last_attempt: series.last_attempt,
        max_attempts: series.max_attempts,
        backoff: Backoff::of(&waits).as_str(),
        waits_seconds: waits,
        outcome: series.outcome.as_str(),
        explicit: series.explicit,
    }
}

fn named(name: &'static str) -> Option<&'static str> {
    (!name.is_empty()).then_some(name)
}

fn party(party: &Party) -> PartyDocument<'_> {
    PartyDocument {
        source: &party.source,
        namespace: party.writer.namespace.as_deref(),
        pod: party.writer.pod.as_deref(),
        container: party.writer.container.as_deref(),
        client: named(party.client),
        failures: party.failures,
        impact: party.impact.as_str(),
    }
}

fn backend(backend: &Backend) -> BackendDocument<'_> {
    BackendDocument {
        namespace: &backend.namespace,
        service: &backend.service,
        state: backend.state.as_deref(),
    }
}

fn condition(condition: &Condition) -> ConditionDocument<'_> {
    ConditionDocument {
        kind: "Available",
        status: &condition.status,
        reason: &condition.reason,
        message: &condition.message,
        last_transition_time: condition.last_transition.as_deref(),
    }
}

fn owner(owner: &Owner) -> OwnerDocument<'_> {
    OwnerDocument {
        kind: owner.kind,
        name: &owner.name,
        namespace: owner.namespace.as_deref(),
        package: owner.package.as_deref(),
        version: owner.version.as_deref(),
        how_known: &owner.how_known,
    }
}

fn step(step: &Step) -> StepDocument<'_> {
    StepDocument { step: &step.step, why: &step.why, command: step.command.as_deref(), lasting: step.lasting }
}

fn evidence(evidence: &Evidence) -> EvidenceDocument<'_> {
    EvidenceDocument {
        source: &evidence.location.source,
        line: evidence.location.line,
        at: evidence.at.map(rfc3339),
        signature: evidence.signature,
        text: &evidence.text,
    }
}
