//! OpenShift's operators (library-go), the cluster-version operator, and the checks that
//! kube-apiserver carries for them.

use super::Client::{Apiserver, OpenShift};
use super::Doing::Reporting;
use super::ErrorKind::{Overloaded, Unavailable};
use super::Shape::{Component, Created, Doing, Elsewhere, Error, NamedAfter, Quiet, Reversed};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("OCP-01", "apiservices.apiregistration.k8s.io/", "apiservices.apiregistration", NamedAfter(Unavailable), OpenShift, "library-go pkg/operator/apiserver/controller/apiservice/apiservice_controller.go:238; 4.4 on"),
    row("OCP-03", "\" is not ready: ", "\" is not ready: ", Reversed, OpenShift, "library-go pkg/operator/apiserver/controller/apiservice/apigroup.go:82; 4.8 on"),
    row("OCP-04", "\" failed with an attempt failed with ", "failed with an attempt", Reversed, OpenShift, "library-go pkg/operator/apiserver/controller/apiservice/apigroup.go:81; 4.8 on"),
    row("OCP-04", "\" failed with HTTP status code ", "failed with HTTP status", Reversed, OpenShift, "library-go release-4.6 apigroup.go:75; to 4.7"),
    row("OCP-05", "APIServicesAvailable: PreconditionNotReady", "PreconditionNotReady", Component(""), OpenShift, "library-go pkg/operator/apiserver/controller/apiservice/apiservice_controller.go:148; 4.5 on"),
    row("OCP-14", "ailed to GET route", "ailed to GET route", Elsewhere, OpenShift, "openshift/console-operator pkg/console/controllers/healthcheck; cluster-authentication-operator, 4.2 on"),
    row("OCP-14", "RouteEndpointAccessibleController", "EndpointAccessibleController", Elsewhere, OpenShift, "library-go pkg/operator/... endpointaccessible controller, by cluster-authentication-operator 4.6 on"),
    row("OCP-07", " controller failed to sync ", "", Doing(Reporting), OpenShift, "library-go pkg/controller/factory/base_controller.go:277"),
    row("OCP-13", "openshift-apiserver-available never reached", "apiserver-available never", Component("openshift-apiserver/api"), Apiserver, "openshift/kubernetes openshift-kube-apiserver/openshiftkubeapiserver/sdn_readyz_wait.go:163"),
    row("OCP-13", "oauth-apiserver-available never reached", "apiserver-available never", Component("openshift-oauth-apiserver/api"), Apiserver, "openshift/kubernetes openshift-kube-apiserver/openshiftkubeapiserver/sdn_readyz_wait.go:163"),
    row("CRO-01", "resource=*v1.APIService/", "1.APIService/", Created, OpenShift, "cluster-resource-override-admission-operator pkg/clusterresourceoverride/internal/handlers/apiservice.go:66"),
    row("CVO-01", "error running apply for ", "", Doing(Reporting), OpenShift, "cluster-version-operator pkg/payload/task.go:121"),
    row("CVO-02", "the server does not recognize this resource, check extension API servers", "check extension API servers", Error(Unavailable), OpenShift, "cluster-version-operator pkg/payload/task.go:134-200"),
    row("CVO-02", "the server is overloaded and is not accepting updates", "is not accepting updates", Error(Overloaded), OpenShift, "cluster-version-operator pkg/payload/task.go:134-200"),
    row("CVO-02", "the server is down or not responding", "down or not responding", Error(Unavailable), OpenShift, "cluster-version-operator pkg/payload/task.go:134-200"),
    row("OCP-06", " not yet deleted", "", Quiet, OpenShift, "library-go pkg/operator/apiserver/controller/apiservice/apiservice_controller.go: a disabled API"),
    row("OCP-06", "the operator is shutting down", "", Quiet, OpenShift, "library-go pkg/operator/apiserver/controller/apiservice/apiservice_controller.go"),
];
