//! Known incidents: an APIService, how it breaks, and what has proved to last.
//!
//! A row fits when nothing that is known speaks against its conditions; an unknown version excludes
//! nothing. Words in braces are filled in: `{apiservice}`, `{namespace}`, `{service}`, `{owner}`.

/// From this version, before that one; empty for no bound.
pub type Range = (&'static str, &'static str);

/// No bound.
pub const ANY: Range = ("", "");

/// When a row fits.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// Reasons of the Available condition; empty for any.
    pub reasons: &'static [&'static str],
    /// `namespace/service` of the backend; empty for any.
    pub services: &'static [&'static str],
    /// OpenShift versions.
    pub openshift: Range,
    /// Kubernetes versions.
    pub kubernetes: Range,
    /// Versions of the operator that owns it.
    pub operator: Range,
}

/// Always.
pub const ALWAYS: When = When { reasons: &[], services: &[], openshift: ANY, kubernetes: ANY, operator: ANY };

/// A known incident.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its id.
    pub id: &'static str,
    /// The APIServices.
    pub apiservices: &'static [&'static str],
    /// When it fits.
    pub when: When,
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

/// Every row, the user's own first.
pub fn all() -> impl Iterator<Item = &'static Known> {
    super::own::own().known.iter().chain(KNOWN)
}

/// Reasons that an APIService has whose backend is gone.
const GONE: &[&str] = &["ServiceNotFound", "EndpointsNotFound"];
/// Reasons that an APIService has whose backend runs, but fails.
const FAILS: &[&str] = &["FailedDiscoveryCheck", "Passed"];

