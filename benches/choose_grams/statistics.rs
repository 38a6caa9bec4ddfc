//! How often what stands in logs, per MB; of several logs the mean.

use std::cell::RefCell;
use std::collections::HashMap;

use memchr::memmem;

use crate::Gram;

/// Four bytes that are rarer are not counted, per MB.
const LEAST: f64 = 0.6;

/// The last two of four bytes, and how often they follow the first two.
type Rest = Vec<(u8, u8, f64)>;

pub(crate) struct Statistics<'l> {
    logs: &'l [Vec<u8>],
    grams: HashMap<Gram, f64>,
    /// By first byte, then by second: the rest.
    tree: Vec<Vec<(u8, Rest)>>,
    /// Of longer texts, what was counted already.
    texts: RefCell<HashMap<Vec<u8>, f64>>,
}

impl<'l> Statistics<'l> {
    pub(crate) fn of(logs: &'l [Vec<u8>]) -> Statistics<'l> {
        let mut grams: HashMap<Gram, f64> = HashMap::new();
        for log in logs {
            let weight = 1e6 / log.len() as f64 / logs.len() as f64;
            for window in log.windows(4) {
                *grams.entry([window[0], window[1], window[2], window[3]]).or_default() += weight;
            }
        }
        grams.retain(|_, often| *often >= LEAST);
        let mut sorted: Vec<_> = grams.iter().map(|(gram, often)| (*gram, *often)).collect();
        sorted.sort_by_key(|(gram, _)| *gram);
        let mut tree: Vec<Vec<(u8, Rest)>> = vec![Vec::new(); 256];
        for ([a, b, c, d], often) in sorted {
            let seconds = &mut tree[usize::from(a)];
            match seconds.last_mut() {
                Some((second, rest)) if *second == b => rest.push((c, d, often)),
                _ => seconds.push((b, vec![(c, d, often)])),
            }
        }
        Statistics { logs, grams, tree, texts: RefCell::default() }
    }

    pub(crate) fn of_gram(&self, gram: Gram) -> f64 {
        self.grams.get(&gram).copied().unwrap_or(0.0)
    }

    /// Of a text of four bytes or more.
    pub(crate) fn of_text(&self, text: &[u8]) -> f64 {
        let gram = self.of_gram([text[0], text[1], text[2], text[3]]);
        if gram == 0.0 || text.len() == 4 {
            return gram;
        }
        if let Some(&often) = self.texts.borrow().get(text) {
            return often;
        }
        let count = |log: &Vec<u8>| memmem::find_iter(log, text).count() as f64 * 1e6 / log.len() as f64;
        let often = self.logs.iter().map(count).sum::<f64>() / self.logs.len() as f64;
        self.texts.borrow_mut().insert(text.to_vec(), often);
        often
    }

    /// How many places a bucket accepts.
    pub(crate) fn accepted(&self, bucket: &[Gram]) -> f64 {
        let mut accepts = [[false; 256]; 4];
        for (place, accepts) in accepts.iter_mut().enumerate() {
            let (low, high) = bucket.iter().fold((0_u16, 0_u16), |(low, high), gram| {
                (low | 1 << (gram[place] & 15), high | 1 << (gram[place] >> 4))
            });
            for (byte, accept) in accepts.iter_mut().enumerate() {
                *accept = low >> (byte & 15) & 1 == 1 && high >> (byte >> 4) & 1 == 1;
            }
        }
        let mut sum = 0.0;
        let firsts = self.tree.iter().zip(accepts[0]).filter(|(_, accept)| *accept);
        for (second, rest) in firsts.flat_map(|(seconds, _)| seconds) {
            if accepts[1][usize::from(*second)] {
                for (third, fourth, often) in rest {
                    if accepts[2][usize::from(*third)] && accepts[3][usize::from(*fourth)] {
                        sum += often;
                    }
                }
            }
        }
        sum
    }
}
