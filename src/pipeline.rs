//! The whole way, from sources to a report.
//!
//! Sources are read in parallel, and so are the blocks of one source (see `blocks`); the findings
//! of a source are folded in their order, and the folds are put into the order of the sources' names
//! (see `gather`). The report therefore does not depend on the number of threads, on the size of
//! the blocks, or on the order of an archive's entries.

mod blocks;
mod digest;
mod gather;

use std::io;
use std::path::PathBuf;

use crate::coverage::Coverage;
use crate::diagnosis;
use crate::incident::{SourceTally, resolve};
use crate::report::Report;
use crate::scan::BLOCK;

/// How the work is done; nothing here changes what the report says.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Threads; 0 for one per core.
    pub threads: usize,
    /// Bytes in the core of a block.
    pub block: usize,
    /// The present, in nanoseconds since 1970: it supplies the year that a log leaves out.
    pub now: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { threads: 0, block: BLOCK, now: 0 }
    }
}

/// Reads everything that the arguments name, and reports.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn run(paths: &[PathBuf], settings: Settings) -> io::Result<Report> {
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build().map_err(io::Error::other)?;
    let gathered = gather::gather(paths, settings, &pool);
    Ok(pool.install(|| analyse(gathered)))
}

fn analyse(gathered: gather::Gathered) -> Report {
    let gather::Gathered { mut coverage, tallies, objects: found } = gathered;
    tallies.iter().for_each(|tally| count(&mut coverage, tally));
    coverage.settle();
    objects(found);
    Report { coverage, incidents: diagnosis::diagnose(resolve(&tallies)) }
}

/// The cluster objects of the archives, by name, each with its bytes: the seam where `evidence` joins.
/// Until it does, they are only counted.
fn objects(_found: Vec<(String, Vec<u8>)>) {}

fn count(coverage: &mut Coverage, tally: &SourceTally) {
    coverage.sources += 1;
    coverage.lines += tally.lines;
    coverage.bytes += tally.bytes;
    coverage.records += tally.records;
    coverage.failures += tally.failures;
    coverage.undated += tally.undated;
    coverage.truncated_lines += tally.truncated_lines;
    coverage.set_aside += tally.set_aside;
    coverage.folded += tally.folded;
    if let Some(year) = tally.assumed_year {
        coverage
            .assumptions
            .push(format!("the year {year} was assumed for {}, whose log tells none", tally.name));
    }
}
