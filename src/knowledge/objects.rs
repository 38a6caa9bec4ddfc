//! What objects of an archive tell of a broken APIService: the ids that their evidence carries.

/// An object that tells.
#[derive(Clone, Copy, Debug)]
pub struct ObjectRow {
    /// Its id, as evidence carries it.
    pub id: &'static str,
    /// What is read.
    pub what: &'static str,
    /// Where that is known from.
    pub source: &'static str,
}

/// The Available condition of an APIService.
pub const CONDITION: &str = "EV-APISERVICE";
/// Aggregated discovery that calls a group/version stale.
pub const STALE: &str = "EV-STALE";
/// A namespace that cannot be deleted.
pub const NAMESPACE: &str = "EV-NAMESPACE";

/// The objects that tell.
#[rustfmt::skip]
pub const ROWS: &[ObjectRow] = &[
    ObjectRow { id: CONDITION, what: "APIService status.conditions[type=Available], status not True", source: "kubernetes/kube-aggregator pkg/controllers/status/remote/remote_available_controller.go" },
    ObjectRow { id: STALE, what: "aggregated discovery items[].versions[].freshness: Stale", source: "openshift/oc pkg/cli/admin/inspect/discovery.go:15-62; kubernetes/kube-aggregator pkg/apiserver/handler_discovery.go:397-427" },
    ObjectRow { id: NAMESPACE, what: "Namespace condition NamespaceDeletionDiscoveryFailure", source: "kubernetes/kubernetes pkg/controller/namespace/deletion/status_condition_utils.go" },
];
