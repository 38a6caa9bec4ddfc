//! kube-controller-manager, the kubelet, controller-runtime, OLM: programs that pass client-go's
//! errors on in sentences of their own.

use super::Client::{ControllerManager, ControllerRuntime, Kubelet, Olm};
use super::Doing::{Discovery, Get, Reporting, Write};
use super::ErrorKind::{Degraded, NoMatch};
use super::Life::Death;
use super::Shape::{Doing, Error, Life, NamedBefore, Quiet};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("KCM-01", "failed to discover some groups", "discover some groups", Doing(Discovery), ControllerManager, "kubernetes pkg/controller/garbagecollector/garbagecollector.go:802"),
    row("KCM-05", "initial discovery check failure", "", Doing(Reporting), ControllerManager, "kubernetes pkg/controller/resourcequota"),
    row("KCM-06", "nable to get all supported resources from server", "", Doing(Reporting), ControllerManager, "kubernetes pkg/controller/namespace/deletion/namespaced_resources_deleter.go:164"),
    row("KCM-07", "Discovery failed for some groups, ", "Discovery failed for some", Doing(Reporting), ControllerManager, "kubernetes pkg/controller/namespace/deletion/status_condition_utils.go:86"),
    row("KCM-08", "eletion of namespace failed", "", Doing(Reporting), ControllerManager, "kubernetes pkg/controller/namespace/namespace_controller.go:164"),
    row("KCM-10", "unable to fetch metrics from resource metrics API: ", "", Doing(Get), ControllerManager, "kubernetes pkg/controller/podautoscaler/metrics/client.go:70"),
    row("KCM-11", "unable to fetch metrics from custom metrics API: ", "", Doing(Get), ControllerManager, "kubernetes pkg/controller/podautoscaler/metrics/client.go:146"),
    row("KCM-11d", "unable to fetch metrics from custom metrics API: Internal error occurred: ", "metrics API: Internal error", Error(Degraded), ControllerManager, "kubernetes pkg/controller/podautoscaler/metrics/client.go:146; custom-metrics-apiserver"),
    row("KCM-12", "unable to fetch metrics from external metrics API: ", "", Doing(Get), ControllerManager, "kubernetes pkg/controller/podautoscaler/metrics/client.go:204"),
    row("KCM-12d", "unable to fetch metrics from external metrics API: Internal error occurred: ", "metrics API: Internal error", Error(Degraded), ControllerManager, "kubernetes pkg/controller/podautoscaler/metrics/client.go:204"),
    row("KCM-12k", "unable to fetch metrics from external metrics API: rpc error: ", "metrics API: rpc error", Error(Degraded), ControllerManager, "kedacore/keda pkg/provider/provider.go"),
    row("KCM-13", "no metrics returned from ", "", Quiet, ControllerManager, "kubernetes pkg/controller/podautoscaler/metrics/client.go:74: the API answered 200"),
    row("KCM-13", "could not find the metric ", "", Quiet, ControllerManager, "custom-metrics-apiserver: a healthy adapter without that metric"),
    row("KUB-01", "pdating node status, will retry", "", Doing(Write), Kubelet, "kubernetes pkg/kubelet/kubelet_node_status.go:515"),
    row("KUB-02", "ailed to ensure lease exists", "", Doing(Get), Kubelet, "kubernetes component-helpers apimachinery/lease/controller.go"),
    row("KUB-02", "ailed to ensure node lease exists", "", Doing(Get), Kubelet, "kubernetes component-helpers apimachinery/lease/controller.go; to 1.17"),
    row("KUB-03", "Unable to register node with API server", "", Doing(Write), Kubelet, "kubernetes pkg/kubelet/kubelet_node_status.go:111"),
    row("CR-02", "failed to get API group resources: ", "", Doing(Discovery), ControllerRuntime, "controller-runtime pkg/client/apiutil/restmapper.go:213; 0.15 on"),
    row("CR-03", "failed to get server groups: ", "", Doing(Discovery), ControllerRuntime, "controller-runtime pkg/client/apiutil/restmapper.go:287; 0.15 on"),
    row("CR-08", "problem running manager", "problem running manager", Life(Death), ControllerRuntime, "kubebuilder scaffold main.go"),
    row("CR-08", "unable to start manager", "unable to start manager", Life(Death), ControllerRuntime, "kubebuilder scaffold main.go"),
    row("OLM-03", "could not query for GVK in api discovery", "", Doing(Discovery), Olm, "operator-lifecycle-manager pkg/controller/operators/olm/requirements.go:516"),
    row("OLM-05", "APIService temporarily unavailable due to pod disruption", "", Doing(Reporting), Olm, "operator-lifecycle-manager pkg/controller/operators/olm/operator.go:2646; 0.37 on"),
    row("KCM-15", "unable to get REST mapping for ", "REST mapping for", Error(NoMatch), ControllerManager, "kubernetes pkg/controller/garbagecollector/errors.go:30"),
    row("OLM-08", "nable to find GVK in discovery: ", "GVK in discovery: ", Error(NoMatch), Olm, "operator-lifecycle-manager pkg/controller/errors/errors.go:73"),
    row("OLM-05", " unavailable due to pod disruption", "due to pod disruption", NamedBefore, Olm, "operator-lifecycle-manager pkg/controller/operators/olm/apiservices.go:358; 0.37 on"),
];
