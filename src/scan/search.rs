//! The search for all anchors at once.
//!
//! One pass of a packed search (SIMD, chosen at run time) for the `GRAMS`; what it
//! finds is compared with the anchors. Where the machine has no such instructions, the automaton searches
//! for the anchors themselves: both find the same places. The automaton also searches for what holds none
//! of the `GRAMS`, as the user's own wordings may.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::{self, MatchKind as PackedKind};
use aho_corasick::{AhoCorasick, Input, MatchKind, Span};

use super::grams::{DEPTH, GRAMS};
use crate::failure;

/// Finds anchors.
pub struct Searcher {
    packed: Option<Packed>,
    automaton: Option<AhoCorasick>,
    /// Bytes of the longest anchor.
    longest: usize,
}

/// The packed search, and the anchors behind each of its patterns.
struct Packed {
    searcher: packed::Searcher,
    /// For each pattern: the anchors that hold it.
    anchors: Vec<Vec<Holder>>,
    /// How far behind the start of an anchor its gram may end.
    reach: usize,
}

/// An anchor that holds a gram.
struct Holder {
    anchor: &'static [u8],
    /// Where in it the gram stands.
    offset: usize,
    /// A byte beside the gram and where it stands: most places differ there, and it costs no call to see.
    beside: (usize, u8),
}

impl Holder {
    /// A gram of `length` bytes stands at `offset`.
    fn new(anchor: &'static str, offset: usize, length: usize) -> Holder {
        let anchor = anchor.as_bytes();
        let behind = offset + length;
        let beside = if behind < anchor.len() { behind } else { offset.saturating_sub(1) };
        Holder { anchor, offset, beside: (beside, anchor[beside]) }
    }

    /// Where the anchor begins, if the gram at `place` belongs to it.
    fn start(&self, bytes: &[u8], place: usize) -> Option<usize> {
        let start = place.checked_sub(self.offset)?;
        let (beside, byte) = self.beside;
        (bytes.get(start + beside) == Some(&byte) && bytes[start..].starts_with(self.anchor)).then_some(start)
    }
}

static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| Searcher::new(&failure::anchors()));

/// The searcher for the anchors of all signatures, built once.
pub fn searcher() -> &'static Searcher {
    &SEARCHER
}

impl Searcher {
    /// A searcher for these strings.
    pub fn new(anchors: &[&'static str]) -> Searcher {
        let (packed, rest) = match Packed::new(anchors) {
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

impl Packed {
    /// The search, and the anchors that hold no gram.
    fn new(anchors: &[&'static str]) -> Option<(Packed, Vec<&'static str>)> {
        // The search puts its i-th pattern into the bucket i mod 16 (from behind), but equal ones together:
        // so a bucket that holds fewer grams than another is filled with its first one.
        let grams: Vec<&str> = (0..DEPTH)
            .filter(|&row| GRAMS.iter().any(|bucket| row < bucket.len()))
            .flat_map(|row| GRAMS.iter().map(move |bucket| *bucket.get(row).unwrap_or(&bucket[0])))
            .collect();
        let searcher = packed::Config::new()
            .match_kind(PackedKind::LeftmostFirst)
            .heuristic_pattern_limits(false)
            .builder()
            .extend(&grams)
            .build()?;
        let (anchors, rest) = holders(&grams, anchors);
        let ends = grams
            .iter()
            .zip(&anchors)
            .flat_map(|(gram, holders)| holders.iter().map(move |holder| holder.offset + gram.len()));
        let reach = ends.max().unwrap_or(0);
        Some((Packed { searcher, anchors, reach }, rest))
    }

    /// As [`Searcher::first`].
    fn first(&self, bytes: &[u8], range: &Range<usize>) -> Option<usize> {
        let end = (range.end + self.reach).min(bytes.len());
        let mut from = range.start;
        while let Some(found) = self.searcher.find_in(bytes, Span::from(from..end)) {
            let place = found.start();
            let holders = &self.anchors[found.pattern().as_usize()];
            let starts = holders.iter().filter_map(|holder| holder.start(bytes, place));
            if let Some(start) = starts.filter(|start| range.contains(start)).min() {
                return Some(start);
            }
            from = place + 1;
        }
        None
    }

    /// Adds the anchors that begin in `range`, and some that begin before it.
    fn search(&self, bytes: &[u8], range: Range<usize>, hits: &mut Vec<usize>) {
        let end = (range.end + self.reach).min(bytes.len());
        let mut from = range.start;
        while let Some(found) = self.searcher.find_in(bytes, Span::from(from..end)) {
            let place = found.start();
            let holders = &self.anchors[found.pattern().as_usize()];
            hits.extend(holders.iter().filter_map(|holder| holder.start(bytes, place)));
            from = place + 1;
        }
    }
}

/// The anchors that hold each gram, and those that hold none. One pass over the anchors: comparing each with
/// each gram took two fifths of the time of a short log.
fn holders(grams: &[&str], anchors: &[&'static str]) -> (Vec<Vec<Holder>>, Vec<&'static str>) {
    let mut sorted: Vec<_> = grams.iter().zip(0..).map(|(gram, index)| (gram.as_bytes(), index)).collect();
    sorted.sort_unstable();
    let mut holders: Vec<Vec<Holder>> = grams.iter().map(|_| Vec::new()).collect();
    let mut rest = Vec::new();
    for &anchor in anchors {
        let mut held: Vec<(usize, usize)> = Vec::new();
        for (offset, four) in anchor.as_bytes().windows(4).enumerate() {
            let alike = &sorted[sorted.partition_point(|(gram, _)| *gram < four)..];
            let alike = alike.iter().take_while(|(gram, _)| gram.starts_with(four));
            let equal = alike.filter(|(gram, _)| anchor.as_bytes()[offset..].starts_with(gram));
            held.extend(equal.map(|(_, index)| (*index, offset)));
        }
        if held.is_empty() {
            rest.push(anchor);
        }
        held.sort_unstable();
        held.dedup_by_key(|(index, _)| *index); // of a gram that it holds twice, the first place will do
        for (index, offset) in held {
            holders[index].push(Holder::new(anchor, offset, grams[index].len()));
        }
    }
    (holders, rest)
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

    #[test]
    fn both_ways_find_the_same_records() {
        let anchors = failure::anchors();
        let text = anchors.join(" and \n") + " resp=200 \": EOF";
        let packed = searcher().hits(text.as_bytes(), 0..text.len());
        let plain = Searcher { packed: None, automaton: automaton(&anchors), longest: 64 };
        assert_eq!(packed, plain.hits(text.as_bytes(), 0..text.len()));
        assert!(packed.len() >= anchors.len());
    }

    #[test]
    fn the_first_is_on_the_line_of_the_first() {
        let anchors = failure::anchors();
        assert!(anchors.iter().all(|anchor| !anchor.contains('\n')));
        let text = anchors.join("\nno\n").into_bytes();
        let line = |hit: usize| text[..hit].iter().filter(|&&byte| byte == b'\n').count();
        let plain = Searcher { packed: None, automaton: automaton(&anchors), longest: 64 };
        for searcher in [searcher(), &plain] {
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
