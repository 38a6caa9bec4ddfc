//! Four bytes of each anchor: what the search looks at first.
//!
//! The packed search (Teddy) sorts its patterns into sixteen buckets. For each bucket and each of the
//! first four bytes it knows which low and which high halves of a byte its patterns have, and a place is a
//! *candidate* if one bucket accepts all eight halves. Candidates are then compared byte by byte, which
//! costs a hundred times as much as passing over a place. So the patterns are not the anchors but four
//! bytes out of each, and what counts is that
//! - they are rare in healthy logs, and many anchors share them,
//! - those in one bucket look alike, half by half: four that do not accept what is a mixture of them.
//!
//! `cargo bench --bench choose_grams` chooses both, the four bytes and their buckets, by simulated annealing
//! over the 4-byte statistics of logs, and prints this table.
//!
//! A new anchor without any of these fails the test below. To add one by hand: put four rare bytes of it
//! into the bucket that has the most similar ones; run the chooser again when a dozen have gathered.

/// The buckets. A bucket holds at most [`DEPTH`] grams.
#[rustfmt::skip]
pub(super) const GRAMS: [&[&str]; 16] = [
    &[") 50", ": 50", ": Us", "e ex", "ials", "y un", "zing"],
    &["Bad ", "OR; ", "SSAG", "ch h", "oadi", "ook ", "s: i"],
    &["VK i", "aili", "any ", "avai", "me: ", "ve n", "wn ("],
    &[" \"v1", "'t g", "-Aft", "-raw", "TTP-", "TTP/"],
    &[" EOF", "bhoo", "brok", "onNo", "onne", "orbi"],
    &[") 42", "ECON", "EDOU", "e Gr", "e re", "iExc"],
    &["NOTF", "TTP ", "mpt ", "sp=4", "sp=5", "sthe"],
    &[" han", "each", "er: ", "url "],
    &["-suc", "down", "matc", "not "],
    &["Endp", "retr", "rror", "x509"],
    &["blem", "n ha", "naut", "xpec"],
    &["iled", "imed", "osed", "ping"],
    &[" API", "e to"],
    &[" fro", "ver "],
    &["code", "eout"],
    &["vice"],
];

/// How many grams a bucket may hold: aho-corasick's packed search takes fewer than 128 patterns.
pub(super) const DEPTH: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::anchors;

    const AGAIN: &str = "; see the head of src/scan/grams.rs, or run `cargo bench --bench choose_grams`";

    #[test]
    fn every_anchor_holds_four_of_these_bytes() {
        for anchor in anchors() {
            let covered = GRAMS.iter().any(|bucket| bucket.iter().any(|gram| anchor.contains(gram)));
            assert!(covered, "no gram for {anchor:?}: add four rare bytes of it to a bucket{AGAIN}");
        }
    }

    #[test]
    fn every_gram_is_needed_and_fits() {
        let anchors = anchors();
        for bucket in GRAMS {
            assert!((1..=DEPTH).contains(&bucket.len()), "a bucket is full or empty{AGAIN}: {bucket:?}");
            for gram in bucket {
                assert_eq!(gram.len(), 4, "{gram:?}");
                assert!(
                    anchors.iter().any(|anchor| anchor.contains(gram)),
                    "no anchor holds {gram:?}{AGAIN}"
                );
            }
        }
    }
}
