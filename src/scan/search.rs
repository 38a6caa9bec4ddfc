//! The search for all anchors at once.
//!
//! One pass of a packed search (see `packed`). Where the machine has no such instructions, the automaton searches
//! for the anchors themselves: both find the same places. The automaton also searches for what holds none
//! of the `GRAMS`, as the user's own wordings may.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};
use fearless_simd::Level;

use super::packed::Packed;
use crate::failure;

/// Finds anchors.
pub struct Searcher {
    packed: Option<Packed>,
    automaton: Option<AhoCorasick>,
    /// Bytes of the longest anchor.
    longest: usize,
}

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| Searcher::new(&failure::anchors()));

/// The searcher for the anchors of all signatures, built once.
pub fn searcher() -> &'static Searcher {
    &SEARCHER
}

impl Searcher {
    /// A searcher for these strings.
    pub fn new(anchors: &[&'static str]) -> Searcher {
        Searcher::with(anchors, Level::new())
    }

    /// A searcher that uses no more than what a processor has.
    fn with(anchors: &[&'static str], level: Level) -> Searcher {
        let (packed, rest) = match Packed::new(anchors, level) {
            Some((packed, rest)) => (Some(packed), rest),
            None => (None, anchors.to_vec()),
        };
        let automaton = if rest.is_empty() { None } else { automaton(&rest) };
        let longest = anchors.iter().map(|anchor| anchor.len()).max().unwrap_or(0);
        Searcher { packed, automaton, longest }
    }

    /// A place in `range` where an anchor begins: the first, or another one on the same line (anchors hold no
    /// newline, so that two of which one is found sooner and begins later overlap).
    pub fn first(&self, bytes: &[u8], range: Range<usize>) -> Option<usize> {
        self.search(bytes, range.end).first(range.start)
    }

    /// A search from front to back, up to `end`.
    pub(super) fn search<'s, 'b>(&'s self, bytes: &'b [u8], end: usize) -> Search<'s, 'b> {
        Search { searcher: self, bytes, end, packed: Ahead::Unknown, automaton: Ahead::Unknown }
    }

    /// The places in `range` where an anchor begins, in order. Anchors may reach beyond the range.
    pub fn hits(&self, bytes: &[u8], range: Range<usize>) -> Vec<usize> {
        let mut hits = Vec::new();
        if range.is_empty() {
            return hits;
        }
        if let Some(automaton) = &self.automaton {
            let found = automaton.find_overlapping_iter(bytes).map(|found| found.start());
            hits.extend(found.filter(|hit| range.contains(hit)));
        }
        if let Some(packed) = &self.packed {
            packed.search(bytes, range.clone(), &mut hits);
        }
        hits.retain(|hit| range.contains(hit));
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}

/// A search of which the places only move on: what one of both ways has found ahead is not looked for again.
pub(super) struct Search<'s, 'b> {
    searcher: &'s Searcher,
    bytes: &'b [u8],
    end: usize,
    packed: Ahead,
    automaton: Ahead,
}

/// What was found ahead: a place, nothing up to the end, or not known.
#[derive(Clone, Copy)]
enum Ahead {
    Unknown,
    Place(usize),
    Nothing,
}

impl Ahead {
    /// The first place at or behind `from`, by a search if that is not known.
    fn at(&mut self, from: usize, search: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let known = match *self {
            Ahead::Place(place) => place >= from,
            Ahead::Nothing => true,
            Ahead::Unknown => false,
        };
        if !known {
            *self = search().map_or(Ahead::Nothing, Ahead::Place);
        }
        match *self {
            Ahead::Place(place) => Some(place),
            _ => None,
        }
    }
}

impl Search<'_, '_> {
    /// As [`Searcher::first`]; `from` is never less than before.
    pub(super) fn first(&mut self, from: usize) -> Option<usize> {
        let (bytes, range) = (self.bytes, from..self.end);
        if range.is_empty() {
            return None;
        }
        let Searcher { packed, automaton, longest } = self.searcher;
        let automaton = automaton.as_ref().and_then(|automaton| {
            let end = (range.end + longest).min(bytes.len());
            self.automaton.at(from, || {
                let mut found = automaton.find_overlapping_iter(Input::new(bytes).span(from..end));
                found.find(|found| range.contains(&found.start())).map(|found| found.start())
            })
        });
        let packed = packed.as_ref().and_then(|packed| self.packed.at(from, || packed.first(bytes, &range)));
        automaton.into_iter().chain(packed).min()
    }
}

fn automaton(anchors: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().match_kind(MatchKind::Standard).build(anchors).ok()
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Searcher(packed: {})", self.packed.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With what this processor has, with what each has, and without any of it.
    fn ways() -> [Searcher; 3] {
        let anchors = failure::anchors();
        let plain = Searcher { packed: None, automaton: automaton(&anchors), longest: 64 };
        [Searcher::new(&anchors), Searcher::with(&anchors, Level::baseline()), plain]
    }

    #[test]
    fn all_ways_find_the_same_records() {
        let anchors = failure::anchors();
        let text = anchors.join(" and \n") + " resp=200 \": EOF";
        let [found, packed, plain] = ways().map(|way| way.hits(text.as_bytes(), 0..text.len()));
        assert!(found == plain && packed == plain);
        assert!(plain.len() >= anchors.len());
    }

    #[test]
    fn the_first_is_on_the_line_of_the_first() {
        let anchors = failure::anchors();
        assert!(anchors.iter().all(|anchor| !anchor.contains('\n')));
        let text = anchors.join("\nno\n").into_bytes();
        let line = |hit: usize| text[..hit].iter().filter(|&&byte| byte == b'\n').count();
        for searcher in ways() {
            let all = searcher.hits(&text, 0..text.len());
            for from in 0..text.len() {
                let first = searcher.first(&text, from..text.len());
                let want = all.iter().find(|&&hit| hit >= from);
                assert_eq!(first.map(line), want.map(|&hit| line(hit)), "{from}");
                assert!(first.is_none_or(|first| all.contains(&first) && first >= from));
                assert!(first.is_none_or(|first| searcher.first(&text, from..first + 1).is_some()));
            }
        }
    }

    #[test]
    fn an_anchor_is_found_wherever_the_range_is_cut() {
        let text = format!("{}Request attempt #{}", "x".repeat(300), "y".repeat(300));
        for cut in 0..=text.len() {
            let first = searcher().hits(text.as_bytes(), 0..cut);
            let second = searcher().hits(text.as_bytes(), cut..text.len());
            assert_eq!([first, second].concat(), [300], "{cut}");
        }
    }
}
