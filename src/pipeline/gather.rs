//! All inputs, read and folded: the place where the threads meet.
//!
//! The threads of `source` read and decompress; what they find is scanned by the threads of the pool,
//! up to a limit of bytes that wait ([`QUEUE`]). Beyond it a reading thread scans for itself, so that
//! nobody waits for anybody and memory stays bounded.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use rayon::{Scope, ThreadPool};

use super::blocks::Folding;
use super::digest::{self, Digest};
use super::{Settings, lock, own};
use crate::coverage::{Coverage, Unreadable};
use crate::incident::{Fold, SourceTally};
use crate::source::{self, Body, LeftOut, Origin, Progress, Source, Visitor, layout};

/// Bytes of logs that may wait to be scanned.
const QUEUE: usize = 64 << 20;

/// Blocks of a stream that are read ahead for each thread.
const AHEAD: usize = 16;

/// Kinds of failure that are told apart in all sources together; a large must-gather has some thousands.
/// See [`narrow`].
const BREADTH: usize = 64 * 1024;

/// Everything that the inputs hold, in an order that depends on nothing but them.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// What was left out, or could not be read; the logs are not counted yet.
    pub(super) coverage: Coverage,
    /// The logs, by name.
    pub(super) tallies: Vec<SourceTally>,
    /// The files of cluster objects, by name.
    pub(super) objects: Vec<(String, Vec<u8>)>,
}

/// Reads all inputs.
pub(super) fn gather(
    paths: &[PathBuf],
    settings: Settings,
    progress: &Arc<Progress>,
    pool: &ThreadPool,
) -> Gathered {
    let settings = Settings { block: settings.block.max(1), ..settings };
    let desk = Desk { settings, progress: Arc::clone(progress), ..Desk::default() };
    let threads = pool.current_num_threads();
    pool.in_place_scope(|scope| {
        source::read_all(paths, threads, &Reading { desk: &desk, scope, pool });
    });
    desk.clear()
}

/// A log that was read.
struct Log {
    tally: SourceTally,
    identity: Option<String>,
    digest: u128,
}

/// Where all threads put down what they have.
#[derive(Default)]
struct Desk {
    settings: Settings,
    progress: Arc<Progress>,
    /// Bytes that wait to be scanned.
    waiting: AtomicUsize,
    /// Kinds of failure in `logs`.
    breadth: AtomicUsize,
    logs: Mutex<Vec<Log>>,
    objects: Mutex<Vec<(String, Vec<u8>)>>,
    unreadable: Mutex<Vec<Unreadable>>,
    left_out: AtomicU64,
    binary: AtomicU64,
}

impl Desk {
    fn folding(&self, name: &str, origin: Origin) -> Folding {
        Folding { fold: Fold::new(name, origin), digest: Digest::default(), settings: self.settings }
    }

    fn put(&self, folding: Folding, identity: Option<String>) {
        self.progress.file();
        let digest = folding.digest.finish();
        let tally = folding.fold.finish(self.settings.now);
        let breadth = self.breadth.fetch_add(tally.breadth(), Relaxed) + tally.breadth();
        let mut logs = lock(&self.logs);
        logs.push(Log { tally, identity, digest });
        if breadth > 2 * BREADTH {
            narrow(&mut logs);
            self.breadth.store(logs.iter().map(|log| log.tally.breadth()).sum(), Relaxed);
        }
    }

    fn scan(&self, name: &str, origin: Origin, identity: Option<String>, bytes: Vec<u8>) {
        let mut folding = self.folding(name, origin);
        folding.bytes(&bytes);
        self.put(folding, identity);
    }

