//! The year of logs that tell none: klog's and journald's lines have no year.
//!
//! A log of an archive was written before the gather ended, not before today: its year comes from the
//! archive's `timestamp` file, the one that stands nearest above the log, else from the newest time that
//! any log of the same archive tells in full, or any log at all. Only where none is there does the present
//! supply it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Log;
use crate::evidence::Cluster;
use crate::incident::SourceTally;

/// What tells when logs without a year were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Years {
    /// Folders of `timestamp` files and the ends of their gathers, in nanoseconds since 1970.
    gathers: BTreeSet<(String, i64)>,
    /// By archive (empty for what is in none) the newest time that a log of it tells in full.
    told: BTreeMap<String, i64>,
}

impl Years {
    /// All times in it.
    pub(super) fn times(&self) -> impl Iterator<Item = i64> {
        self.gathers.iter().map(|(_, at)| *at).chain(self.told.values().copied())
    }

    /// Notes what a log tells.
    pub fn note(&mut self, log: &Log) {
        let SourceTally { name, assumed_year: None, last_seen: Some(at), .. } = &*log.tally else { return };
        let newest = self.told.entry(archive(name)).or_insert(*at);
        *newest = (*newest).max(*at);
    }

    /// Notes what a file of an archive tells, if it is a `timestamp`.
    pub fn note_file(&mut self, path: &str, bytes: &[u8]) {
        self.gathers.extend(gather(path, bytes));
    }

    /// Adds what was noted elsewhere.
    pub fn add(&mut self, other: Years) {
        self.gathers.extend(other.gathers);
        for (archive, at) in other.told {
            let newest = self.told.entry(archive).or_insert(at);
            *newest = (*newest).max(at);
        }
    }

    /// Dates the logs that tell no year; the present has supplied one so far.
    pub fn date(&self, logs: &mut [SourceTally]) {
        for log in logs.iter_mut().filter(|log| log.assumed_year.is_some()) {
            let nearest = self
                .gathers
                .iter()
                .filter(|(folder, _)| log.name.starts_with(folder.as_str()))
                .max_by_key(|(folder, at)| (folder.len(), *at))
                .map(|(_, at)| *at);
            let beside = || self.told.get(&archive(&log.name)).copied();
            let anywhere = || self.told.values().copied().max();
            if let Some(reference) = nearest.or_else(beside).or_else(anywhere) {
                log.assume_before(reference);
            }
        }
    }
}

/// The folder of a `timestamp` file and the end of the gather that it tells.
fn gather(path: &str, bytes: &[u8]) -> Option<(String, i64)> {
    let folder = path.strip_suffix("timestamp").filter(|folder| folder.ends_with(['/', '!']))?;
    let mut cluster = Cluster::default();
    cluster.add(path, bytes).ok()?;
    Some((folder.to_owned(), cluster.gathered_at()?))
}

/// The archive around an entry.
fn archive(name: &str) -> String {
    name.split_once('!').map_or(String::new(), |(archive, _)| archive.to_owned())
}
