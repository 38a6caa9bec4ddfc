//! Objects and tables that stand in a log: audit events, conditions of APIServices, the rows of
//! `oc get apiservices`.

use super::Client::{Apiserver, Kubectl};
use super::Shape::{Audit, Condition};
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
];
