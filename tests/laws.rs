//! Laws that hold for every input, tried on logs made of pieces.
//!
//! A piece is a fragment of a real format, whole or broken: a header without a body, a continuation
//! without a header, half of a UTF-8 character, NUL, CRLF, a line longer than any limit. Random bytes
//! would never reach the readers behind the block search; pieces do, in combinations that nobody
//! writes down.

#[path = "support/diff.rs"]
mod diff;
#[path = "support/report.rs"]
mod report;
#[path = "support/scratch.rs"]
mod scratch;

use std::path::PathBuf;

use apiblame::pipeline::Settings;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq};
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use scratch::{scratch, write};
use serde_json::Value;

/// Fragments: failing requests in several grammars and envelopes, what may follow them, and dirt.
#[rustfmt::skip]
const PIECES: &[&[u8]] = &[
    b"[2026-11-23 13:47:26,955] kopf._core.reactor.o [ERROR   ] Request attempt #1/9 failed; will retry: GET https://10.0.0.1:6443/apis/a.example.com/v1 -> APIServerError(None, None)",
    b"[2026-11-23 13:47:27,962] kopf._core.reactor.o [ERROR   ] Request attempt #2/9 failed; will retry: GET https://10.0.0.1:6443/apis/a.example.com/v1 -> APIServerError(None, None)",
    b"[2026-11-23 13:47:30,965] kopf._core.reactor.o [ERROR   ] Request attempt #9/9 failed; escalating: GET https://10.0.0.1:6443/apis/a.example.com/v1 -> APIServerError(None, None)",
    b"[2026-11-23 13:47:31,000] kopf._core.reactor.r [ERROR   ] Resource observer has failed: (None, None)",
    b"[2026-11-23 13:49:32,649] kopf._core.engines.a [INFO    ] Initial authentication has been initiated.",
    b"E1123 13:54:17.404584    7258 memcache.go:287] \"Unhandled Error\" err=\"couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request\"",
    b"E1123 13:54:17.604149    7271 memcache.go:265] couldn't get current server API group list: Get \"https://10.0.0.1:6443/api?timeout=32s\": dial tcp 10.0.0.1:6443: connect: connection refused",
    b"error: unable to retrieve the complete list of server APIs: b.example.com/v1: stale GroupVersion discovery: b.example.com/v1, metrics.k8s.io/v1beta1: the server is currently unable to handle the request",
    b"E1123 08:29:59.840594       1 controller.go:102] \"Unhandled Error\" err=<",
    b"\tloading OpenAPI spec for \"v1.c.example.com\" failed with: Error, could not get list of group versions for APIService",
    b"\t, Header: map[]",
    b" > logger=\"UnhandledError\"",
    b"2026-11-23T13:47:26.955000001Z stderr P {\"message\": \"Request attempt #1/9 failed; will retry: GET https://10.0.0.1:6443/apis/d.example.com/v1 ",
    b"2026-11-23T13:47:26.955000002Z stderr F -> APIServerError(None, None)\", \"severity\": \"error\"}",
    b"{\"level\":\"error\",\"ts\":\"2026-11-23T13:47:26Z\",\"msg\":\"Reconciler error\",\"error\":\"failed to get API group resources: unable to retrieve the complete list of server APIs: e.example.com/v1: the server is currently unable to handle the request\"}",
    b"{\"level\":\"info\",\"ts\":1795435200.5,\"msg\":\"all is well\"}",
    b"{\"level\":\"error\",\"msg\":\"unable to handle the request",
    b"Traceback (most recent call last):",
    b"  File \"/opt/app/x.py\", line 1, in <module>",
    b"kubernetes.client.exceptions.ApiException: (503)",
    b"Reason: Service Unavailable",
    b"HTTP response body: service unavailable",
    b"The above exception was the direct cause of the following exception:",
    b"aiohttp.client_exceptions.ClientResponseError: 503, message='Service Unavailable', url='https://10.0.0.1:6443/apis/a.example.com/v1'",
    b"[pod/operator-1/main] 2026-11-23T13:47:26.955Z time=\"2026-11-23T13:47:26Z\" level=error msg=\"the server is currently unable to handle the request (get routes.route.openshift.io)\"",
    b"message: >-",
    b"    failing or missing response from https://10.1.2.3:443/apis/f.example.com/v1: dial tcp 10.1.2.3:443:",
    b"Error from server (ServiceUnavailable): the server is currently unable to handle the request",
    b"I1123 13:54:17.000000       1 a.go:1] an ordinary line that says nothing of any request",
    b"I1123 13:54:17.",
    b"[2026-11-23 13:47:26,955] ",
    b"service unavailable",
    b"caf\xc3",
    b"\x80\xff\xfe",
    b"nul\0nul",
    b"\x1b[31mred\x1b[0m the server is currently unable to handle the request (list widgets.g.example.com)",
    b"Bearer abcdefgh12345678 password=hunter2secret",
    b"#",
    b"",
];

