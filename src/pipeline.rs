//! The whole way, from sources to a report.
//!
//! Sources are read in parallel, and so are the blocks of one source (see `blocks`); the findings
//! of a source are folded in their order, and the folds are put into the order of the sources' names
//! (see `gather`). The report therefore does not depend on the number of threads, on the size of
//! the blocks, or on the order of an archive's entries.

mod blocks;
mod crowd;
mod digest;
mod gather;
mod hosted;
mod live;
mod objects;
mod roots;
mod years;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::coverage::{Coverage, Unreadable};
use crate::diagnosis::{History, Told};
use crate::evidence::{Cluster, is_multiplied};
use crate::incident::{SourceTally, resolve};
use crate::limits::{Limit, Limits, Reached};
use crate::record::Reach;
use crate::report::{ClusterFacts, Names, Report};
use crate::scan::{BLOCK, Block, Findings, scan};

pub use crate::source::Progress;
pub use live::{Live, SoFar};
pub use objects::{Clusters, clusters};

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
    /// What an input may cost. What lies behind a limit is counted.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { threads: 0, block: BLOCK, now: 0, recall: true, limits: Limits::default() }
    }
}

/// Reads everything that the arguments name, and reports.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn run(paths: &[PathBuf], settings: Settings) -> io::Result<Report> {
    run_watched(paths, settings, &Arc::default())
}

/// As [`run`]; `progress` counts meanwhile how far the reading is.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn run_watched(paths: &[PathBuf], settings: Settings, progress: &Arc<Progress>) -> io::Result<Report> {
    let pool = pool(settings)?;
    let gathered = gather::gather(paths, settings, progress, &pool);
    Ok(pool.install(|| analyse(gathered, &settings.limits)))
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

fn analyse(gathered: gather::Gathered, limits: &Limits) -> Report {
    let gather::Gathered { mut coverage, mut reached, sources, mut tallies, objects } = gathered;
    years::date(&mut tallies, &objects);
    tallies.iter().for_each(|tally| count(&mut coverage, &mut reached, tally));
    coverage.sources = sources;
    coverage.assumptions.extend(assumed_years(&tallies));
    let (objects, below) = hosted::apart(objects);
    let cluster = cluster(objects, limits, &mut coverage, &mut reached);
    let below = below.into_iter();
    let below: Vec<(String, Cluster)> = below
        .map(|(name, files)| (name, self::cluster(files, limits, &mut coverage, &mut reached)))
        .collect();
    let (incidents, folded) = resolve(&tallies, limits.size(Limit::Incidents));
    reached.count(Limit::Incidents, folded);
    coverage.truncated_lines = reached.of(Limit::Line);
    coverage.folded = reached.of(Limit::Kinds);
    coverage.limits = reached.list(limits);
    coverage.settle();
    let evidence = (!cluster.is_empty()).then_some(&cluster);
    let incidents = hosted::diagnose(incidents, evidence, &below, &history(&tallies));
    let mut names = names(&tallies);
    below.iter().map(|(_, cluster)| cluster).chain([&cluster]).for_each(|one| add_names(&mut names, one));
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

/// Reads the cluster objects of the archives. One that cannot be read is named, and the rest goes on.
fn cluster(
    objects: Vec<(String, Vec<u8>)>,
    limits: &Limits,
    coverage: &mut Coverage,
    reached: &mut Reached,
) -> Cluster {
    let aliases = limits.get(Limit::Aliases);
    let multiplied = AtomicU64::new(0);
    let read = objects.into_par_iter().map(|(path, bytes)| {
        let mut one = Cluster::default();
        let error = one.add_within(&path, &bytes, aliases).err().map(|mut error| {
            if is_multiplied(&error) {
                multiplied.fetch_add(1, Relaxed);
                error = format!("{error} ({})", Limit::Aliases.row().flag);
            }
            Unreadable { path, error }
        });
        (one, error)
    });
    let (mut all, unreadable) = read
        .fold(
            || (Cluster::default(), Vec::new()),
            |(mut all, mut errors), (one, error)| {
                all.merge(one);
                errors.extend(error);
                (all, errors)
            },
        )
        .reduce(
            || (Cluster::default(), Vec::new()),
            |(mut a, mut errors), (b, more)| {
                a.merge(b);
                errors.extend(more);
                (a, errors)
            },
        );
    coverage.unreadable.extend(unreadable);
    reached.count(Limit::Aliases, multiplied.into_inner());
    all.settle();
    all
}

fn count(coverage: &mut Coverage, reached: &mut Reached, tally: &SourceTally) {
    reached.add(tally.reached);
    coverage.lines += tally.lines;
    coverage.bytes += tally.bytes;
    coverage.records += tally.records;
    coverage.failures += tally.failures;
    coverage.undated += tally.undated;
    coverage.set_aside += tally.set_aside;
}

/// Which years were assumed: an archive holds a dozen logs of nodes that tell none.
fn assumed_years(tallies: &[SourceTally]) -> Vec<String> {
    let mut years: BTreeMap<i16, Vec<&str>> = BTreeMap::new();
    for tally in tallies {
        if let Some(year) = tally.assumed_year {
            years.entry(year).or_default().push(&tally.name);
        }
    }
    let told = years.into_iter().map(|(year, names)| match names[..] {
        [name] => format!("the year {year} was assumed for {name}, whose log tells none"),
        _ => format!(
            "the year {year} was assumed for {} logs that tell none, {} the first",
            names.len(),
            names[0]
        ),
    });
    told.collect()
}