    /// Sorts, and leaves out what was met twice: the first by name is kept.
    fn clear(self) -> Gathered {
        let mut coverage = Coverage {
            left_out: self.left_out.into_inner(),
            binary: self.binary.into_inner(),
            unreadable: own(self.unreadable),
            ..Coverage::default()
        };
        let mut logs = own(self.logs);
        narrow(&mut logs);
        logs.sort_by(|a, b| (&a.tally.name, a.digest).cmp(&(&b.tally.name, b.digest)));
        let mut seen = HashSet::new();
        let read = logs.len();
        logs.retain(|log| match &log.identity {
            Some(identity) if log.tally.bytes > 0 => seen.insert((identity.clone(), log.digest)),
            _ => true,
        });
        coverage.duplicates += (read - logs.len()) as u64;
        let mut objects = own(self.objects);
        objects.sort();
        let mut seen = HashSet::new();
        let read = objects.len();
        objects.retain(|(name, bytes)| match layout::of(name).part {
            Some(part) => seen.insert((part.to_owned(), digest::of(bytes))),
            None => true,
        });
        coverage.duplicates += (read - objects.len()) as u64;
        coverage.objects = objects.len() as u64;
        Gathered { coverage, tallies: logs.into_iter().map(|log| log.tally).collect(), objects }
    }
}

/// Cuts all sources to one width at which they fit into [`BREADTH`] together. The width of some of them
/// is never smaller than that of all, so that it does not matter which were there when it was done first.
fn narrow(logs: &mut [Log]) {
    let widths: Vec<usize> = logs.iter().map(|log| log.tally.breadth()).collect();
    if widths.iter().sum::<usize>() <= BREADTH {
        return;
    }
    let fits = |most: usize| widths.iter().map(|&width| width.min(most)).sum::<usize>() <= BREADTH;
    let (mut fitting, mut wide) = (1, widths.iter().copied().max().unwrap_or(1));
    while fitting + 1 < wide {
        let middle = usize::midpoint(fitting, wide);
        *(if fits(middle) { &mut fitting } else { &mut wide }) = middle;
    }
    logs.iter_mut().for_each(|log| log.tally.narrow(fitting));
}

/// Hands what is found to the pool.
struct Reading<'a, 'desk> {
    desk: &'desk Desk,
    scope: &'a Scope<'desk>,
    pool: &'a ThreadPool,
}

impl Reading<'_, '_> {
    /// Gives a log that is in memory to the pool, or scans it here if enough is waiting.
    fn hand_over(&self, name: String, origin: Origin, identity: Option<String>, bytes: Vec<u8>) {
        let desk = self.desk;
        let length = bytes.len();
        if desk.waiting.load(Relaxed) + length > QUEUE {
            desk.scan(&name, origin, identity, bytes);
            return;
        }
        desk.waiting.fetch_add(length, Relaxed);
        self.scope.spawn(move |_| {
            desk.scan(&name, origin, identity, bytes);
            desk.waiting.fetch_sub(length, Relaxed);
        });
    }
}

impl Visitor for Reading<'_, '_> {
    fn log(&self, source: Source<'_>) {
        let Source { name, origin, identity, body } = source;
        let mut folding = self.desk.folding(&name, origin.clone());
        let result = match body {
            Body::Bytes(bytes) => return self.hand_over(name, origin, identity, bytes),
            Body::File(file, length) => {
                folding.file(&file, length, identity.is_some(), (&self.desk.progress, self.pool))
            }
            Body::Stream(mut reader) => {
                let ahead = self.pool.current_num_threads() * AHEAD;
                folding.stream(&mut reader, ahead, identity.is_some(), self.pool)
            }
        };
        self.desk.put(folding, identity);
        if let Err(error) = result {
            self.unreadable(Unreadable { path: name, error: crate::error::reason(&error) });
        }
    }

    fn object(&self, path: &str, bytes: Vec<u8>) {
        self.desk.progress.file();
        if crate::evidence::wants(path) {
            lock(&self.desk.objects).push((path.to_owned(), bytes));
        }
    }

    fn unreadable(&self, what: Unreadable) {
        lock(&self.desk.unreadable).push(what);
    }

    fn left_out(&self, _path: &str, why: LeftOut) {
        match why {
            LeftOut::Layout => self.desk.left_out.fetch_add(1, Relaxed),
            LeftOut::Binary => self.desk.binary.fetch_add(1, Relaxed),
        };
    }

    fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.desk.progress)
    }
}
