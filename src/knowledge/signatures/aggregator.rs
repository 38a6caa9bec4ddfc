//! kube-aggregator inside kube-apiserver. These lines name the APIService itself: they are the
//! strongest evidence there is, and outrank every line of a client.

use super::Client::Apiserver;
use super::ErrorKind::{Degraded, ProxyFailed, Unavailable};
use super::Shape::{Availability, Check, Error, NamedAfter, NamedBefore, Quiet, Retry, Service, UrlStatus};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("AGG-01", " failed with: failing or missing response from ", "failing or missing", NamedBefore, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:333,471; 1.15 on"),
    row("AGG-02", "bad status from http", "bad status from http", Check, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:321; 1.15 on"),
    row("AGG-03", " failed with: timed out waiting for http", "timed out waiting for http", NamedBefore, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:341; 1.9 on"),
    row("AGG-04", " failed with: no response from http", "no response from http", NamedBefore, Apiserver, "kube-aggregator kubernetes-1.14.0 pkg/controllers/status/available_controller.go:264; 1.9 to 1.14"),
    row("AGG-05", " failed with: Get ", "failed with: Get ", NamedBefore, Apiserver, "kube-aggregator kubernetes-1.14.0 pkg/controllers/status/available_controller.go:353; to 1.14"),
    row("AGG-06", " failed with: no endpoints available for service ", "no endpoints available", NamedBefore, Apiserver, "apiserver pkg/util/proxy/proxy.go:78"),
    row("AGG-06", " failed with: no service port ", "failed with: no service", NamedBefore, Apiserver, "apiserver pkg/util/proxy/proxy.go:53"),
    row("AGG-06", " failed with: service \"", "failed with: service", NamedBefore, Apiserver, "apiserver pkg/util/proxy/proxy.go:149"),
    row("AGG-08", "changing APIService availability", "changing APIService", Availability, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:417; 1.22 on"),
    row("AGG-01s", "failing or missing response from ", "failing or missing", Check, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:333, as the message of a condition"),
    row("AGG-04s", "no response from http", "no response from http", Check, Apiserver, "kube-aggregator kubernetes-1.14.0 pkg/controllers/status/available_controller.go:264, as the message of a condition"),
    row("AGG-09", "\" is not present", "\" is not present", Service, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:207, as the message of a condition"),
    row("AGG-10", " is not listening on port ", "not listening on port", Service, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:235, as the message of a condition"),
    row("AGG-11", "cannot find endpoint", "cannot find endpoint", Service, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:252, as the message of a condition"),
    row("AGG-12", " have no addresses", "have no addresses", Service, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:261, as the message of a condition"),
    row("AGG-13", " cannot be checked due to: ", "cannot be checked due to", Service, Apiserver, "kube-aggregator pkg/controllers/status/remote/remote_available_controller.go:214,245, as the message of a condition"),
    row("AGG-20", "loading OpenAPI spec for \"", "loading OpenAPI", NamedAfter(Degraded), Apiserver, "kube-aggregator pkg/controllers/openapi/controller.go:113; openapiv3/controller.go:123"),
    row("AGG-21", "Error updating APIService \"", "rror updating APIService", NamedAfter(Degraded), Apiserver, "kube-aggregator pkg/controllers/openapi/controller.go:157; 1.31 on"),
    row("AGG-22", "rror trying to reach service: ", "trying to reach service", Error(ProxyFailed), Apiserver, "apimachinery pkg/util/proxy/transport.go:105"),
    row("AGG-22t", "Trying to reach: '", "rying to reach: '", Check, Apiserver, "apimachinery kubernetes-1.14.0 pkg/util/proxy/transport.go:104"),
    row("AGG-24", "could not get list of group versions for APIService", "", Error(Unavailable), Apiserver, "kube-aggregator pkg/controllers/openapiv3/aggregator/downloader.go:75; 1.23 on"),
    row("AGG-25", "OpenAPI AggregationController: action for item", "", Retry, Apiserver, "kube-aggregator pkg/controllers/openapi/controller.go:120"),
    row("AGG-30", "DiscoveryManager: Failed to download discovery for ", "download discovery for", Service, Apiserver, "kube-aggregator kubernetes-1.28.0 pkg/apiserver/handler_discovery.go:337; 1.26 to 1.28"),
    row("AGG-31", " returned non-success response code: ", "returned non-success resp", Service, Apiserver, "kube-aggregator pkg/apiserver/handler_discovery.go:267; 1.26 on"),
    row("AGG-32", "failed to download legacy discovery for ", "download legacy discovery", UrlStatus, Apiserver, "kube-aggregator pkg/apiserver/handler_discovery.go:342; 1.29 on"),
    row("AGG-40", "error resolving ", "error resolving ", Service, Apiserver, "kube-aggregator pkg/apiserver/handler_proxy.go:144"),
    row("AGG-44", "Kubernetes aggregated API ", "ubernetes aggregated API", NamedAfter(Unavailable), Apiserver, "kubernetes-mixin alerts KubeAggregatedAPIErrors, KubeAggregatedAPIDown; openshift/runbooks"),
    row("AGG-07", " failed with: Operation cannot be fulfilled on ", "", Quiet, Apiserver, "kube-aggregator updateAPIServiceStatus, metrics-server#27: a conflict between kube-apiservers"),
    row("AGG-23", "OpenAPI spec does not exist", "", Quiet, Apiserver, "kube-aggregator 1.8 to 1.26: the backend publishes no OpenAPI"),
    row("AGG-23", ": resource not found", "", Quiet, Apiserver, "kube-aggregator 1.27 on: the backend publishes no OpenAPI"),
];
