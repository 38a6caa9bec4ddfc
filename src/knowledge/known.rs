//! Known incidents: an APIService, how it breaks, and what has proved to last.

/// A known incident.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its id.
    pub id: &'static str,
    /// The APIService.
    pub apiservice: &'static str,
    /// Since which version, and what is known of the defect.
    pub story: &'static str,
    /// Where that is known from.
    pub sources: &'static str,
    /// What to do, in order.
    pub steps: &'static [KnownStep],
}

/// One thing to do.
#[derive(Clone, Copy, Debug)]
pub struct KnownStep {
    /// What.
    pub step: &'static str,
    /// Why.
    pub why: &'static str,
    /// The command; empty if there is none.
    pub command: &'static str,
    /// Whether it lasts.
    pub lasting: bool,
}

/// Known incidents.
#[rustfmt::skip]
pub const KNOWN: &[Known] = &[
    Known {
        id: "cro-4.17",
        apiservice: "v1.admission.autoscaling.openshift.io",
        story: "The APIService exists only since the ClusterResourceOverride Operator 4.17. After an upgrade from 4.16 the old self-signed serving secret stays, and the new aggregated API has a certificate that the service CA did not sign (OCPBUGS-54886); before the fix the APIService has no ownerReference, and stays behind when the operator's CR goes (OCPBUGS-48115).",
        sources: "openshift/cluster-resource-override-admission-operator 5fd68034, fd597f61, PR #180; nolar/kopf#1169",
        steps: &[
            KnownStep { step: "Update the ClusterResourceOverride Operator to a release with OCPBUGS-54886 and OCPBUGS-48115", why: "they renew the serving certificate after the upgrade, and tie the APIService to its CR", command: "oc -n clusterresourceoverride-operator get subscription,csv", lasting: true },
            KnownStep { step: "If it cannot be updated: delete the stale secret server-serving-cert-clusterresourceoverride and let the operator renew it", why: "it was signed before 4.17 by another CA than the APIService trusts", command: "oc -n clusterresourceoverride-operator delete secret server-serving-cert-clusterresourceoverride", lasting: true },
            KnownStep { step: "If it is not needed: delete the ClusterResourceOverride CR, uninstall the operator, and only then delete the APIService", why: "the operator creates the APIService again at its next reconcile, at the latest after an hour: deleting it alone only seems to help, for a program that starts in the gap", command: "oc delete clusterresourceoverride cluster", lasting: true },
            KnownStep { step: "Deleting the APIService alone does not last", why: "the ClusterResourceOverride Operator does not watch it, and creates it again when anything it does watch changes; a Kopf operator that starts in the gap lives only until its next restart", command: "oc delete apiservice v1.admission.autoscaling.openshift.io", lasting: false },
        ],
    },
];
