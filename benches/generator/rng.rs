//! SplitMix64: the generator's only source of chance.
//!
//! One `u64` of state, three multiplications a draw, and the same numbers on every machine and for ever: a
//! corpus is named by its plan alone and need not be kept. It is the mixer of Steele, Lea and Flood, "Fast
//! splittable pseudorandom number generators" (OOPSLA 2014), with the constants of Vigna's reference version.
//! It is no cryptography, and it is not the `rand` crate, whose streams may change between versions.

/// A stream of pseudo-random numbers, fixed by its seed.
pub(crate) struct Rng {
    state: u64,
}

impl Rng {
    /// The stream that belongs to `seed`. Every seed is good, zero too.
    pub(crate) fn new(seed: u64) -> Rng {
        Rng { state: seed }
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0. Multiply and shift instead of `%`: faster, and the bias (below
    /// 2⁻³² for the small ends in use) is no concern for logs.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        ((self.bits() >> 32) * end) >> 32
    }

    /// One of `choices`, which are not empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// Whether an event of the given probability, in thousandths, happens.
    pub(crate) fn per_mille(&mut self, chance: u64) -> bool {
        self.below(1000) < chance
    }
}
