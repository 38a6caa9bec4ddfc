//! The rows of the catalogue that carry an id, and what their error means for the blame.

use super::Page;
use crate::incident::rulings;
use crate::knowledge::objects;
use crate::knowledge::signatures::{self, Doing, ErrorKind, Life, Shape, Signature};

/// Every row with this id.
pub(super) fn explain(id: &str) -> Option<String> {
    let rows: Vec<&Signature> = signatures::all().filter(|row| row.id.eq_ignore_ascii_case(id)).collect();
    let Some(first) = rows.first() else { return object(id) };
    let mut out = Page::new(first.id, "a wording of failing requests");
    if rows.iter().all(|row| row.shape == Shape::Quiet) {
        out = Page::new(first.id, "a wording that is no failing request");
    }
    for (index, row) in rows.iter().enumerate() {
        if rows.len() > 1 {
            out.part(&format!("spelling {} of {}", index + 1, rows.len()));
        }
        out.line("phrase", &format!("{:?}", row.phrase));
        out.line("says", &shape(row.shape));
        out.line(
            "printed by",
            if row.client.as_str().is_empty() { "any program" } else { row.client.as_str() },
        );
        out.line("known from", row.evidence);
        let anchor = format!("{:?}: the block search looks for it", row.anchor);
        let none = "none: it is only met in a record that another row has found";
        out.line("anchor", if row.anchor.is_empty() { none } else { &anchor });
    }
    let mut kinds: Vec<ErrorKind> = rows.iter().filter_map(|row| kind_of(row.shape)).collect();
    kinds.dedup();
    for kind in kinds {
        blame(&mut out, kind);
    }
    Some(out.finish())
}

/// An object of an archive that tells of a broken APIService.
fn object(id: &str) -> Option<String> {
    let row = objects::ROWS.iter().find(|row| row.id.eq_ignore_ascii_case(id))?;
    let mut out = Page::new(row.id, "an object of an archive that tells of a broken APIService");
    out.line("reads", row.what);
    out.line("known from", row.source);
    Some(out.finish())
}

/// What an error means for the blame, by its subject.
fn blame(out: &mut Page, kind: ErrorKind) {
    out.part(&format!("what `{}` means for the blame, if it is said of", kind.as_str()));
    for ruling in rulings(kind) {
        let judged = ruling.judged.map_or("nobody is blamed for it alone".into(), |(cause, confidence)| {
            let whom = if cause.blames_apiservice() { "" } else { ", no APIService is blamed" };
            format!("{cause}, {}{whom}", confidence.as_str())
        });
        out.line("", &format!("{}: {judged}", ruling.subject));
    }
    if kind.is_transport() {
        out.line("", "No HTTP answer came: the host of the URL is at fault, never the group in its path.");
    }
}

/// The error that a shape carries by itself.
pub(super) fn kind_of(shape: Shape) -> Option<ErrorKind> {
    match shape {
        Shape::Error(kind)
        | Shape::NamedAfter(kind)
        | Shape::Weak(kind)
        | Shape::Webhook(kind)
        | Shape::Pattern(kind, _) => Some(kind),
        _ => None,
    }
}

/// A shape in words.
fn shape(shape: Shape) -> String {
    match shape {
        Shape::Error(kind) => format!("an error, `{}`, of what stands beside it", kind.as_str()),
        Shape::Doing(doing) => doing_words(doing).into(),
        Shape::NamedBefore => "the APIService stands before it, the error behind it".into(),
        Shape::NamedAfter(kind) => {
            format!("the APIService stands behind it; its error is `{}`", kind.as_str())
        }
        Shape::Availability => "the aggregation layer changes the availability of an APIService".into(),
        Shape::Check => "the aggregation layer's own check of a backend, with its URL".into(),
        Shape::Reversed => "an APIService, its group first, is not ready".into(),
        Shape::Service => "the Service behind an APIService, by namespace and name".into(),
        Shape::Component(service) => {
            format!("a component whose APIServices are all meant: those of {service}")
        }
        Shape::KopfAttempt => "an attempt of Kopf with its number, its limit and its request".into(),
        Shape::Life(Life::Start) => "the program begins".into(),
        Shape::Life(Life::Stop) => "the program was asked to end".into(),
        Shape::Life(Life::Death) => "the program dies of the error".into(),
        Shape::HttpLog => "kube-apiserver's request log: verb, path and status".into(),
        Shape::UrlStatus => "a URL and a status, which says what the error is".into(),
        Shape::StatusBody => "a status and a body without a URL; the status says what the error is".into(),
        Shape::Executing => "a method and a URL, with the server's message behind it".into(),
        Shape::Retry => "a retry, with its number or delay: it adds attempts, and is never a cause".into(),
        Shape::Webhook(kind) => format!("a webhook could not be called: `{}`", kind.as_str()),
        Shape::Audit => "an audit event: verb, URI, status, and who asked".into(),
        Shape::Created => "an operator says that it created an APIService".into(),
        Shape::Condition => "a condition of an APIService, or a row of `oc get apiservices`".into(),
        Shape::Pattern(kind, _) => {
            format!("an error, `{}`, of what a pattern of your own finds beside it", kind.as_str())
        }
        Shape::Weak(kind) => format!("`{}`, if the same source names an APIService beside it", kind.as_str()),
        Shape::Mention => {
            "an APIService is named beside it, and not said to fail: it names failures without one".into()
        }
        Shape::Elsewhere => "something that is no API server was asked; the error stands behind it".into(),
        Shape::Quiet => "known, and no incident: nothing is reported".into(),
    }
}

fn doing_words(doing: Doing) -> &'static str {
    match doing {
        Doing::Discovery => "the discovery of a group/version met the error that stands behind it",
        Doing::Groups => "reading the list of groups met the error that stands behind it",
        Doing::List => "a list of a type met the error that stands behind it",
        Doing::Watch => "a watch of a type met the error that stands behind it",
        Doing::Get => "reading one object met the error that stands behind it",
        Doing::Write => "writing an object met the error that stands behind it",
        Doing::Reporting => "a controller passes on the error that stands behind it",
    }
}
