//! Headers of one line that are not klog's.

use std::borrow::Cow;

use super::Head;
use crate::record::Level;
use crate::time;

/// Words that a level can be, in any case; anything else is no level.
const LEVELS: &[&str] = &[
    "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "panic", "critical",
    "dpanic", "dbg", "inf", "wrn",
];

fn level_word(word: &str) -> Option<Level> {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word)).then(|| Level::parse(word))
}

/// Splits the first word off; blanks and tabs separate.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches([' ', '\t']);
    text.split_at(text.find([' ', '\t']).unwrap_or(text.len()))
}

/// `[2026-11-23 00:21:24,539] kopf._core.reactor.o [ERROR   ] message` (kopf `--log-format=full`),
/// and pino-pretty's `[2021-12-20 01:03:10.560 +0000] ERROR (name/1 on host): message`.
pub(super) fn kopf(line: &str) -> Option<Head<'_>> {
    let (at, rest) = time::dated(line.strip_prefix('[')?)?;
    let rest = &rest[rest.find(']')? + 1..];
    let (logger, rest) = word(rest);
    if let Some(level) = level_word(logger) {
        return Some(Head { at: Some(at), level, body: Cow::Borrowed(rest.trim_start()), ..Head::default() });
    }
    let rest = rest.trim_start();
    let (level, body) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((level, body)) if level_word(level).is_some() => (Level::parse(level), body.trim_start()),
        _ => (Level::Unknown, rest),
    };
    Some(Head {
        at: Some(at),
        level,
        logger: Cow::Borrowed(logger),
        body: Cow::Borrowed(body),
        ..Head::default()
    })
}

/// `time=".." level=.. msg=".."` in any order (logrus text, slog, go-kit logfmt).
pub(super) fn logrus(line: &str) -> Option<Head<'_>> {
    let starts = ["time=", "level=", "ts=", "t=", "msg=", "caller="];
    if !starts.iter().any(|key| line.starts_with(key)) {
        return None;
    }
    let value = |key: &str| {
        let at = if line.starts_with(key) { 0 } else { line.find(&format!(" {key}"))? + 1 };
        let rest = &line[at + key.len()..];
        Some(match rest.strip_prefix('"') {
            Some(quoted) => &quoted[..quoted.find('"').unwrap_or(quoted.len())],
            None => word(rest).0,
        })
    };
    let at = value("time=").or_else(|| value("ts=")).and_then(|text| time::dated(text)).map(|(at, _)| at);
    let level = value("level=").map_or(Level::Unknown, Level::parse);
    let logger = value("caller=").or_else(|| value("logSource=")).unwrap_or("");
    Some(Head { at, level, logger: Cow::Borrowed(logger), body: Cow::Borrowed(line), ..Head::default() })
}

/// `WARN[0041] message` (logrus on a terminal).
pub(super) fn logrus_tty(line: &str) -> Option<Head<'_>> {
    let (level, rest) = line.split_once('[')?;
    let (seconds, body) = rest.split_once(']')?;
    let is_header =
        level.len() <= 5 && level.bytes().all(|b| b.is_ascii_uppercase()) && level_word(level).is_some();
    (is_header && !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit())).then(|| Head {
        level: Level::parse(level),
        body: Cow::Borrowed(body.trim_start()),
        ..Head::default()
    })
}

/// A date and time, then a level somewhere among the next words: zap console, tracing, Python's and
/// Java's usual layouts, rancher's `[ERROR]`, Go's plain `log`.
pub(super) fn dated(line: &str) -> Option<Head<'_>> {
    let (at, rest) = time::dated(line)?;
    Some(after_time(Some(at), rest))
}

