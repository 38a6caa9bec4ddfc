//! What Markdown and HTML show, as plain strings: one place where an incident becomes words.
//!
//! Everything here has gone through [`field`]: secrets are masked, control characters are visible, a
//! field stays on its line. It is not escaped: that is for each medium to do, because only the medium
//! knows what it would obey. Nothing is decided or left out here either; the order is the report's.

use super::safe::field;
use super::words::{bytes, duration, plural, span, who};
use super::{ClusterFacts, Report, overview};
use crate::diagnosis::{Diagnosis, Owner, Recreation};
use crate::incident::{Backoff, Evidence, Impact, Incident, Party, Request, Series};
use crate::limits::Capped;
use crate::time::rfc3339;

/// A report as words.
pub(super) struct View {
    /// What to say first: the culprit, or that nothing was found.
    pub(super) headline: String,
    /// The cluster, in one line; empty if it is unknown.
    pub(super) cluster: String,
    /// The incidents in the report's order.
    pub(super) cards: Vec<Card>,
    /// What was read, line by line.
    pub(super) coverage: Vec<String>,
}

/// One incident as words.
pub(super) struct Card {
    /// From 1.
    pub(super) number: usize,
    /// Stable name.
    pub(super) id: String,
    /// Whom to blame, or the cause and what it is about.
    pub(super) title: String,
    /// The cause's word.
    pub(super) cause: &'static str,
    /// How sure.
    pub(super) confidence: &'static str,
    /// In one sentence.
    pub(super) reason: String,
    /// Failing requests, window, outages.
    pub(super) summary: String,
    /// Records that report a failing request.
    pub(super) failures: u64,
    /// The worst that it did.
    pub(super) impact: &'static str,
    /// Label and text: owner, backend, status, events, re-creations.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Who suffers.
    pub(super) victims: Vec<PartyRow>,
    /// Who only reports.
    pub(super) witnesses: Vec<PartyRow>,
    /// The failing requests.
    pub(super) requests: Vec<RequestRow>,
    /// The retry series.
    pub(super) retries: Vec<RetryRow>,
    /// What the logs say.
    pub(super) evidence: Vec<Quote>,
    /// What to do.
    pub(super) steps: Vec<StepRow>,
}

/// A program.
pub(super) struct PartyRow {
    pub(super) who: String,
    pub(super) client: &'static str,
    pub(super) failures: u64,
    pub(super) impact: &'static str,
}

/// A failing request.
pub(super) struct RequestRow {
    pub(super) what: String,
    pub(super) status: String,
    pub(super) error: &'static str,
    pub(super) count: u64,
}

/// A retry series.
pub(super) struct RetryRow {
    pub(super) what: String,
    pub(super) source: String,
    pub(super) attempts: String,
    pub(super) waits: String,
    pub(super) outcome: &'static str,
}

/// A piece of evidence.
pub(super) struct Quote {
    pub(super) place: String,
    pub(super) at: String,
    pub(super) signature: &'static str,
    pub(super) text: String,
}

/// A thing to do.
pub(super) struct StepRow {
    pub(super) step: String,
    pub(super) why: String,
    pub(super) command: String,
    pub(super) lasting: bool,
}

/// The words of a report.
pub(super) fn view(report: &Report) -> View {
    View {
        headline: headline(report),
        cluster: cluster(report),
        cards: report.incidents.iter().enumerate().map(|(index, one)| card(index + 1, one)).collect(),
        coverage: coverage(report, usize::MAX),
    }
}

fn headline(report: &Report) -> String {
    match &report.incidents[..] {
        [] if report.coverage.lines == 0 => "Nothing to report: the input is empty".into(),
        [] => "No failing API request found".into(),
        [one] => match &one.incident.apiservice {
            Some(name) => format!("{} is to blame", field(name)),
            None => format!("{}: no APIService is to blame", overview::about(one)),
        },
        several => overview::headline(several),
    }
}

fn cluster(report: &Report) -> String {
    let Some(cluster) = &report.cluster else { return String::new() };
    let hollow = if cluster.hollow { "; the archive holds hardly any object" } else { "" };
    versions(cluster) + hollow
}

/// What runs in the cluster, and when it was gathered.
pub(super) fn versions(cluster: &ClusterFacts) -> String {
    let version = |version: &Option<String>| version.as_deref().map_or("of unknown version".into(), field);
    let at = cluster.gathered_at.map_or(String::new(), |at| format!(", gathered {}", rfc3339(at)));
    format!(
        "OpenShift {}, Kubernetes {}{at}",
        version(&cluster.openshift_version),
        version(&cluster.kubernetes_version)
    )
}

fn card(number: usize, diagnosis: &Diagnosis) -> Card {
    let incident = &diagnosis.incident;
    let cause = incident.cause.as_str();
    Card {
        number,
        id: field(&incident.id),
        title: incident.apiservice.as_deref().map_or_else(|| overview::about(diagnosis), field),
        cause,
        confidence: incident.confidence.as_str(),
        reason: field(&incident.reason),
        summary: summary(incident),
        failures: incident.failures,
        impact: worst(incident).as_str(),
        facts: facts(diagnosis),
        victims: incident.victims.iter().map(party).collect(),
        witnesses: incident.witnesses.iter().map(party).collect(),
        requests: incident.requests.iter().map(request).collect(),
        retries: incident.retries.iter().map(retry).collect(),
        evidence: incident.evidence.iter().map(quote).collect(),
        steps: steps(diagnosis),
    }
}

/// The worst that an incident did.
pub(super) fn worst(incident: &Incident) -> Impact {
    incident.victims.iter().map(|victim| victim.impact).max().unwrap_or(Impact::Unknown)
}

