//! From incidents to a diagnosis: who owns the broken API, what serves it, and which fix lasts.
//!
//! Joins the incidents with the tables (and, for archives, with the cluster's objects). Each claim
//! says how it is known.

mod remedy;

use crate::incident::Incident;
use crate::knowledge::owners::{Evidence, OWNERS, Owner as OwnerRow};

/// An incident with what is known around it.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The incident.
    pub incident: Incident,
    /// Who creates and serves the APIService.
    pub owner: Option<Owner>,
    /// What stands behind it.
    pub backend: Option<Backend>,
    /// The APIService's Available condition, where an archive holds it.
    pub status: Option<Condition>,
    /// What to do, in order.
    pub remedy: Vec<Step>,
}

/// Who creates and serves an APIService.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// `Operator`, `ClusterOperator`, `Workload`.
    pub kind: &'static str,
    /// What people call it.
    pub name: String,
    /// Its namespace, where it is known.
    pub namespace: Option<String>,
    /// Its OLM package.
    pub package: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// How that is known.
    pub how_known: String,
}

/// The Service behind an APIService.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Namespace of the Service.
    pub namespace: String,
    /// Name of the Service.
    pub service: String,
    /// Its state in words, where an archive tells.
    pub state: Option<String>,
}

/// A condition of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `True`, `False`, `Unknown`.
    pub status: String,
    /// The reason in one word.
    pub reason: String,
    /// The message.
    pub message: String,
    /// Since when, as the object says.
    pub last_transition: Option<String>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub step: String,
    /// Why.
    pub why: String,
    /// The command, if there is one.
    pub command: Option<String>,
    /// Whether it lasts.
    pub lasting: bool,
}

/// Diagnoses every incident.
pub fn diagnose(incidents: Vec<Incident>) -> Vec<Diagnosis> {
    incidents.into_iter().map(one).collect()
}

fn one(incident: Incident) -> Diagnosis {
    let row = incident.apiservice.as_deref().and_then(|name| owner_row(name, &incident));
    let owner = row.map(|(row, how_known)| Owner {
        kind: if row.service.starts_with("openshift-") && row.package.is_empty() {
            "ClusterOperator"
        } else {
            "Operator"
        },
        name: row.name.to_owned(),
        namespace: row.service.split_once('/').map(|(namespace, _)| namespace.to_owned()),
        package: (!row.package.is_empty()).then(|| row.package.to_owned()),
        version: None,
        how_known,
    });
    let backend = row_backend(&incident);
    let remedy = remedy::steps(&incident, owner.as_ref());
    Diagnosis { incident, owner, backend, status: None, remedy }
}

/// The row of the table that serves an APIService: the one whose Service a line names, else the first.
fn owner_row(apiservice: &str, incident: &Incident) -> Option<(&'static OwnerRow, String)> {
    let group = apiservice.split_once('.').map_or("", |(_, group)| group);
    let rows: Vec<&OwnerRow> = OWNERS
        .iter()
        .filter(|row| {
            row.apiservices.iter().any(|name| name.split_once('.').is_some_and(|(_, g)| g == group))
        })
        .collect();
    let named = rows.iter().find(|row| {
        let (namespace, service) = row.service.split_once('/').unwrap_or(("", ""));
        incident.evidence.iter().any(|e| e.text.contains(namespace) && e.text.contains(service))
    });
    let row = named.or(rows.first()).copied()?;
    let certainty = match row.evidence {
        Evidence::Source => "its manifests say so",
        Evidence::Thread => "seen in",
        Evidence::Known => "not verified",
    };
    let how = match (named.is_some(), rows.len()) {
        (true, _) => format!("the log names {}; table of owners ({})", row.service, row.source),
        (false, 1) => format!("table of owners: {certainty} ({})", row.source),
        (false, n) => format!("table of owners: the usual one of {n} ({})", row.source),
    };
    Some((row, how))
}

fn row_backend(incident: &Incident) -> Option<Backend> {
    let (row, _) = owner_row(incident.apiservice.as_deref()?, incident)?;
    let (namespace, service) = row.service.split_once('/')?;
    Some(Backend { namespace: namespace.to_owned(), service: service.to_owned(), state: None })
}
