//! `cargo bench --bench generate -- CORPUS SIZE OUT [SEED]`: writes a corpus to a file, a directory or
//! standard output.
//!
//! A command in the clothes of a bench, so that the generator needs no crate of its own. It measures nothing;
//! what it prints to stderr (lines, bytes, failing records, speed) is for the reader, and for a script that
//! checks a report.

mod generator;

use std::env;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use generator::{Corpus, Plan, Written};

/// The corpora, by the names they have on the command line.
const CORPORA: [(&str, Corpus); 7] = [
    ("sparse", Corpus::Sparse),
    ("clean", Corpus::Clean),
    ("dense", Corpus::Dense),
    ("audit", Corpus::Audit),
    ("kubeapiserver", Corpus::KubeApiserver),
    ("tiny", Corpus::Tiny),
    ("must-gather", Corpus::MustGather),
];

fn main() -> ExitCode {
    // `cargo bench` puts `--bench` among the arguments.
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.is_empty() {
        eprintln!("{}", usage());
        return ExitCode::SUCCESS;
    }
    let Some((plan, out)) = parse(&args) else {
        eprintln!("{}", usage());
        return ExitCode::from(2);
    };
    let start = Instant::now();
    match write(&plan, out) {
        Ok(Written { lines, bytes, failures }) => {
            let speed = bytes as f64 / 1e6 / start.elapsed().as_secs_f64();
            eprintln!("lines {lines}\nbytes {bytes}\nfailures {failures}\n({speed:.0} MB/s)");
            ExitCode::SUCCESS
        }
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: {out}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> String {
    let corpora = CORPORA.map(|(name, _)| name).join("|");
    format!(
        "usage: cargo bench --bench generate -- {corpora} SIZE OUT [SEED] \
         (SIZE like 100M or 1G; OUT a file, - for stdout, a directory for must-gather)"
    )
}

/// The plan and the place to write it to.
fn parse(args: &[String]) -> Option<(Plan, &str)> {
    let (corpus, size, out, seed) = match args {
        [corpus, size, out] => (corpus, size, out, 1),
        [corpus, size, out, seed] => (corpus, size, out, seed.parse().ok()?),
        _ => return None,
    };
    let (_, corpus) = *CORPORA.iter().find(|(name, _)| name == corpus)?;
    Some((Plan { corpus, bytes: generator::size(size)?, seed }, out))
}

fn write(plan: &Plan, out: &str) -> io::Result<Written> {
    match (plan.corpus, out) {
        (Corpus::MustGather, dir) => generator::write_tree(Path::new(dir), plan),
        (_, "-") => {
            let mut stdout = io::stdout().lock();
            let written = generator::write(plan, &mut stdout)?;
            stdout.flush()?;
            Ok(written)
        }
        (_, file) => generator::write(plan, &mut File::create(file)?),
    }
}
