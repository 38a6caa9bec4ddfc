//! Whether lines are surely YAML that can be read: block style, as `oc` and `kubectl` print it.
//!
//! What is not read of an object is cut out before it is parsed, and an object that nobody asks for is not parsed at
//! all; yet a file in which something is wrong has to be named. Only what is plain is therefore spared the parser.
//! Not for parsing, and not for saying that something is wrong: of flow style, anchors, tags or a key over two lines
//! nothing is known here.

use super::line::Line;

/// Looks at one line after the other.
#[derive(Debug)]
pub(super) struct Plain {
    /// Indents of the keys that the next line may stand beside.
    columns: Vec<usize>,
    /// Whether the last line leaves its value to those below.
    open: bool,
    /// Lines that are further in than this go on with the last value.
    goes_on: Option<usize>,
    /// The quote that has not ended yet.
    quote: Option<u8>,
    /// Whether lines that go on are text, whatever they are.
    block: bool,
    is_text: bool,
    is_plain: bool,
}

impl Plain {
    /// Nothing was seen yet.
    pub(super) fn new() -> Plain {
        Plain {
            columns: Vec::new(),
            open: true,
            goes_on: None,
            quote: None,
            block: false,
            is_text: true,
            is_plain: true,
        }
    }

    /// Whether the text can be YAML at all, as far as it was seen: if not, nothing in it is plain.
    pub(super) fn is_text(&self) -> bool {
        self.is_text
    }

    /// Whether all lines were plain since this was asked before; an object ends here.
    pub(super) fn end(&mut self) -> bool {
        let is_plain = self.is_plain && self.quote.is_none();
        self.columns.clear();
        (self.open, self.goes_on, self.quote, self.is_plain) = (true, None, None, self.is_text);
        is_plain
    }

    /// The next line.
    pub(super) fn line(&mut self, line: &Line<'_>) {
        if !line.is_text() {
            (self.is_text, self.is_plain) = (false, false);
        }
        let (indent, rest) = (line.indent, line.rest());
        if rest.is_empty() {
            return;
        }
        if self.goes_on.is_some_and(|column| indent > column) {
            return self.more(line, rest);
        }
        self.is_plain &= self.quote.is_none();
        if rest == "---" || rest.starts_with('#') {
            self.is_plain &= indent == 0 || rest.starts_with('#');
            return;
        }
        let (mut text, mut at) = (rest, indent);
        while let Some(behind) =
            text.strip_prefix('-').filter(|behind| behind.is_empty() || behind.starts_with(' '))
        {
            if at > indent {
                self.column(at);
                self.open = true; // an item that is a list
            }
            text = behind.trim_ascii_start();
            at = if text.is_empty() { at + 2 } else { indent + rest.len() - text.len() };
        }
        self.column(at);
        match value_of(line, text) {
            Some(value) => self.value(line, value, at),
            None if at > indent => self.value(line, text, indent),
            None => self.is_plain = false,
        }
    }

    /// A key, or an item that has none, that is indented so much.
    fn column(&mut self, at: usize) {
        while self.columns.last().is_some_and(|column| *column > at) {
            self.columns.pop();
        }
        if self.columns.last() != Some(&at) {
            self.is_plain &= self.open;
            self.columns.push(at);
        }
    }

    /// What stands behind a key; lines that are further in than `below` go on with it.
    fn value(&mut self, line: &Line<'_>, value: &str, below: usize) {
        self.open = value.is_empty();
        self.goes_on = (!value.is_empty()).then_some(below);
        self.quote = None;
        if let Some(first) = value.bytes().next() {
            self.block = matches!(first, b'|' | b'>');
            self.is_plain &= is_simple(line, value);
            if matches!(first, b'"' | b'\'') && !ends(&value[1..], first) {
                self.quote = Some(first);
            }
        }
    }

    /// A line that goes on with a value.
    fn more(&mut self, line: &Line<'_>, rest: &str) {
        match self.quote {
            Some(quote) if ends(rest, quote) => self.quote = None,
            Some(_) => {}
            None => self.is_plain &= self.block || line.is_words(rest),
        }
    }
}

/// What stands behind a key, if this end of a line begins with one.
fn value_of<'t>(line: &Line<'_>, text: &'t str) -> Option<&'t str> {
    let first = *text.as_bytes().first()?;
    let mut from = 0;
    if matches!(first, b'"' | b'\'') {
        from = 1 + memchr::memchr(first, &text.as_bytes()[1..])? + 1;
        if text.as_bytes()[from - 2] == b'\\' {
            return None; // more than a name
        }
    } else if !begins(text) {
        return None;
    }
    let behind = &text[from..];
    Some(behind[line.key(behind)? + 1..].trim_ascii())
}

