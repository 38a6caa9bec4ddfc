//! Files of objects that lie unread until it is known who is asked for (see [`crate::evidence::waits`]).
//!
//! Asked for are the backends of all APIServices, with what stands around them, and the pods whose logs tell of
//! failures. A tree without APIServices has no such backends, but what it holds tells what was gathered at all: it
//! is read whole.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::roots::Root;
use crate::evidence::{Cluster, only, waits};
use crate::incident::SourceTally;

/// Bytes that may lie unread.
const MOST: usize = 64 << 20;

/// A file that waits.
pub(super) struct Waiting {
    pub(super) path: String,
    /// What is read of it.
    pub(super) text: Box<str>,
    /// By which it is known.
    pub(super) key: u64,
    /// The tree that it is in.
    pub(super) root: Root,
    namespace: String,
    /// Whether it holds pods.
    pods: bool,
    /// What its path alone says, if that is anything.
    pub(super) said: Option<Box<Cluster>>,
    /// Whether not all of its pods are asked for.
    some: bool,
}

impl Waiting {
    /// A file that can wait.
    pub(super) fn of(path: &str, key: u64, bytes: &[u8]) -> Option<Waiting> {
        let waits = waits(path, bytes)?;
        Some(Waiting {
            path: path.to_owned(),
            text: waits.text.into_boxed_str(),
            key,
            root: Root::of(path),
            namespace: waits.namespace.to_owned(),
            pods: waits.kind == "Pod",
            said: waits.said,
            some: false,
        })
    }

    /// What of it is to be read, if these pods are asked for.
    pub(super) fn wanted(&self, writers: &BTreeSet<Writer<'_>>) -> Cow<'_, str> {
        if self.some {
            Cow::Owned(only(&self.text, |pod| writers.contains(&(self.namespace.as_str(), pod))))
        } else {
            Cow::Borrowed(&self.text)
        }
    }
}

/// All files that wait.
#[derive(Default)]
pub(super) struct WaitingRoom {
    files: Vec<Waiting>,
    bytes: usize,
}

impl WaitingRoom {
    /// Whether there is room for so many bytes.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.bytes + bytes <= MOST
    }

    /// Takes a file, if there is room for it.
    pub(super) fn push(&mut self, file: Waiting) -> bool {
        let has_room = self.has_room(file.text.len());
        if has_room {
            self.bytes += file.text.len();
            self.files.push(file);
        }
        has_room
    }

    /// The files in the namespaces of backends, and those of trees without any; the others go on waiting.
    pub(super) fn backends<'t>(
        &mut self,
        trees: impl Iterator<Item = (&'t Root, &'t Cluster)>,
    ) -> Vec<Waiting> {
        let (mut backends, mut roots) = (BTreeSet::new(), BTreeSet::new());
        for (root, cluster) in trees.filter(|(_, cluster)| !cluster.apiservices.is_empty()) {
            backends.extend(cluster.aggregated().map(|(_, service)| service.namespace.as_str()));
            roots.insert(root);
        }
        let is_asked =
            |file: &Waiting| backends.contains(file.namespace.as_str()) || !roots.contains(&file.root);
        let (asked, others) = std::mem::take(&mut self.files).into_iter().partition(is_asked);
        self.files = others;
        asked
    }

    /// Of what then still waits the files that hold one of these pods, and the namespaces of the other pods.
    pub(super) fn asked(self, writers: &BTreeSet<Writer<'_>>) -> (Vec<Waiting>, BTreeSet<String>) {
        let namespaces: BTreeSet<&str> = writers.iter().map(|(namespace, _)| *namespace).collect();
        let (mut asked, mut unasked) = (Vec::new(), BTreeSet::new());
        for mut file in self.files {
            let namespace = file.namespace.as_str();
            match one_pod(&file.path) {
                Some(pod) if file.pods && writers.contains(&(namespace, pod)) => asked.push(file),
                None if file.pods && namespaces.contains(namespace) => {
                    file.some = true;
                    unasked.insert(file.namespace.clone()); // of those of its pods that are no writers
                    asked.push(file);
                }
                _ => {
                    unasked.insert(file.namespace);
                }
            }
        }
        (asked, unasked)
    }
}

/// The pod whose objects a path promises: `pods/<pod>/<pod>.yaml`.
fn one_pod(path: &str) -> Option<&str> {
    let (folders, file) = path.rsplit_once('/')?;
    let pod = folders.rsplit('/').next()?;
    (file.strip_suffix(".yaml") == Some(pod)).then_some(pod)
}

/// A namespace and a pod in it.
pub(super) type Writer<'t> = (&'t str, &'t str);

/// The pods that a log tells of failures of.
pub(super) fn writers(tally: &SourceTally) -> impl Iterator<Item = Writer<'_>> {
    let origin = &tally.origin;
    tally.tallies.keys().filter_map(|key| {
        let writer = &key.writer;
        let namespace = writer.namespace.as_deref().or(origin.namespace.as_deref())?;
        Some((namespace, writer.pod.as_deref().or(origin.pod.as_deref())?))
    })
}
