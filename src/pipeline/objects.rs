//! Only the objects, archive by archive: what an inventory is made of.
//!
//! Nothing is scanned. What the archives of a folder hold is never mixed (see `roots`): each gathering is
//! one cluster, and so is each hosted cluster in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::roots::{self, Root};
use super::waiting::{Waiting, WaitingRoom, Writer};
use super::{Settings, lock, own, pool};
use crate::coverage::{Coverage, Unreadable};
use crate::error::reason;
use crate::evidence::{Cluster, is_multiplied};
use crate::limits::{Limit, Limits, Reached};
use crate::partial::Files;
use crate::report::Names;
use crate::source::{Body, Bytes, LeftOut, Name, Source, Visitor, read_all};

/// The clusters that archives were gathered from.
#[derive(Debug, Default)]
pub struct Clusters {
    /// By the path that was named, in the order of the arguments; where it holds several, by the path of each.
    pub clusters: Vec<(String, Cluster)>,
    /// How many different paths were named.
    pub paths: usize,
    /// Those of them that hold no objects.
    pub empty: Vec<String>,
    /// Names that the objects told, for whoever must not tell them.
    pub names: Names,
    /// How many files of objects were read, and what could not be.
    pub coverage: Coverage,
}

/// Gathers the cluster objects of each path, without a look at the logs.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn clusters(paths: &[PathBuf], settings: Settings) -> io::Result<Clusters> {
    let pool = pool(settings)?;
    let mut all = Clusters::default();
    let mut reached = Reached::default();
    for (index, path) in paths.iter().enumerate() {
        if paths[..index].contains(path) {
            continue; // what is named twice is meant once
        }
        all.paths += 1;
        let shelf = Shelf { most: settings.limits.get(Limit::Objects), ..Shelf::default() };
        read_all(std::slice::from_ref(path), pool.current_num_threads(), &settings.limits, &shelf);
        let coverage = &mut all.coverage;
        let objects = own(shelf.objects);
        coverage.objects += objects.len() as u64;
        coverage.left_out += shelf.left_out.into_inner();
        coverage.unreadable.extend(own(shelf.unreadable));
        reached.add(own(shelf.reached));
        let limits = &settings.limits;
        let mut read = |files| pool.install(|| cluster(files, limits, coverage, &mut reached));
        let mut found: Vec<(String, Cluster)> =
            roots::split(objects).into_iter().map(|(root, files)| (root.name(), read(files))).collect();
        found.retain(|(_, cluster)| !cluster.is_empty());
        found.iter().for_each(|(_, cluster)| super::add_names(&mut all.names, cluster));
        let mut found = roots::join(found);
        match &mut found[..] {
            [] => all.empty.push(path.display().to_string()),
            [only] => only.0 = path.display().to_string(),
            _ => {}
        }
        all.clusters.extend(found);
    }
    all.coverage.limits = reached.list(&settings.limits);
    all.coverage.settle();
    Ok(all)
}

/// The objects of one cluster. A file that cannot be read is named, and the rest goes on.
fn cluster(files: roots::Files, limits: &Limits, coverage: &mut Coverage, reached: &mut Reached) -> Cluster {
    let read = |(path, bytes): (String, Vec<u8>)| {
        let (said, error) = said(&path, &bytes, limits);
        (said, error.map(|error| Unreadable { path, error }))
    };
    let (said, unreadable): (Vec<_>, Vec<_>) = files.into_par_iter().map(read).unzip();
    for one in unreadable.into_iter().flatten() {
        reached.count(Limit::Aliases, u64::from(is_multiplied(&one.error)));
        coverage.unreadable.push(one);
    }
    let mut cluster = merged(said.into_iter().flatten());
    cluster.settle();
    cluster
}

fn merged(clusters: impl Iterator<Item = Box<Cluster>>) -> Cluster {
    let mut all = Cluster::default();
    clusters.for_each(|one| all.merge(*one));
    all
}

/// A file of objects that was read.
pub(super) struct File {
    /// By which it is known (see [`crate::partial::file_key`]).
    key: u64,
    /// What it says; `None` if that is nothing of interest, as in most files.
    said: Option<Box<Cluster>>,
    /// What could not be read.
    error: Option<String>,
}

impl File {
    pub(super) fn read(path: &str, key: u64, bytes: &[u8], limits: &Limits) -> File {
        let (said, error) = said(path, bytes, limits);
        File { key, said, error }
    }

    /// The same of one that waited, of which nothing is left but what is read.
    fn read_plain(path: &str, key: u64, text: &str, limits: &Limits) -> File {
        let (said, error) = told(limits, |cluster, aliases| cluster.add_plain(path, text, aliases));
        File { key, said, error }
    }
}

/// What a file says, and what of it could not be read.
fn said(path: &str, bytes: &[u8], limits: &Limits) -> (Option<Box<Cluster>>, Option<String>) {
    told(limits, |cluster, aliases| cluster.add_within(path, bytes, aliases))
}

/// What is added to a cluster, and what could not be read.
fn told(
    limits: &Limits,
    add: impl FnOnce(&mut Cluster, u64) -> Result<(), String>,
) -> (Option<Box<Cluster>>, Option<String>) {
    let mut said = Cluster::default();
    let error = add(&mut said, limits.get(Limit::Aliases)).err().map(|error| {
        if is_multiplied(&error) { format!("{error} ({})", Limit::Aliases.row().flag) } else { error }
    });
    ((!said.is_empty()).then(|| Box::new(said)), error)
}

