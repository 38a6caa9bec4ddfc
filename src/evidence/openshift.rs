//! Objects that only OpenShift and OLM have: ClusterVersion, ClusterOperator, APIRequestCount;
//! ClusterServiceVersion, Subscription, InstallPlan.

use super::core::{Conditions, shape};
use super::meta::{Condition, Object};
use serde::{Deserialize, Serialize};

shape! {
    /// The ClusterVersion.
    ClusterVersion {
        /// Specification.
        spec: ClusterVersionSpec,
        /// Status.
        status: ClusterVersionStatus,
    }
    /// What the cluster is.
    ClusterVersionSpec {
        /// Its id, the same in every gathering.
        #[serde(rename = "clusterID")]
        cluster_id: String,
    }
    /// What runs, and what ran.
    ClusterVersionStatus {
        /// What is wanted.
        desired: Release,
        /// Newest first.
        history: Vec<Update>,
        /// Conditions.
        conditions: Vec<Condition>,
    }
    /// A release.
    Release {
        /// `4.17.22`.
        version: String,
    }
    /// An update of the cluster.
    Update {
        /// `Completed`, `Partial`.
        state: String,
        /// `4.17.22`.
        version: String,
        /// RFC 3339.
        started_time: String,
        /// RFC 3339; empty while it goes on.
        completion_time: String,
    }
    /// A ClusterOperator.
    ClusterOperator {
        /// Status.
        status: ClusterOperatorStatus,
    }
    /// How a cluster operator is.
    ClusterOperatorStatus {
        /// Conditions.
        conditions: Vec<Condition>,
        /// Versions of its operands.
        versions: Vec<OperandVersion>,
        /// What it looks after.
        related_objects: Vec<Related>,
    }
    /// A version of an operand.
    OperandVersion {
        /// `operator`, …
        name: String,
        /// Version.
        version: String,
    }
    /// What an operator looks after.
    Related {
        /// API group; empty for the core group.
        group: String,
        /// In the plural.
        resource: String,
        /// Name.
        name: String,
    }
    /// How often a deprecated API was asked for (`apiserver.openshift.io`).
    ApiRequestCount {
        /// Status.
        status: ApiRequestCountStatus,
    }
    /// How often, and until when.
    ApiRequestCountStatus {
        /// The Kubernetes release that removes it; empty if none does.
        removed_in_release: String,
        /// Requests of the last 24 hours.
        request_count: u64,
        /// By hour.
        last24h: Vec<Hour>,
    }
    /// One hour of requests.
    Hour {
        /// By node.
        by_node: Vec<ByNode>,
    }
    /// Requests on a node.
    ByNode {
        /// By user.
        by_user: Vec<ByUser>,
    }
    /// Requests of a user.
    ByUser {
        /// Service account or user.
        username: String,
        /// Program.
        user_agent: String,
        /// How many.
        request_count: u64,
    }
    /// A ClusterServiceVersion: an operator that OLM installs.
    Csv {
        /// Specification.
        spec: CsvSpec,
        /// Status.
        status: CsvStatus,
    }
    /// What an operator brings.
    CsvSpec {
        /// Version.
        version: String,
        /// What people call it.
        display_name: String,
        /// The oldest Kubernetes that it runs on.
        min_kube_version: String,
        /// Aggregated APIs.
        apiservicedefinitions: ApiServiceDefinitions,
    }
    /// Aggregated APIs of an operator.
    ApiServiceDefinitions {
        /// Those that it serves.
        owned: Vec<OwnedApiService>,
    }
    /// An aggregated API that an operator serves.
    OwnedApiService {
        /// Group.
        group: String,
        /// Version.
        version: String,
        /// Deployment that serves it.
        deployment_name: String,
    }
    /// How an operator is.
    CsvStatus {
        /// `Succeeded`, `Failed`, …
        phase: String,
        /// One word.
        reason: String,
        /// A sentence.
        message: String,
    }
    /// A Subscription: which package OLM keeps installed.
    Subscription {
        /// Specification.
        spec: SubscriptionSpec,
        /// Status.
        status: SubscriptionStatus,
    }
    /// What is subscribed.
    SubscriptionSpec {
        /// Package.
        name: String,
        /// Channel.
        channel: String,
        /// Catalog.
        source: String,
    }
    /// What is installed.
    SubscriptionStatus {
        /// The CSV that runs.
        #[serde(rename = "installedCSV")]
        installed_csv: String,
        /// The CSV that it goes to.
        #[serde(rename = "currentCSV")]
        current_csv: String,
        /// `AtLatestKnown`, `UpgradePending`, …
        state: String,
        /// Conditions; those that are `True` are mostly bad news.
        conditions: Vec<Condition>,
    }
    /// An InstallPlan: how OLM installs.
    InstallPlan {
        /// Specification.
        spec: InstallPlanSpec,
        /// Status.
        status: InstallPlanStatus,
    }
    /// What is installed.
    InstallPlanSpec {
        /// CSVs.
        cluster_service_version_names: Vec<String>,
    }
    /// How far it came.
    InstallPlanStatus {
        /// `Complete`, `Failed`, `RequiresApproval`, …
        phase: String,
        /// Conditions.
        conditions: Vec<Condition>,
        /// A sentence.
        message: String,
    }
    /// A CRD; only its name is read, which is `<plural>.<group>`.
    Crd {
        /// Status.
        status: Conditions,
    }
}

impl Object<Csv> {
    /// Whether OLM copied it into another namespace than the one it is installed in.
    pub fn is_copy(&self) -> bool {
        self.meta.labels.contains_key("olm.copiedFrom") || self.body.status.reason == "Copied"
    }
}

impl ApiRequestCountStatus {
    /// Who asked, by how often, the most frequent first. The per-hour lists are capped by the API
    /// server, so the sum may be less than the request count.
    pub fn users(&self) -> Vec<(String, u64)> {
        let mut counts = std::collections::BTreeMap::new();
        for user in self.last24h.iter().flat_map(|h| &h.by_node).flat_map(|n| &n.by_user) {
            let name = format!("{} ({})", user.username, user.user_agent);
            *counts.entry(name).or_insert(0) += user.request_count;
        }
        let mut users: Vec<(String, u64)> = counts.into_iter().collect();
        users.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        users
    }
}
