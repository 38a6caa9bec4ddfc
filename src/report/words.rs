//! Small words that every report for people uses: lengths of time, sizes, plurals, who somebody is,
//! and how wide a text is on a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::incident::Party;
use crate::time::{SECOND, rfc3339};

/// A length of time in two units at most.
pub(super) fn duration(nanos: i64) -> String {
    let seconds = nanos / SECOND;
    match seconds {
        s if s < 60 => format!("{:.0} s", nanos as f64 / SECOND as f64),
        s if s < 3600 => format!("{} min {} s", s / 60, s % 60),
        s if s < 86_400 => format!("{} h {} min", s / 3600, s / 60 % 60),
        s => format!("{} d {} h", s / 86_400, s / 3600 % 24),
    }
}

/// From when to when, to the second; a day is said once.
pub(super) fn span(from: i64, to: i64) -> String {
    let second = |at: i64| rfc3339(at.div_euclid(SECOND) * SECOND);
    let (from, to) = (second(from), second(to));
    match to.split_once('T') {
        _ if from == to => from,
        Some((day, clock)) if from.starts_with(day) => format!("{from} to {clock}"),
        _ => format!("{from} to {to}"),
    }
}

/// The ending of a plural.
pub(super) fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// A size.
pub(super) fn bytes(n: u64) -> String {
    match n {
        n if n < 10_000 => format!("{n} bytes"),
        n if n < 10_000_000 => format!("{} kB", n / 1000),
        n if n < 10_000_000_000 => format!("{} MB", n / 1_000_000),
        n => format!("{} GB", n / 1_000_000_000),
    }
}

/// What a program is called: its pod, its unit, or the file that it wrote.
pub(super) fn who(party: &Party) -> String {
    match (&party.writer.namespace, &party.writer.pod) {
        (Some(namespace), Some(pod)) => format!("{namespace}/{pod}"),
        (None, Some(pod)) => pod.clone(),
        _ if party.source == "-" => "standard input".into(),
        _ => party.writer.unit.clone().unwrap_or_else(|| party.source.clone()),
    }
}

/// Cuts a text at its end to a number of columns.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut short = head(text, columns.saturating_sub(1)).to_owned();
    short.push('…');
    short
}

/// Cuts a text in its middle to a number of columns. Of a file's name the end tells more than the
/// beginning, so it keeps two thirds.
pub(super) fn middle(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let start = head(text, room / 3);
    let mut left = room - start.width();
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        let width = c.width().unwrap_or(0);
        if width > left {
            break;
        }
        left -= width;
        from = at;
    }
    format!("{start}…{}", &text[from..])
}

/// Breaks lines at blanks so that they fit, and indents what follows as far as the text after a label.
/// A word that does not fit into a line is broken behind a sign. Commands stay whole, for they are copied.
pub(super) fn wrap(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let indent = match line.len() - line.trim_start().len() {
            0 => 2,
            2 if is_labelled(line) => LABEL,
            2 => 4,
            blanks => blanks,
        };
        if columns_of(line) <= columns || line.trim_start().starts_with("$ ") {
            out.push_str(line);
        } else {
            broken(&mut out, line, columns, indent);
        }
        out.push('\n');
    }
    out
}

/// Where the text behind a label begins.
const LABEL: usize = 11;

/// Whether a line begins with a label: no prose has two blanks where a label ends.
fn is_labelled(line: &str) -> bool {
    let mut plain = String::new();
    for (index, part) in line.split('\u{1b}').enumerate() {
        plain.push_str(if index == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) });
    }
    plain.get(LABEL - 2..LABEL) == Some("  ")
}

fn broken(out: &mut String, line: &str, columns: usize, indent: usize) {
    let mut used = 0;
    let next = |out: &mut String| {
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
        out.push_str(&" ".repeat(indent));
    };
    for mut word in line.split_inclusive(' ') {
        let width = columns_of(word.trim_end());
        if used > indent && width > 0 && used + width > columns {
            next(out);
            used = indent;
        }
        while used + columns_of(word.trim_end()) > columns && columns > indent + 10 {
            let part = beginning(word, columns - used);
            out.push_str(part);
            next(out);
            used = indent;
            word = &word[part.len()..];
        }
        out.push_str(word);
        used += columns_of(word);
    }
}

/// The longest beginning of a word that fits, up to a sign if there is one in its second half.
fn beginning(word: &str, columns: usize) -> &str {
    let fits = head(word, columns);
    let sign = fits.rfind(['/', '-', ',', '=', '.', ':']).filter(|at| at * 2 > fits.len());
    match sign {
        Some(at) => &fits[..=at],
        None if fits.is_empty() => word, // not even one character: as it is
        None => fits,
    }
}

/// The columns that a text takes; colours take none.
fn columns_of(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().map_or(0, UnicodeWidthStr::width);
    first + parts.map(|part| part.split_once('m').map_or(0, |(_, rest)| rest.width())).sum::<usize>()
}

/// The longest beginning that fits; colours take no column.
fn head(text: &str, columns: usize) -> &str {
    let (mut used, mut escape) = (0, false);
    for (at, c) in text.char_indices() {
        escape |= c == '\u{1b}';
        if escape {
            escape = c != 'm';
            continue;
        }
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(cut("漢字漢字", 8), "漢字漢字");
        assert_eq!(cut("漢字漢字", 7), "漢字漢…");
        assert_eq!(cut("漢字漢字", 6), "漢字…");
    }

    #[test]
    fn long_lines_are_broken_under_their_text() {
        let text =
            "  owner    one two three four\n  \u{1b}[31mred\u{1b}[0m\n              $ a long command\n";
        let wrapped = "  owner    one two\n           three\n           four\n  \u{1b}[31mred\u{1b}[0m\n              $ a long command\n";
        assert_eq!(wrap(text, 18), wrapped);
    }

    #[test]
    fn long_words_are_broken_behind_a_sign() {
        assert_eq!(
            wrap("  suffers  aaaa/bbbb-cccc/dddd-eeee\n", 26),
            "  suffers  aaaa/bbbb-cccc/\n           dddd-eeee\n"
        );
        assert_eq!(wrap("  prose that goes on\n", 14), "  prose that\n    goes on\n");
        assert!(wrap(&"漢".repeat(50), 20).lines().all(|line| line.width() <= 20));
    }

    #[test]
    fn a_day_is_said_once() {
        let day = crate::time::DAY;
        assert_eq!(span(1_500_000_000, 61 * SECOND), "1970-01-01T00:00:01Z to 00:01:01Z");
        assert_eq!(span(0, day), "1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z");
        assert_eq!(span(5, 7), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn names_lose_their_middle() {
        assert_eq!(middle("must-gather/namespaces/a/logs/current.log:7", 22), "must-ga…/current.log:7");
        assert_eq!(middle("漢字漢字漢字", 6).width(), 5);
        assert_eq!(middle("short", 6), "short");
    }
}