/// Whether words without quotes may begin like this.
fn begins(text: &str) -> bool {
    match text.as_bytes() {
        [b'-' | b'?' | b':', next, ..] => *next != b' ',
        [first, ..] => !matches!(
            first,
            b'-' | b'?'
                | b':'
                | b','
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'#'
                | b'&'
                | b'*'
                | b'!'
                | b'|'
                | b'>'
                | b'\''
                | b'"'
                | b'%'
                | b'@'
                | b'`'
                | b'\t'
        ),
        [] => false,
    }
}

/// Whether a value is in quotes, a block, empty, or words that cannot be anything else.
fn is_simple(line: &Line<'_>, value: &str) -> bool {
    match value.as_bytes()[0] {
        b'"' | b'\'' => true,
        // Not `|+`, of which the empty lines below are a part: lines that are cut out may leave some.
        b'|' | b'>' => value[1..].bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9')),
        b'{' | b'[' => matches!(value, "{}" | "[]"),
        _ => begins(value) && line.is_words(value),
    }
}

/// Whether a quoted text ends with a line; `''` and `\"` are no ends.
fn ends(rest: &str, quote: u8) -> bool {
    let Some(before) = rest.as_bytes().strip_suffix(&[quote]) else { return false };
    let mask = if quote == b'"' { b'\\' } else { b'\'' };
    before.iter().rev().take_while(|byte| **byte == mask).count() % 2 == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::line::Lines;

    fn is_plain(text: &str) -> bool {
        let mut plain = Plain::new();
        let mut lines = Lines::new(text);
        while let some @ [_, ..] = lines.some() {
            some.iter().for_each(|line| plain.line(line));
        }
        plain.end()
    }

    #[test]
    fn quotes_end_where_they_end() {
        for (rest, quote, end) in [("a\"", b'"', true), ("a\\\"", b'"', false), ("a\\\\\"", b'"', true)] {
            assert_eq!(ends(rest, quote), end, "{rest}");
        }
        assert!(ends("it''s'", b'\'') && !ends("it''", b'\'') && ends("'", b'\'') && !ends("", b'\''));
    }

    #[test]
    fn values_that_are_what_they_seem() {
        let is_simple = |value: &str| {
            let text = format!("key: {value}\n");
            Lines::new(&text).some().iter().all(|line| super::is_simple(line, value))
        };
        for value in [
            "a",
            "10.0.0.1",
            "2021-09-14T14:15:26Z",
            "\"a: b\"",
            "|-",
            ">",
            "{}",
            "[]",
            "-1",
            "--v=2",
            "a:b",
            "a#b",
            "é",
        ] {
            assert!(is_simple(value), "{value}");
        }
        for value in
            ["a: b", "a:", "a #b", "{a: b}", "[a]", "*a", "&a b", "!!str a", "- a", "|a", "|+", "@", "%", "`"]
        {
            assert!(!is_simple(value), "{value}");
        }
    }

    /// What the library reads differently from what is seen here would be cut out wrongly: what is plain it reads.
    #[test]
    fn what_is_plain_can_be_read() {
        let plain = [
            "---\na: b\nc:\n- d: e\n  f: 'g h\n\n    i'\n- j: |\n    k: l\n\n     m: [\n  n: {}\no: []\n",
            "f:metadata:\n  .: {}\n  k:{\"type\":\"Ready\"}:\n    f:type: {}\n\"q: r\": s\n'*': t\n",
            "args:\n- --v=2\n- -c\n- a b\n  c d\n- \"e\n  f: g\"\n- - h\n  - i\n-\n  j: k\n# l: [\nm: n\n",
        ];
        for text in plain {
            assert!(is_plain(text), "{text}");
            assert!(yaml_serde::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_may_be_wrong_is_not_plain() {
        let broken = [
            "a: b\n c: d\n",
            "a: b\n  c: d\n",
            "a:\n  b: c\n d: e\n",
            "a: 'b\nc: d\n",
            "a: \"b\n",
            "a: b: c\n",
            "a: [b\n",
            "a\n",
            "\ta: b\n",
            "a: b\0\n",
            "a: *b\n",
            "<<<<<<< HEAD\na: b\n",
            "- a\nb: c\n--- d\n",
        ];
        for text in broken {
            assert!(!is_plain(text), "{text}");
        }
    }
}
