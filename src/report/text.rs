//! The report for people: a screenful that opens with the culprit, then who suffers, the attempts
//! with their waits, the evidence with file and line, and what to do.

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::overview::{self, Group, Row, Suffering, groups};
use super::safe::field;
use super::spark::sparkline;
use super::words::{cut, middle, plural, who, wrap};
use super::{ClusterFacts, Report, Style, view};
use crate::diagnosis::Diagnosis;
use crate::incident::{Evidence, Impact, Incident, Party, Series};
use crate::time::rfc3339;

/// How many victims, requests and pieces of evidence are shown without `-v`.
const SHORT: usize = 3;
/// How many groups of incidents are told in full without `-v`: some screens. The overview names more.
const FULL: usize = 6;
/// How many rows the overview has without `-v`.
const ROWS: usize = 20;

/// The report as text.
pub fn text(report: &Report, style: Style) -> String {
    let mut out = String::new();
    if report.incidents.is_empty() {
        nothing_found(&mut out, report);
    }
    let groups = groups(&report.incidents);
    let several = report.incidents.len() > 1;
    if several {
        glance(&mut out, report, &groups, style);
    }
    if let Some(filter) = &report.filter {
        line(&mut out, filter.line());
        out.push('\n');
    }
    let shown = if style.verbose { usize::MAX } else { FULL };
    for group in groups.iter().take(shown) {
        if group.number > 1 {
            out.push('\n');
        }
        let number = if several { format!("{}. ", group.number) } else { String::new() };
        told(&mut out, group, &number, style);
    }
    if groups.len() > shown {
        let left: usize = groups.iter().skip(shown).map(|group| group.members.len()).sum();
        let words = format!("… and {left} more incident{} (-v tells all)", plural(left as u64));
        out.push('\n');
        line(&mut out, words.dimmed().to_string());
    }
    out.push('\n');
    if let Some(cluster) = &report.cluster {
        cluster_line(&mut out, cluster);
    }
    coverage(&mut out, report, style);
    if style.verbose { out } else { wrap(&out, style.width) }
}

