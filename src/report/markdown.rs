//! `-o markdown`: the report for a ticket, as GitHub, GitLab and Jira's importer read it.
//!
//! Log text is hostile here in its own way. In prose, every character that Markdown or HTML would obey is
//! escaped, links do not form and nobody is mentioned ([`prose`]). Names, paths and places stand in code
//! spans whose fence is longer than any run of backquotes in them ([`code`]); one that holds a pipe would
//! end its table cell, and is written with character references instead. Quoted lines stand in fenced
//! blocks, with a fence that is longer than any in the text ([`block`]); every quote is one line.
//!
//! A ticket takes some 30,000 characters (Jira 32,767, GitHub 65,536). So without `-v` only the first
//! groups of incidents are told, by their first members and with the head of every list; the table at the
//! top names what is left out, and it is counted where it is missing.

use std::fmt::Write;

use super::overview::{Group, groups};
use super::view::{Card, PartyRow, View, view};
use super::{Report, Style};

/// Groups of incidents that are told without `-v`.
const FULL: usize = 4;
/// Rows of the table at the top without `-v`.
const ROWS: usize = 30;
/// Rows of the other tables, and quotes, without `-v`.
const LISTED: usize = 4;

/// The report as Markdown.
pub fn markdown(report: &Report, style: Style) -> String {
    let most = |short: usize| if style.verbose { usize::MAX } else { short };
    let view = view(report);
    let groups = groups(&report.incidents);
    let mut out = String::new();
    let _ = writeln!(out, "# apiblame: {}\n", prose(&view.headline));
    if !view.cluster.is_empty() {
        let _ = writeln!(out, "{}\n", prose(&view.cluster));
    }
    overview(&mut out, &groups, most(ROWS));
    for group in groups.iter().take(most(FULL)) {
        told(&mut out, group, &view, most(LISTED));
    }
    let left: usize = groups.iter().skip(most(FULL)).map(|group| group.members.len()).sum();
    more(&mut out, left, "incidents in the table above");
    let _ = writeln!(out, "---\n");
    let listed = super::view::coverage(report, most(LISTED));
    for line in &listed {
        let _ = writeln!(out, "- {}", prose(line));
    }
    out
}

/// Says how many are left out of a list.
fn more(out: &mut String, left: usize, what: &str) {
    if left > 0 {
        let _ = writeln!(out, "… and {left} more {what}; `-v` writes all, `-o html` too.\n");
    }
}

fn overview(out: &mut String, groups: &[Group<'_>], most: usize) {
    if groups.is_empty() {
        return;
    }
    out.push_str("| # | to blame | cause | failing | suffer | died |\n|---|---|---|---|---|---|\n");
    for group in groups.iter().take(most) {
        let row = group.row();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            group.number,
            code(&row.name),
            row.cause,
            row.failures,
            row.suffering.all,
            row.suffering.died
        );
    }
    out.push('\n');
    more(out, groups.len().saturating_sub(most), "rows");
}

/// A group: its first incident, and the others of the same outage in a list; all of them with `-v`.
fn told(out: &mut String, group: &Group<'_>, view: &View, most: usize) {
    let cards = |one: &&crate::diagnosis::Diagnosis| {
        view.cards.iter().find(|card| card.id == super::safe::field(&one.incident.id))
    };
    let mut cards = group.members.iter().filter_map(cards);
    let Some(first) = cards.next() else { return };
    heading(out, group, first);
    incident(out, first, most);
    let others: Vec<&Card> = cards.collect();
    if others.is_empty() {
        return;
    }
    out.push_str("### The same outage\n\n");
    for card in &others {
        let _ = writeln!(out, "- {}: {}", code(&card.title), prose(&card.summary));
    }
    out.push('\n');
    if most == usize::MAX {
        for card in others {
            heading(out, group, card);
            incident(out, card, most);
        }
    }
}

/// Whom to blame, and the cause where that does not say it.
fn heading(out: &mut String, group: &Group<'_>, card: &Card) {
    let cause = if card.title.starts_with(card.cause) { String::new() } else { format!(": {}", card.cause) };
    let _ = writeln!(out, "## {}\\. {}{cause}\n", group.number, code(&card.title));
}