const ENDS: &[&[u8]] = &[b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b""];

/// More than is read of a line.
const PADDING: usize = 140 * 1024;

/// One piece and what ends it; now and then a line that is too long.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    (select(PIECES), select(ENDS), 0..60_u8).prop_map(|(piece, end, long)| {
        let padding = if long == 0 { PADDING } else { 0 };
        [piece, &vec![b'x'; padding], end].concat()
    })
}

fn log() -> impl Strategy<Value = Log> {
    proptest::collection::vec(piece(), 0..24).prop_map(|pieces| Log(pieces.concat()))
}

/// A log, shown in failures as a literal that can be pasted, the padding of long lines left out.
struct Log(Vec<u8>);

impl std::ops::Deref for Log {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let padding = "x".repeat(PADDING);
        write!(f, "{} bytes: b\"{}\"", self.len(), self.escape_ascii().to_string().replace(&padding, "…"))
    }
}

/// Tries a law on generated input; the same input on every machine and in every run.
fn hold<S: Strategy>(
    cases: u32,
    input: &S,
    law: impl Fn(S::Value) -> Result<(), proptest::test_runner::TestCaseError>,
) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(input, law) {
        panic!("{error}");
    }
}

fn told(paths: &[PathBuf], settings: Settings) -> Value {
    serde_json::from_str(&report::report(paths, settings)).expect("the report is JSON")
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().expect("the key holds a list")
}

