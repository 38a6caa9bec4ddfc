//! `apiblame explain`: what apiblame knows of a word, and where that comes from.
//!
//! A word is the id of a signature, a cause, the id of a known incident, or an APIService in any of its
//! spellings. Everything is taken from the tables and the rules that reports are made with, so that an
//! explanation cannot promise what a report does not keep. Not for explaining a log: reports do that.

mod apiservice;
mod cause;
mod near;
mod signature;

use std::collections::BTreeSet;

use crate::k8s::Cause;
use crate::knowledge::known::{self as incidents, Known, KnownStep, Range};
use crate::knowledge::objects;
use crate::knowledge::owners;
use crate::knowledge::signatures;

/// What is known of a word, with a newline at its end.
///
/// # Errors
/// The nearest words, if nothing is known of this one; at most five.
pub fn explain(word: &str) -> Result<String, Vec<&'static str>> {
    let word = word.trim();
    signature::explain(word)
        .or_else(|| Cause::parse(&word.to_ascii_lowercase()).map(cause::explain))
        .or_else(|| incidents::all().find(|row| row.id.eq_ignore_ascii_case(word)).map(incident))
        .or_else(|| apiservice::explain(word))
        .ok_or_else(|| near::nearest(word, words()))
}

/// Every word that has an explanation of its own.
fn words() -> BTreeSet<&'static str> {
    let apiservices = owners::all().flat_map(|row| row.apiservices).copied();
    let groups = apiservices.clone().filter_map(|name| Some(name.split_once('.')?.1));
    signatures::all()
        .map(|row| row.id)
        .chain(objects::ROWS.iter().map(|row| row.id))
        .chain(Cause::all().map(Cause::as_str))
        .chain(incidents::all().map(|row| row.id))
        .chain(apiservices)
        .chain(groups)
        .collect()
}

fn incident(row: &Known) -> String {
    let mut out = Page::new(row.id, "a known incident");
    known(&mut out, row);
    out.finish()
}

/// A known incident: its story, when it fits, its steps and sources.
fn known(out: &mut Page, row: &Known) {
    out.line("APIServices", &row.apiservices.join(", "));
    out.line("story", row.story);
    out.line("fits", &conditions(row));
    out.line("known from", row.sources);
    steps(out, row.steps);
}

/// The steps of a row; what its words in braces stand for, only a report can tell.
fn steps(out: &mut Page, steps: &[KnownStep]) {
    for (index, one) in steps.iter().enumerate() {
        let lasting = if one.lasting { "it lasts" } else { "it does not last" };
        out.line(&format!("step {}", index + 1), one.step);
        out.more(&format!("{lasting}: {}", one.why));
        if !one.command.is_empty() {
            out.more(&format!("$ {}", one.command));
        }
    }
    if steps.iter().any(|one| [one.step, one.why, one.command].iter().any(|text| text.contains('{'))) {
        out.more("What stands in braces is filled in by a report.");
    }
}

fn conditions(row: &Known) -> String {
    let when = &row.when;
    let mut all = Vec::new();
    if !when.reasons.is_empty() {
        all.push(format!("the condition's reason is {}", when.reasons.join(" or ")));
    }
    if !when.services.is_empty() {
        all.push(format!("the backend is {}", when.services.join(" or ")));
    }
    all.extend(range("OpenShift", when.openshift));
    all.extend(range("Kubernetes", when.kubernetes));
    all.extend(range("its operator", when.operator));
    if all.is_empty() {
        "always".into()
    } else {
        format!("{}; what is unknown excludes nothing", all.join(", "))
    }
}

fn range(what: &str, (from, before): Range) -> Option<String> {
    match (from, before) {
        ("", "") => None,
        (from, "") => Some(format!("{what} is {from} or newer")),
        ("", before) => Some(format!("{what} is older than {before}")),
        (from, before) => Some(format!("{what} is {from} or newer, and older than {before}")),
    }
}

/// A page of labelled lines.
struct Page(String);

/// Columns of a label.
const LABEL: usize = 12;

impl Page {
    fn new(word: &str, what: &str) -> Page {
        Page(format!("{word}: {what}\n"))
    }

    /// Begins a part of its own.
    fn part(&mut self, title: &str) {
        self.0.push_str(&format!("\n{title}\n"));
    }

    fn line(&mut self, label: &str, text: &str) {
        self.0.push_str(format!("  {label:<LABEL$} {text}").trim_end());
        self.0.push('\n');
    }

    /// Goes on below the text of the line before.
    fn more(&mut self, text: &str) {
        self.line("", text);
    }

    fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_tables_has_an_explanation() {
        for word in words() {
            let text = explain(word).unwrap_or_default();
            assert!(
                text.starts_with(word) && text.ends_with('\n') && text.lines().count() > 2,
                "{word}: {text}"
            );
        }
    }

    #[test]
    fn what_is_unknown_has_neighbours() {
        assert!(explain("KOPF-1").unwrap_err().contains(&"KOPF-01"));
        assert!(explain("apiservice-unavailible").unwrap_err().contains(&"apiservice-unavailable"));
        assert!(explain("").is_err());
    }
}
