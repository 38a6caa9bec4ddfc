//! The fleet report as text, as JSON and as a page.
//!
//! Everything that comes out of an archive is masked and made visible, or escaped, as in every report.

use askama::Template;
use serde_json::{Value, json};

use super::count::Sum;
use super::{Fleet, Group, Place};
use crate::inventory::render::{self, Format};
use crate::report::safe::{self, field};
use crate::time::rfc3339;

/// How many incidents that blame no APIService are shown to people; programs are given all.
const MOST_OTHERS: usize = 20;

fn or(text: Option<&str>) -> String {
    text.map_or_else(|| "unknown".into(), field)
}

fn when(at: Option<i64>) -> String {
    at.map_or_else(|| "-".into(), |at| rfc3339(at)[..10].to_owned())
}

/// The name, the version behind it.
fn owner(place: &Place) -> String {
    match (&place.owner, &place.owner_version) {
        (Some(owner), Some(version)) => field(&format!("{owner} {version}")),
        (owner, _) => or(owner.as_deref()),
    }
}

fn name(group: &Group) -> String {
    field(group.apiservice.as_deref().unwrap_or(&group.id))
}

fn summary(fleet: &Fleet) -> String {
    let blamed = fleet.groups.iter().filter(|group| group.cause.blames_apiservice()).count();
    format!(
        "{} archives: {} read, {} with incidents; {blamed} APIServices to blame.",
        fleet.archives + fleet.unread,
        fleet.archives,
        fleet.with_incidents
    )
}

/// What was read, and what was not.
fn coverage(fleet: &Fleet) -> String {
    let read = &fleet.coverage;
    let mut text = format!(
        "Read {} lines in {} logs and {} files of cluster objects; {} failing requests.",
        read.lines, read.sources, read.objects, read.failures
    );
    if fleet.copies > 0 {
        text.push_str(&format!(" {} archives were copies of others and count once.", fleet.copies));
    }
    let unversioned = fleet.releases.iter().find(|release| release.openshift.is_none());
    if let Some(release) = unversioned {
        text.push_str(&format!(" {} do not tell their version of OpenShift.", release.clusters));
    }
    text
}

/// The report for people.
pub fn text(fleet: &Fleet) -> String {
    tables(fleet, Format::Text)
}

/// The report for a ticket.
pub fn markdown(fleet: &Fleet) -> String {
    tables(fleet, Format::Markdown)
}

fn tables(fleet: &Fleet, format: Format) -> String {
    let mut out = format!("{}\n", summary(fleet));
    let (blamed, others): (Vec<&Group>, Vec<&Group>) =
        fleet.groups.iter().partition(|group| group.cause.blames_apiservice());
    render::heading(&mut out, "APIServices to blame", format);
    render::table(&mut out, HEAD, blamed.iter().map(|group| row(group)), format);
    for group in &blamed {
        render::heading(&mut out, &name(group), format);
        let head = ["OPENSHIFT", "OPERATOR", "CLUSTERS", "FATAL", "FAILURES", "FIRST", "LAST", "FOR EXAMPLE"];
        let rows = group.places.iter().map(|place| {
            let Sum { clusters, fatal, failures, first_seen, last_seen } = place.sum;
            vec![
                or(place.openshift.as_deref()),
                owner(place),
                clusters.to_string(),
                fatal.to_string(),
                failures.to_string(),
                when(first_seen),
                when(last_seen),
                place.archives.first().map_or(String::new(), |path| field(path)),
            ]
        });
        render::table(&mut out, &head, rows, format);
        out.push_str(&format!("{}\n", sufferers(group)));
    }
    render::heading(&mut out, "Other causes", format);
    render::table(&mut out, HEAD, others.iter().take(MOST_OTHERS).map(|group| row(group)), format);
    if others.len() > MOST_OTHERS {
        out.push_str(&format!("and {} more (-o json lists all)\n", others.len() - MOST_OTHERS));
    }
    out.push_str(&format!("\n{}\n{}", render::matrix(&fleet.matrix, format), coverage(fleet)));
    out.push('\n');
    for one in fleet.unreadable() {
        out.push_str(&format!("  not read: {}: {}\n", field(&one.path), field(&one.error)));
    }
    out
}

const HEAD: &[&str] = &["WHAT", "CAUSE", "CLUSTERS", "FATAL", "PROGRAMS", "FAILURES", "FIRST", "LAST"];

fn row(group: &Group) -> Vec<String> {
    let Sum { clusters, fatal, failures, first_seen, last_seen } = group.sum;
    vec![
        name(group),
        group.cause.as_str().into(),
        clusters.to_string(),
        fatal.to_string(),
        group.programs.to_string(),
        failures.to_string(),
        when(first_seen),
        when(last_seen),
    ]
}

