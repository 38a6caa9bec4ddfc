//! Groups whose APIServices are Local: built in, or CRDs. They are never blamed.

/// Groups built into kube-apiserver, Kubernetes 1.0 to 1.36 (staging/src/k8s.io/api). The core
/// group is `""`.
#[rustfmt::skip]
pub const BUILT_IN: &[&str] = &[
    "", "admission.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
    "auditregistration.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
    "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions",
    "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "imagepolicy.k8s.io", "meta.k8s.io",
    "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io",
    "settings.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
];

/// Groups that are CRDs wherever they are seen; an entry that begins with a dot is a suffix.
///
/// Sources: kubernetes-sigs (`*.x-k8s.io`), kubernetes-csi (`snapshot.storage.k8s.io`), gateway-api,
/// openshift/api (the groups with `+openshift:compatibility-gen` and CRD manifests), OLM, knative,
/// istio, cert-manager, Argo, Flux, prometheus-operator.
#[rustfmt::skip]
pub const CRD_GROUPS: &[&str] = &[
    ".x-k8s.io", "snapshot.storage.k8s.io", "groupsnapshot.storage.k8s.io", "gateway.networking.k8s.io",
    "policy.networking.k8s.io", "autoscaling.k8s.io", "k8s.cni.cncf.io", "whereabouts.cni.cncf.io", "metal3.io",
    // OpenShift groups that are CRDs
    "config.openshift.io", "operator.openshift.io", "machine.openshift.io", "machineconfiguration.openshift.io",
    "imageregistry.operator.openshift.io", "ingress.operator.openshift.io", "network.operator.openshift.io",
    "network.openshift.io", "console.openshift.io", "helm.openshift.io", "monitoring.openshift.io",
    "samples.operator.openshift.io", "tuned.openshift.io", "apiserver.openshift.io", "cloudcredential.openshift.io",
    "controlplane.operator.openshift.io", "insights.openshift.io", "sharedresource.openshift.io",
    "security.internal.openshift.io", "performance.openshift.io", "cloud.network.openshift.io",
    "autoscaling.openshift.io", "operator.autoscaling.openshift.io", "hive.openshift.io",
    // operators seen nearly everywhere
    "operators.coreos.com", "monitoring.coreos.com", "monitoring.rhobs", "cert-manager.io", "acme.cert-manager.io",
    "argoproj.io", ".toolkit.fluxcd.io", "serving.knative.dev", "internal.knative.dev", "eventing.knative.dev",
    "networking.istio.io", "security.istio.io", "telemetry.istio.io", "velero.io", "keda.sh", "kyverno.io",
    "crd.projectcalico.org", "linkerd.io", "kubevirt.io", "cdi.kubevirt.io", "longhorn.io", "cilium.io",
    "constraints.gatekeeper.sh", "templates.gatekeeper.sh", "management.cattle.io", "project.cattle.io",
    "helm.cattle.io", "fleet.cattle.io", "kafka.strimzi.io", "toolchain.dev.openshift.com", "tekton.dev", "ray.io",
];

/// Resources of aggregated OpenShift groups that kube-apiserver answers itself, as CRDs: a 503 on
/// them is its own. Source: openshift/kubernetes openshift-kube-apiserver/enablement/intialization.go:62-68.
pub const ALWAYS_LOCAL_RESOURCES: &[(&str, &str)] = &[
    ("clusterresourcequotas", "quota.openshift.io"),
    ("securitycontextconstraints", "security.openshift.io"),
    ("rolebindingrestrictions", "authorization.openshift.io"),
];
