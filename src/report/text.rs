//! The report for people: a screenful that opens with the culprit, then who suffers, the attempts
//! with their waits, the evidence with file and line, and what to do.

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::safe::field;
use super::spark::sparkline;
use super::words::{cut, middle, who, wrap};
use super::{ClusterFacts, Report, Style, view};
use crate::diagnosis::Diagnosis;
use crate::incident::{Evidence, Impact, Incident, Party, Series};
use crate::time::rfc3339;

/// How many victims, requests and pieces of evidence are shown without `-v`.
const SHORT: usize = 3;

/// The report as text.
pub fn text(report: &Report, style: Style) -> String {
    let mut out = String::new();
    if report.incidents.is_empty() {
        nothing_found(&mut out, report);
    }
    if let Some(filter) = &report.filter {
        line(&mut out, filter.line());
        out.push('\n');
    }
    let mut outage: Option<&str> = None;
    for (index, diagnosis) in report.incidents.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let same = report.incidents.iter().filter(|other| other.outage == diagnosis.outage).count();
        if diagnosis.outage.is_some() && same > 1 && diagnosis.outage.as_deref() != outage {
            outage = diagnosis.outage.as_deref();
            line(
                &mut out,
                format!("{} one outage of {}, {same} APIServices:", "▌".red(), field(outage.unwrap_or(""))),
            );
        }
        incident(&mut out, diagnosis, style);
    }
    out.push('\n');
    if let Some(cluster) = &report.cluster {
        cluster_line(&mut out, cluster);
    }
    coverage(&mut out, report);
    if style.verbose { out } else { wrap(&out, style.width) }
}

/// The only way to a line of the report. Fields were made safe one by one, for the colours of the
/// report are escapes too; a newline that is left would forge a line.
fn line(out: &mut String, text: impl AsRef<str>) {
    out.push_str(&text.as_ref().trim_end().replace('\n', " "));
    out.push('\n');
}

fn cluster_line(out: &mut String, cluster: &ClusterFacts) {
    line(out, view::versions(cluster).dimmed().to_string());
    if cluster.hollow {
        line(
            out,
            "The archive holds hardly any object: a dead APIService ends `oc adm inspect` before 4.14.",
        );
    }
}

fn nothing_found(out: &mut String, report: &Report) {
    let coverage = &report.coverage;
    let left = report.filter.as_ref().map_or(0, |filter| filter.incidents_left_out);
    if left > 0 {
        line(out, "No incident is left by the filter.");
    } else if coverage.lines == 0 {
        line(out, "Nothing to report: the input is empty.");
    } else {
        line(out, format!("{} No failing API request found.", "✓".green()));
    }
}

fn incident(out: &mut String, diagnosis: &Diagnosis, style: Style) {
    let incident = &diagnosis.incident;
    headline(out, incident);
    line(out, format!("  {}", field(&incident.reason)));
    line(out, format!("  {}", view::summary(incident)));
    if let Some(owner) = &diagnosis.owner {
        let namespace = owner.namespace.as_deref().map_or(String::new(), |ns| format!(" in {}", field(ns)));
        line(
            out,
            format!(
                "  {} {}{namespace} — {}",
                label("owner"),
                field(&owner.name).bold(),
                field(&owner.how_known).dimmed()
            ),
        );
    }
    if let Some(spark) = sparkline(&incident.outages, style.width.saturating_sub(13).min(60)) {
        line(out, format!("  {} {spark}", label("when")));
    }
    let shown = if style.verbose { usize::MAX } else { SHORT };
    around(out, diagnosis);
    parties(out, "suffers", &incident.victims, shown);
    parties(out, "reports", &incident.witnesses, shown);
    for series in incident.retries.iter().filter(|series| series.explicit || style.verbose).take(shown) {
        retry(out, series);
    }
    omitted(out, incident.retries.iter().filter(|series| series.explicit).count(), shown, "retry series");
    requests(out, incident, shown);
    for evidence in incident.evidence.iter().take(shown) {
        quote(out, evidence, style);
    }
    omitted(out, incident.evidence.len(), shown, "pieces of evidence");
    for (index, step) in diagnosis.remedy.iter().enumerate() {
        line(
            out,
            format!(
                "  {} {}. {}",
                label(if step.lasting { "fix" } else { "note" }),
                index + 1,
                field(&step.step)
            ),
        );
        line(out, format!("              {}", field(&step.why).dimmed()));
        if let Some(command) = &step.command {
            line(out, format!("              $ {}", field(command)));
        }
    }
}

