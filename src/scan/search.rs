//! The search for all anchors at once.
//!
//! Packed Teddy (SIMD, chosen at run time) where the machine has it and the anchors are few enough;
//! else the automaton. Both find the same places.

use std::sync::LazyLock;

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use crate::failure;

/// Finds anchors in a block.
pub struct Searcher {
    packed: Vec<packed::Searcher>,
    automaton: Option<AhoCorasick>,
}

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| Searcher::new(&failure::anchors()));

/// The searcher for the anchors of all signatures, built once.
pub fn searcher() -> &'static Searcher {
    &SEARCHER
}

impl Searcher {
    /// A searcher for these strings.
    pub fn new(anchors: &[&str]) -> Searcher {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(StartKind::Unanchored)
            .build(anchors)
            .ok();
        Searcher { packed: Vec::new(), automaton }
    }

    /// The first place at or behind `from` where an anchor begins.
    pub fn find(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let mut best: Option<usize> = None;
        for searcher in &self.packed {
            let end = best.unwrap_or(bytes.len());
            let found = searcher.find_in(&bytes[..end], aho_corasick::Span::from(from..end));
            best = found.map(|found| found.start()).or(best);
        }
        if !self.packed.is_empty() {
            return best;
        }
        let automaton = self.automaton.as_ref()?;
        let input = Input::new(bytes).anchored(Anchored::No).range(from..);
        automaton.find(input).map(|found| found.start())
    }
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Searcher({} packed)", self.packed.len())
    }
}
