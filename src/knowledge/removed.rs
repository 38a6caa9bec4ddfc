//! API versions that a Kubernetes release stopped serving.
//!
//! Source: the Kubernetes deprecation guide; the OpenShift column is the release built on it.

/// A group/version that was removed.
#[derive(Clone, Copy, Debug)]
pub struct Removed {
    /// `group/version`.
    pub group_version: &'static str,
    /// Resources, in the plural; empty for all of it.
    pub resources: &'static [&'static str],
    /// The first Kubernetes release without it.
    pub kubernetes: &'static str,
    /// The first OpenShift release without it.
    pub openshift: &'static str,
}

macro_rules! removed {
    ($($kubernetes:literal $openshift:literal: $($gv:literal [$($resource:literal),*])+;)+) => {
        &[$($(Removed { group_version: $gv, resources: &[$($resource),*], kubernetes: $kubernetes, openshift: $openshift },)+)+]
    };
}

/// Removed versions, oldest first.
#[rustfmt::skip]
pub const REMOVED: &[Removed] = removed! {
    "1.16" "4.3":
        "extensions/v1beta1" ["daemonsets", "deployments", "networkpolicies", "podsecuritypolicies", "replicasets"]
        "apps/v1beta1" [] "apps/v1beta2" [];
    "1.22" "4.9":
        "admissionregistration.k8s.io/v1beta1" ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"]
        "apiextensions.k8s.io/v1beta1" [] "apiregistration.k8s.io/v1beta1" [] "authentication.k8s.io/v1beta1" []
        "authorization.k8s.io/v1beta1" [] "certificates.k8s.io/v1beta1" [] "coordination.k8s.io/v1beta1" []
        "extensions/v1beta1" ["ingresses"] "networking.k8s.io/v1beta1" ["ingresses", "ingressclasses"]
        "rbac.authorization.k8s.io/v1beta1" [] "scheduling.k8s.io/v1beta1" []
        "storage.k8s.io/v1beta1" ["csidrivers", "csinodes", "storageclasses", "volumeattachments"];
    "1.25" "4.12":
        "batch/v1beta1" ["cronjobs"] "discovery.k8s.io/v1beta1" [] "events.k8s.io/v1beta1" []
        "autoscaling/v2beta1" [] "policy/v1beta1" ["poddisruptionbudgets", "podsecuritypolicies"]
        "node.k8s.io/v1beta1" [];
    "1.26" "4.13": "autoscaling/v2beta2" [] "flowcontrol.apiserver.k8s.io/v1beta1" [];
    "1.27" "4.14": "storage.k8s.io/v1beta1" ["csistoragecapacities"];
    "1.29" "4.16": "flowcontrol.apiserver.k8s.io/v1beta2" [];
    "1.32" "4.19": "flowcontrol.apiserver.k8s.io/v1beta3" [];
};
