//! The packed search: one pass over the bytes (SIMD, chosen at run time) for the `GRAMS`, and what is found compared
//! with the anchors that hold them.
//!
//! By [`Wide`] where the processor has its instruction, else by Teddy, as in aho-corasick; there is neither on a
//! processor without SIMD. Both find the same.

use std::ops::Range;

use aho_corasick::Span;
use aho_corasick::packed::{self, MatchKind};
use fearless_simd::Level;

use super::grams::{DEPTH, GRAMS};
use super::wide::Wide;

/// The packed search, and the anchors behind each of its patterns.
pub(super) struct Packed {
    by: By,
    /// For each pattern: the anchors that hold it.
    anchors: Vec<Vec<Holder>>,
    /// How far behind the start of an anchor its gram may end.
    reach: usize,
}

/// How the grams are found.
enum By {
    Wide(Box<Wide>, Level),
    Teddy(packed::Searcher),
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

impl Packed {
    /// The search, and the anchors that hold no gram.
    pub(super) fn new(anchors: &[&'static str], level: Level) -> Option<(Packed, Vec<&'static str>)> {
        let grams = numbered();
        let by = if has_wide(level) {
            By::Wide(Box::new(Wide::new(&grams)), level)
        } else {
            let searcher = packed::Config::new()
                .match_kind(MatchKind::LeftmostFirst)
                .heuristic_pattern_limits(false)
                .builder()
                .extend(&grams)
                .build()?;
            By::Teddy(searcher)
        };
        let (anchors, rest) = holders(&grams, anchors);
        let ends = grams
            .iter()
            .zip(&anchors)
            .flat_map(|(gram, holders)| holders.iter().map(move |holder| holder.offset + gram.len()));
        let reach = ends.max().unwrap_or(0);
        Some((Packed { by, anchors, reach }, rest))
    }

    /// The first place of a gram in a part of the bytes, and who holds it.
    fn find(&self, bytes: &[u8], range: Range<usize>) -> Option<(usize, &[Holder])> {
        let from = range.start;
        let (place, number) = match &self.by {
            By::Wide(wide, level) => {
                let (place, number) = wide.find(*level, bytes.get(range)?)?;
                (from + place, number)
            }
            By::Teddy(searcher) => {
                let found = searcher.find_in(bytes, Span::from(range))?;
                (found.start(), found.pattern().as_usize())
            }
        };
        Some((place, &self.anchors[number]))
    }

    /// As [`Searcher::first`](super::Searcher::first).
    pub(super) fn first(&self, bytes: &[u8], range: &Range<usize>) -> Option<usize> {
        let end = (range.end + self.reach).min(bytes.len());
        let mut from = range.start;
        while let Some((place, holders)) = self.find(bytes, from..end) {
            let starts = holders.iter().filter_map(|holder| holder.start(bytes, place));
            if let Some(start) = starts.filter(|start| range.contains(start)).min() {
                return Some(start);
            }
            from = place + 1;
        }
        None
    }

    /// Adds the anchors that begin in `range`, and some that begin before it.
    pub(super) fn search(&self, bytes: &[u8], range: Range<usize>, hits: &mut Vec<usize>) {
        let end = (range.end + self.reach).min(bytes.len());
        let mut from = range.start;
        while let Some((place, holders)) = self.find(bytes, from..end) {
            hits.extend(holders.iter().filter_map(|holder| holder.start(bytes, place)));
            from = place + 1;
        }
    }
}

/// Whether the processor looks up 64 bytes with one instruction: `vpermb`, of Intel since Ice Lake (2019) and of AMD
/// since Zen 4 (2022).
#[cfg(target_arch = "x86_64")]
pub(super) fn has_wide(level: Level) -> bool {
    level.as_avx512().is_some()
}

/// No other one was measured.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn has_wide(_: Level) -> bool {
    false
}

/// All grams by their numbers. Teddy puts its i-th pattern into the bucket i mod 16 (from behind), but equal ones
/// together: so a bucket that holds fewer grams than another is filled with its first one.
fn numbered() -> Vec<&'static str> {
    (0..DEPTH)
        .filter(|&row| GRAMS.iter().any(|bucket| row < bucket.len()))
        .flat_map(|row| GRAMS.iter().map(move |bucket| *bucket.get(row).unwrap_or(&bucket[0])))
        .collect()
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
