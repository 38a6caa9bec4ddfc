//! How many lines there are before a place of a block.
//!
//! Where the processor compares 64 bytes at once and says which are newlines in one word, half of the time goes that
//! memchr takes with 32; on others memchr counts. Not for lines themselves: those are looked for around hits only.

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};
use memchr::memchr_iter;

use super::packed::has_wide;

/// Counts newlines from the start of the core, each byte once.
pub(super) struct Counter {
    /// What 64 bytes at once are compared by, if that is worth while.
    wide: Option<Level>,
    at: usize,
    lines: u64,
}

impl Counter {
    /// Nothing is counted so far; counting begins at this place.
    pub(super) fn new(at: usize) -> Counter {
        Counter { wide: Some(Level::new()).filter(|level| has_wide(*level)), at, lines: 0 }
    }

    /// The newlines before a place; no less than before.
    pub(super) fn up_to(&mut self, bytes: &[u8], place: usize) -> u64 {
        if place > self.at {
            let more = &bytes[self.at..place];
            self.lines += match self.wide {
                Some(level) => dispatch!(level, simd => newlines(simd, more)),
                None => memchr_iter(b'\n', more).count() as u64,
            };
            self.at = place;
        }
        self.lines
    }
}

#[inline(always)]
fn newlines<S: Simd>(simd: S, bytes: &[u8]) -> u64 {
    let (whole, rest) = bytes.as_chunks();
    let of = |bytes| u64::from(u8x64::load_array_ref(simd, bytes).simd_eq(b'\n').to_bitmask().count_ones());
    whole.iter().map(of).sum::<u64>() + rest.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newlines_wherever_they_stand() {
        let text: Vec<u8> = (0..1000u32).map(|n| if n * n % 11 < 3 { b'\n' } else { b'a' }).collect();
        for from in 0..130 {
            for wide in [None, Some(Level::new()), Some(Level::baseline())] {
                let mut counter = Counter { wide, at: from, lines: 0 };
                for place in [from, from + 1, from + 63, from + 65, 400, 300, 999, 1000] {
                    let place_or_further = place.max(counter.at);
                    let want = text[from..place_or_further].iter().filter(|byte| **byte == b'\n').count();
                    assert_eq!(counter.up_to(&text, place), want as u64, "{from} to {place}");
                }
            }
        }
    }
}
