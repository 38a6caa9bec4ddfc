//! The difference as text, as Markdown and as JSON.

use serde_json::{Value, json};

use super::{Brief, Change, Difference, Pair, Side, Verdict};
use crate::report::safe::{self, field};

/// For people.
pub fn text(difference: &Difference) -> String {
    let mut out = format!("{}\n", headline(difference));
    for change in &difference.changes {
        out.push_str(&format!("  changed  {}\n", changed(change)));
    }
    for pair in shown(difference) {
        out.push_str(&format!("  {:<8} {}\n", pair.verdict.as_str(), line(pair)));
        if let Some(change) = &pair.change {
            out.push_str(&format!("           it goes with {}\n", changed(change)));
        }
    }
    out
}

/// For a ticket.
pub fn markdown(difference: &Difference) -> String {
    let mut out = format!("# {}\n", escaped(&headline(difference)));
    if !difference.changes.is_empty() {
        out.push_str("\n## Versions that changed\n\n");
    }
    for change in &difference.changes {
        out.push_str(&format!("- {}\n", escaped(&changed(change))));
    }
    if shown(difference).next().is_some() {
        out.push_str("\n## Incidents\n\n");
    }
    for pair in shown(difference) {
        let with = pair
            .change
            .as_ref()
            .map_or(String::new(), |change| format!("; it goes with {}", changed(change)));
        out.push_str(&format!(
            "- **{}** {}{}\n",
            pair.verdict.as_str(),
            escaped(&line(pair)),
            escaped(&with)
        ));
    }
    out
}

/// What is the same is counted, and not listed.
fn shown(difference: &Difference) -> impl Iterator<Item = &Pair> {
    difference.pairs.iter().filter(|pair| pair.verdict != Verdict::Same)
}

fn side(side: &Side) -> String {
    match (&side.openshift, &side.kubernetes) {
        (Some(version), _) => format!("{} (OpenShift {})", field(&side.name), field(version)),
        (None, Some(version)) => format!("{} (Kubernetes {})", field(&side.name), field(version)),
        (None, None) => field(&side.name),
    }
}

fn headline(difference: &Difference) -> String {
    let (before, after) = (side(&difference.before), side(&difference.after));
    if shown(difference).next().is_none() {
        let same = difference.count(Verdict::Same);
        return format!(
            "Nothing is new, worse, better or gone from {before} to {after}: {same} incidents are the same."
        );
    }
    let counts = Verdict::ALL.map(|verdict| format!("{} {}", difference.count(verdict), verdict.as_str()));
    format!("From {before} to {after}: {}.", counts.join(", "))
}

fn changed(change: &Change) -> String {
    let what = field(&change.what);
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{what} {} → {}", field(before), field(after)),
        (None, Some(after)) => format!("{what} {}, installed", field(after)),
        (Some(before), None) => format!("{what} {}, removed", field(before)),
        (None, None) => what,
    }
}

fn line(pair: &Pair) -> String {
    let Some(brief) = pair.brief() else { return String::new() };
    let why = if pair.why.is_empty() { String::new() } else { format!("; {}", pair.why) };
    let died = match brief.fatal() {
        0 => String::new(),
        n => format!(", {n} died"),
    };
    let name = brief.apiservice.as_deref().unwrap_or(&brief.id);
    format!(
        "{}: {}; {} failing requests, {} programs suffer{died}{why}",
        field(name),
        brief.cause,
        brief.failures,
        brief.victims.len()
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "|<>*_`[]\\#".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// For programs.
pub fn json(difference: &Difference) -> String {
    let side = |side: &Side| {
        json!({
            "path": side.name,
            "openshift_version": side.openshift,
            "kubernetes_version": side.kubernetes,
            "incidents": side.incidents.len(),
        })
    };
    let counts: serde_json::Map<String, Value> =
        Verdict::ALL.into_iter().map(|one| (one.as_str().to_owned(), difference.count(one).into())).collect();
    let document = json!({
        "schema_version": 1,
        "apiblame": env!("CARGO_PKG_VERSION"),
        "before": side(&difference.before),
        "after": side(&difference.after),
        "counts": counts,
        "changes": difference.changes.iter().map(change).collect::<Vec<_>>(),
        "incidents": difference.pairs.iter().map(incident).collect::<Vec<_>>(),
    });
    let mut text = safe::json(&format!("{document:#}"));
    text.push('\n');
    text
}

fn change(change: &Change) -> Value {
    json!({ "what": change.what, "before": change.before, "after": change.after })
}

fn incident(pair: &Pair) -> Value {
    let brief = pair.brief();
    json!({
        "verdict": pair.verdict.as_str(),
        "id": brief.map(|brief| &brief.id),
        "apiservice": brief.and_then(|brief| brief.apiservice.as_ref()),
        "why": (!pair.why.is_empty()).then_some(&pair.why),
        "change": pair.change.as_ref().map(change),
        "before": pair.before.as_ref().map(told),
        "after": pair.after.as_ref().map(told),
    })
}

fn told(brief: &Brief) -> Value {
    let victims: Vec<Value> = brief
        .victims
        .iter()
        .map(|(program, impact)| json!({ "program": program, "impact": impact.as_str() }))
        .collect();
    json!({
        "cause": brief.cause.as_str(),
        "reason": brief.reason,
        "available": brief.available,
        "failures": brief.failures,
        "owner": brief.owner,
        "victims": victims,
    })
}
