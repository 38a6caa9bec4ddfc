//! The words that the templates draw from: namespaces, objects, kinds, clients, and the groups that fail.
//!
//! Rows only. What fails here is always an aggregated API; a built-in group never does, so that each failure
//! of a corpus belongs to an APIService.

/// An API served by an extension API server, and how logs name it.
pub(crate) struct Aggregated {
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    /// The Go type that a reflector prints after `*v1.`.
    pub(crate) kind: &'static str,
    pub(crate) resource: &'static str,
    /// `address:port` of the extension API server.
    pub(crate) backend: &'static str,
    /// `namespace/name` of its Service.
    pub(crate) service: (&'static str, &'static str),
}

/// The APIs that fail: all the blame of a corpus falls on these five.
pub(crate) const AGGREGATED: [Aggregated; 5] = [
    Aggregated {
        group: "metrics.k8s.io",
        version: "v1beta1",
        kind: "PodMetrics",
        resource: "pods",
        backend: "10.128.2.151:5443",
        service: ("openshift-monitoring", "prometheus-adapter"),
    },
    Aggregated {
        group: "packages.operators.coreos.com",
        version: "v1",
        kind: "PackageManifest",
        resource: "packagemanifests",
        backend: "10.129.0.37:5443",
        service: ("openshift-operator-lifecycle-manager", "packageserver-service"),
    },
    Aggregated {
        group: "route.openshift.io",
        version: "v1",
        kind: "Route",
        resource: "routes",
        backend: "10.130.0.18:8443",
        service: ("openshift-apiserver", "api"),
    },
    Aggregated {
        group: "image.openshift.io",
        version: "v1",
        kind: "ImageStream",
        resource: "imagestreams",
        backend: "10.129.0.41:8443",
        service: ("openshift-apiserver", "api"),
    },
    Aggregated {
        group: "admission.autoscaling.openshift.io",
        version: "v1",
        kind: "ClusterResourceOverride",
        resource: "clusterresourceoverrides",
        backend: "10.128.0.66:9400",
        service: ("clusterresourceoverride-operator", "clusterresourceoverride"),
    },
];

/// Group/versions that work: built in, or from a CRD.
pub(crate) const WORKING: [&str; 8] = [
    "apps/v1",
    "batch/v1",
    "rbac.authorization.k8s.io/v1",
    "networking.k8s.io/v1",
    "config.openshift.io/v1",
    "operator.openshift.io/v1",
    "monitoring.coreos.com/v1",
    "operators.coreos.com/v1alpha1",
];

/// Namespaces of a cluster. The must-gather numbers them on when it needs more.
pub(crate) const NAMESPACES: [&str; 16] = [
    "openshift-kube-apiserver-operator",
    "openshift-monitoring",
    "openshift-ingress-operator",
    "openshift-image-registry",
    "openshift-machine-config-operator",
    "openshift-authentication-operator",
    "openshift-cluster-storage-operator",
    "openshift-marketplace",
    "openshift-network-operator",
    "openshift-dns",
    "openshift-etcd",
    "openshift-insights",
    "openshift-console",
    "acme-payments",
    "acme-web",
    "kube-system",
];

/// Names of objects: deployments, and the pods and locks called after them.
pub(crate) const OBJECTS: [&str; 16] = [
    "kube-apiserver-operator",
    "prometheus-operator",
    "router-default",
    "cluster-image-registry-operator",
    "machine-config-controller",
    "oauth-openshift",
    "csi-snapshot-controller",
    "redhat-operators",
    "ovnkube-node",
    "dns-default",
    "etcd-quorum-guard",
    "console",
    "payments-worker",
    "web-frontend",
    "checkout",
    "coredns",
];

/// Names of controllers.
pub(crate) const CONTROLLERS: [&str; 8] = [
    "RevisionController",
    "StaticPodStateController",
    "ConfigObserver",
    "ResourceSyncController",
    "deployment",
    "endpointslice",
    "certificate-rotation",
    "LoggingSyncer",
];

/// Kinds that every cluster serves.
pub(crate) const KINDS: [&str; 8] =
    ["ConfigMap", "Secret", "Deployment", "Service", "Pod", "ServiceAccount", "Node", "Lease"];

/// User agents of clients.
pub(crate) const AGENTS: [&str; 5] = [
    "kube-controller-manager/v1.30.10 (linux/amd64) kubernetes/66ee7a5/controller-discovery",
    "cluster-kube-apiserver-operator/v0.0.0 (linux/amd64) kubernetes/$Format",
    "kubelet/v1.30.10 (linux/amd64) kubernetes/6abcdef",
    "Python/3.11 aiohttp/3.9.5",
    "oc/4.17.0 (linux/amd64) kubernetes/5f1d1de",
];