/// Where a log says it, and what: a long file name loses its middle, the text its end.
fn quote(out: &mut String, evidence: &Evidence, style: Style) {
    let at = evidence.at.map_or(String::new(), |at| format!(" {}", rfc3339(at)));
    let tail = format!("{at} [{}]", evidence.signature);
    let place = field(&evidence.location.to_string());
    let room = style.width.saturating_sub(11 + tail.width()).max(20);
    let place = if style.verbose { place } else { middle(&place, room) };
    line(out, format!("  {} {}{tail}", label("see"), place.cyan()));
    let text = format!("           {}", cut(&field(&evidence.text), style.width.saturating_sub(11)));
    line(out, text.dimmed().to_string());
}

/// What the cluster's objects say: the backend, the condition, warnings, re-creations.
fn around(out: &mut String, diagnosis: &Diagnosis) {
    if let Some(backend) = &diagnosis.backend {
        let state = backend.state.as_deref().map_or(String::new(), |state| format!(": {}", field(state)));
        line(
            out,
            format!(
                "  {} {}/{}{state}",
                label("backend"),
                field(&backend.namespace),
                field(&backend.service)
            ),
        );
    }
    if let Some(status) = &diagnosis.status {
        let since =
            status.last_transition.as_deref().map_or(String::new(), |at| format!(" since {}", field(at)));
        line(
            out,
            format!(
                "  {} Available={} {}{since}",
                label("status"),
                field(&status.status),
                field(&status.reason)
            ),
        );
    }
    for warning in &diagnosis.warnings {
        line(out, format!("  {} {}", label("event"), cut(&field(warning), 200)));
    }
    for back in &diagnosis.recreations {
        line(out, format!("  {} {}", label("again"), view::again(back)));
    }
}

/// A label of fixed width before a line's text.
fn label(name: &str) -> String {
    format!("{name:<8}").dimmed().to_string()
}

fn headline(out: &mut String, incident: &Incident) {
    let mark = if view::worst(incident) == Impact::Fatal { "✗".red().bold() } else { "!".yellow().bold() };
    let cause = incident.cause.as_str().bold();
    match &incident.apiservice {
        Some(name) => line(
            out,
            format!(
                "{mark} {} is to blame: {cause}, {}",
                field(name).red().bold(),
                incident.confidence.as_str()
            ),
        ),
        None => line(out, format!("{mark} {cause}, {}", incident.confidence.as_str())),
    }
}

fn parties(out: &mut String, name: &str, parties: &[Party], shown: usize) {
    for party in parties.iter().take(shown) {
        let who = who(party);
        let client = if party.client.is_empty() { String::new() } else { format!(" ({})", party.client) };
        let impact = match party.impact {
            Impact::Fatal => ": fatal, the process died".red().to_string(),
            Impact::Degraded => ": degraded".yellow().to_string(),
            Impact::Tolerated => ": tolerated".to_string(),
            Impact::Unknown => String::new(),
        };
        line(out, format!("  {} {}{client}, {} failing{impact}", label(name), field(&who), party.failures));
    }
    omitted(out, parties.len(), shown, "more that suffer or report");
}

fn retry(out: &mut String, series: &Series) {
    let max = series.max_attempts.map_or(String::new(), |max| format!(" of {max}"));
    let waits: Vec<String> = series.waits().iter().map(|wait| format!("{wait:.0}")).collect();
    let waits = if waits.is_empty() { String::new() } else { format!(", waits {} s", waits.join(" ")) };
    let verb = series.verb.unwrap_or("").to_uppercase();
    let path = field(series.path.as_deref().unwrap_or(""));
    line(out, format!("  {} {verb} {path}", label("retried")));
    line(
        out,
        format!("           {}{max} attempts{waits}: {}", series.last_attempt, series.outcome.as_str()),
    );
}

fn requests(out: &mut String, incident: &Incident, shown: usize) {
    for request in incident.requests.iter().take(shown) {
        let what = view::called(request.verb, request.path.as_deref());
        let status = request.status.map_or(String::new(), |status| format!(" {status}"));
        line(out, format!("  {} {what} →{status} {} ×{}", label("request"), request.error, request.count));
    }
    omitted(out, incident.requests.len(), shown, "requests");
}

fn omitted(out: &mut String, all: usize, shown: usize, what: &str) {
    if all > shown {
        line(out, format!("           … and {} {what} (-v shows all)", all - shown).dimmed().to_string());
    }
}

fn coverage(out: &mut String, report: &Report) {
    for (index, said) in view::coverage(report).iter().enumerate() {
        line(out, if index == 0 { said.dimmed().to_string() } else { format!("  {said}") });
    }
}
