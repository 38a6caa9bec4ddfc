//! Logs made to measure: realistic, of any size, and with a known number of failing requests.
//!
//! Benchmarks need gigabytes that nobody wants in a repository, and a count to hold the report against. So a
//! corpus is a [`Plan`], the same bytes for the same plan on every machine, and what was written says exactly
//! how many of its records report a failing API request. It needs nothing but the standard library.
//!
//! It is no source of truth about wording: the templates repeat a handful of the commonest signatures, and
//! every record is one line. Whether apiblame understands the logs of the world is judged by the fixtures,
//! not here.
//!
//! A plan becomes text on this way: a corpus picks a template (`sparse`, `apiserver`), the scribe fills its
//! blanks with `words`, times of the `clock` and numbers of the `rng`; `tree` and `yaml` make a must-gather
//! of the same.

mod apiserver;
mod clock;
mod rng;
mod scribe;
mod sparse;
mod tiny;
mod tree;
mod words;
mod yaml;

use std::io::{self, Write};

use clock::LOGS_START;
use scribe::Scribe;
pub(crate) use tree::write_tree;

/// Bytes that are gathered before they go to the writer.
const CHUNK: usize = 256 * 1024;

/// A kind of log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Corpus {
    /// The mixture of a cluster's pods, 0.3 % of the lines failing.
    Sparse,
    /// The same without a failing line.
    Clean,
    /// Nothing but failing lines.
    Dense,
    /// Audit events, 1 % of them 503 by an aggregated API.
    Audit,
    /// kube-apiserver at `-v=3`, 0.1 % of its requests 503 by an aggregated API.
    KubeApiserver,
    /// A fixed log of 20 lines, whatever the plan's size and seed.
    Tiny,
    /// A tree of small files; `write_tree` writes it, [`write`] can't.
    MustGather,
}

/// What to write.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) corpus: Corpus,
    /// Bytes to reach: a log ends with the first line that does; a must-gather comes within some per cent.
    pub(crate) bytes: u64,
    pub(crate) seed: u64,
}

/// Bytes from a text like `100M`, `1G`, `64k` or `4096`; the letters are powers of ten.
pub(crate) fn size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.char_indices().last()? {
        (end, 'k' | 'K') => (&text[..end], 1_000),
        (end, 'M') => (&text[..end], 1_000_000),
        (end, 'G') => (&text[..end], 1_000_000_000),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) lines: u64,
    pub(crate) bytes: u64,
    /// Records that report a failing API request, exactly.
    pub(crate) failures: u64,
}

/// Writes the log that the plan describes.
///
/// # Errors
/// Those of `out`; and [`io::ErrorKind::InvalidInput`] for a must-gather, which is no single log.
pub(crate) fn write(plan: &Plan, out: &mut impl Write) -> io::Result<Written> {
    match plan.corpus {
        Corpus::Sparse => stream(plan, out, |scribe, text| sparse::record(3, scribe, text)),
        Corpus::Clean => stream(plan, out, |scribe, text| sparse::record(0, scribe, text)),
        Corpus::Dense => stream(plan, out, |scribe, text| sparse::record(1000, scribe, text)),
        Corpus::Audit => stream(plan, out, apiserver::audit),
        Corpus::KubeApiserver => stream(plan, out, apiserver::kube_apiserver),
        Corpus::Tiny => {
            out.write_all(tiny::LOG.as_bytes())?;
            let lines = tiny::LOG.lines().count() as u64;
            Ok(Written { lines, bytes: tiny::LOG.len() as u64, failures: tiny::FAILURES })
        }
        Corpus::MustGather => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "a must-gather is a directory, not a log"))
        }
    }
}

