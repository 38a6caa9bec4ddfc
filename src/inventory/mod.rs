//! The review that a broken APIService asks for: what extends this cluster's API, who brought it, and
//! does it fit the version?
//!
//! [`Inventory::of`] lists the aggregated APIServices and the operators of one cluster, held against its
//! version, with what blocks the next minor release; [`matrix()`] counts over many clusters. Plain data:
//! rendering is [`render`], and nothing here reads files.

mod blockers;
mod matrix;
pub mod render;
mod support;

use serde::{Deserialize, Serialize};

pub use blockers::Blocker;
pub use matrix::{Cell, add, matrix, operator_name};
pub use support::{Declared, Support};

use crate::diagnosis::{describe_chain, owner_of};
use crate::evidence::openshift::Csv;
use crate::evidence::{Cluster, Link, Object};

/// What extends a cluster's API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// `4.17.22`; `None` where the archive does not tell.
    pub openshift_version: Option<String>,
    /// `1.30.10`.
    pub kubernetes_version: Option<String>,
    /// The next minor release of OpenShift, `4.18`.
    pub next_minor: Option<String>,
    /// Whether the archive seems to hold all APIServices; until OpenShift 4.11 it holds only some.
    pub complete: bool,
    /// Aggregated APIServices, by name.
    pub apiservices: Vec<ApiServiceRow>,
    /// Operators that OLM installed, each once, by name.
    pub operators: Vec<OperatorRow>,
    /// What blocks or breaks an update to the next minor release.
    pub blockers: Vec<Blocker>,
}

/// An aggregated APIService.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiServiceRow {
    /// `version.group`.
    pub name: String,
    /// `True`, `False`, `Unknown`; `None` without a condition.
    pub available: Option<String>,
    /// The condition's reason.
    pub reason: Option<String>,
    /// `namespace/service`.
    pub backend: String,
    /// The backend's state in words.
    pub state: String,
    /// Where the chain to it breaks.
    pub link: Link,
    /// Who owns it.
    pub owner: Option<String>,
    /// OLM package.
    pub package: Option<String>,
    /// The owner's version.
    pub version: Option<String>,
    /// How the owner is known.
    pub how_known: Option<String>,
}

/// An operator that OLM installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorRow {
    /// Name of the CSV.
    pub name: String,
    /// Namespace that it is installed in.
    pub namespace: String,
    /// OLM package.
    pub package: Option<String>,
    /// Version.
    pub version: String,
    /// `Succeeded`, `Failed`, …
    pub phase: String,
    /// The CSV's reason.
    pub reason: String,
    /// In how many other namespaces OLM copied it.
    pub copies: usize,
    /// The aggregated APIs that its CSV owns, `version.group`.
    pub owned_apiservices: Vec<String>,
    /// The versions that it declares.
    pub declared: Declared,
    /// Those held against the cluster's version.
    pub support: Support,
}

impl Inventory {
    /// The inventory of a cluster.
    pub fn of(cluster: &Cluster) -> Inventory {
        let openshift_version = cluster.openshift_version();
        let kubernetes_version = cluster
            .kubernetes_version()
            .or_else(|| support::kubernetes_of(openshift_version.as_deref()?).map(str::to_owned));
        let mut inventory = Inventory {
            next_minor: openshift_version.as_deref().and_then(support::next_minor),
            complete: cluster.has_all_apiservices(),
            apiservices: apiservices(cluster),
            operators: operators(cluster, openshift_version.as_deref(), kubernetes_version.as_deref()),
            blockers: Vec::new(),
            openshift_version,
            kubernetes_version,
        };
        inventory.blockers = blockers::of(cluster, &inventory);
        inventory
    }
}

fn apiservices(cluster: &Cluster) -> Vec<ApiServiceRow> {
    let rows = cluster.aggregated().filter_map(|(one, service)| {
        let chain = cluster.chain(one)?;
        let owner = owner_of(one.name(), cluster);
        let available = one.body.available();
        Some(ApiServiceRow {
            name: one.name().to_owned(),
            available: available.map(|condition| condition.status.clone()),
            reason: available.map(|condition| condition.reason.clone()),
            backend: service.id(),
            state: describe_chain(&chain),
            link: chain.link,
            package: owner.as_ref().and_then(|owner| owner.package.clone()),
            version: owner.as_ref().and_then(|owner| owner.version.clone()),
            how_known: owner.as_ref().map(|owner| owner.how_known.clone()),
            owner: owner.map(|owner| owner.name),
        })
    });
    rows.collect()
}

fn operators(cluster: &Cluster, openshift: Option<&str>, kubernetes: Option<&str>) -> Vec<OperatorRow> {
    let mut rows: Vec<OperatorRow> =
        cluster.csvs.values().map(|csv| operator(csv, cluster, openshift, kubernetes)).collect();
    rows.sort_by(|a, b| (&a.name, &a.namespace).cmp(&(&b.name, &b.namespace)));
    rows
}

fn operator(
    csv: &Object<Csv>,
    cluster: &Cluster,
    openshift: Option<&str>,
    kubernetes: Option<&str>,
) -> OperatorRow {
    let declared = Declared::of(csv);
    let suffix = format!("/{}", csv.name());
    let owned = &csv.body.spec.apiservicedefinitions.owned;
    let subscription = cluster.subscriptions.values().find(|one| one.body.status.installed_csv == csv.name());
    OperatorRow {
        name: csv.name().to_owned(),
        namespace: csv.meta.namespace.clone(),
        package: subscription.map(|one| one.body.spec.name.clone()),
        version: csv.body.spec.version.clone(),
        phase: csv.body.status.phase.clone(),
        reason: csv.body.status.reason.clone(),
        copies: cluster.copied_csvs.iter().filter(|key| key.ends_with(&suffix)).count(),
        owned_apiservices: owned.iter().map(|one| format!("{}.{}", one.version, one.group)).collect(),
        support: declared.support(openshift, kubernetes),
        declared,
    }
}
