//! The year of logs that tell none: klog's and journald's lines have no year.
//!
//! A log of an archive was written before the gather ended, not before today: its year comes from the
//! archive's `timestamp` file, the one that stands nearest above the log, else from the newest time that
//! any log of the same archive tells in full, or any log at all. Only where none is there does the present
//! supply it.

use crate::evidence::Cluster;
use crate::incident::SourceTally;

/// Dates the logs that tell no year; the present has supplied one so far. `objects` are files of archives.
pub(super) fn date(logs: &mut [SourceTally], objects: &[(String, Vec<u8>)]) {
    if logs.iter().all(|log| log.assumed_year.is_none()) {
        return;
    }
    let gathers: Vec<(String, i64)> =
        objects.iter().filter_map(|(path, bytes)| gather(path, bytes)).collect();
    let told = logs.iter().filter(|log| log.assumed_year.is_none());
    let told: Vec<(Option<String>, i64)> =
        told.filter_map(|log| Some((archive(&log.name), log.last_seen?))).collect();
    for log in logs.iter_mut().filter(|log| log.assumed_year.is_some()) {
        let nearest = gathers
            .iter()
            .filter(|(folder, _)| log.name.starts_with(folder.as_str()))
            .max_by_key(|(folder, at)| (folder.len(), *at))
            .map(|(_, at)| *at);
        let of = archive(&log.name);
        let beside = || told.iter().filter(|(other, _)| *other == of).map(|(_, at)| *at).max();
        let anywhere = || told.iter().map(|(_, at)| *at).max();
        if let Some(reference) = nearest.or_else(beside).or_else(anywhere) {
            log.assume_before(reference);
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
fn archive(name: &str) -> Option<String> {
    name.split_once('!').map(|(archive, _)| archive.to_owned())
}
