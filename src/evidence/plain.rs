//! Whether a text is surely YAML that can be read, told by its lines alone.
//!
//! For a file of objects that nobody may ever ask for: one that is plain can wait unparsed, any other is parsed at
//! once, so that what is wrong with it is told. Not for parsing: of what is not known here to be right (flow
//! style, anchors, tags, a key in quotes) nothing is said to be wrong.

/// Looks at one line after the other.
#[derive(Debug)]
pub(super) struct Plain {
    /// Indents of the keys that the next line may go on with.
    columns: Vec<usize>,
    /// Whether the last line leaves its value to those below.
    open: bool,
    /// The quote that has not ended yet.
    quote: Option<u8>,
    /// Whether lines that go on with the last one are text, whatever they are.
    block: bool,
    is_plain: bool,
}

impl Plain {
    /// A text may be read if it is no binary, which is looked at here; its lines follow.
    pub(super) fn new(text: &str) -> Plain {
        let control = |byte: u8| byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t') || byte == 0x7f;
        let is_plain = !text.bytes().fold(false, |any, byte| any | control(byte));
        Plain { columns: vec![0], open: false, quote: None, block: false, is_plain }
    }

    /// The end of the text.
    pub(super) fn finish(self) -> bool {
        self.is_plain && self.quote.is_none()
    }

    /// A line that cannot be told.
    pub(super) fn strange(&mut self) {
        self.is_plain = false;
    }

    /// The beginning of another document.
    pub(super) fn document(&mut self) {
        self.is_plain &= self.quote.is_none();
        self.columns = vec![0];
        self.open = false;
    }

    /// A key, or an item that has none, that is indented so much, and what stands behind it.
    pub(super) fn entry(&mut self, at: usize, value: &str) {
        self.is_plain &= self.quote.is_none() && (value.is_empty() || is_simple(value));
        while self.columns.last().is_some_and(|column| *column > at) {
            self.columns.pop();
        }
        if self.columns.last() != Some(&at) {
            self.is_plain &= self.open;
            self.columns.push(at);
        }
        self.open = value.is_empty();
        self.block = value.starts_with(['|', '>']);
        self.quote =
            value.bytes().next().filter(|first| b"\"'".contains(first) && !ends(&value[1..], *first));
    }

    /// A line that goes on with a value.
    pub(super) fn more(&mut self, rest: &str) {
        match self.quote {
            Some(quote) => self.quote = (!ends(rest, quote)).then_some(quote),
            None => self.is_plain &= self.block || rest.is_empty() || is_words(rest),
        }
    }
}

/// Whether a quoted text ends with a line; `''` and `\"` are no ends.
fn ends(rest: &str, quote: u8) -> bool {
    let Some(before) = rest.as_bytes().strip_suffix(&[quote]) else { return false };
    let mask = if quote == b'"' { b'\\' } else { b'\'' };
    before.iter().rev().take_while(|byte| **byte == mask).count() % 2 == 0
}

/// Whether a value is in quotes, a block, empty, or a word that cannot be anything else.
fn is_simple(value: &str) -> bool {
    let first = value.as_bytes()[0];
    match first {
        b'"' | b'\'' => true,
        b'|' | b'>' => value[1..].bytes().all(|byte| matches!(byte, b'-' | b'+' | b'0'..=b'9')),
        b'{' | b'[' => matches!(value, "{}" | "[]"),
        b'-' => value.as_bytes().get(1).is_some_and(u8::is_ascii_digit),
        _ => (first.is_ascii_alphanumeric() || b"/.(<=+_~^$;".contains(&first)) && is_words(value),
    }
}

/// Whether no key and no comment is in a value without quotes.
fn is_words(value: &str) -> bool {
    !value.contains(": ") && !value.ends_with(':') && !value.contains(" #")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_where_they_end() {
        for (rest, quote, end) in [("a\"", b'"', true), ("a\\\"", b'"', false), ("a\\\\\"", b'"', true)] {
            assert_eq!(ends(rest, quote), end, "{rest}");
        }
        assert!(ends("it''s'", b'\'') && !ends("it''", b'\'') && ends("'", b'\'') && !ends("", b'\''));
    }

    #[test]
    fn values_that_are_what_they_seem() {
        for value in ["a", "10.0.0.1", "2021-09-14T14:15:26Z", "\"a: b\"", "|-", ">", "{}", "[]", "-1", "a:b"]
        {
            assert!(is_simple(value), "{value}");
        }
        for value in
            ["a: b", "a:", "a #b", "{a: b}", "[a]", "*a", "&a b", "!!str a", "- a", "|a", "@", "%", "`"]
        {
            assert!(!is_simple(value), "{value}");
        }
    }
}
