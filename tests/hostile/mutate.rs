//! Damages bytes as broken clusters and hostile hands do: flipped, cut, duplicated, interleaved.
//! The same seed gives the same damage on every machine.

#![allow(unreachable_pub, reason = "the fuzz crate uses them too")]

/// Words that mean something to a parser.
const WORDS: &[&[u8]] = &[
    b"the server is currently unable to handle the request",
    b"/apis/a.example.com/v1",
    b"Request attempt #1/9 failed; will retry: GET https://h/apis/",
    b"stderr P ",
    b"2026-11-23T13:47:26.955Z ",
    b"E1123 13:54:17.604149    7271 a.go:1] ",
    b"Traceback (most recent call last):\n  File \"x\"\n",
    b"{\"level\":\"error\",\"msg\":\"",
    b"\\u001b[31m\\\\\\\"",
    b"<\n\t",
    b": &a [*a, *a]\n",
    b"9999-12-31T23:59:59Z",
    b"0000-01-01T00:00:00Z",
    b"\xed\xa0\x80\xff",
    b"\r\n",
    b"\0",
    b"(get .)",
];

/// A generator of numbers (splitmix64).
#[derive(Clone, Debug)]
pub struct Rng(pub u64);

impl Rng {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Damages `bytes` in one to six ways; `other` is what may be mixed in.
pub fn mutate(rng: &mut Rng, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=rng.below(6) {
        let at = rng.below(out.len() + 1);
        let end = (at + rng.below(200)).min(out.len());
        match rng.below(7) {
            0 => (0..=rng.below(16)).for_each(|_| flip(rng, &mut out)),
            1 => drop(out.drain(at..end)),
            2 => out.truncate(at),
            3 => {
                let piece = out[at..end].to_vec();
                out.splice(at..at, piece);
            }
            4 => out = interleave(rng, &out, other),
            5 => {
                let word = WORDS[rng.below(WORDS.len())];
                out.splice(at..at, word.iter().copied());
            }
            _ => {
                let from = rng.below(other.len() + 1);
                let piece = other[from..(from + rng.below(300)).min(other.len())].to_vec();
                out.splice(at..end, piece);
            }
        }
    }
    out
}

fn flip(rng: &mut Rng, bytes: &mut [u8]) {
    let at = rng.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << rng.below(8);
    }
}

/// Two programs that write to one file, sometimes in the middle of a line.
fn interleave(rng: &mut Rng, one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(one.len() + other.len().min(one.len()));
    let (mut one, mut other) = (one, &other[..other.len().min(one.len())]);
    while !one.is_empty() || !other.is_empty() {
        for side in [&mut one, &mut other] {
            let take = if rng.below(3) > 0 {
                side.iter().position(|&byte| byte == b'\n').map_or(side.len(), |at| at + 1)
            } else {
                (1 + rng.below(90)).min(side.len())
            };
            out.extend_from_slice(&side[..take]);
            *side = &side[take..];
        }
    }
    out
}
