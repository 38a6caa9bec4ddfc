//! `cargo bench --bench choose_grams -- LOG…`: chooses the table of `src/scan/grams.rs` and prints it.
//!
//! A command in the clothes of a bench. It looks for four bytes of each anchor and for the bucket they go
//! into, such that few places in healthy logs are candidates of the packed search (see the head of the
//! table). The logs should be healthy and differ: the generator's `clean`, `kubeapiserver` and `audit`, and
//! the logs of a real must-gather are what the present table was chosen with. The first 3 MB of each count,
//! and each counts the same.
//!
//! The cost of a table is: for each place that a bucket accepts, as much as comparing its grams costs; three
//! times that again for each place where a gram really stands, because then the anchors are compared and the
//! search begins anew; and a little for each gram. Simulated annealing, from a greedy cover; the moves take
//! another window of an anchor, move a gram to another bucket, or swap two. A minute finds tables that differ
//! by a third: take the best of `SEEDS`.

use std::collections::HashMap;
use std::env;
use std::process::ExitCode;

use apiblame::failure;

type Gram = [u8; 4];

const BUCKETS: usize = 16;
/// As in the table. Most buckets come out with fewer: that is the room for rows that are added by hand.
const DEPTH: usize = 7;
const STEPS: usize = 1_500_000;
const SEEDS: u64 = 8;
/// Bytes of each log that are looked at.
const SAMPLE: usize = 3_000_000;
/// What a gram costs for being there, in candidates per MB.
const PER_GRAM: f64 = 20.0;
/// How hot the annealing begins and ends, in candidates per MB.
const HEAT: (f64, f64) = (800.0, 3.0);

