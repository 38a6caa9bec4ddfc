//! The parts of a line that differ from record to record though both say the same: times, and ids in the
//! form of a UUID. With them blanked out, a line is its *shape* (see `shapes`).
//!
//! A blank must not have a part in what a record says. So only that is one which none of the phrases that
//! failures are read from can be part of, or reach into: a time that its reader accepts as one, and a UUID
//! in double quotes. Numbers, addresses and names are none: `503`, `:10250` and `kopf` do matter.

use std::sync::LazyLock;

use memchr::{memchr, memchr2_iter};

use crate::failure;
use crate::time::{self, Stamp};

/// What stands in a blank, and what each of its digits becomes in a shape: no byte of ASCII, so that a shape
/// tells its blanks from the same text with zeros in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    /// `2026-07-14T08:31:22.123`, in every form that `time::dated` reads.
    Dated = 0x80,
    /// `0714 08:31:22.123456`.
    Klog,
    /// `Jul 14 08:31:22`.
    Syslog,
    /// The 36 characters of a UUID.
    Id,
}

/// Bytes that a time may have, with its offset from UTC.
const LONGEST_TIME: usize = 48;

/// A blank of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blank {
    start: usize,
    kind: Kind,
    /// The time that stands there, if it is one.
    pub(super) at: Option<Stamp>,
}

impl Blank {
    /// The time that stands there in another line of ASCII.
    pub(super) fn time(self, line: &[u8]) -> Option<Stamp> {
        let text = line.get(self.start..)?;
        let text = std::str::from_utf8(&text[..text.len().min(LONGEST_TIME)]).ok()?;
        let read = match self.kind {
            Kind::Dated => time::dated(text),
            Kind::Klog => time::klog(text),
            Kind::Syslog => time::syslog(text),
            Kind::Id => None,
        };
        read.map(|(at, _)| at)
    }

    /// Where the digits of a time end that has its first colon there.
    fn end(colon: usize, line: &[u8]) -> usize {
        let seconds = colon + 6;
        match line.get(seconds) {
            Some(b'.' | b',') => {
                seconds + 1 + line[seconds + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count()
            }
            _ => seconds,
        }
    }
}

/// Writes the shape of a line to `shape`: every digit of a blank is the same. The line must be ASCII. Lines of
/// one shape have the same blanks, but for the times.
pub(super) fn blank_out(bytes: &[u8], shape: &mut Vec<u8>, blanks: &mut Vec<Blank>) {
    shape.clear();
    shape.extend_from_slice(bytes);
    blanks.clear();
    // The keys of a JSON object are sorted by what they are: a blank must not be part of one.
    let object = memchr(b'{', bytes).is_some();
    for mark in memchr2_iter(b':', b'-', bytes) {
        let found = if bytes[mark] == b':' { time_at(bytes, mark) } else { id_at(bytes, mark) };
        let Some((blank, end)) = found.filter(|&(_, end)| !object || !is_key(&bytes[end..])) else {
            continue;
        };
        for byte in &mut shape[blank.start..end] {
            let digit = byte.is_ascii_digit() || blank.kind == Kind::Id && *byte != b'-';
            *byte = if digit { blank.kind as u8 } else { *byte };
        }
        blanks.push(blank);
    }
}

/// The time whose hour ends at a colon, and its end.
fn time_at(bytes: &[u8], colon: usize) -> Option<(Blank, usize)> {
    if bytes.get(colon + 3) != Some(&b':') {
        return None;
    }
    let (kind, length) = match bytes[colon.checked_sub(3)?] {
        b'T' | b't' => (Kind::Dated, 13),
        b' ' => match bytes[colon.checked_sub(6)?] {
            b'-' | b'/' => (Kind::Dated, 13),
            b' ' => (Kind::Syslog, 9),
            _ => (Kind::Klog, 7),
        },
        _ => return None,
    };
    let mut blank = Blank { start: colon.checked_sub(length)?, kind, at: None };
    let end = Blank::end(colon, bytes);
    if !is_apart(bytes, blank.start, end) {
        return None;
    }
    blank.at = Some(blank.time(bytes)?);
    Some((blank, end))
}

/// Whether what stands around a time keeps its digits from being a part of anything else.
fn is_apart(line: &[u8], start: usize, end: usize) -> bool {
    let before = start == 0 || BEFORE.contains(&line[start - 1]);
    before
        && !line.get(end).is_some_and(u8::is_ascii_digit)
        && !DIGITS_FIRST.iter().any(|rest| line.get(end..).is_some_and(|behind| behind.starts_with(rest)))
}

/// What may stand before a time: blanks, quotes, brackets, the letter of klog.
const BEFORE: &[u8] = b" \t\"[IWEF";

/// What is left of the phrases that begin with digits, without these: a fraction of a second could be them
/// (`08:31:22.404 page not found`).
static DIGITS_FIRST: LazyLock<Vec<&'static [u8]>> = LazyLock::new(|| {
    let digits_first = |phrase: &&str| phrase.starts_with(|first: char| first.is_ascii_digit());
    let rest =
        |phrase: &'static str| phrase.trim_start_matches(|digit: char| digit.is_ascii_digit()).as_bytes();
    failure::phrases().filter(digits_first).map(rest).collect()
});

