//! kube-apiserver itself: its request log, its timeouts, its own 503.

use super::Client::Apiserver;
use super::Doing::{List, Reporting};
use super::ErrorKind::{Certificate, Etcd, Initializing, Overloaded, ShuttingDown, TimedOut, Unauthorized};
use super::Shape::{Doing, Error, HttpLog};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("API-01", " resp=503", " resp=503", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go:279; 1.16 on"),
    row("API-01", " resp=500", " resp=500", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go:279"),
    row("API-01", " resp=504", " resp=504", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go:279"),
    row("API-01", " resp=429", " resp=429", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go:279"),
    row("API-01", " resp=403", " resp=403", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go:279"),
    row("API-01", " resp=401", " resp=401", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go:279"),
    row("API-01w", "s) 503", "s) 503", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go to 1.15 (wrap.go:42)"),
    row("API-01w", "s) 504", "s) 504", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go to 1.15 (wrap.go:42)"),
    row("API-01w", "s) 500", "s) 500", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go to 1.15 (wrap.go:42)"),
    row("API-01w", "s) 429", "s) 429", HttpLog, Apiserver, "apiserver pkg/server/httplog/httplog.go to 1.15 (wrap.go:42)"),
    row("API-02", "imeout or abort while handling", "or abort while handling", HttpLog, Apiserver, "apiserver pkg/server/filters/wrap.go:53; 1.20 on"),
    row("API-03", "ost-timeout activity", "ost-timeout activity", HttpLog, Apiserver, "apiserver pkg/server/filters/timeout.go:140; 1.21 on"),
    row("API-04", "http: Handler timeout", "Handler timeout", Error(TimedOut), Apiserver, "apiserver pkg/endpoints/handlers/responsewriters/status.go:80"),
    row("API-05", "apiserver panic'd", "apiserver panic", HttpLog, Apiserver, "apiserver pkg/server/filters/wrap.go:57"),
    row("API-06", "nable to authenticate the request", "to authenticate the request", Error(Certificate), Apiserver, "apiserver pkg/endpoints/filters/authentication.go:76"),
    row("API-06t", "nable to authenticate the request\" err=\"[invalid bearer token", "to authenticate the request", Error(Unauthorized), Apiserver, "apiserver pkg/endpoints/filters/authentication.go:76; pkg/serviceaccount: the token has expired"),
    row("API-06t", "nable to authenticate the request\" err=\"invalid bearer token", "to authenticate the request", Error(Unauthorized), Apiserver, "apiserver pkg/endpoints/filters/authentication.go:76"),
    row("API-06t", "nable to authenticate the request due to an error: [invalid bearer token", "to authenticate the request", Error(Unauthorized), Apiserver, "apiserver pkg/endpoints/filters/authentication.go; to 1.20"),
    row("API-06t", "nable to authenticate the request due to an error: invalid bearer token", "to authenticate the request", Error(Unauthorized), Apiserver, "apiserver pkg/endpoints/filters/authentication.go; to 1.20"),
    row("API-07", "too many requests, please try again later", "oo many requests, please", Error(Overloaded), Apiserver, "apimachinery NewTooManyRequestsError"),
    row("API-07", "Too many requests, please try again later", "oo many requests, please", Error(Overloaded), Apiserver, "apiserver pkg/server/filters/priority-and-fairness.go:380"),
    row("API-08", "apiserver is shutting down", "is shutting down", Error(ShuttingDown), Apiserver, "apiserver pkg/server/filters/waitgroup.go:94; with_retry_after.go"),
    row("API-09", "before all known HTTP paths have been installed", "known HTTP paths", Error(ShuttingDown), Apiserver, "apiserver pkg/endpoints/filters/mux_discovery_complete.go; 1.23 on"),
    row("API-10", "request did not complete within", "did not complete within", Error(TimedOut), Apiserver, "apiserver pkg/server/filters/timeout.go:59"),
    row("API-11", "storage is (re)initializing", "(re)initializing", Error(Initializing), Apiserver, "apiserver pkg/storage/cacher/ready.go:125"),
    row("API-12", "unexpected ListAndWatch error: ", "unexpected ListAndWatch", Doing(List), Apiserver, "apiserver pkg/storage/cacher/cacher.go:506"),
    row("API-13", "etcdserver: request timed out", "etcdserver: re", Error(Etcd), Apiserver, "etcd server/etcdserver/errors; apiserver pkg/storage/etcd3"),
    row("API-13", "etcdserver: leader changed", "etcdserver: le", Error(Etcd), Apiserver, "etcd server/etcdserver/errors"),
    row("API-13", "etcdserver: no leader", "etcdserver: no", Error(Etcd), Apiserver, "etcd server/etcdserver/errors"),
    row("API-13", "etcdserver: too many requests", "etcdserver: to", Error(Etcd), Apiserver, "etcd server/etcdserver/errors"),
    row("API-15", "TLS handshake error from ", "", Doing(Reporting), Apiserver, "Go net/http server.go, on the serving side; an EOF there is a probe that hangs up"),
    row("NEG-15", "error getting data from etcd", "data from etcd", Error(Etcd), Apiserver, "apiserver pkg/server/healthz; kubernetes pkg/kubeapiserver"),
    row("NEG-17", "etcdserver: read-only range request ", "read-only range req", Error(Etcd), Apiserver, "etcd 3.3 etcdserver/util.go: took too long"),
    row("NEG-21", "error dialing backend: ", "", Doing(Reporting), Apiserver, "apiserver pkg/registry/core/pod/rest, the way to a kubelet"),
    row("NEG-17", "apply request took too long", "request took too long", Error(Etcd), Apiserver, "etcd server/etcdserver/util.go:170"),
    row("NEG-29", "requestheader-client-ca-file in configmap", "requestheader-client-ca-file in", Error(Certificate), Apiserver, "apiserver pkg/server/options/authentication.go:296"),
];
