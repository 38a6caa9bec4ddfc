//! The report for people: a screenful that opens with the culprit, then who suffers, the attempts
//! with their waits, the evidence with file and line, and what to do.

use colored::Colorize;

use super::safe::field;
use super::{ClusterFacts, Report, Style};
use crate::diagnosis::Diagnosis;
use crate::incident::{Impact, Incident, Party, Series};
use crate::time::{SECOND, rfc3339};

/// How many victims, requests and pieces of evidence are shown without `-v`.
const SHORT: usize = 3;

/// The report as text.
pub fn text(report: &Report, style: Style) -> String {
    let mut out = String::new();
    if report.incidents.is_empty() {
        nothing_found(&mut out, report);
    }
    if let Some(cluster) = &report.cluster {
        cluster_line(&mut out, cluster);
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
    coverage(&mut out, report);
    out
}

/// The only way to a line of the report. Fields were made safe one by one, for the colours of the
/// report are escapes too; a newline that is left would forge a line.
fn line(out: &mut String, text: impl AsRef<str>) {
    out.push_str(&text.as_ref().trim_end().replace('\n', " "));
    out.push('\n');
}

fn cluster_line(out: &mut String, cluster: &ClusterFacts) {
    let version = |name: &str, version: &Option<String>| match version {
        Some(version) => format!("{name} {}", field(version)),
        None => format!("{name} of unknown version"),
    };
    let at = cluster.gathered_at.map_or(String::new(), |at| format!(", gathered {}", rfc3339(at)));
    let versions = format!(
        "{}, {}{at}",
        version("OpenShift", &cluster.openshift_version),
        version("Kubernetes", &cluster.kubernetes_version)
    );
    line(out, versions.dimmed().to_string());
    if cluster.hollow {
        line(
            out,
            "The archive holds hardly any object: a dead APIService ends `oc adm inspect` before 4.14.",
        );
    }
    out.push('\n');
}

fn nothing_found(out: &mut String, report: &Report) {
    let coverage = &report.coverage;
    if coverage.lines == 0 {
        line(out, "Nothing to report: the input is empty.");
    } else {
        line(out, format!("{} No failing API request found.", "✓".green()));
    }
}

fn incident(out: &mut String, diagnosis: &Diagnosis, style: Style) {
    let incident = &diagnosis.incident;
    headline(out, incident);
    line(out, format!("  {}", field(&incident.reason)));
    line(out, format!("  {}", summary(incident)));
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
        let at = evidence.at.map_or(String::new(), |at| format!(" {}", rfc3339(at)));
        line(
            out,
            format!(
                "  {} {}{at} [{}]",
                label("see"),
                field(&evidence.location.to_string()).cyan(),
                evidence.signature
            ),
        );
        line(
            out,
            format!("           {}", cut(&field(&evidence.text), style.width.saturating_sub(11)))
                .dimmed()
                .to_string(),
        );
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
        let gone = match (&back.deleted, back.after) {
            (Some((at, by)), Some(after)) => {
                format!("deleted {} by {}, ", rfc3339(*at), field(by))
                    + &format!("back after {}: ", duration(after))
            }
            _ => String::new(),
        };
        let by = if back.by.is_empty() { "somebody" } else { &back.by };
        line(
            out,
            format!(
                "  {} {gone}created again {} by {} ({})",
                label("again"),
                rfc3339(back.at),
                field(by),
                field(&back.how_known)
            ),
        );
    }
}

/// A label of fixed width before a line's text.
fn label(name: &str) -> String {
    format!("{name:<8}").dimmed().to_string()
}

fn headline(out: &mut String, incident: &Incident) {
    let worst = incident.victims.iter().map(|victim| victim.impact).max();
    let mark = if worst == Some(Impact::Fatal) { "✗".red().bold() } else { "!".yellow().bold() };
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

fn summary(incident: &Incident) -> String {
    let failures =
        format!("{} failing request{}", incident.failures, if incident.failures == 1 { "" } else { "s" });
    let window = match (incident.first_seen, incident.last_seen) {
        (Some(from), Some(to)) if to > from => {
            format!(", {} to {} ({})", rfc3339(from), rfc3339(to), duration(to - from))
        }
        (Some(from), _) => format!(", at {}", rfc3339(from)),
        _ => ", without a time".into(),
    };
    let outages = match incident.outages.len() {
        0 | 1 => String::new(),
        n => format!(", in {n} outages"),
    };
    format!("{failures}{window}{outages}")
}

/// A length of time in two units at most.
fn duration(nanos: i64) -> String {
    let seconds = nanos / SECOND;
    match seconds {
        s if s < 60 => format!("{:.0} s", nanos as f64 / SECOND as f64),
        s if s < 3600 => format!("{} min {} s", s / 60, s % 60),
        s if s < 86_400 => format!("{} h {} min", s / 3600, s / 60 % 60),
        s => format!("{} d {} h", s / 86_400, s / 3600 % 24),
    }
}

fn parties(out: &mut String, name: &str, parties: &[Party], shown: usize) {
    for party in parties.iter().take(shown) {
        let who = match (&party.writer.namespace, &party.writer.pod, &party.writer.container) {
            (Some(ns), Some(pod), _) => format!("{ns}/{pod}"),
            (None, Some(pod), _) => pod.clone(),
            _ if party.source == "-" => "standard input".into(),
            _ => party.writer.unit.clone().unwrap_or_else(|| party.source.clone()),
        };
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
        let verb = request.verb.map_or(String::new(), |verb| format!("{} ", verb.to_uppercase()));
        let path = request.path.as_deref().map_or("(path not told)".into(), field);
        let status = request.status.map_or(String::new(), |status| format!(" {status}"));
        line(
            out,
            format!("  {} {verb}{path} →{status} {} ×{}", label("request"), request.error, request.count),
        );
    }
    omitted(out, incident.requests.len(), shown, "requests");
}

fn omitted(out: &mut String, all: usize, shown: usize, what: &str) {
    if all > shown {
        line(out, format!("           … and {} {what} (-v shows all)", all - shown).dimmed().to_string());
    }
}

/// Cuts a text to a number of characters.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn coverage(out: &mut String, report: &Report) {
    let c = &report.coverage;
    line(
        out,
        format!(
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
        )
        .dimmed()
        .to_string(),
    );
    let mut notes = Vec::new();
    if c.undated > 0 {
        notes.push(format!("{} of them without a time", c.undated));
    }
    if c.truncated_lines > 0 {
        notes.push(format!("{} lines too long, cut or left out", c.truncated_lines));
    }
    if c.objects > 0 || c.duplicates > 0 || c.left_out > 0 {
        notes.push(format!(
            "{} cluster objects read, {} logs met twice counted once, {} files left out",
            c.objects, c.duplicates, c.left_out
        ));
    }
    if c.folded > 0 {
        notes.push(format!("{} failures counted, but not told apart", c.folded));
    }
    notes.extend(c.assumptions.iter().map(|text| field(text)));
    notes.extend(
        c.unreadable.iter().map(|one| format!("not read: {}: {}", field(&one.path), field(&one.error))),
    );
    for note in notes {
        line(out, format!("  {note}"));
    }
}

fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn bytes(n: u64) -> String {
    match n {
        n if n < 10_000 => format!("{n} bytes"),
        n if n < 10_000_000 => format!("{} kB", n / 1000),
        n if n < 10_000_000_000 => format!("{} MB", n / 1_000_000),
        n => format!("{} GB", n / 1_000_000_000),
    }
}
