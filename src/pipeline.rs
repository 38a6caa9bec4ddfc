//! The whole way, from sources to a report.
//!
//! Sources are read in parallel, and so are the blocks of one source (see `blocks`); the findings
//! of a source are folded in their order, and the folds are put into the order of the sources' names
//! (see `gather`). The report therefore does not depend on the number of threads, on the size of
//! the blocks, or on the order of an archive's entries.

mod ahead;
mod blocks;
mod digest;
mod gather;
mod hands;
mod hosted;
mod live;
mod objects;
mod partials;
mod roots;
mod units;
mod waiting;
mod window;

use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::diagnosis::{History, Told};
use crate::evidence::Cluster;
use crate::incident::{SourceTally, resolve};
use crate::limits::{Limit, Limits};
use crate::partial::{Joined, Joiner, Part};
use crate::record::Reach;
use crate::report::{ClusterFacts, Names, Report};
use crate::scan::{BLOCK, Block, Findings, scan};

pub use crate::source::Progress;
pub use live::{Live, SoFar};
pub use objects::{Clusters, clusters};
pub use partials::{Collected, collect, merge};
pub use units::{is_partial, units};

/// How the work is done; but for the limits, nothing here changes what the report says.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Threads; 0 for one per core.
    pub threads: usize,
    /// Bytes in the core of a block.
    pub block: usize,
    /// The present, in nanoseconds since 1970: it supplies the year that a log leaves out.
    pub now: i64,
    /// Whether a line of a known shape is not read again (see `scan::Shapes`); for tests.
    pub recall: bool,
    /// Whether every log is hashed, also one that cannot have a copy: a partial tells logs apart by it.
    pub hash: bool,
    /// Whether objects are read that nobody asks for: a partial holds all of them.
    pub all: bool,
    /// What an input may cost. What lies behind a limit is counted.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            threads: 0,
            block: BLOCK,
            now: 0,
            recall: true,
            hash: false,
            all: false,
            limits: Limits::default(),
        }
    }
}

/// Reads everything that the arguments name, and reports.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn run(paths: &[PathBuf], settings: Settings) -> io::Result<Report> {
    Ok(run_watched(paths, settings, &Arc::default())?.0)
}

/// As [`run`], with what the report was made of: a program that ends need not give it back, which takes a while.
/// `progress` counts meanwhile how far the reading is.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn run_watched(
    paths: &[PathBuf],
    settings: Settings,
    progress: &Arc<Progress>,
) -> io::Result<(Report, Joined)> {
    let pool = pool(settings)?;
    let part = gather::gather(paths, settings, progress, &pool);
    Ok(pool.install(|| {
        let joined = Joiner::only(part, settings.limits);
        (judge(&joined), joined)
    }))
}

/// Reads everything that the arguments name, and all objects.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn read(paths: &[PathBuf], settings: Settings) -> io::Result<Joined> {
    let settings = Settings { all: true, ..settings };
    Ok(joined(gather::gather(paths, settings, &Arc::default(), &pool(settings)?), settings.limits))
}

/// A part that is all there is.
pub fn joined(part: Part, limits: Limits) -> Joined {
    let mut joiner = Joiner::new(limits);
    joiner.push(part);
    joiner.finish()
}

/// What a block of `bytes` tells: `core`, with what is `visible` around it.
fn scan_block(bytes: &[u8], visible: Range<usize>, core: Range<usize>, last: bool, reach: Reach) -> Findings {
    let core = core.start - visible.start..core.end - visible.start;
    scan(&Block { bytes: &bytes[visible], core, last, reach })
}

/// What all threads put things down in. A thread that panicked has put nothing half down: each holds
/// a lock only for a push.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What they have put down, when all are done.
fn own<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn pool(settings: Settings) -> io::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(settings.threads).build().map_err(io::Error::other)
}

/// The report on what was put together.
pub fn judge(joined: &Joined) -> Report {
    let Joined { coverage, reached, limits, tallies, cluster, hosted, unasked } = joined;
    let (mut coverage, mut reached) = (coverage.clone(), *reached);
    let (incidents, folded) = resolve(tallies, limits.size(Limit::Incidents));
    reached.count(Limit::Incidents, folded);
    coverage.truncated_lines = reached.of(Limit::Line);
    coverage.folded = reached.of(Limit::Kinds);
    coverage.limits = reached.list(limits);
    let evidence = (!cluster.is_empty()).then_some(cluster);
    let incidents = hosted::diagnose(incidents, evidence, hosted, &history(tallies));
    let mut names = names(tallies);
    hosted.iter().map(|(_, cluster)| cluster).chain([cluster]).for_each(|one| add_names(&mut names, one));
    names.namespaces.extend(unasked.iter().cloned());
    Report { coverage, cluster: evidence.map(facts), filter: None, incidents, names }
}

/// Who the inputs say is there, also where the report does not come to speak of it.
fn names(tallies: &[SourceTally]) -> Names {
    let mut names = Names::default();
    for tally in tallies {
        let writers = tally.tallies.keys().filter_map(|key| key.writer.namespace.as_ref());
        names.namespaces.extend(writers.chain(&tally.origin.namespace).cloned());
        names.hosts.extend(tally.origin.node.iter().cloned());
    }
    names
}

fn add_names(names: &mut Names, cluster: &Cluster) {
    names.namespaces.extend(cluster.namespaces.values().map(|one| one.name().to_owned()));
    names.namespaces.extend(cluster.pods.values().map(|one| one.meta.namespace.clone()));
    names.namespaces.extend(cluster.gathered_namespaces.iter().cloned());
    names.hosts.extend(cluster.nodes.values().map(|one| one.name().to_owned()));
}

/// Who created and deleted which APIService, as the logs tell: audit events first, then what an operator
/// says of itself.
fn history(tallies: &[SourceTally]) -> History {
    let mut history = History::new();
    for tally in tallies {
        for changed in &tally.changes {
            let by = match (changed.change.by.as_str(), &tally.origin.namespace, &tally.origin.container) {
                ("", Some(namespace), Some(container)) => format!("{namespace}/{container}"),
                (by, ..) => by.to_owned(),
            };
            let told = Told { at: changed.at, created: changed.change.created, by };
            history.entry(changed.change.apiservice.clone()).or_default().push(told);
        }
    }
    history
}

/// What the report says of the cluster itself.
fn facts(cluster: &Cluster) -> ClusterFacts {
    ClusterFacts {
        openshift_version: cluster.openshift_version(),
        kubernetes_version: cluster.kubernetes_version(),
        gathered_at: cluster.gathered_at(),
        hollow: cluster.is_hollow(),
    }
}