/// Who suffers, in a sentence.
fn sufferers(group: &Group) -> String {
    if group.victims.is_empty() {
        return "No program was seen to suffer.".into();
    }
    let named: Vec<String> = group
        .victims
        .iter()
        .take(8)
        .map(|victim| {
            let died = if victim.fatal > 0 { format!(", died in {}", victim.fatal) } else { String::new() };
            format!("{} (in {}{died})", field(&victim.program), victim.clusters)
        })
        .collect();
    let more = group.programs - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("Who suffers: {}{more}.", named.join(", "))
}

/// The report for programs.
pub fn json(fleet: &Fleet) -> String {
    let document = json!({
        "schema_version": 1,
        "apiblame": env!("CARGO_PKG_VERSION"),
        "archives": {
            "read": fleet.archives,
            "unread": fleet.unread,
            "copies": fleet.copies,
            "with_incidents": fleet.with_incidents,
        },
        "coverage": fleet.coverage,
        "releases": fleet.releases.iter().map(|one| json!({
            "openshift_version": one.openshift, "clusters": one.clusters, "blamed": one.blamed,
        })).collect::<Vec<_>>(),
        "incidents": fleet.groups.iter().map(group).collect::<Vec<_>>(),
        "matrix": fleet.matrix,
    });
    let mut text = safe::json(&format!("{document:#}"));
    text.push('\n');
    text
}

fn group(group: &Group) -> Value {
    let mut value = sum(&group.sum);
    value["id"] = group.id.clone().into();
    value["cause"] = group.cause.as_str().into();
    value["apiservice"] = group.apiservice.clone().into();
    value["programs"] = group.programs.into();
    value["victims"] = group
        .victims
        .iter()
        .map(|one| json!({ "program": one.program, "clusters": one.clusters, "fatal": one.fatal }))
        .collect();
    value["places"] = group.places.iter().map(place).collect();
    value
}

fn place(place: &Place) -> Value {
    let mut value = sum(&place.sum);
    value["openshift_version"] = place.openshift.clone().into();
    value["owner"] = place.owner.clone().into();
    value["owner_version"] = place.owner_version.clone().into();
    value["programs"] = place.programs.into();
    value["archives"] = place.archives.clone().into();
    value
}

fn sum(sum: &Sum) -> Value {
    json!({
        "clusters": sum.clusters,
        "fatal": sum.fatal,
        "failures": sum.failures,
        "first_seen": sum.first_seen.map(rfc3339),
        "last_seen": sum.last_seen.map(rfc3339),
    })
}

/// A table of the page.
struct Table {
    title: String,
    note: String,
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

#[derive(Template)]
#[template(path = "fleet.html")]
struct Page {
    title: String,
    tables: Vec<Table>,
    coverage: String,
    unread: Vec<String>,
    version: &'static str,
}

/// The report as a page that loads nothing and runs nothing.
pub fn html(fleet: &Fleet) -> String {
    let mut tables = Vec::new();
    let (blamed, others): (Vec<&Group>, Vec<&Group>) =
        fleet.groups.iter().partition(|group| group.cause.blames_apiservice());
    let table = |title: &str, note: String, head: &[&'static str], rows| Table {
        title: title.into(),
        note,
        head: head.to_vec(),
        rows,
    };
    let rows = |groups: &[&Group]| groups.iter().map(|group| row(group)).collect();
    tables.push(table("APIServices to blame", String::new(), HEAD, rows(&blamed)));
    for group in &blamed {
        let head = ["OPENSHIFT", "OPERATOR", "CLUSTERS", "FATAL", "FAILURES", "FIRST", "LAST", "FOR EXAMPLE"];
        let places = group.places.iter().map(|place| {
            let Sum { clusters, fatal, failures, first_seen, last_seen } = place.sum;
            let archives: Vec<String> = place.archives.iter().map(|path| field(path)).collect();
            let counts = [clusters, fatal, failures].map(|n| n.to_string());
            let [clusters, fatal, failures] = counts;
            let (first, last) = (when(first_seen), when(last_seen));
            let version = or(place.openshift.as_deref());
            vec![version, owner(place), clusters, fatal, failures, first, last, archives.join(", ")]
        });
        tables.push(table(&name(group), sufferers(group), &head, places.collect()));
    }
    tables.push(table("Other causes", String::new(), HEAD, rows(&others)));
    let head = ["OPERATOR", "VERSION", "OPENSHIFT", "HEALTHY", "DEGRADED", "BROKEN"];
    let cells = fleet.matrix.iter().map(|cell| {
        let [healthy, degraded, broken] = [cell.healthy, cell.degraded, cell.broken].map(|n| n.to_string());
        vec![field(&cell.operator), field(&cell.version), field(&cell.openshift), healthy, degraded, broken]
    });
    tables.push(table("Compatibility", String::new(), &head, cells.collect()));
    let unread = fleet.unreadable().iter().map(|one| format!("{}: {}", field(&one.path), field(&one.error)));
    let page = Page {
        title: summary(fleet),
        tables,
        coverage: coverage(fleet),
        unread: unread.collect(),
        version: env!("CARGO_PKG_VERSION"),
    };
    page.render().unwrap_or_else(|error| format!("<!DOCTYPE html><title>apiblame</title><p>{error}"))
}
