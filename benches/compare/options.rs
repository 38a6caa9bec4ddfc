//! The arguments of `compare`: read once, so that the rest has no defaults of its own.

use std::path::PathBuf;

use crate::corpora::{ROWS, Row};
use crate::generator;

pub(crate) const USAGE: &str = "\
usage: cargo bench --bench compare -- ARGUMENT...      (without any, this text; --runs 5 is the default run)
  --size 100M       bytes of each corpus (64k, 100M, 1G); the must-gather has 84M at most, tiny is fixed
  --rows a,b        only these: sparse clean dense audit kubeapiserver tiny sparse.gz must-gather must-gather.tar.gz growth
                    (growth pipes its corpus 1, 10 and 100 times: 100M makes 10 GB of it)
  --runs 5          timed runs of each tool
  --dir DIR         where the corpora are written; default: apiblame-compare in the directory for temporary files
  --anchors FILE    phrases for rg and grep, one a line; default: a built-in list
  --bin FILE        another apiblame than the one that cargo has just built
  --seed 1          seed of the corpora
  --exact           time nothing; check that the reports count exactly the failures that were written";

/// What to do.
pub(crate) struct Options {
    /// Bytes of a corpus.
    pub(crate) size: u64,
    pub(crate) rows: Vec<&'static Row>,
    pub(crate) runs: usize,
    pub(crate) dir: PathBuf,
    pub(crate) anchors: Option<PathBuf>,
    pub(crate) binary: PathBuf,
    pub(crate) seed: u64,
    pub(crate) exact: bool,
}

/// The options that the arguments ask for, or what is wrong with them.
pub(crate) fn parse(args: &[String]) -> Result<Options, String> {
    let mut options = Options {
        size: 100_000_000,
        rows: ROWS.iter().collect(),
        runs: 5,
        dir: std::env::temp_dir().join("apiblame-compare"),
        anchors: None,
        binary: PathBuf::from(env!("CARGO_BIN_EXE_apiblame")),
        seed: 1,
        exact: false,
    };
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        if flag == "--exact" {
            options.exact = true;
            continue;
        }
        let value = args.next().ok_or_else(|| format!("{flag}: unknown, or its value is missing"))?;
        let wrong = || format!("{flag} {value}: not understood");
        match flag.as_str() {
            "--size" => options.size = generator::size(value).ok_or_else(wrong)?,
            "--rows" => options.rows = value.split(',').map(row).collect::<Option<_>>().ok_or_else(wrong)?,
            "--runs" => options.runs = value.parse().ok().filter(|&runs| runs > 0).ok_or_else(wrong)?,
            "--dir" => options.dir = PathBuf::from(value),
            "--anchors" => options.anchors = Some(PathBuf::from(value)),
            "--bin" => options.binary = PathBuf::from(value),
            "--seed" => options.seed = value.parse().map_err(|_| wrong())?,
            _ => return Err(format!("{flag}: unknown")),
        }
    }
    Ok(options)
}

fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}
