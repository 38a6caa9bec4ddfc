//! The places where one of the `GRAMS` stands, 64 bytes at once: where the processor looks up 64 bytes in a table of 64
//! with one instruction, which takes a quarter of the time of Teddy's 16 bytes and 32 halves.
//!
//! As in Teddy, each bucket of grams has one bit, and a place is a candidate if one bit is set for all of the first four
//! bytes there. But a byte is looked up by its six low bits instead of by both halves: a letter is told from other
//! letters, which are what logs are made of, and is mistaken for nothing but a digit, a mark or a control character.

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64};
use rustc_hash::FxHashMap;

use super::grams::GRAMS;

/// Bytes that are looked at together.
const AT_ONCE: usize = 64;
/// Bytes of a gram that are looked up.
const LOOKED_UP: usize = 4;
/// What has to be in sight for it.
const IN_SIGHT: usize = AT_ONCE + LOOKED_UP - 1;
/// The bits by which a byte is looked up.
const LOW: u8 = 63;

/// The bits of eight buckets, by the place in a gram and the low bits of the byte there.
type Table = [[u8; AT_ONCE]; LOOKED_UP];

/// What is looked for.
pub(super) struct Wide {
    tables: [Table; 2],
    /// A bit for each hash of a gram's first bytes: most candidates are none, and it costs no call to see.
    hashes: [u64; HASHES / 64],
    /// The grams and their numbers, by their first bytes.
    grams: FxHashMap<[u8; LOOKED_UP], Vec<(&'static [u8], usize)>>,
}

/// Different hashes; a power of two.
const HASHES: usize = 4096;

impl Wide {
    /// A search for the [`GRAMS`], which have these numbers.
    pub(super) fn new(numbered: &[&'static str]) -> Wide {
        let mut tables = [[[0; AT_ONCE]; LOOKED_UP]; 2];
        for (bucket, grams) in GRAMS.iter().enumerate() {
            for (place, byte) in grams.iter().flat_map(|gram| gram.bytes().take(LOOKED_UP).enumerate()) {
                tables[bucket / 8][place][usize::from(byte & LOW)] |= 1 << (bucket % 8);
            }
        }
        let mut hashes = [0; HASHES / 64];
        let mut grams = FxHashMap::<_, Vec<_>>::default();
        for (number, gram) in numbered.iter().enumerate() {
            if let Some(first) = gram.as_bytes().first_chunk() {
                let hash = hash(first);
                hashes[hash / 64] |= 1 << (hash % 64);
                grams.entry(*first).or_default().push((gram.as_bytes(), number));
            }
        }
        Wide { tables, hashes, grams }
    }

    /// The first place of a gram, and its number.
    pub(super) fn find(&self, level: Level, bytes: &[u8]) -> Option<(usize, usize)> {
        dispatch!(level, simd => self.find_by(simd, bytes))
    }

    /// All that it calls for each candidate is inlined, so that it may use what this processor has.
    #[inline(always)]
    fn find_by<S: Simd>(&self, simd: S, bytes: &[u8]) -> Option<(usize, usize)> {
        let tables = self.tables.map(|table| table.map(|row| u8x64::load_array(simd, row)));
        let mut at = 0;
        while at < bytes.len() {
            let mut places = 0;
            while let Some(sight) = bytes[at..].first_chunk() {
                places = candidates(simd, &tables, sight);
                if places != 0 {
                    break;
                }
                at += AT_ONCE;
            }
            let rest = bytes.get(at..)?;
            if places == 0 {
                places = candidates(simd, &tables, &padded(rest));
            }
            while places != 0 {
                let place = places.trailing_zeros() as usize;
                if let Some(gram) = rest.get(place..)
                    && self.may_be(gram)
                    && let Some(number) = self.number(gram)
                {
                    return Some((at + place, number));
                }
                places &= places - 1;
            }
            at += AT_ONCE;
        }
        None
    }

    /// Whether a gram may stand there.
    #[inline(always)]
    fn may_be(&self, bytes: &[u8]) -> bool {
        let hash = bytes.first_chunk().map(hash);
        hash.is_some_and(|hash| self.hashes[hash / 64] >> (hash % 64) & 1 == 1)
    }

    /// The number of the gram that stands there.
    fn number(&self, bytes: &[u8]) -> Option<usize> {
        let alike = self.grams.get(bytes.first_chunk::<LOOKED_UP>()?)?;
        alike.iter().find(|(gram, _)| bytes.starts_with(gram)).map(|(_, number)| *number)
    }
}

/// Fibonacci hashing: the high bits of a product with the golden ratio.
#[inline(always)]
fn hash(first: &[u8; LOOKED_UP]) -> usize {
    (u32::from_le_bytes(*first).wrapping_mul(0x9e37_79b9) >> (u32::BITS - HASHES.ilog2())) as usize
}

/// The end of what is searched, and something behind it.
fn padded(rest: &[u8]) -> [u8; IN_SIGHT] {
    let mut sight = [0; IN_SIGHT];
    sight[..rest.len()].copy_from_slice(rest);
    sight
}

/// A bit for each of the places where a gram may stand.
#[inline(always)]
fn candidates<S: Simd>(simd: S, tables: &[[u8x64<S>; LOOKED_UP]; 2], sight: &[u8; IN_SIGHT]) -> u64 {
    let low: [u8x64<S>; LOOKED_UP] =
        std::array::from_fn(|place| u8x64::from_slice(simd, &sight[place..place + AT_ONCE]) & LOW);
    let buckets = |table: &[u8x64<S>; LOOKED_UP]| {
        let [first, second, third, fourth] =
            std::array::from_fn(|place| table[place].swizzle_dyn(low[place]));
        first & second & third & fourth
    };
    (buckets(&tables[0]) | buckets(&tables[1])).simd_ne(0).to_bitmask()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// With what this processor has, and with what each has.
    fn found(wide: &Wide, text: &[u8]) -> Option<(usize, usize)> {
        let grams = GRAMS.concat();
        let starts = |place: usize| grams.iter().position(|gram| text[place..].starts_with(gram.as_bytes()));
        let want = (0..text.len()).find_map(|place| Some((place, starts(place)?)));
        for level in [Level::new(), Level::baseline()] {
            assert_eq!(wide.find(level, text), want, "{level:?}: {:?}", String::from_utf8_lossy(text));
        }
        want
    }

    #[test]
    fn each_gram_is_found_wherever_it_stands() {
        let wide = Wide::new(&GRAMS.concat());
        for gram in GRAMS.concat() {
            for before in [0, 1, 59, 60, 61, 63, 64, 65, 67, 128, 131] {
                for behind in [0, 1, 2, 3, 64, 67] {
                    let text = ["\u{0}".repeat(before), gram.to_owned(), "~".repeat(behind)].concat();
                    assert!(
                        found(&wide, text.as_bytes()).is_some_and(|(place, _)| place <= before),
                        "{text:?}"
                    );
                    let cut = &text.as_bytes()[..before + LOOKED_UP - 1];
                    assert_eq!(found(&wide, cut), None);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn as_one_that_looks_everywhere(text in "[a-z0-9 :\"]{0,40}[ -~\\PC]{0,140}( EOF|: 503|not |tReady| EO)?[ -~]{0,70}") {
            found(&Wide::new(&GRAMS.concat()), text.as_bytes());
        }
    }
}
