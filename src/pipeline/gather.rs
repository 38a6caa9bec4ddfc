//! All inputs, read and folded: the place where the threads meet.
//!
//! The threads of `source` read and decompress; what they find is scanned, or read as objects, by them or by the
//! threads of the pool (see `hands`).

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use rayon::{Scope, ThreadPool};

use super::ahead::{Ahead, Alone, Behind};
use super::blocks::Folding;
use super::digest::Digest;
use super::hands::Hands;
use super::objects::{self, Objects, Pile};
use super::waiting::{Waiting, writers};
use super::{Settings, lock, own};
use crate::coverage::Unreadable;
use crate::incident::Fold;
use crate::limits::{Limit, Reached};
use crate::partial::{Crowd, Log, Part, Passed, Told, Years, file_key};
use crate::source::{self, Body, Bytes, LeftOut, Name, Origin, Packed, Progress, Source, Visitor};

/// Blocks of a stream that are read ahead for each thread.
const AHEAD: usize = 16;

/// Reads all inputs.
pub(super) fn gather(
    paths: &[PathBuf],
    settings: Settings,
    progress: &Arc<Progress>,
    pool: &ThreadPool,
) -> Part {
    let settings = Settings { block: settings.block.max(1), ..settings };
    let desk = Desk { settings, progress: Arc::clone(progress), ..Desk::default() };
    let threads = pool.current_num_threads();
    let hands = Hands::new(threads);
    pool.in_place_scope(|scope| {
        let reading = Reading { desk: &desk, hands: &hands, scope, pool };
        source::read_all(paths, threads, &desk.settings.limits, &reading);
    });
    pool.install(|| desk.clear())
}

/// Where all threads put down what they have.
#[derive(Default)]
struct Desk {
    settings: Settings,
    progress: Arc<Progress>,
    logs: Mutex<Crowd>,
    years: Mutex<Years>,
    objects: Mutex<Pile>,
    /// Bytes that `objects` were read from.
    held: AtomicU64,
    reached: Mutex<Reached>,
    unreadable: Mutex<Vec<Unreadable>>,
    left_out: AtomicU64,
    binary: AtomicU64,
}

impl Desk {
    fn folding(&self, name: &Name, origin: Origin) -> Folding {
        let fold = Fold::new(&name.path, origin, self.settings.limits.size(Limit::Kinds));
        Folding { fold, digest: Digest::default(), settings: self.settings }
    }

    fn put(&self, folding: Folding, identity: Option<String>) {
        self.progress.file();
        let digest = folding.digest.finish();
        let tally = Box::new(folding.fold.finish(self.settings.now));
        let log = Log { tally, identity, digest };
        lock(&self.years).note(&log);
        lock(&self.logs).push(log, &self.settings.limits);
    }

    fn scan(&self, name: &Name, bytes: &[u8]) {
        let origin = name.origin();
        let identity = name.identity(&origin);
        let mut folding = self.folding(name, origin);
        folding.bytes(bytes);
        self.put(folding, identity);
    }

    fn read(&self, name: Name, bytes: &[u8]) {
        lock(&self.years).note_file(&name.path, bytes);
        let key = file_key(name.part().unwrap_or(&name.path), bytes);
        let path = name.path;
        let may_wait = !self.settings.all && lock(&self.objects).has_room(bytes.len());
        let waits = may_wait.then(|| Waiting::of(&path, key, bytes)).flatten();
        if waits.is_some_and(|file| lock(&self.objects).wait(file)) {
            return;
        }
        let file = objects::File::read(&path, key, bytes, &self.settings.limits);
        lock(&self.objects).add(path, file);
    }

