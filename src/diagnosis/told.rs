//! What the logs tell of an outage that is over: the reason and the error of the aggregation layer's check.
//!
//! At the end of the gather the objects show a backend that works again; why it had not is left in
//! kube-apiserver's log.

use crate::incident::Incident;

/// Reasons of the Available condition (kube-aggregator
/// pkg/controllers/status/remote/remote_available_controller.go:206-374).
const REASONS: &[&str] = &[
    "ServiceNotFound",
    "ServicePortError",
    "ServiceAccessError",
    "EndpointsNotFound",
    "EndpointsAccessError",
    "MissingEndpoints",
    "FailedDiscoveryCheck",
];

/// The condition's reason, where the logs tell it.
pub(super) fn reason(incident: &Incident) -> Option<&'static str> {
    REASONS.iter().find(|reason| incident.reason.ends_with(**reason)).copied()
}

/// What kube-apiserver said of the backend last.
pub(super) fn error(incident: &Incident) -> Option<&str> {
    let told = incident.evidence.iter().filter(|one| one.signature.starts_with("AGG-"));
    let says = |text: &&str| crate::evidence::Link::of_error(text).is_some();
    told.map(|one| one.text.as_str()).rfind(says)
}