fn incident(out: &mut String, card: &Card, most: usize) {
    let _ = writeln!(out, "- **Cause:** {}, {}", card.cause, card.confidence);
    let _ = writeln!(out, "- **Reason:** {}", prose(&card.reason));
    let _ = writeln!(out, "- **Window:** {}", prose(&card.summary));
    let _ = writeln!(out, "- **Id:** {}", code(&card.id));
    for (label, text) in &card.facts {
        let _ = writeln!(out, "- **{label}:** {}", prose(text));
    }
    out.push('\n');
    steps(out, card);
    parties(out, "Who suffers", &card.victims, most);
    parties(out, "Who reports it", &card.witnesses, most);
    requests(out, card, most);
    retries(out, card, most);
    evidence(out, card, most);
}

fn steps(out: &mut String, card: &Card) {
    if card.steps.is_empty() {
        return;
    }
    out.push_str("### Fix\n\n");
    for (index, step) in card.steps.iter().enumerate() {
        let note = if step.lasting { "" } else { " *(does not last, or only tells)*" };
        let _ = writeln!(out, "**{}\\. {}**{note}\n\n{}\n", index + 1, prose(&step.step), prose(&step.why));
        if !step.command.is_empty() {
            block(out, "sh", &step.command);
        }
    }
}

fn parties(out: &mut String, title: &str, parties: &[PartyRow], most: usize) {
    if parties.is_empty() {
        return;
    }
    let _ = writeln!(out, "### {title}\n\n| program | client | failing | impact |\n|---|---|---|---|");
    for party in parties.iter().take(most) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            code(&party.who),
            party.client,
            party.failures,
            party.impact
        );
    }
    out.push('\n');
    more(out, parties.len().saturating_sub(most), "programs");
}

fn requests(out: &mut String, card: &Card, most: usize) {
    if card.requests.is_empty() {
        return;
    }
    out.push_str("### Requests\n\n| request | status | error | times |\n|---|---|---|---|\n");
    for request in card.requests.iter().take(most) {
        let what = code(&request.what);
        let _ =
            writeln!(out, "| {what} | {} | {} | {} |", request.status, prose(request.error), request.count);
    }
    out.push('\n');
    more(out, card.requests.len().saturating_sub(most), "requests");
}

fn retries(out: &mut String, card: &Card, most: usize) {
    if card.retries.is_empty() {
        return;
    }
    out.push_str("### Retries\n\n| request | by | attempts | waits | outcome |\n|---|---|---|---|---|\n");
    for retry in card.retries.iter().take(most) {
        let (what, by) = (code(&retry.what), code(&retry.source));
        let _ = writeln!(out, "| {what} | {by} | {} | {} | {} |", retry.attempts, retry.waits, retry.outcome);
    }
    out.push('\n');
    more(out, card.retries.len().saturating_sub(most), "retry series");
}

fn evidence(out: &mut String, card: &Card, most: usize) {
    if card.evidence.is_empty() {
        return;
    }
    out.push_str("### Evidence\n\n");
    for quote in card.evidence.iter().take(most) {
        let _ = writeln!(out, "{} {} ({})\n", code(&quote.place), quote.at, quote.signature);
        block(out, "text", &quote.text);
    }
    more(out, card.evidence.len().saturating_sub(most), "pieces of evidence");
}

/// Text between words: nothing in it is obeyed.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.replace("://", ":&#47;/").replace("www.", "www&#46;")
}

/// A name in a code span. Empty text has none.
fn code(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    if text.contains('|') {
        return format!("<code>{}</code>", references(text));
    }
    let fence = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Every character that could mean something, as a character reference.
fn references(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        match c {
            c if c.is_ascii_punctuation() && !matches!(c, '.' | '/' | '-') => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.replace("www.", "www&#46;")
}

/// One line in a fenced block.
fn block(out: &mut String, language: &str, text: &str) {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let _ = writeln!(out, "{fence}{language}\n{text}\n{fence}\n");
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_not_obeyed() {
        assert_eq!(prose("<b>a|b</b>"), "&lt;b&gt;a\\|b&lt;/b&gt;");
        assert_eq!(prose("[x](http://h) @you #1 `c`"), "\\[x\\](http:&#47;/h) @<!-- -->you \\#1 \\`c\\`");
    }

    #[test]
    fn code_spans_stay_closed() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a|<b>"), "<code>a&#124;&#60;b&#62;</code>");
        assert_eq!(code(""), "");
    }

    #[test]
    fn blocks_stay_closed() {
        let mut out = String::new();
        block(&mut out, "text", "```` x ````");
        assert_eq!(out, "`````text\n```` x ````\n`````\n\n");
    }
}
