//! Points in time as logs tell them.
//!
//! Logs tell time badly: klog and journald leave out the year, most loggers the zone. A [`Stamp`]
//! keeps what was said; the year that is missing is supplied once per source, when all of it has
//! been read, and the report says that it was assumed. A missing zone is read as UTC.

use jiff::civil;

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a day.
pub const DAY: i64 = 86_400 * SECOND;
/// The leap year that holds stamps without a year until theirs is known.
const UNKNOWN_YEAR: i16 = 2000;

/// A point in time, in nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stamp {
    /// With its year.
    Dated(i64),
    /// Month, day and time only; kept in the leap year 2000.
    Yearless(i64),
}

impl Stamp {
    /// Nanoseconds, whatever the year. Two stamps of one source may be subtracted if they are of
    /// the same kind.
    pub fn nanos(self) -> i64 {
        match self {
            Stamp::Dated(nanos) | Stamp::Yearless(nanos) => nanos,
        }
    }

    /// The point in time, with `year` where none was said.
    pub fn in_year(self, year: i16) -> i64 {
        match self {
            Stamp::Dated(nanos) => nanos,
            Stamp::Yearless(nanos) => {
                let day = civil_of(nanos);
                match civil::Date::new(year, day.month(), day.day()) {
                    Ok(date) => days(date) * DAY + nanos.rem_euclid(DAY),
                    Err(_) => nanos, // 29 February in a common year: as good as unknown
                }
            }
        }
    }

    /// The year, where it was said.
    pub fn year(self) -> Option<i16> {
        match self {
            Stamp::Dated(nanos) => Some(civil_of(nanos).year()),
            Stamp::Yearless(_) => None,
        }
    }

    /// Whether the year was said.
    pub fn has_year(self) -> bool {
        matches!(self, Stamp::Dated(_))
    }
}

/// The year in which a yearless log was most likely written: that of `now`, or the one before if
/// `month`/`day` would lie in the future.
pub fn assumed_year(yearless: i64, now: i64) -> i16 {
    let now = now.clamp(0, (*YEARS.end() - 1970) * 365 * DAY); // the machine's clock may be broken, too
    let year = civil_of(now).year();
    let this_year = Stamp::Yearless(yearless).in_year(year);
    if this_year > now + 2 * DAY { year - 1 } else { year }
}

/// Whether a point in time can be one that a log tells: then sums and differences fit into 64 bits.
pub fn is_possible(nanos: i64) -> bool {
    // An offset from UTC may lead a little out of the years.
    (-5 * DAY..(*YEARS.end() - 1969) * 366 * DAY).contains(&nanos)
}

