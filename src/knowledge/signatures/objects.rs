//! Objects and tables that stand in a log: audit events, conditions of APIServices, the rows of
//! `oc get apiservices`.

use super::Client::{Apiserver, Kubectl};
use super::ErrorKind::Unavailable;
use super::Shape::{Audit, Condition, Mention, Weak};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("AUD-01", "\"code\":503", "\"code\":503", Audit, Apiserver, "apiserver pkg/apis/audit/v1"),
    row("AUD-01", "\"code\":500", "\"code\":500", Audit, Apiserver, "apiserver pkg/apis/audit/v1"),
    row("AUD-01", "\"code\":504", "\"code\":504", Audit, Apiserver, "apiserver pkg/apis/audit/v1"),
    row("AUD-01", "\"code\":429", "\"code\":429", Audit, Apiserver, "apiserver pkg/apis/audit/v1"),
    row("AUD-01", "\"code\":404", "\"code\":404", Audit, Apiserver, "apiserver pkg/apis/audit/v1"),
    row("AUD-03", ":\"apiservices\"", ":\"apiservices\"", Audit, Apiserver, "apiserver pkg/apis/audit/v1: objectRef.resource, who created or deleted an APIService"),
    row("OBJ-01", "(FailedDiscoveryCheck)", "FailedDiscoveryCheck", Condition, Kubectl, "kubectl get apiservices: the printed column of the Available condition"),
    row("OBJ-01", "(MissingEndpoints)", "(MissingEndpoints", Condition, Kubectl, "kubectl get apiservices"),
    row("OBJ-01", "(ServiceNotFound)", "(ServiceNotFound", Condition, Kubectl, "kubectl get apiservices"),
    row("OBJ-01", "(ServiceAccessError)", "(ServiceAccessError", Condition, Kubectl, "kubectl get apiservices"),
    row("OBJ-01", "(ServicePortError)", "(ServicePortError", Condition, Kubectl, "kubectl get apiservices"),
    row("OBJ-01", "(EndpointsNotFound)", "(EndpointsNotFound", Condition, Kubectl, "kubectl get apiservices"),
    row("OBJ-01", "(EndpointsAccessError)", "(EndpointsAccessError", Condition, Kubectl, "kubectl get apiservices"),
    row("OBJ-02", "FailedDiscoveryCheck", "FailedDiscoveryCheck", Mention, Kubectl, "kube-aggregator pkg/controllers/status/remote: the reason, in titles beside the name"),
    row("OBJ-03", "name: v1", "name: v1", Mention, Kubectl, "kubectl get apiservice -o yaml: metadata.name, above the conditions"),
    row("OBJ-03", "Name:         v1", "Name:         v1", Mention, Kubectl, "kubectl describe apiservice"),
    row("OBJ-03", "\"name\": \"v1", "\"name\": \"v1", Mention, Kubectl, "kubectl get apiservice -o json: metadata.name"),
    row("CMD-01", "get --raw ", "get --raw ", Mention, Kubectl, "kubectl and oc: the command, pasted with its output"),
    row("CURL-01", "HTTP/2 503", "HTTP/2 503", Weak(Unavailable), Kubectl, "curl -i: the status line of the answer"),
    row("CURL-01", "HTTP/1.1 503 Service Unavailable", "503 Service Unavailable", Weak(Unavailable), Kubectl, "curl -i: the status line of the answer"),
    row("CMD-03", "curl ", "curl ", Mention, Kubectl, "curl: the command, pasted with its output"),
    row("CMD-02", "get apiservice", "get apiservice", Mention, Kubectl, "kubectl and oc: the command, pasted with its output"),
    row("CMD-02", "describe apiservice", "describe apiservice", Mention, Kubectl, "kubectl and oc: the command, pasted with its output"),
];
