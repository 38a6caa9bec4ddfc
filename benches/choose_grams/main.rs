//! `cargo bench --bench choose_grams -- LOG…`: chooses the table of `src/scan/grams.rs` and prints it.
//!
//! A command in the clothes of a bench. It looks for four bytes of each anchor and for the bucket they go
//! into, such that few places in healthy logs are candidates of the packed search, and then lengthens them
//! (see the head of the table). The logs should be healthy and differ: the generator's `clean`,
//! `kubeapiserver` and `audit`, and the logs of two real must-gathers are what the present table was chosen
//! with. The first 3 MB of each count, and each counts the same.
//!
//! The cost of a table is: for each place that a bucket accepts, as much as comparing its grams costs;
//! [`EXIT`] times that for each place where all of a gram's bytes stand, because then the search ends, the
//! anchors are compared, and it begins anew; and a little for each gram. Simulated annealing, from a greedy
//! cover; the moves take another window of an anchor, move a gram to another bucket, or swap two. Chance
//! finds tables that differ by a third: the best of `SEEDS` is printed.

mod lengthen;
mod random;
mod statistics;
mod table;

use std::env;
use std::process::ExitCode;

use apiblame::failure;

use lengthen::lengthened;
use statistics::Statistics;
use table::Table;

/// Four bytes of an anchor.
type Gram = [u8; 4];

/// As in the table. Most buckets come out with fewer: that is the room for rows that are added by hand.
const DEPTH: usize = 7;
const SEEDS: u64 = 12;
/// Bytes of each log that are looked at.
const SAMPLE: usize = 3_000_000;
/// What a gram costs for being there, in candidates per MB.
const PER_GRAM: f64 = 6.0;
/// What it costs to leave the search and to begin anew, in candidates. It costs three of them, measured with two
/// tables; but what is common in no log of the sample may be so in others, and then ends the search each time.
const EXIT: f64 = 20.0;

fn main() -> ExitCode {
    // `cargo bench` puts `--bench` among the arguments.
    let paths: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let mut logs = Vec::new();
    for path in &paths {
        match std::fs::read(path) {
            Ok(bytes) => logs.push(bytes[..bytes.len().min(SAMPLE)].to_vec()),
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
    let all = Statistics::of(&logs);
    let best = (1..=SEEDS)
        .map(|seed| {
            let mut table = Table::new(&anchors, &all, seed);
            table.anneal();
            eprintln!("seed {seed}: {} grams, cost {:.0}", table.grams(), table.cost());
            table
        })
        .min_by(|a, b| a.cost().total_cmp(&b.cost()));
    let Some(best) = best else { return ExitCode::FAILURE };
    let buckets = lengthened(&best, &all);
    for (path, log) in paths.iter().zip(&logs) {
        let log = Statistics::of(std::slice::from_ref(log));
        let candidates: f64 = best.buckets().map(|bucket| log.accepted(&bucket)).sum();
        let exits: f64 = buckets.iter().flatten().map(|gram| log.of_text(gram)).sum();
        eprintln!("{path}: {candidates:.0} candidates per MB, at {exits:.0} of them the search ends");
    }
    print(buckets);
    ExitCode::SUCCESS
}

fn print(mut buckets: Vec<Vec<Vec<u8>>>) {
    buckets.iter_mut().for_each(|bucket| bucket.sort_unstable());
    buckets.sort_by_key(|bucket| (usize::MAX - bucket.len(), bucket.clone()));
    for bucket in buckets {
        let grams: Vec<String> =
            bucket.iter().map(|gram| format!("{:?}", String::from_utf8_lossy(gram))).collect();
        println!("    &[{}],", grams.join(", "));
    }
}
