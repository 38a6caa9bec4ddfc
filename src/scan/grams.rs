//! Four bytes or more of each anchor: what the search looks at first.
//!
//! The packed search sorts its patterns into sixteen buckets. Teddy knows for each bucket and each of the
//! first four bytes which low and which high halves of a byte its patterns have, and a place is a
//! *candidate* if one bucket accepts all eight halves (`wide` does so by six bits of a byte). Candidates are
//! compared with the patterns, which costs some hundred times as much as passing over a place; where all bytes
//! of one stand the search ends, and to begin it anew costs three times that. So the patterns are not the
//! anchors but bytes out of each, and what counts is that
//! - the first four are rare in healthy logs, and many anchors share them,
//! - those in one bucket look alike, half by half: four that do not accept what is a mixture of them,
//! - all of them together hardly stand in healthy logs: `error` in any log, `error executing: ` nowhere.
//!
//! `cargo bench --bench choose_grams` chooses the four bytes and their buckets by simulated annealing
//! over the 4-byte statistics of logs, adds what all anchors share that have them, and prints this table.
//!
//! A new anchor without any of these fails the test below. To add one by hand: put four rare bytes of it
//! and what follows into the bucket that has the most similar ones; run the chooser again when a dozen have
//! gathered.

/// The buckets. A bucket holds at most [`DEPTH`] grams.
#[rustfmt::skip]
pub(super) const GRAMS: [&[&str]; 16] = [
    &["   v1", " EOF", " down", "a body from", "o connect to /", "o host", "o long"],
    &["\" 50", "(re)initializing", "AGE\":[", "GVK in discovery: ", "OR; received", "raw ", "url "],
    &["2 503", ": 503", "d API", "d ListAndWatch", "g APIService", "opping", "rt manager"],
    &["APIService/", "ETIMEDOUT", "OUND", "currently unable", "e Group", "etry-", "o HTTPS client"],
    &["ECONNRE", "e re", "e\":4", "e\":50", "m running manager", "o GET route", "o return a response"],
    &["Exception: (", "s code 5", "s) 429", "s) 50", "sp=4", "sp=50", "xyconnect tcp"],
    &["NotFound", "matches fo", "n't get resource", "not ", "nvalid status code '", "oad legacy discovery", "ovide credentials"],
    &["TTP ", "pt #", "t.Timeout", "ta from etcd", "ut activity", "ut waiting for http", "ut, server"],
    &["_header: 'GET ", "socket hang up", "tReady", "teway", "theader-client-ca-file in", "tls: internal", "x509: "],
    &["ailing or missing", "any ", "apping for", "available", "ave no addresses", "ver ", "ver: "],
    &["ch host", "e ex", "e: 5", "e: v1", "k extension API servers", "ll failed", "om http"],
    &["each", "ed with", "en pipe", "enAPI", "he watch stream", "on has been init", "on not"],
    &[" \"v1", "abort while handling", "closed before message", "closed idle conn", "closed network conn", "rror"],
    &[" unknown (", " webhook", "ction ", "d dis", "d kind '", "d non-success resp"],
    &["(MissingEndpoints", "Access", "Disco", "Forbidden", "Unauth", "User "],
    &[" timeout", "piservice"],
];

/// How many grams a bucket may hold: aho-corasick's packed search takes fewer than 128 patterns.
pub(super) const DEPTH: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::anchors;

    const AGAIN: &str = "; see the head of src/scan/grams.rs, or run `cargo bench --bench choose_grams`";

    #[test]
    fn every_anchor_holds_one_of_these() {
        for anchor in anchors() {
            let covered = GRAMS.iter().any(|bucket| bucket.iter().any(|gram| anchor.contains(gram)));
            assert!(covered, "no gram for {anchor:?}: add four rare bytes of it to a bucket{AGAIN}");
        }
    }

    /// The search tells one gram of a place.
    #[test]
    fn no_gram_begins_another() {
        let all: Vec<&str> = GRAMS.concat();
        for gram in &all {
            assert_eq!(all.iter().filter(|other| other.starts_with(gram)).count(), 1, "{gram:?}{AGAIN}");
        }
    }

    #[test]
    fn every_gram_is_needed_and_fits() {
        let anchors = anchors();
        for bucket in GRAMS {
            assert!((1..=DEPTH).contains(&bucket.len()), "a bucket is full or empty{AGAIN}: {bucket:?}");
            for gram in bucket {
                assert!(gram.len() >= 4, "{gram:?}");
                assert!(
                    anchors.iter().any(|anchor| anchor.contains(gram)),
                    "no anchor holds {gram:?}{AGAIN}"
                );
            }
        }
    }
}
