//! The lines of a text, and where in them what YAML takes for more than letters stands.
//!
//! For looking through objects of which nearly nothing is read (see `thin` and `plain`): most of the time went into
//! going through lines byte by byte. 64 bytes are looked at together; a line that is longer, holds a control character,
//! or stands at the end of the text, is gone through as before. Not for parsing.

use fearless_simd::{Level, Simd, dispatch, mask8x64, prelude::*, u8x64};

/// Bytes that are looked at together.
const AT_ONCE: usize = 64;
/// Lines that are looked at before they are given: the processor is asked what it has once for all of them.
const AHEAD: usize = 32;

/// A line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// All of it, with its newline.
    pub(super) text: &'t str,
    /// Where it begins in the text.
    pub(super) from: usize,
    /// Spaces before the rest.
    pub(super) indent: usize,
    /// Where the spaces behind the rest begin.
    end: usize,
    marks: Option<Marks>,
}

/// Bits for the bytes of a line.
#[derive(Clone, Copy, Debug)]
struct Marks {
    /// Colons behind which a space or nothing stands.
    colons: u64,
    /// `#` that begin a comment, if they stand in no quotes.
    comments: u64,
    /// What simple keys are made of.
    simple: u64,
}

impl<'t> Line<'t> {
    /// The line without spaces around it.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.indent..self.end).unwrap_or_default()
    }

    /// Where the end of the rest begins.
    fn at(&self, end: &str) -> usize {
        self.end - end.len()
    }

    /// How long the key is with which this end of the rest begins; it may have blanks in it.
    pub(super) fn key(&self, end: &str) -> Option<usize> {
        match self.marks {
            Some(marks) => first(marks.colons >> self.at(end)),
            None => key(end),
        }
    }

    /// The same of a key of letters, digits, and what stands in names.
    pub(super) fn simple_key(&self, end: &str) -> Option<usize> {
        let length = match self.marks {
            Some(marks) => first(!marks.simple >> self.at(end))
                .filter(|length| marks.colons >> (self.at(end) + length) & 1 == 1),
            None => simple_key(end),
        };
        length.filter(|length| *length > 0)
    }

    /// Whether no key and no comment is among the words of this end of the rest.
    pub(super) fn is_words(&self, end: &str) -> bool {
        match self.marks {
            Some(_) if end.is_empty() => true,
            Some(marks) => (marks.colons | marks.comments) >> self.at(end) == 0,
            None => is_words(end),
        }
    }

    /// Whether a control character is in it that no YAML holds.
    pub(super) fn is_text(&self) -> bool {
        let control = |byte: u8| byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t') || byte == 0x7f;
        self.marks.is_some() || !self.text.bytes().fold(false, |any, byte| any | control(byte))
    }

    /// A line that is gone through byte by byte.
    fn slow(from: usize, text: &'t str) -> Line<'t> {
        let indent = text.bytes().take_while(|byte| *byte == b' ').count();
        let end = indent + text[indent..].trim_ascii_end().len();
        Line { text, from, indent, end, marks: None }
    }
}

/// The place of the first bit.
fn first(bits: u64) -> Option<usize> {
    (bits != 0).then(|| bits.trailing_zeros() as usize)
}

/// As [`Line::key`].
fn key(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| bytes[at] == b':' && bytes.get(at + 1).is_none_or(|next| *next == b' ');
    (0..bytes.len()).find(|at| is_end(*at))
}

/// As [`Line::simple_key`].
fn simple_key(text: &str) -> Option<usize> {
    let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_./".contains(&byte))?;
    let value = text[end..].strip_prefix(':')?;
    (value.is_empty() || value.starts_with(' ')).then_some(end)
}

/// As [`Line::is_words`].
fn is_words(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b':', b'#', bytes).all(|at| match bytes[at] {
        b':' => bytes.get(at + 1).is_some_and(|next| *next != b' '),
        _ => at > 0 && bytes[at - 1] != b' ',
    })
}

/// All lines of a text; what stands behind the last newline is none.
pub(super) struct Lines<'t> {
    text: &'t str,
    level: Level,
    /// Where the next line begins that was not looked at.
    next: usize,
    ahead: Vec<Line<'t>>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Lines<'t> {
        Lines { text, level: Level::new(), next: 0, ahead: Vec::with_capacity(AHEAD) }
    }

    /// The next lines, some together; none are left if it gives none.
    pub(super) fn some(&mut self) -> &[Line<'t>] {
        self.ahead.clear();
        dispatch!(self.level, simd => self.look(simd));
        &self.ahead
    }

    /// Looks at some more lines. All that it calls for each is inlined, so that it may use what this processor has.
    #[inline(always)]
    fn look<S: Simd>(&mut self, simd: S) {
        while self.ahead.len() < AHEAD {
            let rest = &self.text.as_bytes()[self.next..];
            let seen = rest.first_chunk().and_then(|sight| see(simd, sight));
            let length = match &seen {
                Some(seen) => seen.length,
                None => match memchr::memchr(b'\n', rest) {
                    Some(newline) => newline,
                    None => return,
                },
            };
            let from = self.next;
            self.next += length + 1;
            let text = &self.text[from..self.next];
            self.ahead.push(match seen {
                Some(Seen { indent, end, marks, .. }) => Line { text, from, indent, end, marks: Some(marks) },
                None => Line::slow(from, text),
            });
        }
    }
}

