//! Damages files for a while and gives them to every entry: `soak SECONDS SEED OUT FILE…`. Bytes that
//! break a promise, or take longer than 5 seconds, are written to OUT and named.

use std::panic;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use apiblame_fuzz::entries::ENTRIES;
use apiblame_fuzz::mutate::{Rng, mutate};

/// Larger files make few runs a second.
const MOST: usize = 64 * 1024;
const HANG: Duration = Duration::from_secs(5);

fn main() {
    let mut args = std::env::args().skip(1);
    let mut number = || args.next().and_then(|arg| arg.parse::<u64>().ok()).expect("SECONDS SEED OUT FILE…");
    let (seconds, seed) = (number(), number());
    let out = PathBuf::from(args.next().expect("a folder for what is found"));
    let seeds: Vec<Vec<u8>> = args
        .filter_map(|path| std::fs::read(path).ok())
        .map(|mut bytes| {
            bytes.truncate(MOST);
            bytes
        })
        .collect();
    assert!(!seeds.is_empty(), "no file to damage");
    let (start, mut rng) = (Instant::now(), Rng(seed));
    let (mut runs, mut found, mut slowest) = (0u64, 0u64, Duration::ZERO);
    while start.elapsed() < Duration::from_secs(seconds) {
        let (one, other) = (rng.below(seeds.len()), rng.below(seeds.len()));
        let input = mutate(&mut rng, &seeds[one], &seeds[other]);
        for (name, entry) in ENTRIES {
            let began = Instant::now();
            let panicked = panic::catch_unwind(|| entry(&input)).is_err();
            slowest = slowest.max(began.elapsed());
            if panicked || began.elapsed() > HANG {
                found += 1;
                let path = out.join(format!("{name}-{seed}-{runs}"));
                let _ = std::fs::write(&path, &input);
                eprintln!("{}: {}", path.display(), if panicked { "panic" } else { "hang" });
            }
        }
        runs += 1;
    }
    println!("{runs} inputs of {} entries, {found} found, slowest {slowest:?}", ENTRIES.len());
}