    /// Sorts, and leaves out what was met twice.
    fn clear(self) -> Part {
        let limits = &self.settings.limits;
        let (logs, mut objects) = (own(self.logs), own(self.objects));
        let (told, ()) = rayon::join(|| logs.settle(limits), || objects.ask_backends(limits));
        let Told { logs, others, folded, duplicates } = told;
        let mut reached = own(self.reached);
        reached.count(Limit::Sources, folded);
        let mut passed = Passed {
            left_out: self.left_out.into_inner(),
            binary: self.binary.into_inner(),
            duplicates,
            unreadable: own(self.unreadable),
        };
        let years = own(self.years);
        let writers = logs.iter().map(|log| &*log.tally).chain(&others).flat_map(writers).collect();
        let unasked = objects.ask(&writers, limits);
        passed.duplicates += objects.duplicates;
        let Objects { files, cluster, hosted } = objects.finish();
        Part { passed, reached, logs, folded, others, years, files, cluster, hosted, unasked }
    }
}

/// Hands what is found to the pool.
struct Reading<'a, 'desk> {
    desk: &'desk Desk,
    hands: &'desk Hands<Desk>,
    scope: &'a Scope<'desk>,
    pool: &'a ThreadPool,
}

impl<'desk> Reading<'_, 'desk> {
    /// Does work on so many bytes, or has it done.
    fn hand_over(&self, bytes: usize, work: impl FnOnce(&Desk) + Send + 'static) {
        self.hands.give(self.desk, self.scope, bytes, work);
    }

    /// Folds a log that this thread reads; its blocks are hashed if that is asked.
    fn fold(&self, name: Name, read: impl FnOnce(&mut Folding, bool) -> io::Result<()>) {
        let origin = name.origin();
        let identity = name.identity(&origin);
        let mut folding = self.desk.folding(&name, origin);
        let result = read(&mut folding, identity.is_some() || self.desk.settings.hash);
        self.desk.put(folding, identity);
        if let Err(error) = result {
            self.unreadable(Unreadable { path: name.path, error: crate::error::reason(&error) });
        }
    }
}

impl Visitor for Reading<'_, '_> {
    fn log(&self, source: Source<'_>) {
        let Source { name, body } = source;
        match body {
            Body::Bytes(bytes) => self.hand_over(bytes.room(), move |desk| {
                desk.scan(&name, &bytes);
            }),
            Body::File(file, length) => self.fold(name, |folding, hashed| {
                folding.file(&file, length, hashed, (&self.desk.progress, self.pool))
            }),
            Body::Stream(mut reader) => self.fold(name, |folding, hashed| {
                let ahead = self.pool.current_num_threads() * AHEAD;
                folding.stream(&mut reader, ahead, hashed, self.pool)
            }),
        }
    }

    fn object(&self, name: Name, bytes: Bytes) {
        self.desk.progress.file();
        if !crate::evidence::wants(&name.path) {
            return;
        }
        let length = bytes.len() as u64;
        if self.desk.held.fetch_add(length, Relaxed) + length > self.desk.settings.limits.get(Limit::Objects)
        {
            self.desk.held.fetch_sub(length, Relaxed);
            self.reached(Limit::Objects, 1);
            self.unreadable(objects::too_many(&name.path));
        } else {
            self.hand_over(bytes.room(), move |desk| desk.read(name, &bytes));
        }
    }

    fn ahead<'a>(&'a self, reader: Box<dyn Packed + Send>) -> Box<dyn Packed + 'a> {
        let (hands, desk) = (self.hands, self.desk);
        if !hands.begin_ahead() {
            return Box::new(Alone::new(reader));
        }
        let (ahead, help) = (Arc::new(Ahead::default()), || hands.help(desk));
        let behind = Behind::new(Arc::clone(&ahead), help);
        self.scope.spawn(move |_| {
            ahead.fill(reader, help);
            hands.end_ahead(desk);
        });
        Box::new(behind)
    }

    fn begin(&self) {
        self.hands.begin();
    }

    fn end(&self) {
        self.hands.end(self.desk);
    }

    fn reached(&self, limit: Limit, times: u64) {
        lock(&self.desk.reached).count(limit, times);
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
