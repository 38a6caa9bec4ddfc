//! One of the two: what is left of a report for the comparison.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnosis::Diagnosis;
use crate::fleet::program;
use crate::incident::Impact;
use crate::inventory::{Inventory, operator_name};
use crate::k8s::Cause;
use crate::report::Report;

/// What one report says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// What was read, as it was named.
    pub name: String,
    /// OpenShift's version.
    pub openshift: Option<String>,
    /// Kubernetes' version.
    pub kubernetes: Option<String>,
    /// Versions of operators by OLM package; `None` where the objects of a cluster are not known.
    pub operators: Option<BTreeMap<String, String>>,
    /// The incidents.
    pub incidents: Vec<Brief>,
}

/// An incident, in brief.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    /// Its id.
    pub id: String,
    /// Its cause.
    pub cause: Cause,
    /// In one sentence.
    pub reason: String,
    /// The APIService to blame.
    pub apiservice: Option<String>,
    /// Whether the APIService was available when the archive was gathered.
    pub available: Option<bool>,
    /// Records that report a failing request.
    pub failures: u64,
    /// Programs that suffer, and the worst that was done to them.
    pub victims: BTreeMap<String, Impact>,
    /// OLM package of who serves it, else the name.
    pub owner: Option<String>,
}

impl Brief {
    /// By what it is known again.
    pub fn key(&self) -> String {
        match &self.apiservice {
            Some(name) if self.cause.blames_apiservice() => name.clone(),
            _ => self.id.clone(),
        }
    }

    /// How many programs died of it.
    pub fn fatal(&self) -> usize {
        self.victims.values().filter(|impact| **impact == Impact::Fatal).count()
    }
}

impl Side {
    /// What a report says, with the operators of the inventory that was made of the same objects.
    pub fn of(name: String, report: &Report, inventory: &Inventory) -> Side {
        let cluster = report.cluster.clone();
        let mut operators: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for row in &inventory.operators {
            operators.entry(operator_name(row)).or_default().insert(&row.version);
        }
        let joined = |versions: BTreeSet<&str>| versions.into_iter().collect::<Vec<_>>().join(" and ");
        Side {
            name,
            operators: cluster
                .is_some()
                .then(|| operators.into_iter().map(|(name, versions)| (name, joined(versions))).collect()),
            openshift: cluster.as_ref().and_then(|cluster| cluster.openshift_version.clone()),
            kubernetes: cluster.and_then(|cluster| cluster.kubernetes_version),
            incidents: report.incidents.iter().map(brief).collect(),
        }
    }
}

fn brief(diagnosis: &Diagnosis) -> Brief {
    let incident = &diagnosis.incident;
    let mut victims: BTreeMap<String, Impact> = BTreeMap::new();
    for victim in &incident.victims {
        let worst = victims.entry(program(victim)).or_insert(victim.impact);
        *worst = victim.impact.max(*worst);
    }
    let owner = diagnosis.owner.as_ref();
    Brief {
        id: incident.id.clone(),
        cause: incident.cause,
        reason: incident.reason.clone(),
        apiservice: incident.apiservice.clone(),
        available: diagnosis.status.as_ref().map(|status| status.status == "True"),
        failures: incident.failures,
        victims,
        owner: owner.map(|owner| owner.package.clone().unwrap_or_else(|| owner.name.clone())),
    }
}
