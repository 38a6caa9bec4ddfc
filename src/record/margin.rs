//! What stands left of a line because of where it was pasted: the indent of a block in YAML or Markdown, the
//! numbers of `cat -n` and `grep -n`. Not the transport's envelope, and not the indent of a traceback: only
//! what a log header follows is taken off, for no program indents that.

use std::borrow::Cow;

use super::envelope::{self, Unwrapped};
use super::grammar;

/// Takes the margin and all envelopes off a line.
pub(super) fn unwrap(line: &str) -> Unwrapped<'_> {
    let unwrapped = envelope::unwrap(line);
    match inner(&unwrapped.text) {
        0 => unwrapped,
        margin => {
            let text: Cow<'_, str> = match unwrapped.text {
                Cow::Borrowed(text) => Cow::Borrowed(&text[margin..]),
                Cow::Owned(ref text) => Cow::Owned(text[margin..].to_owned()),
            };
            let within = Unwrapped { text, ..unwrapped };
            if grammar::has_head(&within) { within } else { envelope::unwrap(line) }
        }
    }
}

/// How many bytes of margin may stand before a header; 0 if what follows cannot be one.
fn inner(text: &str) -> usize {
    let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let mut margin = blanks(text);
    let digits = text[margin..].bytes().take_while(u8::is_ascii_digit).count();
    let behind = text[margin + digits..].bytes().next();
    // `    12<TAB>line` and `12:line`: the number goes with the margin.
    if (1..=9).contains(&digits) && (margin > 0 && behind == Some(b'\t') || behind == Some(b':')) {
        margin += digits + 1;
        margin += blanks(&text[margin..]);
    }
    let rest = &text.as_bytes()[margin..];
    let starts = match rest {
        [b'[', second, ..] => second.is_ascii_digit(),
        [b'I' | b'W' | b'E' | b'F', rest @ ..] => rest.len() > 4 && rest[..4].iter().all(u8::is_ascii_digit),
        [b'2', rest @ ..] => rest.len() > 4 && rest[3] == b'-',
        [b't', b'i', b'm', b'e', b'=', ..] => true,
        _ => false,
    };
    if starts { margin } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_headers_lose_their_margin() {
        for (line, text) in [
            ("    E0714 08:00:00.000001       1 a.go:1] x", "E0714 08:00:00.000001       1 a.go:1] x"),
            (
                "     3\t[2026-02-17 09:25:02,120] kopf [ERROR   ] x",
                "[2026-02-17 09:25:02,120] kopf [ERROR   ] x",
            ),
            ("12:E0714 08:00:00.000001       1 a.go:1] x", "E0714 08:00:00.000001       1 a.go:1] x"),
            ("    raise APIServerError()", "    raise APIServerError()"),
            ("\tE0714 is no header", "\tE0714 is no header"),
            ("  2026-", "  2026-"),
        ] {
            assert_eq!(unwrap(line).text, text);
        }
    }
}