fn after_time(at: Option<time::Stamp>, rest: &str) -> Head<'_> {
    let mut logger = "";
    let mut tail = rest;
    for _ in 0..4 {
        let (next, after) = word(tail);
        if let Some(level) = level_word(next) {
            let (first, body) = word(after);
            // zap console: a tab, then the logger's name
            if logger.is_empty() && after.starts_with('\t') && !first.contains(['{', '"', '=']) {
                logger = first;
                let body = if body.trim().is_empty() { after } else { body };
                return Head {
                    at,
                    level,
                    logger: Cow::Borrowed(logger),
                    body: Cow::Borrowed(body.trim_start()),
                    ..Head::default()
                };
            }
            return Head {
                at,
                level,
                logger: Cow::Borrowed(logger),
                body: Cow::Borrowed(after.trim_start()),
                ..Head::default()
            };
        }
        if next.is_empty() {
            break;
        }
        logger = next;
        tail = after;
    }
    Head { at, body: Cow::Borrowed(rest.trim_start()), ..Head::default() }
}

/// `08:22:01.003 DEBUG logger - message` (logback without a date). The time is of no day: left out.
pub(super) fn clock(line: &str) -> Option<Head<'_>> {
    let bytes = line.as_bytes();
    if bytes.len() < 9 || bytes[2] != b':' || bytes[5] != b':' || !bytes[0].is_ascii_digit() {
        return None;
    }
    let rest = line.get(8..)?; // the seconds may be no digits, nor end with a character
    let head =
        after_time(None, rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ','));
    (head.level != Level::Unknown).then_some(head)
}

/// `1.6847664855755103e+09\tERROR\tReconciler error\t{…}` (zap with the epoch encoder).
pub(super) fn epoch(line: &str) -> Option<Head<'_>> {
    let (number, rest) = word(line);
    if !number.starts_with('1') || !number.contains('.') {
        return None;
    }
    let number = number.replace("+0", "e+0").replace("ee+", "e+");
    let head = after_time(time::epoch(number.parse().ok()?), rest);
    (head.level != Level::Unknown).then_some(head)
}

/// `  ERROR  failed with status …` (tracing's compact form begins with blanks; taken off before).
pub(super) fn rust_span(line: &str) -> Option<Head<'_>> {
    let (first, rest) = word(line);
    let known = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(&first) && rest.starts_with(' ');
    known.then(|| Head {
        level: Level::parse(first),
        body: Cow::Borrowed(rest.trim_start()),
        ..Head::default()
    })
}

/// `WARNING:urllib3.connectionpool:message` (Python's `basicConfig`).
pub(super) fn python(line: &str) -> Option<Head<'_>> {
    let (level, rest) = line.split_once(':')?;
    let (logger, body) = rest.split_once(':')?;
    let known = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"].contains(&level);
    let named = !logger.is_empty()
        && logger.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    (known && named).then(|| Head {
        level: Level::parse(level),
        logger: Cow::Borrowed(logger),
        body: Cow::Borrowed(body),
        ..Head::default()
    })
}

/// `[ERROR] message`, `[INFO] message` (rancher without a time, maven, shell scripts).
pub(super) fn bracket(line: &str) -> Option<Head<'_>> {
    let (level, body) = line.strip_prefix('[')?.split_once(']')?;
    let level = level_word(level)?;
    Some(Head { level, body: Cow::Borrowed(body.trim_start()), ..Head::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kopf_full() {
        let head = kopf("[2026-11-23 00:21:24,539] kopf._core.reactor.o [ERROR   ] it failed").unwrap();
        assert_eq!((head.logger.as_ref(), head.body.as_ref()), ("kopf._core.reactor.o", "it failed"));
        assert_eq!(head.level, Level::Error);
    }

    #[test]
    fn zap_console() {
        let head = dated("2026-07-14T10:50:03Z\tERROR\tsetup\tunable to start\t{\"error\": \"x\"}").unwrap();
        assert_eq!((head.logger.as_ref(), head.level), ("setup", Level::Error));
        assert_eq!(head.body, "unable to start\t{\"error\": \"x\"}");
    }

    #[test]
    fn logrus_text() {
        let head = logrus("level=error msg=\"a b\" time=\"2026-07-14T10:50:03Z\"").unwrap();
        assert_eq!(head.level, Level::Error);
        assert!(head.at.is_some());
    }
}
