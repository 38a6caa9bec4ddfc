//! The closed list of causes.

use std::fmt;

/// What went wrong. Closed: every output writes one of these names.
///
/// The order is that of severity, worst first: it is the first key by which incidents are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// kube-apiserver (or its load balancer) refuses, shuts down, or answers 503 for Local groups.
    ApiserverUnavailable,
    /// The aggregation layer cannot use the backend of an APIService.
    ApiserviceUnavailable,
    /// etcd answers late or not at all.
    Etcd,
    /// The backend of an APIService answers, but fails in part.
    ApiserviceDegraded,
    /// 429, 504, handler timeouts on Local groups.
    ApiserverOverloaded,
    /// Timeouts, resets, no route: between the program and the API server.
    Network,
    /// A host name does not resolve.
    Dns,
    /// x509 and TLS alerts.
    Certificate,
    /// A CRD's conversion webhook failed.
    ConversionWebhook,
    /// An admission webhook could not be called.
    AdmissionWebhook,
    /// 401.
    Unauthorized,
    /// 403 by RBAC.
    Forbidden,
    /// 404 on a path, or no match for a kind: a removed version, a missing CRD.
    ApiNotServed,
}

const NAMES: &[(Cause, &str, &str)] = &[
    (
        Cause::ApiserverUnavailable,
        "apiserver-unavailable",
        "kube-apiserver (or its load balancer) did not answer",
    ),
    (
        Cause::ApiserviceUnavailable,
        "apiservice-unavailable",
        "the aggregation layer cannot use the backend of the APIService",
    ),
    (Cause::Etcd, "etcd", "etcd answers late or not at all"),
    (Cause::ApiserviceDegraded, "apiservice-degraded", "the APIService's backend answers, but fails in part"),
    (
        Cause::ApiserverOverloaded,
        "apiserver-overloaded",
        "kube-apiserver sheds load or runs into time limits",
    ),
    (Cause::Network, "network", "packets between a program and the API server get lost"),
    (Cause::Dns, "dns", "a host name does not resolve"),
    (Cause::Certificate, "certificate", "a certificate is not trusted, not valid, or not for this host"),
    (Cause::ConversionWebhook, "conversion-webhook", "a CRD's conversion webhook cannot be called"),
    (Cause::AdmissionWebhook, "admission-webhook", "an admission webhook cannot be called"),
    (Cause::Unauthorized, "unauthorized", "a token or client certificate is not accepted"),
    (Cause::Forbidden, "forbidden", "RBAC does not allow the request"),
    (Cause::ApiNotServed, "api-not-served", "the API server does not know this API"),
];

impl Cause {
    /// Every cause, by severity.
    pub fn all() -> impl Iterator<Item = Cause> {
        NAMES.iter().map(|&(cause, ..)| cause)
    }

    /// The name in kebab-case.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// One sentence for people.
    pub fn describe(self) -> &'static str {
        self.row().2
    }

    /// Reads the kebab-case name.
    pub fn parse(name: &str) -> Option<Cause> {
        NAMES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Whether an incident with this cause blames an APIService.
    pub fn blames_apiservice(self) -> bool {
        matches!(self, Cause::ApiserviceUnavailable | Cause::ApiserviceDegraded)
    }

    fn row(self) -> &'static (Cause, &'static str, &'static str) {
        NAMES.iter().find(|row| row.0 == self).unwrap_or(&NAMES[0])
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for cause in Cause::all() {
            assert_eq!(Cause::parse(cause.as_str()), Some(cause));
        }
        assert_eq!(Cause::all().count(), 13);
    }
}
