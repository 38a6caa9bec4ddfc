//! The phrases of all signatures, found in one pass.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;

use crate::knowledge::Signature;
use crate::knowledge::own::own;
use crate::knowledge::signatures;

/// A phrase in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) row: &'static Signature,
}

struct Catalogue {
    rows: Vec<&'static Signature>,
    automaton: Option<AhoCorasick>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let rows: Vec<_> = signatures::all().collect();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(rows.iter().map(|row| row.phrase))
        .ok();
    Catalogue { rows, automaton }
});

/// The phrases in `text`, from left to right; of two that begin at one place, the longer.
pub(super) fn atoms(text: &str) -> Vec<Atom> {
    let catalogue = &*CATALOGUE;
    let Some(automaton) = &catalogue.automaton else { return Vec::new() };
    automaton
        .find_iter(text)
        .map(|found| Atom {
            start: found.start(),
            end: found.end(),
            row: catalogue.rows[found.pattern().as_usize()],
        })
        .collect()
}

/// The phrases of all signatures.
pub fn phrases() -> impl Iterator<Item = &'static str> {
    signatures::all().map(|row| row.phrase)
}

/// Whether there are rows of one's own among them, of which nothing is known beforehand.
pub fn has_own_rows() -> bool {
    !own().signatures.is_empty()
}

/// The strings that the block search looks for: each row's anchor, without those that contain
/// another one.
pub fn anchors() -> Vec<&'static str> {
    let mut all: Vec<&str> =
        signatures::all().map(|row| row.anchor).filter(|anchor| !anchor.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    // Every anchor has four bytes at least; one that stands in another begins with four bytes of that.
    let mut by_head: FxHashMap<&[u8], Vec<&str>> = FxHashMap::default();
    for anchor in &all {
        by_head.entry(&anchor.as_bytes()[..HEAD.min(anchor.len())]).or_default().push(anchor);
    }
    let holds_another = |anchor: &str| {
        (0..anchor.len()).any(|at| {
            let rest = &anchor.as_bytes()[at..];
            let others = rest.get(..HEAD).and_then(|head| by_head.get(head));
            others.is_some_and(|others| {
                others.iter().any(|other| *other != anchor && rest.starts_with(other.as_bytes()))
            })
        })
    };
    all.iter().copied().filter(|anchor| !holds_another(anchor)).collect()
}

/// Bytes by which anchors are looked up; none is shorter.
const HEAD: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_anchor_stands_in_another() {
        let anchors = anchors();
        for anchor in &anchors {
            assert!(!anchors.iter().any(|other| other != anchor && anchor.contains(other)), "{anchor}");
        }
    }

    #[test]
    fn every_row_with_an_anchor_is_found_by_one() {
        let anchors = anchors();
        for row in signatures::all().filter(|row| !row.anchor.is_empty()) {
            assert!(anchors.iter().any(|anchor| row.phrase.contains(anchor)), "{}", row.id);
        }
    }
}
