//! The clock of a corpus: it starts at a fixed instant and only moves forward.
//!
//! It knows how the loggers of the field write a time, and caches the text of the current second, since
//! formatting dates would otherwise cost more than everything else in a line. It reads no clock of the
//! machine.

use super::digits;

/// 2026-07-14T08:30:00Z, where every log starts, in seconds since 1970.
pub(crate) const LOGS_START: u64 = 1_784_017_800;
/// 2021-09-14T14:15:26Z, where every must-gather starts, in seconds since 1970.
pub(crate) const TREE_START: u64 = 1_631_628_926;

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// An instant, and its second as text.
pub(crate) struct Clock {
    /// Microseconds since 1970.
    micros: u64,
    /// The second that `text` holds.
    second: u64,
    /// `2026-07-14T08:30:00`
    text: [u8; 19],
}

impl Clock {
    /// A clock that shows `start` (seconds since 1970).
    pub(crate) fn new(start: u64) -> Clock {
        let text = second_text(start);
        Clock { micros: start * 1_000_000, second: start, text }
    }

    /// Moves on by so many microseconds.
    pub(crate) fn advance(&mut self, micros: u64) {
        self.micros += micros;
        let second = self.micros / 1_000_000;
        if second != self.second {
            self.second = second;
            self.text = second_text(second);
        }
    }

    /// `0714 08:30:00.123456`, klog's: no year, no zone.
    pub(crate) fn klog(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text[5..7]);
        out.extend_from_slice(&self.text[8..10]);
        out.push(b' ');
        out.extend_from_slice(&self.text[11..]);
        out.push(b'.');
        digits(out, self.micros % 1_000_000, 6);
    }

    /// `2026-07-14T08:30:00Z`, with so many digits (0, 3, 6 or 9) after the second.
    pub(crate) fn iso(&self, fraction: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text);
        if fraction > 0 {
            out.push(b'.');
            // The clock has microseconds; the three digits below them are made up, but fixed for the instant.
            let nanos = self.micros % 1_000_000 * 1000 + self.micros / 7 % 1000;
            digits(out, nanos / 10_u64.pow(9 - fraction as u32), fraction);
        }
        out.push(b'Z');
    }

    /// `2026-07-14 08:30:00,123`, Python's.
    pub(crate) fn python(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text[..10]);
        out.push(b' ');
        out.extend_from_slice(&self.text[11..]);
        out.push(b',');
        digits(out, self.micros / 1000 % 1000, 3);
    }

    /// `14/Jul/2026:08:30:00 +0000`, the access log's.
    pub(crate) fn access(&self, out: &mut Vec<u8>) {
        let month = usize::from((self.text[5] - b'0') * 10 + self.text[6] - b'0') * 3;
        out.extend_from_slice(&self.text[8..10]);
        out.push(b'/');
        out.extend_from_slice(&MONTHS.as_bytes()[month - 3..month]);
        out.push(b'/');
        out.extend_from_slice(&self.text[..4]);
        out.push(b':');
        out.extend_from_slice(&self.text[11..]);
        out.extend_from_slice(b" +0000");
    }
}

/// `YYYY-MM-DDThh:mm:ss` of a second since 1970, by Hinnant's `civil_from_days`.
fn second_text(second: u64) -> [u8; 19] {
    let days = second / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);

    let mut text = Vec::with_capacity(19);
    let fields = [(year, 4, b'-'), (month, 2, b'-'), (day, 2, b'T')];
    let times = [(second / 3600 % 24, 2, b':'), (second / 60 % 60, 2, b':'), (second % 60, 2, b' ')];
    for (value, width, after) in fields.into_iter().chain(times) {
        digits(&mut text, value, width);
        text.push(after);
    }
    text.truncate(19);
    text.try_into().expect("years have four digits")
}
