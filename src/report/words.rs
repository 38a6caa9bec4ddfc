//! Small words that every report for people uses: lengths of time, sizes, plurals, who somebody is,
//! and how wide a text is on a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::incident::Party;
use crate::time::SECOND;

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
/// Commands stay whole, for they are copied; so do words that do not fit at all.
pub(super) fn wrap(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let indent = match line.len() - line.trim_start().len() {
            2 => 11,
            0 => 2,
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

fn broken(out: &mut String, line: &str, columns: usize, indent: usize) {
    let mut used = 0;
    for word in line.split_inclusive(' ') {
        let width = columns_of(word.trim_end());
        if used > indent && width > 0 && used + width > columns {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            used = indent;
        }
        out.push_str(word);
        used += columns_of(word);
    }
}

/// The columns that a text takes; colours take none.
fn columns_of(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().map_or(0, UnicodeWidthStr::width);
    first + parts.map(|part| part.split_once('m').map_or(0, |(_, rest)| rest.width())).sum::<usize>()
}

/// The longest beginning that fits.
fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
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
    fn names_lose_their_middle() {
        assert_eq!(middle("must-gather/namespaces/a/logs/current.log:7", 22), "must-ga…/current.log:7");
        assert_eq!(middle("漢字漢字漢字", 6).width(), 5);
        assert_eq!(middle("short", 6), "short");
    }
}