/// Failing requests, window, outages.
pub(super) fn summary(incident: &Incident) -> String {
    let failures = format!("{} failing request{}", incident.failures, plural(incident.failures));
    let window = match (incident.first_seen, incident.last_seen) {
        (Some(from), Some(to)) if to > from => {
            format!(", {} ({})", span(from, to), duration(to.saturating_sub(from)))
        }
        (Some(from), _) => format!(", at {}", span(from, from)),
        _ => ", without a time".into(),
    };
    let outages = match incident.outages.len() {
        0 | 1 => String::new(),
        n => format!(", in {n} outages"),
    };
    format!("{failures}{window}{outages}")
}

fn facts(diagnosis: &Diagnosis) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(diagnosis.owner.as_ref().map(|owner| ("Owner", owned(owner))));
    if let Some(backend) = &diagnosis.backend {
        let state = backend.state.as_deref().map_or(String::new(), |state| format!(": {state}"));
        facts.push(("Backend", field(&format!("{}/{}{state}", backend.namespace, backend.service))));
    }
    if let Some(status) = &diagnosis.status {
        let since = status.last_transition.as_deref().map_or(String::new(), |at| format!(" since {at}"));
        let said = format!("Available={} {}{since}: {}", status.status, status.reason, status.message);
        facts.push(("Status", field(&said)));
    }
    facts.extend(diagnosis.warnings.iter().map(|warning| ("Warning", field(warning))));
    facts.extend(diagnosis.recreations.iter().map(|back| ("Again", again(back))));
    facts
}

fn owned(owner: &Owner) -> String {
    let namespace = owner.namespace.as_deref().map_or(String::new(), |ns| format!(" in {ns}"));
    let version = owner.version.as_deref().map_or(String::new(), |version| format!(" {version}"));
    field(&format!("{}{version}{namespace} ({})", owner.name, owner.how_known))
}

/// When and by whom an APIService was created again.
pub(super) fn again(back: &Recreation) -> String {
    let gone = match (&back.deleted, back.after) {
        (Some((at, by)), Some(after)) => {
            format!("deleted {} by {by}, back after {}: ", rfc3339(*at), duration(after))
        }
        _ => String::new(),
    };
    let by = if back.by.is_empty() { "somebody" } else { &back.by };
    field(&format!("{gone}created again {} by {by} ({})", rfc3339(back.at), back.how_known))
}

fn party(party: &Party) -> PartyRow {
    PartyRow {
        who: field(&who(party)),
        client: party.client,
        failures: party.failures,
        impact: party.impact.as_str(),
    }
}

/// Verb and path.
pub(super) fn called(verb: Option<&str>, path: Option<&str>) -> String {
    let verb = verb.map_or(String::new(), |verb| format!("{} ", verb.to_uppercase()));
    verb + &path.map_or("(path not told)".into(), field)
}

fn request(request: &Request) -> RequestRow {
    RequestRow {
        what: called(request.verb, request.path.as_deref()),
        status: request.status.map_or(String::new(), |status| status.to_string()),
        error: request.error,
        count: request.count,
    }
}

fn retry(series: &Series) -> RetryRow {
    let waits = series.waits();
    let shown: Vec<String> = waits.iter().map(|wait| format!("{wait:.0}")).collect();
    let max = series.max_attempts.map_or(String::new(), |max| format!(" of {max}"));
    RetryRow {
        what: called(series.verb, series.path.as_deref()),
        source: field(&series.source),
        attempts: format!("{}{max}", series.last_attempt),
        waits: match shown.is_empty() {
            true => String::new(),
            false => format!("{} s, {}", shown.join(" "), Backoff::of(&waits).as_str()),
        },
        outcome: series.outcome.as_str(),
    }
}

fn quote(evidence: &Evidence) -> Quote {
    Quote {
        place: field(&evidence.location.to_string()),
        at: evidence.at.map_or(String::new(), rfc3339),
        signature: evidence.signature,
        text: field(&evidence.text),
    }
}

fn steps(diagnosis: &Diagnosis) -> Vec<StepRow> {
    let steps = diagnosis.remedy.iter().map(|step| StepRow {
        step: field(&step.step),
        why: field(&step.why),
        command: step.command.as_deref().map_or(String::new(), field),
        lasting: step.lasting,
    });
    steps.collect()
}

/// What was read, and what was not; of assumptions and of what could not be read, `most` each.
pub(super) fn coverage(report: &Report, most: usize) -> Vec<String> {
    let c = &report.coverage;
    let mut lines = vec![format!(
        "Read {} line{} ({}) of {} source{}: {} record{} looked at, {} report{} a failing request.",
        c.lines,
        plural(c.lines),
        bytes(c.bytes),
        c.sources,
        plural(c.sources),
        c.records,
        plural(c.records),
        c.failures,
        if c.failures == 1 { "s" } else { "" }
    )];
    if c.undated > 0 {
        lines.push(format!("{} of them without a time", c.undated));
    }
    lines.extend(c.limits.iter().map(Capped::words));
    if c.objects > 0 || c.duplicates > 0 || c.left_out > 0 {
        lines.push(format!(
            "{} cluster objects read, {} logs met twice counted once, {} files left out",
            c.objects, c.duplicates, c.left_out
        ));
    }
    let assumed = c.assumptions.iter().map(|text| field(text));
    let unread =
        c.unreadable.iter().map(|one| format!("not read: {}: {}", field(&one.path), field(&one.error)));
    // Assumptions are all of a kind: a few are told, many are counted.
    match assumed.len() {
        n if n > most => lines.push(format!("{n} assumptions, such as the year of a log (-v shows them)")),
        _ => lines.extend(assumed),
    }
    let left = unread.len().saturating_sub(most);
    lines.extend(unread.take(most));
    lines.extend((left > 0).then(|| format!("… and {left} more not read (-v shows all)")));
    lines
}
