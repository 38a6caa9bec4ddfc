//! Which client library or program prints a wording, and how much that says of it. Not who suffers: a
//! party is a source and its writer.

use serde::{Deserialize, Serialize};

/// A client library or program, as reports name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// Cannot be told.
    Unknown,
    /// kube-apiserver and its aggregation layer.
    Apiserver,
    /// A Go program with client-go.
    ClientGo,
    /// kubectl, oc and other command-line tools.
    Kubectl,
    /// An operator with controller-runtime.
    ControllerRuntime,
    /// An operator with Kopf.
    Kopf,
    /// The `kubernetes` package for Python, and its kin.
    Python,
    /// fabric8 or the official client for Java.
    Java,
    /// `@kubernetes/client-node`.
    Node,
    /// `KubernetesClient` for .NET.
    DotNet,
    /// kubeclient and k8s-client for Ruby.
    Ruby,
    /// kube-rs.
    Rust,
    /// Helm.
    Helm,
    /// Argo CD.
    Argo,
    /// Velero.
    Velero,
    /// OLM.
    Olm,
    /// kube-controller-manager.
    ControllerManager,
    /// The kubelet.
    Kubelet,
    /// OpenShift's operators.
    OpenShift,
}

impl Client {
    /// The name in reports; empty if it cannot be told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Client::Unknown => "",
            Client::Apiserver => "kube-apiserver",
            Client::ClientGo => "client-go",
            Client::Kubectl => "kubectl",
            Client::ControllerRuntime => "controller-runtime",
            Client::Kopf => "kopf",
            Client::Python => "python-kubernetes",
            Client::Java => "java",
            Client::Node => "client-node",
            Client::DotNet => "dotnet",
            Client::Ruby => "ruby",
            Client::Rust => "kube-rs",
            Client::Helm => "helm",
            Client::Argo => "argo-cd",
            Client::Velero => "velero",
            Client::Olm => "olm",
            Client::ControllerManager => "kube-controller-manager",
            Client::Kubelet => "kubelet",
            Client::OpenShift => "openshift-operator",
        }
    }
}

impl Client {
    /// How much it says of the program: kubectl prints client-go's lines and its own, an operator with
    /// Kopf those of the `kubernetes` package and Kopf's, and all of them what a server told them.
    pub const fn telling(self) -> u8 {
        match self {
            Client::Unknown => 0,
            Client::Apiserver => 1,
            Client::ClientGo | Client::Python => 2,
            _ => 3,
        }
    }
}
