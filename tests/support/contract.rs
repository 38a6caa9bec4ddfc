//! The JSON report, restated: what a program that reads it relies on.
//!
//! Every key is required, and no other is allowed, so that a key that is lost, renamed or added
//! without a word here (and in CHANGELOG.md) fails a test. Keys may be added, never changed.

use serde::{Deserialize, Serialize};

/// A value that may be `null`, but whose key must be there: a bare `Option`, or a transparent one,
/// would forgive a lost key.
#[derive(Deserialize, Serialize)]
pub(crate) struct Nullable<T>(Option<T>);

/// What the program has not yet been seen to say.

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    schema_version: u32,
    apiblame: String,
    coverage: Coverage,
    cluster: Nullable<Cluster>,
    filter: Nullable<Filter>,
    pub(crate) incidents: Vec<Incident>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    namespaces: Vec<String>,
    apiservices: Vec<String>,
    causes: Vec<Cause>,
    since: Nullable<String>,
    until: Nullable<String>,
    counted_from: Nullable<String>,
    counted_from_gathering: Nullable<bool>,
    incidents_left_out: u64,
    victims_left_out: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Cluster {
    openshift_version: Nullable<String>,
    kubernetes_version: Nullable<String>,
    gathered_at: Nullable<String>,
    hollow: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Recreation {
    at: String,
    by: String,
    deleted_at: Nullable<String>,
    deleted_by: Nullable<String>,
    after_seconds: Nullable<f64>,
    how_known: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    sources: u64,
    lines: u64,
    bytes: u64,
    records: u64,
    failures: u64,
    undated: u64,
    truncated_lines: u64,
    set_aside: u64,
    folded: u64,
    binary: u64,
    duplicates: u64,
    objects: u64,
    left_out: u64,
    limits: Vec<Capped>,
    assumptions: Vec<String>,
    unreadable: Vec<Unreadable>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Capped {
    limit: String,
    flag: String,
    value: u64,
    count: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Unreadable {
    path: String,
    error: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Incident {
    id: String,
    cause: Cause,
    reason: String,
    confidence: Confidence,
    apiservice: Nullable<String>,
    group_version: Nullable<String>,
    failures: u64,
    restated: u64,
    first_seen: Nullable<String>,
    last_seen: Nullable<String>,
    outages: Vec<Window>,
    requests: Vec<Request>,
    retries: Vec<Series>,
    victims: Vec<Party>,
    witnesses: Vec<Party>,
    backend: Nullable<Backend>,
    status: Nullable<Condition>,
    outage: Nullable<String>,
    warnings: Vec<String>,
    recreations: Vec<Recreation>,
    known: Vec<String>,
    owner: Nullable<Owner>,
    remedy: Vec<Step>,
    evidence: Vec<Evidence>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Cause {
    ApiserviceUnavailable,
    ApiserviceDegraded,
    ApiserverUnavailable,
    ApiserverOverloaded,
    Etcd,
    Network,
    Dns,
    Certificate,
    Unauthorized,
    Forbidden,
    ApiNotServed,
    ConversionWebhook,
    AdmissionWebhook,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Confidence {
    Certain,
    Likely,
    Possible,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Window {
    from: String,
    to: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Request {
    verb: Nullable<String>,
    path: Nullable<String>,
    status: Nullable<u16>,
    error: String,
    count: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Series {
    source: String,
    client: Nullable<String>,
    verb: Nullable<String>,
    path: Nullable<String>,
    attempts: u64,
    last_attempt: u64,
    max_attempts: Nullable<u64>,
    waits_seconds: Vec<f64>,
    backoff: Backoff,
    outcome: Outcome,
    explicit: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Backoff {
    None,
    Fixed,
    Exponential,
    Fibonacci,
    Irregular,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Exhausted,
    Recovered,
    Ongoing,
    Unknown,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Party {
    source: String,
    namespace: Nullable<String>,
    pod: Nullable<String>,
    container: Nullable<String>,
    client: Nullable<String>,
    failures: u64,
    impact: Impact,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Impact {
    Fatal,
    Degraded,
    Tolerated,
    Unknown,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Backend {
    namespace: String,
    service: String,
    state: Nullable<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    r#type: String,
    status: String,
    reason: String,
    message: String,
    last_transition_time: Nullable<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Owner {
    kind: String,
    name: String,
    namespace: Nullable<String>,
    package: Nullable<String>,
    version: Nullable<String>,
    how_known: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Step {
    step: String,
    why: String,
    command: Nullable<String>,
    lasting: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    source: String,
    line: u64,
    at: Nullable<String>,
    signature: String,
    text: String,
}