/// RFC 3339 in UTC, with milliseconds where there are any.
pub fn rfc3339(nanos: i64) -> String {
    let day = civil_of(nanos);
    let (seconds, rest) = (nanos.rem_euclid(DAY) / SECOND, nanos.rem_euclid(SECOND));
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let date = format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
    if rest == 0 {
        format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
    } else {
        format!("{date}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest / 1_000_000)
    }
}

/// The day of a point in time (Howard Hinnant's `civil_from_days`).
fn civil_of(nanos: i64) -> civil::Date {
    let days = nanos.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Nanoseconds in 64 bits reach from 1677 to 2262, so that none of this can fail.
    civil::Date::new(year as i16, month as i8, day as i8).unwrap_or(civil::Date::constant(1970, 1, 1))
}

/// Days since 1970-01-01 (Howard Hinnant's `days_from_civil`).
fn days(date: civil::Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The number that so many digits at the start of `bytes` make; nothing but digits will do.
fn number(bytes: &[u8], digits: usize) -> Option<i64> {
    let all = bytes.get(..digits)?;
    all.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

/// `hh:mm:ss`, then a fraction after `.` or `,`. Nanoseconds of the day. Read by hand, since every record
/// tells its time.
fn clock(input: &str) -> Option<(i64, &str)> {
    let bytes = input.as_bytes();
    let (hour, minute, second) =
        (number(bytes, 2)?, number(bytes.get(3..)?, 2)?, number(bytes.get(6..)?, 2)?);
    if bytes[2] != b':' || bytes[5] != b':' || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let fraction = match bytes.get(8) {
        Some(b'.' | b',') => bytes[9..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    let mut nanos = 0;
    let mut unit = SECOND / 10;
    for digit in bytes[8..].iter().skip(1).take(fraction.min(9)) {
        nanos += i64::from(digit - b'0') * unit;
        unit /= 10;
    }
    let end = if fraction > 0 { 9 + fraction } else { 8 };
    Some((((hour * 60 + minute) * 60 + second) * SECOND + nanos, &input[end..]))
}

/// Years that a log may tell: nanoseconds in 64 bits end in 2262, and room is left for sums. A clock that
/// says another year is broken, and tells no time.
const YEARS: std::ops::RangeInclusive<i64> = 1970..=2199;

fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    if !YEARS.contains(&year) {
        return None;
    }
    let date = civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some(days(date) * DAY)
}

/// `Z`, `+00:00`, `+0000` or nothing: the offset from UTC in nanoseconds.
fn offset(input: &str) -> (&str, i64) {
    if let Some(rest) = input.strip_prefix(['Z', 'z']) {
        return (rest, 0);
    }
    let bytes = input.as_bytes();
    let sign = match bytes.first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return (input, 0),
    };
    let colon = usize::from(bytes.get(3) == Some(&b':'));
    let parse = |at: usize| input.get(at..at + 2).and_then(|text| text.parse::<i64>().ok());
    match (parse(1), parse(3 + colon)) {
        (Some(hours), Some(minutes)) => (&input[5 + colon..], sign * (hours * 60 + minutes) * 60 * SECOND),
        _ => (input, 0),
    }
}

/// `2026-07-14T08:31:22.123456789Z`, `2026-07-14 08:31:22,123`, `2026/07/14 08:31:22`, with or
/// without an offset. Gives the stamp and the rest of the text.
pub fn dated(input: &str) -> Option<(Stamp, &str)> {
    let bytes = input.as_bytes();
    let separator = *bytes.get(4)?;
    if bytes.len() < 19 || !matches!(separator, b'-' | b'/') || bytes[7] != separator {
        return None;
    }
    if !matches!(bytes[10], b'T' | b't' | b' ') {
        return None;
    }
    let midnight = date(number(bytes, 4)?, number(&bytes[5..], 2)?, number(&bytes[8..], 2)?)?;
    let (of_day, rest) = clock(input.get(11..)?)?;
    let (rest, offset) = offset(rest);
    Some((Stamp::Dated(midnight + of_day - offset), rest))
}

/// klog's `0714 08:31:22.123456`.
pub fn klog(input: &str) -> Option<(Stamp, &str)> {
    let bytes = input.as_bytes();
    let midnight = date(i64::from(UNKNOWN_YEAR), number(bytes, 2)?, number(&bytes[2..], 2)?)?;
    let (of_day, rest) = clock(input.get(4..)?.strip_prefix(' ')?)?;
    Some((Stamp::Yearless(midnight + of_day), rest))
}

const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// journald's and syslog's `Jul 14 08:31:22[.123456]`.
pub fn syslog(input: &str) -> Option<(Stamp, &str)> {
    let month = MONTHS.iter().position(|name| input.starts_with(name))?;
    let rest = input.get(3..)?.strip_prefix(' ')?;
    let day: i64 = rest.get(..2)?.trim_start().parse().ok()?;
    let midnight = date(i64::from(UNKNOWN_YEAR), month as i64 + 1, day)?;
    let (of_day, rest) = clock(rest.get(2..)?.strip_prefix(' ')?)?;
    Some((Stamp::Yearless(midnight + of_day), rest))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
pub fn epoch(number: f64) -> Option<Stamp> {
    let seconds = match number {
        n if !n.is_finite() || n < 1e8 => return None,
        n if n < 1e11 => n,
        n if n < 1e14 => n / 1e3,
        n if n < 1e17 => n / 1e6,
        n => n / 1e9,
    };
    (seconds < 7.2e9).then(|| Stamp::Dated((seconds * 1e6).round() as i64 * 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        dated(text).map(|(stamp, _)| rfc3339(stamp.nanos()))
    }

    #[test]
    fn dated_forms() {
        assert_eq!(shown("2026-07-14T08:31:22Z x").as_deref(), Some("2026-07-14T08:31:22Z"));
        assert_eq!(shown("2026-07-14 08:31:22,123 x").as_deref(), Some("2026-07-14T08:31:22.123Z"));
        assert_eq!(
            shown("2023-10-02T03:21:24.248548892-04:00 I").as_deref(),
            Some("2023-10-02T07:21:24.248Z")
        );
        assert_eq!(shown("2026/07/14 08:31:22 [ERROR]").as_deref(), Some("2026-07-14T08:31:22Z"));
        assert_eq!(shown("2026-13-14T08:31:22Z"), None);
        assert_eq!(shown("2026-07-14T25:31:22Z"), None);
        assert_eq!(shown("1970-01-01T00:00:00Z").as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(shown("2016-12-31T23:59:60Z").as_deref(), Some("2017-01-01T00:00:00Z"));
        assert_eq!((shown("9999-12-31T23:59:59Z"), shown("0000-01-01T00:00:00Z")), (None, None));
    }

    #[test]
    fn days_there_and_back() {
        for day in -90_000..90_000 {
            let nanos = day * DAY + 1;
            assert_eq!(days(civil_of(nanos)), day);
        }
        assert_eq!(rfc3339(i64::MIN / SECOND * SECOND), "1677-09-21T00:12:44Z");
        assert_eq!(rfc3339(i64::MAX / SECOND * SECOND), "2262-04-11T23:47:16Z");
    }

    #[test]
    fn clocks_that_are_none() {
        for text in
            ["2026-07-14T8:31:22Z  ", "2026-07-14T08:31:2", "2026-+7-14T08:31:22Z", "2026-07-14T08.31:22Z"]
        {
            assert_eq!(dated(text), None, "{text}");
        }
        let (stamp, rest) = dated("2026-07-14 08:31:22. x").unwrap();
        assert_eq!((rfc3339(stamp.nanos()).as_str(), rest), ("2026-07-14T08:31:22Z", ". x"));
        let (stamp, rest) = dated("2026-07-14 08:31:22.1234567899Zx").unwrap();
        assert_eq!((stamp.nanos() % SECOND, rest), (123_456_789, "x"));
        assert_eq!(klog("0714 08:31:2"), None);
    }

    #[test]
    fn yearless_forms_take_the_year_they_are_given() {
        let (stamp, rest) = klog("0714 08:31:22.000001       1 x.go:1] m").unwrap();
        assert_eq!(rest, "       1 x.go:1] m");
        assert!(rfc3339(stamp.in_year(2024)).starts_with("2024-07-14T08:31:22"));
        let (stamp, _) = syslog("Aug  3 09:17:42.744563 host").unwrap();
        assert!(rfc3339(stamp.in_year(2021)).starts_with("2021-08-03T09:17:42.744"));
    }

    #[test]
    fn the_year_before_when_the_date_lies_ahead() {
        let (december, _) = klog("1231 23:00:00.0 ").unwrap();
        let (now, _) = dated("2026-01-02T00:00:00Z").unwrap();
        assert_eq!(assumed_year(december.nanos(), now.nanos()), 2025);
    }

    #[test]
    fn epochs_by_size() {
        let want = "2021-02-03T09:38:30.512Z";
        for n in [1_612_345_110.512, 1_612_345_110_512.0, 1_612_345_110_512_000.0] {
            assert_eq!(rfc3339(epoch(n).unwrap().nanos()), want);
        }
        assert_eq!(epoch(42.0), None);
    }
}
