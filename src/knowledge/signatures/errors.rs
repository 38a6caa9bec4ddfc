//! What apimachinery's StatusErrors say (pkg/api/errors/errors.go): the texts that every Go client
//! prints, and many others hand on. `(verb resource.group name)` follows when the server's body
//! was no Status, which is what the aggregation layer's is not.

use super::Client::{ClientGo, Kubectl};
use super::ErrorKind::{
    Forbidden, NoMatch, NotServed, Overloaded, ServerError, Stale, TimedOut, Unauthorized, Unavailable,
};
use super::Shape::{Error, Quiet};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("ERR-G503", "server is currently unable", "currently unable", Error(Unavailable), ClientGo, "apimachinery pkg/api/errors/errors.go NewGenericServerResponse"),
    row("ERR-G504", "server was unable to return a response in the time allotted", "unable to return a response", Error(TimedOut), ClientGo, "apimachinery pkg/api/errors/errors.go NewGenericServerResponse"),
    row("ERR-G429", "server has received too many requests", "received too many requests", Error(Overloaded), ClientGo, "apimachinery pkg/api/errors/errors.go NewGenericServerResponse"),
    row("ERR-G404", "server could not find the requested resource", "find the requested resource", Error(NotServed), ClientGo, "apimachinery pkg/api/errors/errors.go NewGenericServerResponse"),
    row("ERR-G401", "server has asked for the client to provide credentials", "to provide credentials", Error(Unauthorized), ClientGo, "apimachinery pkg/api/errors/errors.go NewGenericServerResponse"),
    row("ERR-G403", ": unknown (get ", ": unknown (", Error(Forbidden), ClientGo, "client-go rest/request.go:1354; trustyai-service-operator#45"),
    row("ERR-G403", ": unknown (list ", ": unknown (", Error(Forbidden), ClientGo, "client-go rest/request.go:1354"),
    row("ERR-G403", ": unknown (post ", ": unknown (", Error(Forbidden), ClientGo, "client-go rest/request.go:1354"),
    row("ERR-G5xx", "an error on the server (\"", "error on the server (", Error(ServerError), ClientGo, "apimachinery pkg/api/errors/errors.go NewGenericServerResponse"),
    row("ERR-Gxxx", "the server responded with the status code 5", "with the status code 5", Error(ServerError), ClientGo, "apimachinery pkg/api/errors/errors.go NewGenericServerResponse"),
    row("ERR-401", ": Unauthorized", ": Unauthorized", Error(Unauthorized), ClientGo, "apimachinery pkg/api/errors/errors.go NewUnauthorized"),
    row("ERR-401e", "err=\"Unauthorized\"", "\"Unauthorized\"", Error(Unauthorized), ClientGo, "apimachinery NewUnauthorized, in a field of klog"),
    row("ERR-401e", "error=\"Unauthorized\"", "\"Unauthorized\"", Error(Unauthorized), ClientGo, "apimachinery NewUnauthorized, in a field of zap or logrus"),
    row("ERR-401k", "(Unauthorized)", "(Unauthorized)", Error(Unauthorized), Kubectl, "kubectl pkg/cmd/util/helpers.go: You must be logged in to the server"),
    row("ERR-403", "is forbidden: User ", "forbidden: User ", Error(Forbidden), ClientGo, "apiserver pkg/endpoints/handlers/responsewriters/errors.go forbiddenMessage"),
    row("ERR-403o", ": User \"", ": User \"", Error(Forbidden), ClientGo, "kubernetes 1.6, OpenShift 3 pkg/authorization: the sentence without its head"),
    row("ERR-403p", "forbidden: User ", "forbidden: User ", Error(Forbidden), ClientGo, "apiserver pkg/endpoints/handlers/responsewriters/errors.go forbiddenMessage, for a path"),
    row("ERR-500a", "could not be completed at this time, please try again", "not be completed at this time", Error(TimedOut), ClientGo, "apimachinery pkg/api/errors/errors.go NewServerTimeout"),
    row("ERR-NM1", "no matches for kind \"", "no matches for", Error(NoMatch), ClientGo, "apimachinery pkg/api/meta/errors.go:114"),
    row("ERR-NM1", "no matches for ", "no matches for", Error(NoMatch), ClientGo, "apimachinery pkg/api/meta/errors.go NoResourceMatchError"),
    row("CG-04", "stale Group", "stale Group", Error(Stale), ClientGo, "client-go discovery/aggregated_discovery.go:34; 1.27 on"),
    row("ERR-404p", "404 page not found", "404 page not found", Error(NotServed), ClientGo, "Go net/http NotFound; apiserver mux"),
    row("ERR-NM2", "the server doesn't have a resource type", "", Quiet, ClientGo, "kubectl: a stale group, a removed one and a misspelt one look alike"),
    row("ERR-404", "\" not found", "", Quiet, ClientGo, "apimachinery NewNotFound: an object is missing, not an API"),
    row("ERR-409", "Operation cannot be fulfilled on ", "", Quiet, ClientGo, "apimachinery NewConflict"),
    row("ERR-409", "already exists", "", Quiet, ClientGo, "apimachinery NewAlreadyExists"),
    row("ERR-410", "too old resource version", "", Quiet, ClientGo, "apimachinery NewResourceExpired"),
];