/// Writes records, one a line, until the plan's size is reached. `record` says whether its record reports a
/// failure.
fn stream<W, R>(plan: &Plan, out: &mut W, mut record: R) -> io::Result<Written>
where
    W: Write,
    R: FnMut(&mut Scribe, &mut Vec<u8>) -> bool,
{
    let mut scribe = Scribe::new(plan.seed, LOGS_START, "");
    let mut text = Vec::with_capacity(CHUNK + 4096);
    let mut written = Written::default();
    while written.bytes < plan.bytes {
        while text.len() < CHUNK && written.bytes + (text.len() as u64) < plan.bytes {
            written.failures += u64::from(record(&mut scribe, &mut text));
            written.lines += 1;
        }
        out.write_all(&text)?;
        written.bytes += text.len() as u64;
        text.clear();
    }
    Ok(written)
}

/// A number in decimal digits.
fn number(out: &mut Vec<u8>, value: u64) {
    let width = value.checked_ilog10().map_or(1, |log| log as usize + 1);
    digits(out, value, width);
}

/// The lowest `width` decimal digits of a number, zeros in front; `width` is at most 20.
fn digits(out: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut text = [b'0'; 20];
    for digit in text[20 - width..].iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&text[20 - width..]);
}

// Benches have no test harness; `[[test]] name = "generator"` in Cargo.toml runs these. They import nothing
// outside of the functions, which a build without a harness drops.
#[cfg(test)]
mod tests {
    #[test]
    fn the_same_plan_gives_the_same_bytes() {
        use super::Corpus::{Audit, Clean, Dense, KubeApiserver, Sparse, Tiny};
        use super::{Plan, write};
        let text = |corpus, seed| {
            let mut text = Vec::new();
            let written = write(&Plan { corpus, bytes: 300_000, seed }, &mut text).unwrap();
            assert_eq!(written.bytes, text.len() as u64);
            assert_eq!(written.lines, text.split(|&byte| byte == b'\n').count() as u64 - 1);
            text
        };
        for corpus in [Sparse, Clean, Dense, Audit, KubeApiserver, Tiny] {
            assert_eq!(text(corpus, 7), text(corpus, 7), "{corpus:?}");
            assert_eq!(text(corpus, 7) == text(corpus, 8), corpus == Tiny, "{corpus:?}");
        }
    }

    #[test]
    fn failures_are_the_lines_that_hold_a_failing_phrase() {
        use super::Corpus::{Audit, Clean, Dense, KubeApiserver, Sparse, Tiny};
        use super::{Plan, write};
        const PHRASES: [&str; 6] = [
            "currently unable to handle the request",
            "failing or missing response from",
            "stale GroupVersion discovery",
            "Request attempt #",
            "\"code\":503",
            "resp=503",
        ];
        for corpus in [Sparse, Clean, Dense, Audit, KubeApiserver, Tiny] {
            let mut text = Vec::new();
            let written = write(&Plan { corpus, bytes: 2_000_000, seed: 1 }, &mut text).unwrap();
            let text = String::from_utf8(text).unwrap();
            let failing =
                text.lines().filter(|line| PHRASES.iter().any(|phrase| line.contains(phrase))).count();
            assert_eq!(written.failures, failing as u64, "{corpus:?}");
            assert_eq!(written.failures > 0, corpus != Clean, "{corpus:?}");
        }
    }

    #[test]
    fn sizes_have_units() {
        let sizes = ["4096", "64k", "100M", "1G", "", "M", "1T"].map(super::size);
        assert_eq!(
            sizes,
            [Some(4096), Some(64_000), Some(100_000_000), Some(1_000_000_000), None, None, None]
        );
    }

    #[test]
    fn a_tree_is_the_same_for_the_same_plan() {
        use super::{Corpus, Plan, write_tree};
        let plan = Plan { corpus: Corpus::MustGather, bytes: 1_000_000, seed: 3 };
        let dir = std::env::temp_dir().join(format!("apiblame-generator-{}", std::process::id()));
        let twice = [write_tree(&dir, &plan).unwrap(), write_tree(&dir, &plan).unwrap()];
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(twice[0], twice[1]);
        assert!(twice[0].bytes > 500_000 && twice[0].failures > 0, "{:?}", twice[0]);
    }
}