fn main() -> ExitCode {
    // `cargo bench` puts `--bench` among the arguments.
    let paths: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let mut logs = Vec::new();
    for path in &paths {
        match std::fs::read(path) {
            Ok(bytes) => logs.push(Statistics::of(&bytes[..bytes.len().min(SAMPLE)])),
            Err(error) => {
                eprintln!("choose_grams: {path}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    if logs.is_empty() {
        eprintln!("usage: cargo bench --bench choose_grams -- LOG…");
        return ExitCode::SUCCESS;
    }
    let anchors = failure::anchors();
    let all = Statistics::mean(&logs);
    let best = (1..=SEEDS)
        .map(|seed| {
            let mut search = Search::new(&anchors, &all, seed);
            search.anneal();
            eprintln!("seed {seed}: {} grams, cost {:.0}", search.uses.len(), search.cost());
            search
        })
        .min_by(|a, b| a.cost().total_cmp(&b.cost()));
    let Some(best) = best else { return ExitCode::FAILURE };
    for (path, log) in paths.iter().zip(&logs) {
        let candidates: f64 = best.buckets.iter().map(|bucket| log.accepted(bucket)).sum();
        let grams: f64 = best.uses.keys().map(|gram| log.of_gram(*gram)).sum();
        eprintln!("{path}: {candidates:.0} candidates per MB, {grams:.0} of them grams");
    }
    best.print();
    ExitCode::SUCCESS
}

/// The last two of four bytes, and how often they follow the first two.
type Rest = Vec<(u8, u8, f64)>;

/// How often four bytes stand in a log, per MB.
struct Statistics {
    count: HashMap<Gram, f64>,
    /// By first byte, then by second: the rest.
    tree: Vec<Vec<(u8, Rest)>>,
}

impl Statistics {
    fn of(bytes: &[u8]) -> Statistics {
        let mut count = HashMap::new();
        for window in bytes.windows(4) {
            *count.entry([window[0], window[1], window[2], window[3]]).or_default() +=
                1e6 / bytes.len() as f64;
        }
        Statistics::new(count, 0.0)
    }

    /// What is too rare to count is left out.
    fn mean(all: &[Statistics]) -> Statistics {
        let mut count: HashMap<Gram, f64> = HashMap::new();
        for (gram, often) in all.iter().flat_map(|one| &one.count) {
            *count.entry(*gram).or_default() += often / all.len() as f64;
        }
        Statistics::new(count, 0.6)
    }

    fn new(count: HashMap<Gram, f64>, least: f64) -> Statistics {
        let mut tree: Vec<HashMap<u8, Rest>> = vec![HashMap::new(); 256];
        let mut sorted: Vec<_> = count.iter().filter(|(_, often)| **often >= least).collect();
        sorted.sort_by_key(|(gram, _)| **gram);
        for ([a, b, c, d], often) in sorted {
            tree[usize::from(*a)].entry(*b).or_default().push((*c, *d, *often));
        }
        let tree = tree.into_iter().map(|by_second| {
            let mut sorted: Vec<_> = by_second.into_iter().collect();
            sorted.sort_by_key(|(second, _)| *second);
            sorted
        });
        Statistics { tree: tree.collect(), count }
    }

    fn of_gram(&self, gram: Gram) -> f64 {
        self.count.get(&gram).copied().unwrap_or(0.0)
    }

    /// How many places a bucket accepts.
    fn accepted(&self, bucket: &[Gram]) -> f64 {
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

    fn cost(&self, bucket: &[Gram]) -> f64 {
        let true_ones: f64 = bucket.iter().map(|gram| self.of_gram(*gram)).sum();
        self.accepted(bucket) * (4.0 + bucket.len() as f64) / 8.0 + 3.0 * true_ones
    }
}

/// A table that is being improved.
struct Search<'a> {
    anchors: Vec<Vec<Gram>>,
    logs: &'a Statistics,
    /// The gram of each anchor.
    chosen: Vec<Gram>,
    /// How many anchors each gram serves.
    uses: HashMap<Gram, usize>,
    bucket_of: HashMap<Gram, usize>,
    buckets: Vec<Vec<Gram>>,
    costs: Vec<f64>,
    random: Random,
}

/// A change to a table.
#[derive(Default)]
struct Change {
    chosen: Vec<(usize, Gram)>,
    gone: Option<Gram>,
    /// Grams that are new in a bucket.
    moved: Vec<(Gram, usize)>,
}

impl<'a> Search<'a> {
    fn new(anchors: &[&str], logs: &'a Statistics, seed: u64) -> Search<'a> {
        let windows =
            |anchor: &&str| anchor.as_bytes().windows(4).map(|w| [w[0], w[1], w[2], w[3]]).collect();
        let anchors: Vec<Vec<Gram>> = anchors.iter().map(windows).collect();
        let chosen = cover(&anchors, logs);
        let mut uses = HashMap::new();
        for gram in &chosen {
            *uses.entry(*gram).or_default() += 1;
        }
        let mut grams: Vec<Gram> = uses.keys().copied().collect();
        grams.sort_by_key(|gram| (gram[0] >> 4, gram[1] >> 4, gram[2] >> 4, *gram));
        let mut buckets = vec![Vec::new(); BUCKETS];
        let mut bucket_of = HashMap::new();
        for (index, gram) in grams.iter().enumerate() {
            let bucket = index * BUCKETS / grams.len();
            bucket_of.insert(*gram, bucket);
            buckets[bucket].push(*gram);
        }
        let costs = buckets.iter().map(|bucket| logs.cost(bucket)).collect();
        Search { anchors, logs, chosen, uses, bucket_of, buckets, costs, random: Random(seed * 7919 + 12345) }
    }

    fn cost(&self) -> f64 {
        let overfull: usize = self.buckets.iter().map(|bucket| bucket.len().saturating_sub(DEPTH)).sum();
        self.costs.iter().sum::<f64>() + PER_GRAM * self.uses.len() as f64 + 1e4 * overfull as f64
    }

    fn anneal(&mut self) {
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
        let mut change = Change::default();
        let anchor = self.random.below(self.anchors.len());
        let old = self.chosen[anchor];
        let kind = self.random.below(10);
        if kind < 6 {
            let windows = &self.anchors[anchor];
            let used: Vec<Gram> = windows
                .iter()
                .filter(|gram| self.uses.contains_key(*gram) && **gram != old)
                .copied()
                .collect();
            let from = if kind < 3 && !used.is_empty() { &used } else { windows };
            let new = from[self.random.below(from.len())];
            if new == old {
                return None;
            }
            // All anchors of the old gram that hold the new one go with it.
            let holds = |index: &usize| self.chosen[*index] == old && self.anchors[*index].contains(&new);
            change.chosen = (0..self.anchors.len()).filter(holds).map(|index| (index, new)).collect();
            change.gone = (change.chosen.len() == self.uses[&old]).then_some(old);
            if !self.uses.contains_key(&new) {
                let stays = change.gone.is_some() && self.random.below(2) == 0;
                let bucket = if stays { self.bucket_of[&old] } else { self.random.below(BUCKETS) };
                change.moved.push((new, bucket));
            }
        } else {
            let (from, to) = (self.bucket_of[&old], self.random.below(BUCKETS));
            if from == to {
                return None;
            }
            change.moved.push((old, to));
            if kind >= 8 && !self.buckets[to].is_empty() {
                let other = self.buckets[to][self.random.below(self.buckets[to].len())];
                change.moved.push((other, from));
            }
        }
        Some(change)
    }

    /// Makes the change if it is one for the better, or if it is hot enough.
    fn try_out(&mut self, change: Change, heat: f64) {
        let mut touched: Vec<(usize, Vec<Gram>)> = Vec::new();
        for gram in change.gone.iter().chain(change.moved.iter().map(|(gram, _)| gram)) {
            if let Some(&bucket) = self.bucket_of.get(gram) {
                self.touch(bucket, &mut touched).retain(|other| other != gram);
            }
        }
        for (gram, bucket) in &change.moved {
            self.touch(*bucket, &mut touched).push(*gram);
        }
        let worse = |(index, bucket): &(usize, Vec<Gram>)| {
            bucket.is_empty() || bucket.len() > DEPTH && bucket.len() > self.buckets[*index].len()
        };
        if touched.iter().any(worse) {
            return;
        }
        let costs: Vec<f64> = touched.iter().map(|(_, bucket)| self.logs.cost(bucket)).collect();
        let new = change.moved.iter().filter(|(gram, _)| !self.uses.contains_key(gram)).count();
        let grams = new as f64 - f64::from(u8::from(change.gone.is_some()));
        let before: f64 = touched.iter().map(|(index, _)| self.costs[*index]).sum();
        let risen = costs.iter().sum::<f64>() - before + PER_GRAM * grams;
        if risen > 0.0 && self.random.unit() >= (-risen / heat).exp() {
            return;
        }
        for (anchor, gram) in change.chosen {
            let old = std::mem::replace(&mut self.chosen[anchor], gram);
            *self.uses.entry(gram).or_default() += 1;
            *self.uses.entry(old).or_default() -= 1;
        }
        if let Some(gone) = change.gone {
            self.uses.remove(&gone);
            self.bucket_of.remove(&gone);
        }
        self.bucket_of.extend(change.moved);
        for ((index, bucket), cost) in touched.into_iter().zip(costs) {
            self.buckets[index] = bucket;
            self.costs[index] = cost;
        }
    }

    /// A bucket that the change alters.
    fn touch<'t>(&self, bucket: usize, touched: &'t mut Vec<(usize, Vec<Gram>)>) -> &'t mut Vec<Gram> {
        let place = touched.iter().position(|(index, _)| *index == bucket).unwrap_or_else(|| {
            touched.push((bucket, self.buckets[bucket].clone()));
            touched.len() - 1
        });
        &mut touched[place].1
    }

    fn print(&self) {
        let mut buckets = self.buckets.clone();
        buckets.iter_mut().for_each(|bucket| bucket.sort_unstable());
        buckets.sort_by_key(|bucket| (usize::MAX - bucket.len(), bucket.clone()));
        for bucket in buckets {
            let grams: Vec<String> =
                bucket.iter().map(|gram| format!("{:?}", String::from_utf8_lossy(gram))).collect();
            println!("    &[{}],", grams.join(", "));
        }
    }
}

/// For each anchor one of its windows: greedily those that serve many anchors and are rare.
fn cover(anchors: &[Vec<Gram>], logs: &Statistics) -> Vec<Gram> {
    let mut chosen: Vec<Option<Gram>> = vec![None; anchors.len()];
    while chosen.contains(&None) {
        let mut serves: HashMap<Gram, usize> = HashMap::new();
        for windows in anchors.iter().zip(&chosen).filter(|(_, chosen)| chosen.is_none()).map(|(all, _)| all)
        {
            for gram in windows {
                *serves.entry(*gram).or_default() += 1;
            }
        }
        let worth = |gram: &Gram, serves: usize| serves as f64 / (10.0 + logs.of_gram(*gram));
        let Some((best, _)) =
            serves.iter().max_by(|a, b| worth(a.0, *a.1).total_cmp(&worth(b.0, *b.1)).then(a.0.cmp(b.0)))
        else {
            break; // an anchor of less than four bytes, which the tests of the table tell
        };
        for (windows, chosen) in anchors.iter().zip(&mut chosen) {
            if chosen.is_none() && windows.contains(best) {
                *chosen = Some(*best);
            }
        }
    }
    chosen.into_iter().flatten().collect()
}

/// Xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