/// Several incidents at a glance: a sentence, and a row for each group.
fn glance(out: &mut String, report: &Report, groups: &[Group<'_>], style: Style) {
    let died = groups.iter().any(|group| group.worst() == Impact::Fatal);
    let words = overview::headline(&report.incidents).bold();
    line(out, format!("{} {words}", mark(if died { Impact::Fatal } else { Impact::Unknown })));
    let rows: Vec<(&Group<'_>, Row)> = groups
        .iter()
        .take(if style.verbose { usize::MAX } else { ROWS })
        .map(|group| (group, group.row()))
        .collect();
    let widest = |width: fn(&Row) -> usize| rows.iter().map(|(_, row)| width(row)).max().unwrap_or(0);
    let counts = widest(|row| row.failures.to_string().len());
    let last = widest(|row| row.suffering.short().len());
    // Number, sign, blanks and the word take 19 columns.
    let room = style.width.saturating_sub(19 + counts + last).max(20);
    let names = widest(|row| row.name.width()).min(room);
    for (group, row) in &rows {
        let name = cut(&row.name, names);
        let pad = " ".repeat(names - name.width());
        let (sign, suffering) = (mark(group.worst()), row.suffering.short());
        let failures = format!("{:>counts$} failing", row.failures);
        line(out, format!("{:>4} {sign} {name}{pad}  {failures}  {suffering}", group.number));
    }
    let left = groups.len() - rows.len();
    if left > 0 {
        line(out, format!("     … and {left} more (-v shows all)").dimmed().to_string());
    }
    out.push('\n');
}

/// One story: its first incident, and the others of the same outage.
fn told(out: &mut String, group: &Group<'_>, number: &str, style: Style) {
    let Some((first, others)) = group.members.split_first() else { return };
    if others.is_empty() {
        return incident(out, first, number, style);
    }
    let outage = field(first.outage.as_deref().unwrap_or_default());
    let count = group.members.len();
    line(out, format!("{} {number}one outage of {outage}, {count} APIServices:", "▌".red()));
    incident(out, first, "", style);
    for other in others {
        if style.verbose {
            out.push('\n');
            incident(out, other, "", style);
        } else {
            let name = other.incident.apiservice.as_deref().map_or(String::new(), field);
            line(out, format!("  {} {}: {}", label("and"), name.bold(), view::summary(&other.incident)));
        }
    }
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

fn incident(out: &mut String, diagnosis: &Diagnosis, number: &str, style: Style) {
    let incident = &diagnosis.incident;
    headline(out, incident, number);
    let suffering = match Suffering::of([diagnosis]).words() {
        words if words.is_empty() => words,
        words => format!("; {words}"),
    };
    line(out, format!("  {}{suffering}", view::summary(incident)));
    if let Some(owner) = &diagnosis.owner {
        let namespace = owner.namespace.as_deref().map_or(String::new(), |ns| format!(" in {}", field(ns)));
        line(
            out,
            format!(
                "  {} {}{namespace} — {}",
                label("owner"),
                field(&owner.name).bold(),
                field(&how_known(&owner.how_known, style)).dimmed()
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
    omitted(
        out,
        incident.retries.iter().filter(|series| series.explicit).count(),
        shown,
        ("retry series", "retry series"),
    );
    requests(out, incident, shown);
    for evidence in incident.evidence.iter().take(shown) {
        quote(out, evidence, style);
    }
    omitted(out, incident.evidence.len(), shown, ("piece of evidence", "pieces of evidence"));
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
            // What is no line for a shell has no prompt.
            let prompt = if command.starts_with('@') { "" } else { "$ " };
            line(out, format!("              {prompt}{}", field(command)));
        }
    }
}

/// How an owner is known; where in which source, only with `-v`.
fn how_known(words: &str, style: Style) -> String {
    match words.split_once(" (") {
        Some((short, _)) if !style.verbose => format!("{short}…"),
        _ => words.to_owned(),
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
        line(out, format!("  {} {}", label("warning"), cut(&field(warning), 200)));
    }
    for back in &diagnosis.recreations {
        line(out, format!("  {} {}", label("again"), view::again(back)));
    }
}

/// A label of fixed width before a line's text.
fn label(name: &str) -> String {
    format!("{name:<8}").dimmed().to_string()
}

/// The sign before whom to blame; its colour says the same again.
fn mark(worst: Impact) -> String {
    if worst == Impact::Fatal { "✗".red().bold().to_string() } else { "!".yellow().bold().to_string() }
}

/// Whom to blame, and how sure; then the cause, which is said first where there is nobody to blame.
fn headline(out: &mut String, incident: &Incident, number: &str) {
    let mark = mark(view::worst(incident));
    let (cause, sure) = (incident.cause.as_str().bold(), incident.confidence.as_str());
    let reason = field(&incident.reason);
    match &incident.apiservice {
        Some(name) => {
            line(out, format!("{mark} {number}{} is to blame, {sure}", field(name).red().bold()));
            line(out, format!("  {cause}: {reason}"));
        }
        None => {
            line(out, format!("{mark} {number}{cause}, {sure}"));
            line(out, format!("  {reason}"));
        }
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
    omitted(out, parties.len(), shown, ("program", "programs"));
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
    omitted(out, incident.requests.len(), shown, ("request", "requests"));
}

fn omitted(out: &mut String, all: usize, shown: usize, (one, many): (&str, &str)) {
    if all > shown {
        let (left, what) = (all - shown, if all - shown == 1 { one } else { many });
        line(out, format!("           … and {left} more {what} (-v shows all)").dimmed().to_string());
    }
}

fn coverage(out: &mut String, report: &Report, style: Style) {
    let most = if style.verbose { usize::MAX } else { SHORT };
    for (index, said) in view::coverage(report, most).iter().enumerate() {
        line(out, if index == 0 { said.dimmed().to_string() } else { format!("  {said}") });
    }
}
