//! Log text, made safe: control characters become visible, secrets are masked.
//!
//! Whoever can write to a log can write into a report, and a report is pasted into tickets. So every
//! output passes here, as a whole if it can ([`json`]), else field by field ([`field`]), and a secret
//! is told by its shape alone: masking a harmless word is cheap, showing a token is not.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::{memchr, memchr2};

use super::secrets::WORDS;
pub use super::secrets::mask;

/// Whether a character is obeyed, or hides others, rather than seen: control characters (C1 too, which
/// some terminals take for escapes), what changes the direction of writing, what has no width, what
/// ends a line though it is no newline, and tags. An emoji is cut into its parts by this, and can be read.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Makes what a terminal would obey visible: control characters, bidirectional marks, zero-width
/// characters. Newlines and tabs become blanks: a field stays on its line.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.push(' '),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('?')),
            '\u{7f}' => out.push('\u{2421}'),
            c if is_unseen(c) => out.push_str(&format!("<U+{:04X}>", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// Both, for a field of a text report.
pub fn field(text: &str) -> String {
    visible(&mask(text))
}

/// A whole JSON document, made safe: secrets are masked in every string, and what is obeyed or unseen
/// is written as JSON's own escapes, so that a program reads what stood in the log and a terminal is
/// shown nothing else. Keys are strings too, and hold nothing that is masked.
pub fn json(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    // Most literals are met many times. Hashed with a key, for they are anybody's.
    let mut known: HashMap<&str, bool> = HashMap::new();
    let mut from = 0;
    while let Some(start) = memchr(b'"', &document.as_bytes()[from..]).map(|at| from + at) {
        let end = literal_end(document, start);
        out.push_str(&document[from..start]);
        let literal = &document[start..end];
        let look = || WORDS.as_ref().is_none_or(|words| words.is_match(literal));
        let masked = match *known.entry(literal).or_insert_with(look) {
            true => masked_literal(literal),
            false => Cow::Borrowed(literal),
        };
        escape(&mut out, &masked);
        from = end;
    }
    out.push_str(&document[from..]);
    out
}

/// The end of the literal that starts at `start`.
fn literal_end(text: &str, start: usize) -> usize {
    let mut from = start + 1;
    while let Some(at) = text.as_bytes().get(from..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        if text.as_bytes()[from + at] == b'"' {
            return from + at + 1;
        }
        from += at + 2;
    }
    text.len()
}

fn masked_literal(literal: &str) -> Cow<'_, str> {
    let Ok(text) = serde_json::from_str::<String>(literal) else { return Cow::Borrowed(literal) };
    match mask(&text) {
        Cow::Owned(masked) if masked != text => {
            serde_json::to_string(&masked).map_or_else(|_| Cow::Borrowed("\"\""), Cow::Owned)
        }
        _ => Cow::Borrowed(literal),
    }
}

fn escape(out: &mut String, literal: &str) {
    if literal.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push_str(literal);
        return;
    }
    let mut units = [0; 2];
    for c in literal.chars() {
        if is_unseen(c) {
            c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::secrets::tests::SECRETIVE;
    use super::*;

    #[test]
    fn nothing_is_obeyed() {
        assert_eq!(visible("a\u{1b}[31mb\nc\u{202e}d"), "a␛[31mb c<U+202E>d");
        assert_eq!(visible("\u{9b}2J\u{2028}\u{e0041}"), "<U+009B>2J<U+2028><U+E0041>");
    }

    #[test]
    fn a_document_is_safe_and_says_the_same() {
        let said = "a\u{1b}]8;;x\u{7}\u{9b}\u{202e}\u{e0041}\\\"ü\n";
        let document = serde_json::to_string(&[said, "password=\"x y\\\"", ""]).unwrap();
        let safe = json(&document);
        assert!(!safe.chars().any(is_unseen), "{safe}");
        let read: Vec<String> = serde_json::from_str(&safe).unwrap();
        assert_eq!(read, [said, "password=<masked>", ""]);
    }

    /// Only strings that hold a word are looked at more closely: no string of the others is changed.
    #[test]
    fn a_document_is_masked_string_by_string() {
        let texts: Vec<&str> =
            SECRETIVE.lines().chain(["all is well", "", "K\u{212a}", "a \\ b \" c"]).collect();
        for order in [texts.clone(), texts.iter().rev().copied().collect()] {
            let masked: Vec<_> = order.iter().map(|text| mask(text).into_owned()).collect();
            let document = serde_json::to_string(&order).unwrap();
            assert_eq!(serde_json::from_str::<Vec<String>>(&json(&document)).unwrap(), masked);
        }
    }
}
