//! Helm, Argo CD, Velero, Rancher, kapp, journald and other tools around a cluster.

use super::Client::{Argo, ClientGo, Helm, Kubectl, Python, Unknown, Velero};
use super::Doing::{Discovery, Groups, List, Reporting};
use super::ErrorKind::{Degraded, NoMatch, Refused, Unavailable};
use super::Shape::{Doing, Error, Quiet};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("HELM-01", "ould not get apiVersions from Kubernetes: ", "", Doing(Discovery), Helm, "helm pkg/action/action.go:607"),
    row("HELM-02", "orphaned API service", "", Doing(Discovery), Helm, "helm pkg/action/action.go:557; 3.0.2 on"),
    row("HELM-04", "Kubernetes cluster unreachable: ", "", Doing(Groups), Helm, "helm pkg/kube/client.go IsReachable"),
    row("ARGO-01", "error getting openapi resources: ", "", Doing(Reporting), Argo, "gitops-engine pkg/cache/cluster.go:902"),
    row("ARGO-04", "Error while listing resources: ", "", Doing(Reporting), Argo, "gitops-engine pkg/cache/cluster.go:620"),
    row("ARGO-04s", "initial state of resource ", "", Doing(List), Argo, "gitops-engine pkg/cache/cluster.go:973"),
    row("OSDK-01", "Failed to retrieve requested object: b'service unavailable", "retrieve requested object", Error(Unavailable), Python, "kubernetes.core module_utils; ansible-operator"),
    row("ARGO-05", " due to timeout, retrying in ", "", Quiet, Argo, "gitops-engine pkg/cache/cluster.go:707"),
    row("VEL-01", "Failed to discover group: ", "", Doing(Discovery), Velero, "velero pkg/discovery/helper.go:225"),
    row("RAN-02", "Failed to read API for groups map[", "read API for groups", Doing(Discovery), ClientGo, "rancher/steve pkg/schema/converter/discovery.go:30"),
    row("KAPP-01", "Expected to find kind '", "Expected to find kind '", Error(NoMatch), Kubectl, "carvel-dev/kapp#620"),
    row("ERR-SV", "The connection to the server ", "he connection to the server", Error(Refused), Kubectl, "kubectl pkg/cmd/util/helpers.go"),
    row("ERR-SV2", "Unable to connect to the server: ", "", Doing(Groups), Kubectl, "kubectl pkg/cmd/util/helpers.go"),
    row("KEDA-01", "gRPC connection to KEDA Metrics Service server", "connection to KEDA Metrics", Error(Degraded), ClientGo, "kedacore/keda pkg/provider/provider.go:61"),
    // journald writes a message that is no plain text as an array of bytes: only the reader of its envelope
    // sees the words in it.
    row("JRN-01", "\"MESSAGE\":[", "\"MESSAGE\":[", Quiet, Unknown, "systemd src/shared/logs-show.c, `-o json`"),
];