/// What was seen of a line.
struct Seen {
    /// Without its newline.
    length: usize,
    indent: usize,
    end: usize,
    marks: Marks,
}

/// The line with which these bytes begin; `None` if it does not end in them, or has to be gone through.
#[inline(always)]
fn see<S: Simd>(simd: S, sight: &[u8; AT_ONCE]) -> Option<Seen> {
    let bytes = u8x64::load_array_ref(simd, sight);
    let bits = |mask: mask8x64<S>| mask.to_bitmask();
    let length = first(bits(bytes.simd_eq(b'\n')))?;
    let line = (1 << length) - 1;
    if bits(bytes.simd_lt(b' ') | bytes.simd_eq(0x7f)) & line != 0 {
        return None;
    }
    let spaces = bits(bytes.simd_eq(b' '));
    let words = !spaces & line;
    let indent = first(words).unwrap_or(length);
    let end = AT_ONCE - words.leading_zeros() as usize;
    let rest = words.checked_ilog2().map_or(0, |last| (2 << last) - 1);
    let behind = spaces >> 1 | !(rest >> 1);
    let colons = bits(bytes.simd_eq(b':')) & behind & rest;
    let comments = bits(bytes.simd_eq(b'#')) & (spaces << 1 | 1) & rest;
    let within = |from: u8, to: u8, bytes: u8x64<S>| (bytes - from).simd_le(to - from);
    let small = bytes | 0x20;
    let simple = within(b'a', b'z', small) | within(b'-', b'9', bytes) | bytes.simd_eq(b'_');
    Some(Seen { length, indent, end, marks: Marks { colons, comments, simple: bits(simple) & rest } })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(mut lines: Lines<'_>) -> Vec<Line<'_>> {
        let mut all = Vec::new();
        while let some @ [_, ..] = lines.some() {
            all.extend(some);
        }
        all
    }

    /// Holds what is seen at once against what is seen byte by byte.
    fn alike(text: &str) {
        for level in [Level::new(), Level::baseline()] {
            let lines = all(Lines { level, ..Lines::new(text) });
            let whole: Vec<&str> = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).collect();
            assert_eq!(lines.iter().map(|line| line.text).collect::<Vec<_>>(), whole);
            let mut from = 0;
            for line in lines {
                let slow = Line::slow(from, line.text);
                let of = |line: &Line<'_>| (line.from, line.indent, line.rest().to_owned());
                assert_eq!(of(&line), of(&slow), "{:?}", line.text);
                from += line.text.len();
                let rest = line.rest();
                for (at, _) in rest.char_indices().chain([(rest.len(), ' ')]) {
                    let end = &rest[at..];
                    assert_eq!(line.key(end), slow.key(end), "{end:?} of {:?}", line.text);
                    assert_eq!(line.simple_key(end), slow.simple_key(end), "{end:?} of {:?}", line.text);
                    // What is asked about stands behind a space.
                    if at == 0 || rest.as_bytes()[at - 1] == b' ' {
                        assert_eq!(line.is_words(end), slow.is_words(end), "{end:?} of {:?}", line.text);
                    }
                }
            }
        }
    }

    #[test]
    fn lines_of_all_kinds() {
        alike("");
        alike("no newline");
        alike(&"\n".repeat(70));
        alike(
            "\n\n  \n  a: b\n- c\n  - d: e # f\n#\n  # g\nh:\ni: j: k\n- - l:m\n  n.o/p-q_r: \ns: \r\n\tt: u\n",
        );
        for length in 55..70 {
            let (word, end) = ("w".repeat(length), "the end\n".repeat(9));
            alike(&format!("{word}: a\n  {word}:\n{word}\na: {word} #\na: {word}: b#\n{end}b: c"));
        }
    }

    proptest! {
        #[test]
        fn any_lines(text in "([ -]{0,6}[a-z0-9._/@\"-]{0,6}(: ?|:| #|#|)[a-z :#'\\[é]{0,9}[\t\r\u{1} ]?\n){0,9}[a-z: #\n]{0,90}") {
            alike(&(text + "\n" + &"the end\n".repeat(9)));
        }
    }
}