/// Lines as an editor numbers them: a last one without a newline counts, an empty one does not.
fn lines(log: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = log.split(|&byte| byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
}

#[test]
fn every_line_is_counted_and_the_parts_add_up() {
    let folder = scratch("laws-lines");
    hold(120, &log(), |log| {
        let report = told(&[write(&folder, "a.log", &*log)], report::settings());
        let coverage = &report["coverage"];
        if coverage["sources"] == 0 {
            // The dirt alone may make a log look like no text; then that is said.
            prop_assert_eq!(list(coverage, "unreadable").len(), 1);
            return Ok(());
        }
        prop_assert_eq!(&coverage["lines"], lines(&log).len());
        prop_assert_eq!(&coverage["bytes"], log.len());
        let failures = coverage["failures"].as_u64().unwrap_or(0);
        let others = coverage["set_aside"].as_u64().unwrap_or(0);
        prop_assert!(failures + others <= coverage["records"].as_u64().unwrap_or(0), "{coverage}");
        Ok(())
    });
}

#[test]
fn what_is_quoted_stands_at_the_line_that_is_cited() {
    let folder = scratch("laws-evidence");
    let quotes = std::cell::Cell::new(0);
    hold(120, &log(), |log| {
        let report = told(&[write(&folder, "a.log", &*log)], report::settings());
        for incident in list(&report, "incidents") {
            for evidence in list(incident, "evidence") {
                cited(&log, evidence).map_err(proptest::test_runner::TestCaseError::fail)?;
                quotes.set(quotes.get() + 1);
            }
        }
        Ok(())
    });
    assert!(quotes.get() > 100, "the pieces made only {} quotes: the law was hardly tried", quotes.get());
}

/// The quoted text is normalised (escapes, folds, masks), but its words are those of the log: the first of
/// its first line at the cited line, the others there or on the lines behind it.
fn cited(log: &[u8], evidence: &Value) -> Result<(), String> {
    let lines = lines(log);
    let line = evidence["line"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or(0);
    if line == 0 || line > lines.len() {
        return Err(format!("there is no line {line}: {evidence}"));
    }
    let here = printable(lines[line - 1]);
    let behind = printable(&lines[line - 1..].concat());
    let text = evidence["text"].as_str().unwrap_or_default();
    if words(text).next().is_none() {
        return Err(format!("nothing is quoted: {evidence}"));
    }
    let first = words(text.lines().next().unwrap_or_default()).next();
    if let Some(first) = first.filter(|first| !here.contains(&first[..4])) {
        return Err(format!("{first:?} does not stand at line {line}, {here:?}: {evidence}"));
    }
    // Where lines are joined, so may be their words: the beginning of each must stand in the log.
    match words(text).find(|word| !behind.contains(&word[..word.len().min(6)])) {
        Some(word) => Err(format!("{word:?} does not stand behind line {line}: {evidence}")),
        None => Ok(()),
    }
}

/// Words that are long enough to mean something; masks are no words of the log.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| word.len() >= 4 && *word != "masked")
}

/// The text without control characters and the colours of the pieces, as a report quotes it.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\u{1b}[31m", "").replace("\u{1b}[0m", "");
    text.chars().filter(|c| !c.is_control()).collect()
}

#[test]
fn the_order_of_the_sources_does_not_matter() {
    let folder = scratch("laws-order");
    hold(80, &(log(), log()), |(first, second)| {
        let a = write(&folder, "a.log", &*first);
        let b = write(&folder, "b.log", &*second);
        let there = report::report(&[a.clone(), b.clone()], report::settings());
        let back = report::report(&[b, a], report::settings());
        prop_assert!(there == back, "{}", diff::diff(&there, &back));
        Ok(())
    });
}

#[test]
fn a_log_read_twice_fails_twice_of_the_same() {
    let folder = scratch("laws-twice");
    let summary = |report: &Value, factor: u64| -> Vec<(String, u64)> {
        let incidents = list(report, "incidents").iter();
        incidents.map(|one| (one["id"].to_string(), one["failures"].as_u64().unwrap_or(0) * factor)).collect()
    };
    hold(80, &log(), |log| {
        let a = write(&folder, "a.log", &*log);
        let b = write(&folder, "b.log", &*log);
        let once = told(std::slice::from_ref(&a), report::settings());
        let twice = told(&[a, b], report::settings());
        prop_assert_eq!(summary(&once, 2), summary(&twice, 1));
        for key in ["lines", "bytes", "records", "failures", "undated", "truncated_lines"] {
            let (once, twice) = (&once["coverage"][key], &twice["coverage"][key]);
            prop_assert_eq!(once.as_u64().map(|n| 2 * n), twice.as_u64(), "{}", key);
        }
        Ok(())
    });
}

#[test]
fn threads_and_blocks_do_not_matter() {
    let folder = scratch("laws-threads");
    hold(100, &(log(), 64..4096_usize, any::<bool>()), |(log, block, compress)| {
        let path =
            if compress { write(&folder, "a.log", gzip(&log)) } else { write(&folder, "a.log", &*log) };
        let block = if log.len() > 64 * 1024 { 16 * block } else { block };
        let whole =
            report::report(std::slice::from_ref(&path), Settings { threads: 1, ..report::settings() });
        let cut = report::report(&[path], Settings { threads: 2, block, ..report::settings() });
        prop_assert!(whole == cut, "{}", diff::diff(&whole, &cut));
        Ok(())
    });
}

fn gzip(log: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(log).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}
