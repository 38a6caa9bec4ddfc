//! Many archives, each a cluster of its own: which APIService breaks where, since when, and whom.
//!
//! An [`Archive`] is what is left of one report when it is finished: enough for the counts, small enough
//! that a hundred thousand fit into memory. [`Fleet::of`] counts over them: incidents by APIService, version
//! of OpenShift and version of the operator behind it, and how each operator fares on each version
//! ([`crate::inventory::Cell`]). An archive that was met under two names counts once. [`event`] is the same as a
//! table for query engines, one row per archive, incident and request.
//!
//! Nothing of one cluster is ever held against another: what is judged was judged archive by archive.

mod count;
pub mod event;
#[cfg(feature = "parquet")]
pub mod parquet;
mod program;
pub mod render;

use crate::coverage::{Coverage, Unreadable};
use crate::diagnosis::Diagnosis;
use crate::incident::{Impact, Request};
use crate::inventory::{Cell, Inventory};
use crate::report::Report;

pub use count::{Fleet, Group, Place, Release, Victim};
pub use program::program;

/// What one archive told.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Its name.
    pub path: String,
    /// A hash of what was read of it.
    pub content: u128,
    /// What was read. Its lists are left out, but for what could not be read.
    pub coverage: Coverage,
    /// Whether nothing was read at all.
    pub unread: bool,
    /// OpenShift's version, where its objects tell.
    pub openshift: Option<String>,
    /// Kubernetes' version, where its objects tell.
    pub kubernetes: Option<String>,
    /// When it was gathered, in nanoseconds since 1970.
    pub gathered_at: Option<i64>,
    /// Its incidents.
    pub incidents: Vec<Seen>,
    /// How its operators fare.
    pub operators: Vec<Cell>,
}

/// An incident of one archive.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its id, which is the same in every archive.
    pub id: String,
    /// The cause, as reports name it.
    pub cause: crate::k8s::Cause,
    /// How sure, as reports word it.
    pub confidence: &'static str,
    /// In one sentence.
    pub reason: String,
    /// The APIService to blame.
    pub apiservice: Option<String>,
    /// Its group/version.
    pub group_version: Option<String>,
    /// Records that report a failing request.
    pub failures: u64,
    /// The first failure, in nanoseconds since 1970.
    pub first_seen: Option<i64>,
    /// The last failure.
    pub last_seen: Option<i64>,
    /// How many outages.
    pub outages: usize,
    /// `namespace/service` behind the APIService.
    pub backend: Option<String>,
    /// Who serves it: its OLM package, else its name.
    pub owner: Option<String>,
    /// The owner's version.
    pub owner_version: Option<String>,
    /// Who suffers, each program once, with the worst that it did to it.
    pub victims: Vec<(String, Impact)>,
    /// The failing requests.
    pub requests: Vec<Request>,
}

impl Archive {
    /// What is left of a report on one archive.
    pub fn of(path: String, content: u128, unread: bool, report: &Report, inventory: &Inventory) -> Archive {
        let cluster = report.cluster.clone().unwrap_or_default();
        let incidents: Vec<Seen> = report.incidents.iter().map(Seen::of).collect();
        let mut coverage = Coverage { assumptions: Vec::new(), ..report.coverage.clone() };
        if unread && coverage.unreadable.is_empty() {
            let error = "holds neither logs nor cluster objects".into();
            coverage.unreadable.push(Unreadable { path: path.clone(), error });
        }
        Archive {
            operators: operators(inventory, &incidents),
            path,
            content,
            coverage,
            unread,
            openshift: cluster.openshift_version,
            kubernetes: cluster.kubernetes_version,
            gathered_at: cluster.gathered_at,
            incidents,
        }
    }

    /// `4.17` of `4.17.22`.
    pub fn minor(&self) -> Option<String> {
        let mut parts = self.openshift.as_deref()?.split('.');
        Some(format!("{}.{}", parts.next()?, parts.next()?))
    }
}

/// How the operators fare: as the objects say, but none whose APIService failed is called healthy.
fn operators(inventory: &Inventory, incidents: &[Seen]) -> Vec<Cell> {
    let mut cells = crate::inventory::matrix([inventory]);
    for cell in &mut cells {
        let failed = incidents.iter().filter(|seen| seen.cause.blames_apiservice()).any(|seen| {
            seen.owner.as_deref() == Some(&cell.operator)
                && seen.owner_version.as_deref() == Some(&cell.version)
        });
        if failed && cell.healthy > 0 {
            (cell.healthy, cell.degraded) = (0, 1);
        }
    }
    cells
}

impl Seen {
    fn of(diagnosis: &Diagnosis) -> Seen {
        let incident = &diagnosis.incident;
        let owner = diagnosis.owner.as_ref();
        let mut victims: std::collections::BTreeMap<String, Impact> = std::collections::BTreeMap::new();
        for victim in &incident.victims {
            let worst = victims.entry(program(victim)).or_insert(victim.impact);
            *worst = victim.impact.max(*worst);
        }
        Seen {
            id: incident.id.clone(),
            cause: incident.cause,
            confidence: incident.confidence.as_str(),
            reason: incident.reason.clone(),
            apiservice: incident.apiservice.clone(),
            group_version: incident.group_version.as_ref().map(ToString::to_string),
            failures: incident.failures,
            first_seen: incident.first_seen,
            last_seen: incident.last_seen,
            outages: incident.outages.len(),
            backend: diagnosis.outage.clone(),
            owner: owner
                .map(|owner| owner.package.clone().unwrap_or_else(|| without_version(&owner.name).into())),
            owner_version: owner.and_then(|owner| owner.version.clone()),
            victims: victims.into_iter().collect(),
            requests: incident.requests.clone(),
        }
    }
}

/// `name` of a CSV's `name.v1.2.3`.
fn without_version(name: &str) -> &str {
    match name.split_once(".v") {
        Some((stem, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => stem,
        _ => name,
    }
}
