//! What an archive's objects say: [`Cluster`].
//!
//! For: joining the failures that logs tell with the state of the cluster: which APIService is
//! unavailable and why, what stands behind it, who owns it, which versions run. Not for: browsing. Only
//! kinds that a diagnosis uses are kept, and of them only such fields; nothing is judged here.
//!
//! An archive is no snapshot: it takes minutes, and the same object lies in a list, in a file of its
//! own, and in a second root. [`Cluster`] keeps the newest copy of each, so that adding files in any
//! order, or merging clusters read apart, gives the same.

mod chain;
mod choose;
pub mod core;
mod fields;
mod line;
pub mod meta;
pub mod openshift;
mod parse;
mod plain;
mod standing;
mod store;
mod thin;
mod wait;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::core::{
    ApiService, EndpointSlice, Endpoints, Event, Namespace, Node, Pod, Service, ServiceReference, Workload,
};
use crate::bounded::MULTIPLIED;
use crate::limits::{Limit, Limits};
pub use chain::{Chain, EndpointCount, Link, bad_status};
pub use choose::wants;
pub use meta::{Condition, Meta, Object, OwnerReference, Place};
use openshift::{ApiRequestCount, ClusterOperator, ClusterVersion, Csv, InstallPlan, Subscription};
pub use standing::{Standing, numbers};
pub use wait::{Waits, only, waits};

/// Whether a file was not read because aliases repeat too much.
pub fn is_multiplied(error: &str) -> bool {
    error.contains(MULTIPLIED)
}

/// Objects of one kind by `namespace/name`; a cluster-scoped one by `/name`.
pub type Objects<T> = BTreeMap<String, Object<T>>;

/// What an archive's objects say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cluster {
    /// APIServices.
    pub apiservices: Objects<ApiService>,
    /// Services.
    pub services: Objects<Service>,
    /// Endpoints.
    pub endpoints: Objects<Endpoints>,
    /// EndpointSlices.
    pub slices: Objects<EndpointSlice>,
    /// Pods.
    pub pods: Objects<Pod>,
    /// Deployments, StatefulSets and DaemonSets, by `namespace/kind/name`.
    pub workloads: Objects<Workload>,
    /// Nodes.
    pub nodes: Objects<Node>,
    /// Namespaces.
    pub namespaces: Objects<Namespace>,
    /// Events, but for those of type `Normal`.
    pub events: Objects<Event>,
    /// The ClusterVersion.
    pub versions: Objects<ClusterVersion>,
    /// ClusterOperators.
    pub operators: Objects<ClusterOperator>,
    /// Requests of deprecated APIs, by `<resource>.<version>.<group>`.
    pub requests: Objects<ApiRequestCount>,
    /// Operators of OLM, copies left out.
    pub csvs: Objects<Csv>,
    /// Copies of CSVs: `namespace/name`.
    pub copied_csvs: BTreeSet<String>,
    /// Subscriptions.
    pub subscriptions: Objects<Subscription>,
    /// InstallPlans.
    pub install_plans: Objects<InstallPlan>,
    /// `group/version`s that aggregated discovery lists, and where it calls them stale.
    pub discovery: BTreeMap<String, Option<Place>>,
    /// Groups of CRDs.
    pub crd_groups: BTreeSet<String>,
    /// Namespaces whose list of Services was gathered, an empty one included.
    pub gathered_namespaces: BTreeSet<String>,
    /// First and last time of the gather, in nanoseconds since 1970.
    pub gathered: Option<(i64, i64)>,
}

impl Cluster {
    /// Adds what a file says; a file that holds nothing for us is no error.
    ///
    /// # Errors
    /// What could not be read, for the coverage; all that could be read has been added.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), String> {
        self.add_within(path, bytes, Limits::default().get(Limit::Aliases))
    }

    /// As [`Cluster::add`], with another value of [`Limit::Aliases`].
    ///
    /// # Errors
    /// As there; if that limit was reached, [`is_multiplied`] says so of the error.
    pub fn add_within(&mut self, path: &str, bytes: &[u8], aliases: u64) -> Result<(), String> {
        store::add(self, path, bytes, aliases, parse::parse)
    }

    /// As [`Cluster::add_within`], of the text of a file that waited (see [`Waits`]).
    ///
    /// # Errors
    /// As there.
    pub fn add_plain(&mut self, path: &str, text: &str, aliases: u64) -> Result<(), String> {
        store::add(self, path, text.as_bytes(), aliases, parse::parse_thin)
    }

    /// Finishes: what depends on several objects. Call it once all files are added.
    pub fn settle(&mut self) {
        let copies = &self.copied_csvs;
        self.csvs.retain(|key, _| !copies.contains(key));
    }

    /// Adds all that another one holds; adding files to either gives the same.
    pub fn merge(&mut self, other: Cluster) {
        store::merge(self, other);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self == &Cluster::default()
    }

    /// Whether a gather took place, but left no objects: a dead APIService stops `oc adm inspect` before
    /// it writes anything (openshift/oc pkg/cli/admin/inspect/inspect.go:252-255, with clusters or clients
    /// older than aggregated discovery). What its logs say then names the culprit.
    pub fn is_hollow(&self) -> bool {
        let objects = [self.apiservices.len(), self.pods.len(), self.namespaces.len(), self.operators.len()];
        self.gathered.is_some() && objects == [0; 4]
    }

    /// The APIService of a name.
    pub fn apiservice(&self, name: &str) -> Option<&Object<ApiService>> {
        self.apiservices.get(&format!("/{name}"))
    }

    /// APIServices that a Service serves, by name.
    pub fn aggregated(&self) -> impl Iterator<Item = (&Object<ApiService>, &ServiceReference)> {
        self.apiservices.values().filter_map(|one| Some((one, one.body.spec.service.as_ref()?)))
    }

    /// A pod.
    pub fn pod(&self, namespace: &str, name: &str) -> Option<&Object<Pod>> {
        self.pods.get(&format!("{namespace}/{name}"))
    }

    /// Whether the archive holds a list of the namespace's objects, so that a missing one is missing.
    pub fn has_namespace(&self, namespace: &str) -> bool {
        self.gathered_namespaces.contains(namespace)
    }

    /// Objects of a kind in a namespace.
    pub fn within<'a, T>(
        &self,
        objects: &'a Objects<T>,
        namespace: &str,
    ) -> impl Iterator<Item = &'a Object<T>> + use<'a, T> {
        let prefix = format!("{namespace}/");
        objects
            .range(prefix.clone()..)
            .take_while(move |(key, _)| key.starts_with(&prefix))
            .map(|(_, object)| object)
    }

    /// The id by which OpenShift knows the cluster.
    pub fn id(&self) -> Option<&str> {
        let id = &self.versions.values().next()?.body.spec.cluster_id;
        (!id.is_empty()).then_some(id)
    }

    /// The end of the gather, in nanoseconds since 1970.
    pub fn gathered_at(&self) -> Option<i64> {
        self.gathered.map(|(_, end)| end)
    }
}
