//! Every row of the catalogue has a recording that proves it, or stands on a list that may only shrink.
//!
//! An id that reads failures is proved by a fixture whose report cites it. Rows that are never cited,
//! since they tell of no failure, are proved by a log in which their phrase stands: a quiet one by a log
//! in `fixtures/quiet`, the life of a process and the mark of a retry by any. `fixtures/signatures/MISSING` lists the others. A new
//! row needs its fixture, and a new fixture takes its row off the list: both are what the failing test
//! says. `BLESS=1 cargo test --test signatures` takes off what is proved; it adds nothing.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/report.rs"]
mod report;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use apiblame::knowledge::signatures::all;
use apiblame::knowledge::{ErrorKind, Shape};
use cases::{cases, fixtures};

/// Lines of the list: an id, or for a quiet row `quiet <id> <phrase>`.
type Rows = BTreeSet<String>;

fn list() -> PathBuf {
    fixtures().join("signatures").join("MISSING")
}

fn listed() -> Rows {
    let text = fs::read_to_string(list()).expect("fixtures/signatures/MISSING can be read");
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(Into::into).collect()
}

/// Ids that no report cites, and phrases that no log holds.
fn missing() -> Rows {
    let cited = cited();
    let quiet = logs(&["quiet"]);
    let any = logs(&["quiet", "signatures", "incidents"]);
    let rows = all().filter_map(|row| match row.shape {
        Shape::Quiet => {
            (!quiet.contains(row.phrase)).then(|| format!("quiet {} {}", row.id, row.phrase.trim()))
        }
        Shape::Error(ErrorKind::Canceled) => (!quiet.contains(row.phrase)).then(|| row.id.to_owned()),
        // These rows tell of a process, an attempt, a change or a name, and are cited by no incident.
        Shape::Life(_) | Shape::Retry | Shape::Created | Shape::Mention => {
            (!any.contains(row.phrase)).then(|| row.id.to_owned())
        }
        Shape::Audit if row.id == "AUD-03" => (!any.contains(row.phrase)).then(|| row.id.to_owned()),
        _ => (!cited.contains(row.id)).then(|| row.id.to_owned()),
    });
    rows.collect()
}

/// All logs of these kinds.
fn logs(kinds: &[&str]) -> String {
    let logs = cases(kinds).into_iter().map(|case| fs::read(case.input).expect("a fixture can be read"));
    logs.map(|log| String::from_utf8_lossy(&log).into_owned()).collect()
}

/// Ids that the reports on the fixtures cite.
fn cited() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for case in cases(&["signatures", "incidents"]) {
        let text = report::report(&[case.input], report::settings());
        let report: serde_json::Value = serde_json::from_str(&text).expect("the report is JSON");
        for incident in report["incidents"].as_array().expect("a list") {
            for evidence in incident["evidence"].as_array().expect("a list") {
                ids.insert(evidence["signature"].as_str().expect("an id").to_owned());
            }
        }
    }
    ids
}

#[test]
fn every_row_has_a_fixture_or_is_listed_as_missing() {
    let (missing, mut listed) = (missing(), listed());
    if std::env::var_os("BLESS").is_some() {
        listed.retain(|row| missing.contains(row));
        fs::write(list(), written(&listed)).expect("the list can be written");
    }
    let new: Vec<_> = missing.difference(&listed).cloned().collect();
    let gone: Vec<_> = listed.difference(&missing).cloned().collect();
    assert!(
        new.is_empty(),
        "these rows are proved by no fixture: record a log in which the wording stands, as\n\
         fixtures/signatures/<id>-<program>/input.log (or fixtures/quiet/<case>/input.log), and bless it\n  {}",
        new.join("\n  ")
    );
    assert!(
        gone.is_empty(),
        "these rows are proved, or gone: `BLESS=1 cargo test --test signatures` takes them off the list\n  {}",
        gone.join("\n  ")
    );
}

fn written(rows: &Rows) -> String {
    let head = "# Rows of the catalogue that no fixture proves yet. This list may only become shorter.\n\
                # tests/signatures.rs says how a row leaves it.\n";
    rows.iter().fold(head.to_owned(), |text, row| text + row + "\n")
}
