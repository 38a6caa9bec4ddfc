//! Which known incidents fit.
//!
//! A row fits unless something that is known speaks against it: an unknown version excludes nothing.

use super::{Backend, Condition, Owner};
use crate::evidence::{Cluster, numbers};
use crate::incident::Incident;
use crate::knowledge::known::{self, Known, Range};

/// What the conditions of a row are held against.
pub(super) struct Facts<'a> {
    pub(super) incident: &'a Incident,
    pub(super) owner: Option<&'a Owner>,
    pub(super) backend: Option<&'a Backend>,
    pub(super) status: Option<&'a Condition>,
    pub(super) cluster: Option<&'a Cluster>,
    /// The condition's reason, as the logs tell it.
    pub(super) told: Option<&'static str>,
    openshift: Option<String>,
    kubernetes: Option<String>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(
        incident: &'a Incident,
        owner: Option<&'a Owner>,
        backend: Option<&'a Backend>,
        status: Option<&'a Condition>,
        cluster: Option<&'a Cluster>,
        told: Option<&'static str>,
    ) -> Facts<'a> {
        Facts {
            incident,
            owner,
            backend,
            status,
            cluster,
            told,
            openshift: cluster.and_then(Cluster::openshift_version),
            kubernetes: cluster.and_then(Cluster::kubernetes_version),
        }
    }
}

impl Facts<'_> {
    /// Why it was unavailable: by its condition, or, where that says that it works again, by the logs.
    fn reason(&self) -> Option<&str> {
        match self.status {
            Some(status) if status.status != "True" => Some(&status.reason),
            Some(status) => Some(self.told.unwrap_or(&status.reason)),
            None => self.told,
        }
    }
}

/// The rows that fit, in the order of the table.
pub(super) fn matching(facts: &Facts<'_>) -> Vec<&'static Known> {
    let Some(name) = facts.incident.apiservice.as_deref() else { return Vec::new() };
    if !facts.incident.cause.blames_apiservice() {
        return Vec::new();
    }
    known::all().filter(|row| row.apiservices.contains(&name) && fits(row, facts)).collect()
}

fn fits(row: &Known, facts: &Facts<'_>) -> bool {
    let when = &row.when;
    let reason =
        when.reasons.is_empty() || facts.reason().is_none_or(|reason| when.reasons.contains(&reason));
    let backend = when.services.is_empty()
        || facts.backend.is_none_or(|one| {
            when.services.iter().any(|service| *service == format!("{}/{}", one.namespace, one.service))
        });
    let version = facts.owner.and_then(|owner| owner.version.as_deref());
    reason
        && backend
        && within(when.openshift, facts.openshift.as_deref())
        && within(when.kubernetes, facts.kubernetes.as_deref())
        && within(when.operator, version)
}

/// Whether a version lies in a range; an unknown one may.
fn within(range: Range, version: Option<&str>) -> bool {
    let Some(version) = version.map(numbers).filter(|version| !version.is_empty()) else { return true };
    let (from, before) = range;
    (from.is_empty() || version >= numbers(from)) && (before.is_empty() || version < numbers(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert!(within(("1.27.0", "1.27.5"), Some("1.27.4")));
        assert!(!within(("1.27.0", "1.27.5"), Some("v1.27.5")));
        assert!(within(("4.17", ""), Some("4.17.22")) && within(("4.17", ""), None));
        assert!(!within(("4.17", ""), Some("4.16.30")));
    }
}
