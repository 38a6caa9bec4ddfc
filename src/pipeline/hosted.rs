//! Hosted clusters: what a dump of HyperShift holds beside the management cluster.
//!
//! Their objects have the names of any cluster's, and say nothing of the management cluster's. Their control
//! planes run as pods of the management cluster, so that its logs may tell of a hosted APIService: an
//! incident goes to the hosted cluster in whose tree all of its evidence stands, else to the only one that
//! has its APIService where the management cluster does not.

use super::roots::{Files, Root, split};
use crate::diagnosis::{Diagnosis, History, diagnose_with};
use crate::evidence::Cluster;
use crate::incident::Incident;

/// A hosted cluster: the folder above it, and its own.
pub(super) type Name = (String, String);

/// The files that are no hosted cluster's, and those of each hosted cluster, by the folder above and by its own.
pub(super) fn apart<T>(files: Files<T>) -> (Files<T>, Vec<(Name, Files<T>)>) {
    let hosted = |path: &str| Root::of(path).hosted.is_some();
    if !files.iter().any(|(path, _)| hosted(path)) {
        return (files, Vec::new());
    }
    let (mut own, mut below) = (Files::new(), Vec::new());
    for (root, files) in split(files) {
        match root.hosted {
            Some(name) => below.push(((root.above, name), files)),
            None => own.extend(files),
        }
    }
    (own, below)
}

/// Diagnoses each incident with the objects of its cluster.
pub(super) fn diagnose(
    incidents: Vec<Incident>,
    own: Option<&Cluster>,
    below: &[(String, Cluster)],
    told: &History,
) -> Vec<Diagnosis> {
    if below.is_empty() {
        return diagnose_with(incidents, own, told);
    }
    let mut of_hosted: Vec<Vec<Incident>> = below.iter().map(|_| Vec::new()).collect();
    let mut rest = Vec::new();
    for incident in incidents {
        match whose(&incident, own, below) {
            Some(index) => of_hosted[index].push(incident),
            None => rest.push(incident),
        }
    }
    let mut all = diagnose_with(rest, own, told);
    for ((name, cluster), incidents) in below.iter().zip(of_hosted) {
        for mut one in diagnose_with(incidents, Some(cluster), told) {
            one.incident.id = format!("{}@{name}", one.incident.id);
            one.incident.reason = format!("{name}: {}", one.incident.reason);
            all.push(one);
        }
    }
    all.sort_by(|a, b| {
        let key = |one: &Diagnosis| (one.incident.cause, one.incident.first_seen.unwrap_or(i64::MAX));
        key(a).cmp(&key(b)).then_with(|| a.incident.id.cmp(&b.incident.id))
    });
    all
}

fn whose(incident: &Incident, own: Option<&Cluster>, below: &[(String, Cluster)]) -> Option<usize> {
    let stands = |name: &str| {
        let evidence = &incident.evidence;
        !evidence.is_empty()
            && evidence.iter().all(|one| Root::of(&one.location.source).hosted.as_deref() == Some(name))
    };
    if let Some(index) = below.iter().position(|(name, _)| stands(name)) {
        return Some(index);
    }
    let name = incident.apiservice.as_deref()?;
    if own.is_some_and(|own| own.apiservice(name).is_some()) {
        return None;
    }
    let mut having = (0..below.len()).filter(|index| below[*index].1.apiservice(name).is_some());
    having.next().filter(|_| having.next().is_none())
}
