//! Who serves which APIService.
//!
//! For logs without cluster objects: an archive's APIService objects win over this table. Several
//! rows may serve the same APIService (`metrics.k8s.io` is a singleton with many providers): then
//! the row whose namespace or service the log names is the owner, else the first one, as a guess.

/// How a row is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Read in the program's manifest or source.
    Source,
    /// Seen in an issue thread.
    Thread,
    /// Known, not verified.
    Known,
    /// The user's own.
    Own,
}

/// A backend and the APIServices behind it.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// APIService names, `version.group`.
    pub apiservices: &'static [&'static str],
    /// `namespace/service` of the backend.
    pub service: &'static str,
    /// OLM package; empty if it comes another way.
    pub package: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Where that is known from.
    pub source: &'static str,
    /// How well.
    pub evidence: Evidence,
}

/// Backends, OpenShift's own first, then Red Hat's operators, then others.
#[rustfmt::skip]
pub const OWNERS: &[Owner] = &[
    Owner { apiservices: &["v1.apps.openshift.io", "v1.authorization.openshift.io", "v1.build.openshift.io", "v1.image.openshift.io", "v1.project.openshift.io", "v1.quota.openshift.io", "v1.route.openshift.io", "v1.security.openshift.io", "v1.template.openshift.io"], service: "openshift-apiserver/api", package: "", name: "openshift-apiserver", source: "openshift/cluster-openshift-apiserver-operator pkg/operator/starter.go:64-75", evidence: Evidence::Source },
    Owner { apiservices: &["v1.oauth.openshift.io", "v1.user.openshift.io"], service: "openshift-oauth-apiserver/api", package: "", name: "authentication", source: "openshift/kubernetes openshift-kube-apiserver/openshiftkubeapiserver/sdn_readyz_wait.go:26", evidence: Evidence::Source },
    Owner { apiservices: &["v1.packages.operators.coreos.com"], service: "openshift-operator-lifecycle-manager/packageserver-service", package: "packageserver", name: "operator-lifecycle-manager-packageserver", source: "operator-framework/operator-lifecycle-manager pkg/controller/install/certresources.go:157", evidence: Evidence::Source },
    Owner { apiservices: &["v1.packages.operators.coreos.com"], service: "olm/packageserver-service", package: "packageserver", name: "OLM packageserver", source: "operator-lifecycle-manager#1368", evidence: Evidence::Thread },
    Owner { apiservices: &["v1.packages.operators.coreos.com"], service: "default/packageserver", package: "packageserver", name: "OLM packageserver (HyperShift)", source: "openshift/hypershift hostedclusterconfigoperator/controllers/resources/manifests/olm.go", evidence: Evidence::Source },
    Owner { apiservices: &["v1.apps.openshift.io", "v1.authorization.openshift.io", "v1.build.openshift.io", "v1.image.openshift.io", "v1.project.openshift.io", "v1.quota.openshift.io", "v1.route.openshift.io", "v1.security.openshift.io", "v1.template.openshift.io"], service: "default/openshift-apiserver", package: "", name: "openshift-apiserver (HyperShift)", source: "openshift/hypershift hostedclusterconfigoperator/controllers/resources/manifests/openshift_apiserver.go", evidence: Evidence::Source },
    Owner { apiservices: &["v1.oauth.openshift.io", "v1.user.openshift.io"], service: "default/openshift-oauth-apiserver", package: "", name: "authentication (HyperShift)", source: "openshift/hypershift hostedclusterconfigoperator/controllers/resources/manifests/openshift_oauth_apiserver.go", evidence: Evidence::Source },
    Owner { apiservices: &["v1beta1.metrics.k8s.io"], service: "openshift-monitoring/metrics-server", package: "", name: "monitoring", source: "openshift/cluster-monitoring-operator assets/metrics-server/api-service.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1beta1.metrics.k8s.io"], service: "openshift-monitoring/prometheus-adapter", package: "", name: "monitoring", source: "openshift/cluster-monitoring-operator assets/prometheus-adapter/api-service.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1beta1.metrics.k8s.io"], service: "kube-system/metrics-server", package: "", name: "metrics-server", source: "kubernetes-sigs/metrics-server manifests/base/apiservice.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1.admission.autoscaling.openshift.io"], service: "clusterresourceoverride-operator/clusterresourceoverride", package: "clusterresourceoverride", name: "ClusterResourceOverride Operator", source: "openshift/cluster-resource-override-admission-operator pkg/asset/apiservice.go:20-52 (release-4.17)", evidence: Evidence::Source },
    Owner { apiservices: &["v1.admission.hive.openshift.io", "v1alpha1.admission.hive.openshift.io"], service: "hive/hiveadmission", package: "hive-operator", name: "Hive", source: "openshift/hive config/hiveadmission/apiservice.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1beta1.external.metrics.k8s.io"], service: "openshift-keda/keda-metrics-apiserver", package: "openshift-custom-metrics-autoscaler-operator", name: "Custom Metrics Autoscaler", source: "openshift/custom-metrics-autoscaler-operator resources/keda.yaml:11847", evidence: Evidence::Source },
    Owner { apiservices: &["v1beta1.external.metrics.k8s.io"], service: "keda/keda-operator-metrics-apiserver", package: "", name: "KEDA", source: "kedacore/keda config/metrics-server/api_service.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1.subresources.kubevirt.io", "v1alpha3.subresources.kubevirt.io"], service: "openshift-cnv/virt-api", package: "kubevirt-hyperconverged", name: "OpenShift Virtualization", source: "kubevirt/kubevirt pkg/virt-operator/resource/generate/components/apiservices.go", evidence: Evidence::Source },
    Owner { apiservices: &["v1.subresources.kubevirt.io", "v1alpha3.subresources.kubevirt.io"], service: "kubevirt/virt-api", package: "", name: "KubeVirt", source: "kubevirt/kubevirt pkg/virt-operator/resource/generate/components/apiservices.go", evidence: Evidence::Source },
    Owner { apiservices: &["v1beta1.upload.cdi.kubevirt.io", "v1alpha1.upload.cdi.kubevirt.io"], service: "openshift-cnv/cdi-api", package: "kubevirt-hyperconverged", name: "Containerized Data Importer", source: "kubevirt/hyperconverged-cluster-operator#593", evidence: Evidence::Thread },
    Owner { apiservices: &["v1beta1.upload.cdi.kubevirt.io", "v1alpha1.upload.cdi.kubevirt.io"], service: "cdi/cdi-api", package: "", name: "Containerized Data Importer", source: "kubevirt/hyperconverged-cluster-operator#593", evidence: Evidence::Thread },
    Owner { apiservices: &["v1beta1.proxy.open-cluster-management.io", "v1.clusterview.open-cluster-management.io", "v1alpha1.clusterview.open-cluster-management.io"], service: "multicluster-engine/ocm-proxyserver", package: "multicluster-engine", name: "multicluster engine", source: "stolostron/multicloud-operators-foundation deploy/foundation/hub/resources/proxyserver-apiservice.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1.admission.cluster.open-cluster-management.io"], service: "open-cluster-management-hub/cluster-manager-registration-webhook", package: "advanced-cluster-management", name: "ACM registration (until ACM 2.5)", source: "open-cluster-management/registration-operator manifests", evidence: Evidence::Known },
    Owner { apiservices: &["v1.admission.work.open-cluster-management.io"], service: "open-cluster-management-hub/cluster-manager-work-webhook", package: "advanced-cluster-management", name: "ACM work (until ACM 2.5)", source: "open-cluster-management/registration-operator manifests", evidence: Evidence::Known },
    Owner { apiservices: &["v1beta1.custom.metrics.k8s.io", "v1beta2.custom.metrics.k8s.io", "v1beta1.external.metrics.k8s.io"], service: "monitoring/prometheus-adapter", package: "", name: "prometheus-adapter", source: "kubernetes-sigs/prometheus-adapter deploy/manifests/api-service.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1beta1.custom.metrics.k8s.io", "v1beta1.external.metrics.k8s.io"], service: "custom-metrics/custom-metrics-stackdriver-adapter", package: "", name: "Stackdriver adapter", source: "GoogleCloudPlatform/k8s-stackdriver#478", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.stats.antrea.io", "v1beta1.system.antrea.io", "v1beta2.controlplane.antrea.io"], service: "kube-system/antrea", package: "", name: "Antrea", source: "antrea-io/antrea build/charts/antrea/templates/controller/apiservices.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v3.projectcalico.org"], service: "calico-apiserver/calico-api", package: "", name: "Calico API server", source: "projectcalico/calico#7598", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.data.packaging.carvel.dev"], service: "kapp-controller/packaging-api", package: "", name: "Carvel kapp-controller", source: "carvel-dev/kapp-controller", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.tap.linkerd.io"], service: "linkerd-viz/tap", package: "", name: "Linkerd viz", source: "nolar/kopf#1073", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.tap.linkerd.io"], service: "linkerd/linkerd-tap", package: "", name: "Linkerd (before 2.10)", source: "linkerd/linkerd2", evidence: Evidence::Known },
    Owner { apiservices: &["v1alpha1.cluster.core.oam.dev"], service: "vela-system/kubevela-cluster-gateway-service", package: "", name: "KubeVela cluster-gateway", source: "kubevela/kubevela#6688", evidence: Evidence::Thread },
    Owner { apiservices: &["v1.management.loft.sh", "v1.cluster.loft.sh"], service: "loft/loft", package: "", name: "Loft", source: "loft-sh/loft", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.tenancy.kiosk.sh"], service: "kiosk/kiosk", package: "", name: "kiosk", source: "loft-sh/kiosk", evidence: Evidence::Thread },
    Owner { apiservices: &["v1.ext.cattle.io"], service: "cattle-system/imperative-api-extension", package: "", name: "Rancher", source: "rancher/rancher#50377; rancher/steve pkg/ext", evidence: Evidence::Source },
    Owner { apiservices: &["v1alpha1.core.gardener.cloud", "v1beta1.core.gardener.cloud", "v1alpha1.settings.gardener.cloud"], service: "garden/gardener-apiserver", package: "", name: "Gardener", source: "kubernetes/minikube#7162", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.cluster.karmada.io", "v1alpha1.search.karmada.io"], service: "karmada-system/karmada-aggregated-apiserver", package: "", name: "Karmada", source: "karmada-io/karmada#3969", evidence: Evidence::Thread },
    Owner { apiservices: &["v1.allocation.agones.dev"], service: "agones-system/agones-controller-service", package: "", name: "Agones", source: "kubernetes/kubernetes#119662", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.validators.kubedb.com", "v1alpha1.mutators.kubedb.com"], service: "kube-system/kubedb", package: "", name: "KubeDB", source: "kubernetes/kubernetes#69277", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.admission.stash.appscode.com", "v1alpha1.repositories.stash.appscode.com"], service: "kube-system/stash-operator", package: "", name: "Stash", source: "stashed/stash", evidence: Evidence::Thread },
    Owner { apiservices: &["v1beta1.webhook.certmanager.k8s.io", "v1beta1.admission.certmanager.k8s.io"], service: "cert-manager/cert-manager-webhook", package: "", name: "cert-manager (before 0.11)", source: "cert-manager/cert-manager#1870", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.bashible.deckhouse.io"], service: "d8-cloud-instance-manager/bashible-apiserver", package: "", name: "Deckhouse", source: "deckhouse/deckhouse#3246", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.apps.cozystack.io"], service: "cozy-system/cozystack-api", package: "", name: "Cozystack", source: "cozystack/cozystack#1352", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.login.concierge.pinniped.dev", "v1alpha1.identity.concierge.pinniped.dev"], service: "pinniped-concierge/pinniped-concierge-api", package: "", name: "Pinniped", source: "vmware-tanzu/pinniped deploy/concierge", evidence: Evidence::Known },
    Owner { apiservices: &["v1alpha1.actions.kio.kasten.io", "v1alpha1.apps.kio.kasten.io", "v1alpha1.repositories.kio.kasten.io"], service: "kasten-io/aggregatedapis-svc", package: "", name: "Kasten K10", source: "kasten.io documentation", evidence: Evidence::Known },
    Owner { apiservices: &["v1beta1.spdx.softwarecomposition.kubescape.io"], service: "kubescape/storage", package: "", name: "Kubescape", source: "kubescape/storage", evidence: Evidence::Thread },
    Owner { apiservices: &["v1.reports.kyverno.io", "v1alpha2.wgpolicyk8s.io"], service: "kyverno/reports-server", package: "", name: "Kyverno reports-server", source: "kyverno/reports-server", evidence: Evidence::Known },
    Owner { apiservices: &["v1beta1.clusterpedia.io"], service: "clusterpedia-system/clusterpedia-apiserver", package: "", name: "Clusterpedia", source: "clusterpedia-io/clusterpedia", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.porch.kpt.dev"], service: "porch-system/api", package: "", name: "Porch / Nephio", source: "nephio-project/porch", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha1.proxies.clusternet.io", "v1alpha1.shadow"], service: "clusternet-system/clusternet-hub", package: "", name: "Clusternet", source: "clusternet/clusternet", evidence: Evidence::Thread },
    Owner { apiservices: &["v1beta1.visibility.kueue.x-k8s.io", "v1alpha1.visibility.kueue.x-k8s.io"], service: "kueue-system/kueue-visibility-server", package: "kueue-operator", name: "Kueue", source: "kubernetes-sigs/kueue config/components/visibility/apiservice_v1beta1.yaml", evidence: Evidence::Source },
    Owner { apiservices: &["v1alpha1.wardle.example.com"], service: "wardle/api", package: "", name: "sample-apiserver (conformance tests)", source: "kubernetes/kubernetes#122333", evidence: Evidence::Thread },
    Owner { apiservices: &["v1beta1.servicecatalog.k8s.io"], service: "kube-service-catalog/apiserver", package: "", name: "Service Catalog (OpenShift 3.x)", source: "openshift/openshift-azure#1597", evidence: Evidence::Thread },
    Owner { apiservices: &["v1alpha3.compose.docker.com", "v1beta1.compose.docker.com", "v1beta2.compose.docker.com"], service: "compose/compose-api", package: "", name: "Docker Compose on Kubernetes", source: "derailed/popeye#230", evidence: Evidence::Thread },
];

/// Every row, the user's own first.
pub fn all() -> impl Iterator<Item = &'static Owner> + Clone {
    super::own::own().owners.iter().chain(OWNERS)
}

/// Families of aggregated groups whose names are chosen by their users: by suffix or prefix, with
/// the version that their library fixes.
///
/// Sources: cert-manager/webhook-example (`v1alpha1`, pkg/acme/webhook/apiserver); antrea's Tanzu groups.
pub const FAMILIES: &[(&str, &str)] = &[("acme.", "v1alpha1")];