/// The UUID in double quotes whose first dash stands there, and its end.
fn id_at(line: &[u8], dash: usize) -> Option<(Blank, usize)> {
    let quote = dash.checked_sub(9)?;
    let id = line.get(quote + 1..quote + 37)?;
    let formed = line[quote] == b'"'
        && line.get(quote + 37) == Some(&b'"')
        && [8, 13, 18, 23].iter().all(|&at| id[at] == b'-');
    let digits = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let groups = [0..8, 9..13, 14..18, 19..23, 24..36];
    (formed && groups.into_iter().all(|group| id[group].iter().all(digits)))
        .then_some((Blank { start: quote + 1, kind: Kind::Id, at: None }, quote + 37))
}

/// Whether the string that goes on in `rest`, if it is one, is the key of a JSON object.
fn is_key(rest: &[u8]) -> bool {
    let mut from = 0;
    while let Some(quote) = memchr(b'"', &rest[from..]).map(|at| from + at) {
        if quote == 0 || rest[quote - 1] != b'\\' {
            let behind = rest[quote + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
            return behind == Some(&b':');
        }
        from = quote + 1;
    }
    false
}

/// A line of the same shape with something else in its blanks. Of two variants one has small digits and one
/// large ones, and no two blanks of a line have the same time.
pub(super) fn fill(line: &str, blanks: &[Blank], late: bool) -> String {
    let mut text = line.to_owned();
    for (number, blank) in blanks.iter().enumerate() {
        let minute = format!("{:02}", if late { 59 - number % 60 } else { number % 60 });
        let (date, hour) = if late { ("1228", "23") } else { ("0101", "00") };
        let (text_of, colon) = match blank.kind {
            Kind::Id => {
                let id = if late {
                    "fedcbafe-dcba-4fed-8cba-fedcbafedcba"
                } else {
                    "50350050-3503-4503-8503-503503503503"
                };
                (id.to_owned(), None)
            }
            Kind::Klog => (format!("{date} {hour}:{minute}:00"), Some(7)),
            Kind::Syslog => {
                let single = text.as_bytes()[blank.start + 4] == b' ';
                let day = if single {
                    " 1"
                } else if late {
                    "28"
                } else {
                    "10"
                };
                (format!("{} {day} {hour}:{minute}:00", &text[blank.start..blank.start + 3]), Some(9))
            }
            Kind::Dated => {
                let year = if late { "2099" } else { "2001" };
                let (dash, space) =
                    (&text[blank.start + 4..=blank.start + 4], &text[blank.start + 10..=blank.start + 10]);
                (format!("{year}{dash}{}{dash}{}{space}{hour}:{minute}:00", &date[..2], &date[2..]), Some(13))
            }
        };
        let end = blank.start + text_of.len();
        text.replace_range(blank.start..end, &text_of);
        if let Some(colon) = colon.map(|length| blank.start + length) {
            let fraction = end..Blank::end(colon, text.as_bytes());
            let digits: String = text[fraction.clone()]
                .chars()
                .map(|c| {
                    if !c.is_ascii_digit() {
                        c
                    } else if late {
                        '9'
                    } else {
                        '1'
                    }
                })
                .collect();
            text.replace_range(fraction, &digits);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape with zeros, and how many blanks it has.
    fn shape(line: &str) -> (String, usize) {
        let (mut shape, mut blanks) = (Vec::new(), Vec::new());
        blank_out(line.as_bytes(), &mut shape, &mut blanks);
        let places =
            |blanks: &[Blank]| blanks.iter().map(|blank| (blank.start, blank.kind)).collect::<Vec<_>>();
        for late in [false, true] {
            let (mut again, mut same) = (Vec::new(), Vec::new());
            blank_out(fill(line, &blanks, late).as_bytes(), &mut again, &mut same);
            assert_eq!(shape, again, "{line} is filled with what has another shape");
            assert_eq!(places(&blanks), places(&same), "{line}: one shape, but other blanks");
        }
        let zeros = shape.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { '0' });
        (zeros.collect(), blanks.len())
    }

    #[test]
    fn times_and_ids_are_blanks() {
        for (line, blanks) in [
            ("E0714 08:31:22.123456       1 a.go:1] it failed", 1),
            ("2026-07-14T08:31:22.123456789Z stderr F E0714 08:31:22.123456       1 a.go:1] it failed", 2),
            ("[2026-11-23 00:21:24,539] kopf [ERROR   ] it failed", 1),
            ("time=\"2026-07-14T10:50:03Z\" level=error msg=\"it\"", 1),
            ("Jul 14 08:31:22.123456 host kubelet[1]: it failed", 1),
            ("Jul  3 08:31:22 host kubelet[1]: it failed", 1),
            ("{\"ts\":\"2026-07-14T08:31:22+02:00\",\"id\":\"0a1b2c3d-0000-4fff-8abc-0123456789ab\"}", 2),
            ("2026/07/14 08:31:22 [ERROR] it failed", 1),
        ] {
            assert_eq!(shape(line).1, blanks, "{line}");
        }
        assert_eq!(shape("E0714 08:31:22.123       1 a.go:1] x").0, "E0000 00:00:00.000       1 a.go:1] x");
        assert_eq!(
            shape("a=\"0a1b2c3d-0000-4fff-8abc-0123456789ab\"").0,
            "a=\"00000000-0000-0000-0000-000000000000\""
        );
    }

    #[test]
    fn what_may_matter_is_no_blank() {
        for line in [
            "no time 25:31:22, no day 2026-02-30T08:31:22Z",
            "id=0a1b2c3d-0000-4fff-8abc-0123456789ab",
            "id=\"0a1b2c3d-0000-4fff-8abc-0123456789aB\"",
            "{\"0a1b2c3d-0000-4fff-8abc-0123456789ab\" : 1}",
            "{\"at 2026-07-14T08:31:22Z or \\\" so\":1}",
            "resp=503 10.0.0.1:10250 attempt #3/9",
        ] {
            assert_eq!(shape(line).1, 0, "{line}");
        }
    }

    /// If a phrase began or ended with what may stand in an id, an id could make one.
    #[test]
    fn no_phrase_reaches_into_an_id() {
        let hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-');
        for phrase in failure::phrases() {
            let bytes = phrase.as_bytes();
            let quote = memchr::memrchr(b'"', bytes);
            let into = quote.is_some_and(|at| at + 1 < bytes.len() && bytes[at + 1..].iter().all(hex));
            let out = memchr(b'"', bytes).is_some_and(|at| at > 0 && bytes[..at].iter().all(hex));
            assert!(!into && !out && !bytes.iter().all(hex), "{phrase}");
        }
    }

    /// A time begins with a month or a year of 1970 to 2199; a phrase that held such a digit behind what may
    /// stand before a time, or a part of a clock, could be part of one.
    #[test]
    fn no_phrase_reaches_into_a_time() {
        for phrase in failure::phrases() {
            let bytes = phrase.as_bytes();
            for (at, two) in bytes.windows(2).enumerate() {
                let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let whole = at + 1 + digits < bytes.len() && digits < 4; // `(os error 104)`
                let begins = BEFORE.contains(&two[0]) && matches!(two[1], b'0'..=b'2') && !whole;
                let word = bytes[..at].iter().rfind(|byte| !byte.is_ascii_digit());
                let in_word = word.is_some_and(|byte| byte.is_ascii_lowercase()); // `x509:`
                let goes_on =
                    two[0].is_ascii_digit() && matches!(two[1], b':' | b'-' | b'/' | b'T') && !in_word;
                assert!(!begins && !goes_on, "{phrase}");
            }
        }
        assert_eq!(shape("2026-07-14T08:31:22.404 page not found").1, 0);
        assert_eq!(shape("resp=500714 08:31:22.404").1, 0);
    }
}
