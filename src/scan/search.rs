//! The search for all anchors at once.
//!
//! Two passes of a packed search (SIMD, chosen at run time) over a piece that fits the first cache,
//! each for half of the `GRAMS`; what they find is compared with the anchors.
//! Where the machine has no such instructions, the automaton searches for the anchors themselves:
//! both find the same places.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::{self, MatchKind as PackedKind};
use aho_corasick::{AhoCorasick, MatchKind, Span};

use super::grams::GRAMS;
use crate::failure;

/// Bytes that both passes look at before the search goes on: they stay in the first cache.
const PIECE: usize = 16 * 1024;

/// Finds anchors.
pub struct Searcher {
    passes: Vec<Pass>,
    automaton: Option<AhoCorasick>,
}

/// One packed search, and the anchors behind each of its patterns.
struct Pass {
    searcher: packed::Searcher,
    /// For each pattern: the anchors that hold it, and where in them it stands.
    anchors: Vec<Vec<(&'static [u8], usize)>>,
}

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| Searcher::new(&failure::anchors()));

/// The searcher for the anchors of all signatures, built once.
pub fn searcher() -> &'static Searcher {
    &SEARCHER
}

impl Searcher {
    /// A searcher for these strings.
    pub fn new(anchors: &[&'static str]) -> Searcher {
        let passes: Option<Vec<Pass>> = GRAMS.iter().map(|grams| Pass::new(grams, anchors)).collect();
        let automaton = passes.is_none().then(|| automaton(anchors)).flatten();
        Searcher { passes: passes.unwrap_or_default(), automaton }
    }

    /// The places in `range` where an anchor begins, in order. Anchors may reach beyond the range.
    pub fn hits(&self, bytes: &[u8], range: Range<usize>) -> Vec<usize> {
        let mut hits = Vec::new();
        if let Some(automaton) = &self.automaton {
            hits.extend(
                automaton.find_iter(bytes).map(|found| found.start()).filter(|hit| range.contains(hit)),
            );
            return hits;
        }
        // A gram may stand some bytes behind the start of its anchor.
        const REACH: usize = 64;
        let mut from = range.start;
        let end = (range.end + REACH).min(bytes.len());
        while from < end {
            let to = (from + PIECE).min(end);
            for pass in &self.passes {
                pass.search(bytes, from..to, &mut hits);
            }
            from = to;
        }
        hits.retain(|hit| range.contains(hit));
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}

impl Pass {
    fn new(grams: &[&str], anchors: &[&'static str]) -> Option<Pass> {
        let searcher =
            packed::Config::new().match_kind(PackedKind::LeftmostFirst).builder().extend(grams).build()?;
        let anchors = grams
            .iter()
            .map(|gram| {
                let holders =
                    anchors.iter().filter_map(|anchor| Some((anchor.as_bytes(), anchor.find(gram)?)));
                holders.collect()
            })
            .collect();
        Some(Pass { searcher, anchors })
    }

    /// Adds the anchors whose gram begins in `range`.
    fn search(&self, bytes: &[u8], range: Range<usize>, hits: &mut Vec<usize>) {
        // A gram that begins in the range may end behind it.
        let end = (range.end + 3).min(bytes.len());
        let mut from = range.start;
        while let Some(found) = self.searcher.find_in(bytes, Span::from(from..end)) {
            let place = found.start();
            for (anchor, offset) in &self.anchors[found.pattern().as_usize()] {
                if let Some(start) = place.checked_sub(*offset)
                    && bytes[start..].starts_with(anchor)
                {
                    hits.push(start);
                }
            }
            from = place + 1;
        }
    }
}

fn automaton(anchors: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(anchors).ok()
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Searcher({} passes)", self.passes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_find_the_same_records() {
        let anchors = failure::anchors();
        let text = anchors.join(" and \n") + " resp=200 \": EOF";
        let packed = searcher().hits(text.as_bytes(), 0..text.len());
        let plain = Searcher { passes: Vec::new(), automaton: automaton(&anchors) };
        for hit in plain.hits(text.as_bytes(), 0..text.len()) {
            assert!(packed.contains(&hit), "{}", &text[hit..(hit + 30).min(text.len())]);
        }
        assert!(packed.len() >= anchors.len());
    }

    #[test]
    fn a_piece_boundary_hides_nothing() {
        let mut text = vec![b'x'; 3 * PIECE];
        for place in [PIECE - 1, PIECE - 5, 2 * PIECE, 2 * PIECE - 20] {
            let anchor = b"Request attempt #";
            text[place..place + anchor.len()].copy_from_slice(anchor);
            let hits = searcher().hits(&text, 0..text.len());
            assert!(hits.contains(&place), "{place}");
            text.fill(b'x');
        }
    }
}
