//! A cause: what it means, what leads to it, and what to do first.

use std::collections::BTreeSet;

use super::Page;
use super::signature::kind_of;
use crate::diagnosis::general;
use crate::incident::rulings;
use crate::k8s::Cause;
use crate::knowledge::signatures::{self, ErrorKind};

/// The page of a cause.
pub(super) fn explain(cause: Cause) -> String {
    let mut out = Page::new(cause.as_str(), "a cause");
    out.line("means", cause.describe());
    out.line(
        "blames",
        if cause.blames_apiservice() {
            "an APIService, but never one of a Local group"
        } else {
            "no APIService: a group that stands beside it was only asked for"
        },
    );
    let kinds = leads(&mut out, cause);
    let ids: BTreeSet<&str> = signatures::all()
        .filter(|row| kind_of(row.shape).is_some_and(|kind| kinds.contains(&kind)))
        .map(|row| row.id)
        .collect();
    out.part("signatures");
    if !ids.is_empty() {
        out.more(&format!("with such an error: {}", ids.into_iter().collect::<Vec<_>>().join(" ")));
    }
    out.more("Those that only name a request take the error from the status or text beside it.");
    out.part("what to do first");
    for step in general(cause) {
        out.more(&format!("{}: {}", step.step, step.why));
        if let Some(command) = step.command {
            out.more(&format!("$ {command}"));
        }
    }
    out.finish()
}

/// Which errors lead to a cause, by what they are said of. Gives those that do so without the word of
/// the server side, which is believed whatever the error is.
fn leads(out: &mut Page, cause: Cause) -> Vec<ErrorKind> {
    out.part("what leads to it");
    let mut kinds = Vec::new();
    let subjects = rulings(ErrorKind::Unavailable).into_iter().map(|one| one.subject);
    for (index, subject) in subjects.enumerate() {
        let mut said = Vec::new();
        for &kind in ErrorKind::ALL {
            let judged = rulings(kind).get(index).and_then(|one| one.judged);
            if let Some((_, confidence)) = judged.filter(|(other, _)| *other == cause) {
                let status = kind.status().map_or(String::new(), |status| format!("{status}, "));
                said.push(format!("`{}` ({status}{})", kind.as_str(), confidence.as_str()));
                if index > 0 {
                    kinds.push(kind);
                }
            }
        }
        if !said.is_empty() {
            let most = said.len() > ErrorKind::ALL.len() / 2;
            let errors = if most { "nearly any error (certain)".into() } else { said.join(", ") };
            out.more(&format!("said of {subject}: {errors}"));
        }
    }
    kinds
}
