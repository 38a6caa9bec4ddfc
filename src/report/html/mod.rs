//! `-o html`: one file that can be attached to a case and opened anywhere, for years.
//!
//! It loads nothing: style, script and drawings are inside, and its Content-Security-Policy forbids
//! everything but its own style and the one script whose hash it names, so that even a text that
//! slipped through unescaped could not run. The template (`report.html`) is checked when the program is
//! built, and askama escapes whatever it is given; strings come from [`super::view`], masked and visible.
//!
//! The page works without its script: evidence folds with `<details>`, the timeline ([`timeline`]) zooms
//! with radio buttons and scrolls by itself. The script (`filter.js`) adds the filters by cause and text,
//! and opens what is folded when the page is printed. Its hash stands in [`SCRIPT_HASH`]; a unit test
//! says which one is right if the script was changed.

mod timeline;

use askama::Template;

use super::Report;
use super::view::{Card, PartyRow, View, view};
use timeline::Timeline;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("filter.js");
/// SHA-256 of [`SCRIPT`], as the Content-Security-Policy names it.
const SCRIPT_HASH: &str = "sha256-bD9gbfCtK+4atDDfcKjFxmnwgeMuO8W9m8OJw++k6DY=";

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'r> {
    view: View,
    timeline: Timeline,
    causes: Vec<(&'static str, usize)>,
    unread: bool,
    style: &'r str,
    script: &'r str,
    script_hash: &'r str,
    version: &'r str,
}

/// A table of programs under a heading.
#[derive(Template)]
#[template(path = "parties.html")]
struct Parties<'c> {
    title: &'c str,
    parties: &'c [PartyRow],
}

impl Page<'_> {
    /// The programs of an incident; its HTML is escaped by its own template.
    fn parties(title: &str, parties: &[PartyRow]) -> String {
        Parties { title, parties }.render().unwrap_or_default()
    }

    fn evidence_words(card: &Card) -> String {
        match card.evidence.len() {
            1 => "1 piece of evidence".into(),
            n => format!("{n} pieces of evidence"),
        }
    }
}

/// The report as a page.
pub fn html(report: &Report) -> String {
    let view = view(report);
    let page = Page {
        causes: causes(&view),
        timeline: timeline::timeline(report),
        unread: report.incidents.is_empty() && report.coverage.lines == 0,
        view,
        style: STYLE,
        script: SCRIPT,
        script_hash: SCRIPT_HASH,
        version: env!("CARGO_PKG_VERSION"),
    };
    page.render().unwrap_or_else(|error| format!("<!DOCTYPE html><title>apiblame</title><p>{error}"))
}

/// The causes in the order of the report, with how many incidents each has.
fn causes(view: &View) -> Vec<(&'static str, usize)> {
    let mut causes: Vec<(&'static str, usize)> = Vec::new();
    for card in &view.cards {
        match causes.iter_mut().find(|(cause, _)| *cause == card.cause) {
            Some((_, count)) => *count += 1,
            None => causes.push((card.cause, 1)),
        }
    }
    causes
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let three = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
            let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
            for digit in 0..4 {
                let at = (bits >> (18 - 6 * digit)) & 63;
                out.push(if digit <= chunk.len() { char::from(DIGITS[at as usize]) } else { '=' });
            }
        }
        out
    }

    #[test]
    fn the_hash_is_that_of_the_script() {
        assert_eq!(SCRIPT_HASH, format!("sha256-{}", base64(&Sha256::digest(SCRIPT))));
        assert!(
            html(&Report::default()).contains(&format!("<script>{SCRIPT}</script>")),
            "not as it is hashed"
        );
    }

    #[test]
    fn an_empty_input_is_not_called_healthy() {
        let page = html(&Report::default());
        assert!(page.contains("the input is empty") && !page.contains("No failing API request"));
    }
}
