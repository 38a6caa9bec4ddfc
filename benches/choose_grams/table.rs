//! A table that is being improved.

use std::collections::HashMap;

use crate::random::Random;
use crate::statistics::Statistics;
use crate::{DEPTH, EXIT, Gram, PER_GRAM};

const BUCKETS: usize = 16;
const STEPS: usize = 3_000_000;
/// How hot the annealing begins and ends, in candidates per MB.
const HEAT: (f64, f64) = (800.0, 3.0);

pub(crate) struct Table<'a> {
    anchors: Vec<&'a [u8]>,
    logs: &'a Statistics<'a>,
    /// Where in each anchor its gram stands.
    chosen: Vec<usize>,
    /// The anchors that each gram serves, and its bucket.
    grams: HashMap<Gram, (Vec<usize>, usize)>,
    buckets: Vec<Vec<Gram>>,
    costs: Vec<f64>,
    random: Random,
}

/// A change to a table.
struct Change {
    /// Anchors, and where their gram is to stand.
    chosen: Vec<(usize, usize)>,
    /// Grams, and the bucket that they are to go to.
    moved: Vec<(Gram, usize)>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(anchors: &[&'a str], logs: &'a Statistics<'a>, seed: u64) -> Table<'a> {
        let anchors: Vec<&[u8]> = anchors.iter().map(|anchor| anchor.as_bytes()).collect();
        let chosen = cover(&anchors, logs);
        let mut grams: HashMap<Gram, (Vec<usize>, usize)> = HashMap::new();
        for (index, &offset) in chosen.iter().enumerate() {
            grams.entry(gram_at(anchors[index], offset)).or_default().0.push(index);
        }
        let mut sorted: Vec<Gram> = grams.keys().copied().collect();
        sorted.sort_by_key(|gram| (gram[0] >> 4, gram[1] >> 4, gram[2] >> 4, *gram));
        let mut buckets = vec![Vec::new(); BUCKETS];
        for (index, gram) in sorted.iter().enumerate() {
            let bucket = index * BUCKETS / sorted.len();
            buckets[bucket].push(*gram);
            grams.entry(*gram).or_default().1 = bucket;
        }
        let random = Random(seed * 7919 + 12345);
        let mut table = Table { anchors, logs, chosen, grams, buckets, costs: Vec::new(), random };
        table.costs = (0..BUCKETS).map(|bucket| table.cost_of(bucket)).collect();
        table
    }

    pub(crate) fn grams(&self) -> usize {
        self.grams.len()
    }

    pub(crate) fn buckets(&self) -> impl Iterator<Item = Vec<Gram>> {
        self.buckets.iter().cloned()
    }

    /// What the anchors of a gram have from there on.
    pub(crate) fn rests(&self, gram: Gram) -> Vec<&'a [u8]> {
        let served = self.grams.get(&gram).map_or(&[][..], |(served, _)| served);
        served.iter().map(|&index| &self.anchors[index][self.chosen[index]..]).collect()
    }

    pub(crate) fn cost(&self) -> f64 {
        let overfull: usize = self.buckets.iter().map(|bucket| bucket.len().saturating_sub(DEPTH)).sum();
        self.costs.iter().sum::<f64>() + PER_GRAM * self.grams.len() as f64 + 1e4 * overfull as f64
    }

    fn cost_of(&self, bucket: usize) -> f64 {
        let grams = &self.buckets[bucket];
        let exits: f64 = grams
            .iter()
            .filter(|gram| self.logs.of_gram(**gram) > 0.0)
            .map(|gram| self.logs.of_text(shared(&self.rests(*gram))))
            .sum();
        self.logs.accepted(grams) * (4.0 + grams.len() as f64) / 8.0 + EXIT * exits
    }

    pub(crate) fn anneal(&mut self) {
        let mut heat = HEAT.0;
        let cooling = (HEAT.1 / HEAT.0).powf(1.0 / STEPS as f64);
        for _ in 0..STEPS {
            heat *= cooling;
            if let Some(change) = self.propose() {
                self.try_out(change, heat);
            }
        }
    }

    fn propose(&mut self) -> Option<Change> {
        let anchor = self.random.below(self.anchors.len());
        let old = gram_at(self.anchors[anchor], self.chosen[anchor]);
        let kind = self.random.below(10);
        if kind < 6 { self.another_window(anchor, old, kind) } else { self.another_bucket(old, kind) }
    }

    fn another_window(&mut self, anchor: usize, old: Gram, kind: usize) -> Option<Change> {
        let windows: Vec<Gram> = windows(self.anchors[anchor]).collect();
        let used: Vec<Gram> =
            windows.iter().filter(|gram| self.grams.contains_key(*gram) && **gram != old).copied().collect();
        let from = if kind < 3 && !used.is_empty() { &used } else { &windows };
        let new = from[self.random.below(from.len())];
        if new == old {
            return None;
        }
        // Half the time all anchors of the old gram that hold the new one go with it.
        let alone = kind % 2 == 1;
        let chosen: Vec<(usize, usize)> = self.grams[&old]
            .0
            .iter()
            .filter(|index| !alone || **index == anchor)
            .filter_map(|&index| Some((index, place_in(self.anchors[index], new)?)))
            .collect();
        let goes = chosen.len() == self.grams[&old].0.len();
        let mut moved = Vec::new();
        if !self.grams.contains_key(&new) {
            let stays = goes && self.random.below(2) == 0;
            let bucket = if stays { self.grams[&old].1 } else { self.random.below(BUCKETS) };
            moved.push((new, bucket));
        }
        Some(Change { chosen, moved })
    }

    fn another_bucket(&mut self, old: Gram, kind: usize) -> Option<Change> {
        let (from, to) = (self.grams[&old].1, self.random.below(BUCKETS));
        if from == to {
            return None;
        }
        let mut moved = vec![(old, to)];
        if kind >= 8 && !self.buckets[to].is_empty() {
            moved.push((self.buckets[to][self.random.below(self.buckets[to].len())], from));
        }
        Some(Change { chosen: Vec::new(), moved })
    }

    /// Makes the change, and unmakes it unless it is one for the better, or it is hot enough.
    fn try_out(&mut self, change: Change, heat: f64) {
        let at = |table: &Self, (index, offset): (usize, usize)| gram_at(table.anchors[index], offset);
        let old = change.chosen.iter().map(|&(index, _)| at(self, (index, self.chosen[index])));
        let new = change.chosen.iter().map(|&one| at(self, one));
        let mut grams: Vec<Gram> = old.chain(new).chain(change.moved.iter().map(|one| one.0)).collect();
        grams.sort_unstable();
        grams.dedup();
        let known = grams.iter().filter_map(|gram| self.grams.get(gram)).map(|(_, bucket)| *bucket);
        let mut touched: Vec<usize> = known.chain(change.moved.iter().map(|one| one.1)).collect();
        touched.sort_unstable();
        touched.dedup();
        let before = self.cost();
        let saved_grams: Vec<_> = grams.iter().map(|gram| (*gram, self.grams.get(gram).cloned())).collect();
        let saved: Vec<_> =
            touched.iter().map(|&at| (at, self.buckets[at].clone(), self.costs[at])).collect();
        let chosen: Vec<_> = change.chosen.iter().map(|&(index, _)| (index, self.chosen[index])).collect();
        self.make(change);
        let valid = saved.iter().all(|(at, bucket, _)| {
            let now = self.buckets[*at].len();
            now > 0 && (now <= DEPTH || now <= bucket.len())
        });
        if valid {
            touched.iter().for_each(|&at| self.costs[at] = self.cost_of(at));
            let risen = self.cost() - before;
            if risen <= 0.0 || self.random.unit() < (-risen / heat).exp() {
                return;
            }
        }
        for (at, bucket, cost) in saved {
            (self.buckets[at], self.costs[at]) = (bucket, cost);
        }
        for (gram, known) in saved_grams {
            match known {
                Some(known) => self.grams.insert(gram, known),
                None => self.grams.remove(&gram),
            };
        }
        chosen.into_iter().for_each(|(index, offset)| self.chosen[index] = offset);
    }

    fn make(&mut self, change: Change) {
        for (gram, to) in change.moved {
            let entry = self.grams.entry(gram).or_insert_with(|| (Vec::new(), to));
            let from = std::mem::replace(&mut entry.1, to);
            self.buckets[from].retain(|other| *other != gram);
            self.buckets[to].push(gram);
        }
        for (index, offset) in change.chosen {
            let old = gram_at(self.anchors[index], self.chosen[index]);
            self.chosen[index] = offset;
            if let Some((served, _)) = self.grams.get_mut(&gram_at(self.anchors[index], offset)) {
                served.push(index);
            }
            let Some((served, bucket)) = self.grams.get_mut(&old) else { continue };
            served.retain(|other| *other != index);
            if served.is_empty() {
                self.buckets[*bucket].retain(|other| *other != old);
                self.grams.remove(&old);
            }
        }
    }
}

/// For each anchor one of its windows: greedily those that serve many anchors and are rare.
fn cover(anchors: &[&[u8]], logs: &Statistics<'_>) -> Vec<usize> {
    let mut chosen: Vec<Option<usize>> = vec![None; anchors.len()];
    while chosen.contains(&None) {
        let mut serves: HashMap<Gram, usize> = HashMap::new();
        for (anchor, _) in anchors.iter().zip(&chosen).filter(|(_, chosen)| chosen.is_none()) {
            windows(anchor).for_each(|gram| *serves.entry(gram).or_default() += 1);
        }
        let worth = |gram: &Gram, serves: usize| serves as f64 / (10.0 + logs.of_gram(*gram));
        let Some((best, _)) =
            serves.iter().max_by(|a, b| worth(a.0, *a.1).total_cmp(&worth(b.0, *b.1)).then(a.0.cmp(b.0)))
        else {
            break; // an anchor of less than four bytes, which the tests of the table tell
        };
        for (anchor, chosen) in anchors.iter().zip(&mut chosen).filter(|(_, chosen)| chosen.is_none()) {
            *chosen = place_in(anchor, *best);
        }
    }
    chosen.into_iter().flatten().collect()
}

fn windows(anchor: &[u8]) -> impl Iterator<Item = Gram> {
    anchor.windows(4).map(|w| [w[0], w[1], w[2], w[3]])
}

/// Where in the anchor a gram stands.
fn place_in(anchor: &[u8], gram: Gram) -> Option<usize> {
    windows(anchor).position(|other| other == gram)
}

fn gram_at(anchor: &[u8], offset: usize) -> Gram {
    [anchor[offset], anchor[offset + 1], anchor[offset + 2], anchor[offset + 3]]
}

/// What all begin with.
pub(crate) fn shared<'a>(rests: &[&'a [u8]]) -> &'a [u8] {
    let (Some(first), Some(last)) = (rests.iter().min(), rests.iter().max()) else { return &[] };
    let length = first.iter().zip(*last).take_while(|(a, b)| a == b).count();
    &first[..length]
}