/// Known incidents.
#[rustfmt::skip]
pub const KNOWN: &[Known] = &[
    Known {
        id: "cro-orphaned",
        apiservices: &["v1.admission.autoscaling.openshift.io"],
        when: When { reasons: GONE, openshift: ("4.17", ""), ..ALWAYS },
        story: "Before OCPBUGS-48115 (April 2025) the APIService had no ownerReference: when the ClusterResourceOverride CR or the operator went, its Service went too, but the APIService stayed and answers 503 for ever.",
        sources: "openshift/cluster-resource-override-admission-operator fd597f61 (PR #181); openshift-docs#92940",
        steps: &[
            KnownStep { step: "If neither the operator nor its CR exists any more, delete the APIService: then it lasts", why: "nobody is left to create it again", command: "oc get clusterresourceoverride,subscription,csv -A | grep -i clusterresourceoverride || oc delete apiservice {apiservice}", lasting: true },
        ],
    },
    Known {
        id: "cro-4.17",
        apiservices: &["v1.admission.autoscaling.openshift.io"],
        when: When { openshift: ("4.17", ""), operator: ("4.17", ""), ..ALWAYS },
        story: "The APIService exists only since the ClusterResourceOverride Operator 4.17. After an upgrade from 4.16 the old self-signed serving secret stays, and the new aggregated API has a certificate that the service CA did not sign (OCPBUGS-54886); before the fix the APIService has no ownerReference, and stays behind when the operator's CR goes (OCPBUGS-48115).",
        sources: "openshift/cluster-resource-override-admission-operator 5fd68034, fd597f61, PR #180, PR #181; nolar/kopf#1169",
        steps: &[
            KnownStep { step: "Update the ClusterResourceOverride Operator to a release with OCPBUGS-54886 and OCPBUGS-48115", why: "they renew the serving certificate after the upgrade, and tie the APIService to its CR", command: "oc -n {namespace} get subscription,csv", lasting: true },
            KnownStep { step: "If it cannot be updated and the backend shows a certificate of its own: delete the stale secret server-serving-cert-clusterresourceoverride and let the operator renew it", why: "it was signed before 4.17 by another CA than the APIService trusts", command: "oc -n {namespace} delete secret server-serving-cert-clusterresourceoverride", lasting: true },
            KnownStep { step: "If it is not needed: delete the ClusterResourceOverride CR, uninstall the operator, and only then delete the APIService", why: "while the CR exists the operator creates the APIService again at its next reconcile, at the latest after an hour", command: "oc delete clusterresourceoverride cluster", lasting: true },
            KnownStep { step: "Deleting the APIService alone does not last", why: "the ClusterResourceOverride Operator does not watch it, so it stays away until anything that it does watch changes (a pod of its operand is enough) and comes back within seconds then; a Kopf operator that starts in the gap lives only until its next restart", command: "oc delete apiservice {apiservice}", lasting: false },
        ],
    },
    Known {
        id: "metrics-openshift",
        apiservices: &["v1beta1.metrics.k8s.io"],
        when: When { services: &["openshift-monitoring/metrics-server", "openshift-monitoring/prometheus-adapter"], ..ALWAYS },
        story: "OpenShift serves resource metrics by prometheus-adapter up to 4.15 and by metrics-server since 4.16. It is down while its pods cannot reach the kubelets or Prometheus; HPAs, `oc adm top` and namespace deletion suffer.",
        sources: "openshift/cluster-monitoring-operator assets/metrics-server, assets/prometheus-adapter; openshift/runbooks KubeAggregatedAPIDown",
        steps: &[
            KnownStep { step: "Repair {service} in openshift-monitoring; the ClusterOperator monitoring says what keeps it down", why: "the APIService becomes available by itself as soon as its backend answers", command: "oc -n openshift-monitoring get pods,endpointslices -o wide; oc get clusteroperator monitoring -o yaml", lasting: true },
            KnownStep { step: "Remove every other provider of metrics.k8s.io", why: "only one can be registered: the last one that is installed takes the APIService over, and uninstalling it deletes the APIService of the first", command: "oc get apiservice {apiservice} -o jsonpath='{.spec.service}'", lasting: true },
            KnownStep { step: "Deleting the APIService does not last", why: "the cluster monitoring operator creates it again at its next sync", command: "oc delete apiservice {apiservice}", lasting: false },
        ],
    },
    Known {
        id: "metrics-elsewhere",
        apiservices: &["v1beta1.metrics.k8s.io", "v1beta1.custom.metrics.k8s.io", "v1beta2.custom.metrics.k8s.io"],
        when: When { services: &["kube-system/metrics-server", "monitoring/prometheus-adapter", "custom-metrics/custom-metrics-stackdriver-adapter"], ..ALWAYS },
        story: "Metrics APIs are singletons with many providers: the last installer owns the APIService, and removing the loser deletes it for the winner.",
        sources: "kubernetes-sigs/metrics-server manifests/base/apiservice.yaml; kubernetes-sigs/prometheus-adapter deploy/manifests/api-service.yaml; helm/helm#6361",
        steps: &[
            KnownStep { step: "Repair {service} in {namespace}, or uninstall it with the tool that installed it", why: "the APIService goes with its release; deleted alone it comes back at the next sync of that tool", command: "oc -n {namespace} get pods,endpointslices; oc -n {namespace} logs deploy/{service}", lasting: true },
        ],
    },
    Known {
        id: "packageserver-certificate",
        apiservices: &["v1.packages.operators.coreos.com"],
        when: When { reasons: FAILS, ..ALWAYS },
        story: "OLM did not renew the packageserver's serving certificate, or the APIService holds the CA of an old one.",
        sources: "operator-framework/operator-lifecycle-manager#2001, #1368; access.redhat.com/solutions/6999798",
        steps: &[
            KnownStep { step: "If the certificate has expired: delete OLM's serving secrets and its pods, in this order, and wait until both are back", why: "OLM makes new certificates when the secrets are missing; they hold until they expire again", command: "oc -n {namespace} delete secret packageserver-service-cert olm-operator-serving-cert catalog-operator-serving-cert; oc -n {namespace} delete pod -l 'app in (olm-operator,catalog-operator,packageserver)'", lasting: true },
            KnownStep { step: "Update OpenShift (or OLM)", why: "a certificate that was not renewed once will not be the next time", command: "oc get clusteroperator operator-lifecycle-manager-packageserver", lasting: true },
            KnownStep { step: "Deleting the APIService does not repair it", why: "OLM creates it again for the CSV packageserver, within minutes; that helps only where just its caBundle was stale", command: "oc delete apiservice {apiservice}", lasting: false },
        ],
    },
    Known {
        id: "linkerd-tap",
        apiservices: &["v1alpha1.tap.linkerd.io"],
        when: ALWAYS,
        story: "Linkerd's tap reads the front-proxy CA once, at start: after that CA is rotated it refuses kube-apiserver. It also fails when its own certificate expires, and with the viz extension scaled down.",
        sources: "linkerd/linkerd2#13196, #3497, #10341; nolar/kopf#1073",
        steps: &[
            KnownStep { step: "Restart tap", why: "it reads the rotated CA of kube-system/extension-apiserver-authentication when it starts; the next rotation breaks it again (closed as wontfix)", command: "oc -n {namespace} rollout restart deploy/tap", lasting: false },
            KnownStep { step: "Let cert-manager renew tap's certificate and restart tap with it, or uninstall the viz extension if nobody taps", why: "the chart's own certificate lives for one year; uninstalling the release removes the APIService too", command: "linkerd viz check; linkerd viz uninstall | oc delete -f -", lasting: true },
            KnownStep { step: "Deleting the APIService alone does not last", why: "the next helm upgrade or GitOps sync of linkerd-viz creates it again, and until then taps fail", command: "oc delete apiservice {apiservice}", lasting: false },
        ],
    },
    Known {
        id: "keda-wrong-service",
        apiservices: &["v1beta1.external.metrics.k8s.io"],
        when: When { reasons: GONE, ..ALWAYS },
        story: "KEDA's Service is keda-metrics-apiserver in its manifests and keda-operator-metrics-apiserver in its chart; after a change from one to the other, or an uninstall that left the APIService behind, it names a Service that does not exist.",
        sources: "kedacore/charts#495, #11; kedacore/keda#4772",
        steps: &[
            KnownStep { step: "If KEDA is installed: apply the APIService of the same release as the rest of KEDA", why: "it then names the Service that exists, and the next upgrade keeps it", command: "oc get svc -A | grep metrics-apiserver", lasting: true },
            KnownStep { step: "If KEDA is not installed any more: delete the APIService", why: "nobody is left to create it again; look first that no other provider of external metrics wants it", command: "oc delete apiservice {apiservice}", lasting: true },
        ],
    },
    Known {
        id: "keda-down",
        apiservices: &["v1beta1.external.metrics.k8s.io"],
        when: When { reasons: &["FailedDiscoveryCheck", "MissingEndpoints"], ..ALWAYS },
        story: "The metrics adapter of KEDA is down or cannot be reached from the control plane (private clusters: port 6443 of the pods).",
        sources: "kedacore/keda#587, #1315; openshift/custom-metrics-autoscaler-operator resources/keda.yaml",
        steps: &[
            KnownStep { step: "Repair the metrics adapter {service} in {namespace}", why: "the APIService becomes available by itself as soon as the adapter answers kube-apiserver", command: "oc -n {namespace} get pods,endpointslices -o wide; oc -n {namespace} logs deploy/{service}", lasting: true },
            KnownStep { step: "If no ScaledObject is left: delete the KedaController (or the release) rather than the APIService", why: "the operator creates the APIService again at its next reconcile", command: "oc get scaledobjects,scaledjobs -A", lasting: true },
        ],
    },
    Known {
        id: "cdi-left-behind",
        apiservices: &["v1beta1.upload.cdi.kubevirt.io", "v1alpha1.upload.cdi.kubevirt.io"],
        when: When { reasons: GONE, ..ALWAYS },
        story: "The Containerized Data Importer was removed by deleting its namespace or manifests instead of its CR: the APIService stays and names a Service that is gone. No namespace can be deleted any more.",
        sources: "kubevirt/hyperconverged-cluster-operator#593; kubevirt/containerized-data-importer#3036",
        steps: &[
            KnownStep { step: "Make sure that CDI is really gone: neither its CR nor its operator exists", why: "the operator would create the APIService again", command: "oc get cdi -A; oc get deploy -A | grep cdi-operator", lasting: true },
            KnownStep { step: "Delete the APIService, and the webhook configurations that were left with it", why: "nobody is left to create it again, so this lasts; stuck namespaces go by themselves then", command: "oc delete apiservice {apiservice}", lasting: true },
        ],
    },
    Known {
        id: "agones-kube-1.27",
        apiservices: &["v1.allocation.agones.dev"],
        when: When { kubernetes: ("1.27.0", "1.27.5"), ..ALWAYS },
        story: "Agones does not answer aggregated discovery; Kubernetes 1.27.0 to 1.27.4 shows such an API as stale although it works.",
        sources: "kubernetes/kubernetes#119662",
        steps: &[
            KnownStep { step: "Update Kubernetes to 1.27.5 or newer", why: "the backend is healthy: the aggregation layer's fallback to plain discovery was broken", command: "", lasting: true },
        ],
    },
    Known {
        id: "hive-admission",
        apiservices: &["v1.admission.hive.openshift.io", "v1alpha1.admission.hive.openshift.io"],
        when: ALWAYS,
        story: "Hive's admission webhook is called through the aggregation layer: while hiveadmission is down, discovery is broken for all, and no ClusterDeployment can be written.",
        sources: "openshift/hive config/hiveadmission/apiservice.yaml, clusterdeployment-webhook.yaml",
        steps: &[
            KnownStep { step: "Repair hiveadmission in {namespace}", why: "the APIService becomes available by itself as soon as it answers", command: "oc -n {namespace} get pods -l app=hiveadmission; oc get hiveconfig hive -o yaml", lasting: true },
            KnownStep { step: "If Hive is not needed: delete the HiveConfig, then uninstall the operator, and only then what is left", why: "hive-operator creates APIService and webhook configurations again while the HiveConfig exists", command: "oc delete hiveconfig hive", lasting: true },
        ],
    },
    Known {
        id: "service-catalog",
        apiservices: &["v1beta1.servicecatalog.k8s.io"],
        when: ALWAYS,
        story: "The Service Catalog is deprecated since OpenShift 4.2 and removed in 4.5; an APIService that is left of it can never become available.",
        sources: "openshift/origin#20923; openshift/openshift-azure#1597; OpenShift 4.5 release notes",
        steps: &[
            KnownStep { step: "Set the ServiceCatalogAPIServer and ServiceCatalogControllerManager to Removed where they still exist, then delete the APIService", why: "the operator, where it still runs, creates it again; on 4.5 and later nobody does", command: "oc delete apiservice {apiservice}", lasting: true },
        ],
    },
];