/// Files of objects as they come, in any order.
#[derive(Default)]
pub(super) struct Pile {
    /// What each tree says, under the name of one of its files.
    trees: BTreeMap<Root, (String, Option<Box<Cluster>>)>,
    files: Files,
    /// Those that nobody has asked for so far.
    waiting: WaitingRoom,
    /// Files that were met before, in another tree.
    pub(super) duplicates: u64,
}

impl Pile {
    /// Adds a file. A copy of one that was met says nothing new, but that of equal objects the last by name
    /// counts.
    pub(super) fn add(&mut self, path: String, file: File) {
        self.duplicates += u64::from(!self.files.read.insert(file.key));
        self.put(Root::of(&path), path, file);
    }

    /// Whether a file of so many bytes may wait: one that may not need not be looked at for it.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.waiting.has_room(bytes)
    }

    /// Keeps a file until somebody asks for it, if there is room for it.
    pub(super) fn wait(&mut self, mut file: Waiting) -> bool {
        let said = file.said.take();
        let (path, key) = (file.path.clone(), file.key);
        let waits = self.waiting.push(file);
        if waits {
            self.add(path, File { key, said, error: None });
        }
        waits
    }

    /// Reads those of the files that wait which stand behind APIServices.
    pub(super) fn ask_backends(&mut self, limits: &Limits) {
        let trees = self.trees.iter().filter_map(|(root, (_, said))| Some((root, said.as_deref()?)));
        let asked = self.waiting.backends(trees);
        self.read(asked, &BTreeSet::new(), limits);
    }

    /// Then those that hold one of these pods. Gives the namespaces of the other files.
    pub(super) fn ask(&mut self, writers: &BTreeSet<Writer<'_>>, limits: &Limits) -> BTreeSet<String> {
        let (asked, unasked) = std::mem::take(&mut self.waiting).asked(writers);
        self.read(asked, writers, limits);
        unasked
    }

    fn read(&mut self, asked: Vec<Waiting>, writers: &BTreeSet<Writer<'_>>, limits: &Limits) {
        let read = |file: Waiting| {
            let read = File::read_plain(&file.path, file.key, &file.wanted(writers), limits);
            (file.root, file.path, read)
        };
        let read: Vec<(Root, String, File)> = asked.into_par_iter().map(read).collect();
        read.into_iter().for_each(|(root, path, file)| self.put(root, path, file));
    }

    fn put(&mut self, root: Root, path: String, file: File) {
        let File { key, said, error } = file;
        if let Some(error) = error {
            let one = Unreadable { path: path.clone(), error };
            let known = self.files.unreadable.get(&key);
            if known.is_none_or(|known| known.path < one.path) {
                self.files.unreadable.insert(key, one);
            }
        }
        let (_, tree) = self.trees.entry(root).or_insert((path, None));
        if let Some(said) = said {
            tree.get_or_insert_default().merge(*said);
        }
    }

    /// All of them together.
    pub(super) fn finish(self) -> Objects {
        let (own, below) = super::hosted::apart(self.trees.into_values().collect());
        let together =
            |trees: roots::Files<Option<Box<Cluster>>>| merged(trees.into_iter().filter_map(|one| one.1));
        let mut hosted: BTreeMap<(String, String), Cluster> = BTreeMap::new();
        for (root, below) in below {
            hosted.entry(root).or_default().merge(together(below));
        }
        Objects { files: self.files, cluster: together(own), hosted }
    }
}

/// Files of objects, and what those say that could be read; not settled yet.
pub(super) struct Objects {
    pub(super) files: Files,
    pub(super) cluster: Cluster,
    /// Of hosted clusters, by the folder above and by their own.
    pub(super) hosted: BTreeMap<(String, String), Cluster>,
}

/// Where the reading threads put the objects of one path.
#[derive(Default)]
struct Shelf {
    objects: Mutex<Vec<(String, Vec<u8>)>>,
    /// Bytes in them, and how many there may be.
    held: AtomicU64,
    most: u64,
    reached: Mutex<Reached>,
    unreadable: Mutex<Vec<Unreadable>>,
    left_out: AtomicU64,
}

impl Visitor for Shelf {
    /// A log is passed over; to its end, so that an archive that was cut off in it is named.
    fn log(&self, source: Source<'_>) {
        let Source { name, body } = source;
        if let Body::Stream(mut reader) = body
            && let Err(error) = io::copy(&mut reader, &mut io::sink())
        {
            self.unreadable(Unreadable { path: name.path, error: reason(&error) });
        }
    }

    fn object(&self, name: Name, bytes: Bytes) {
        if !crate::evidence::wants(&name.path) {
            return;
        }
        let length = bytes.len() as u64;
        if self.held.fetch_add(length, Relaxed) + length > self.most {
            self.held.fetch_sub(length, Relaxed);
            self.reached(Limit::Objects, 1);
            self.unreadable(too_many(&name.path));
        } else {
            lock(&self.objects).push((name.path, bytes.to_vec()));
        }
    }

    fn reached(&self, limit: Limit, times: u64) {
        lock(&self.reached).count(limit, times);
    }

    fn unreadable(&self, what: Unreadable) {
        lock(&self.unreadable).push(what);
    }

    fn left_out(&self, _path: &str, _why: LeftOut) {
        self.left_out.fetch_add(1, Relaxed);
    }
}

/// What is said of a file of objects that is one too many.
pub(super) fn too_many(path: &str) -> Unreadable {
    let error = format!("more cluster objects than {} allows; not read", Limit::Objects.row().flag);
    Unreadable { path: path.to_owned(), error }
}
