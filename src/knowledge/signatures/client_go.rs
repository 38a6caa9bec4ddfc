//! client-go: discovery, reflectors, leader election, retries. A program prints the wording of the
//! client-go it was built with, not of the cluster.

use super::Client::{ClientGo, Kubectl};
use super::Doing::{Discovery, Get, Groups, List, Watch, Write};
use super::ErrorKind::Reset;
use super::Shape::{Doing, Error, Quiet, Retry, UrlStatus};
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("CG-01", "couldn't get resource list for ", "couldn't get resource", Doing(Discovery), ClientGo, "client-go discovery/cached/memory/memcache.go:134; 1.8 to 1.36"),
    row("CG-01", "Couldn't get resource list", "", Doing(Discovery), ClientGo, "client-go discovery/cached/memory/memcache.go:134; 1.37 on, structured"),
    row("CG-02", "couldn't get current server API group list", "", Doing(Groups), ClientGo, "client-go discovery/cached/memory/memcache.go refreshLocked"),
    row("CG-02", "Couldn't get current server API group list", "", Doing(Groups), ClientGo, "client-go discovery/cached/memory/memcache.go; 1.37 on"),
    row("CG-03", "complete list of server APIs: ", "list of server APIs", Doing(Discovery), ClientGo, "client-go discovery/discovery_client.go:866"),
    row("CG-20", "Failed to list *", "", Doing(List), ClientGo, "client-go kubernetes-1.17.0 tools/cache/reflector.go:235; to 1.18"),
    row("CG-21", "Failed to watch *", "", Doing(Watch), ClientGo, "client-go kubernetes-1.28.0 tools/cache/reflector.go:147; 1.19 to 1.32"),
    row("CG-21", "failed to list ", "", Doing(List), ClientGo, "client-go tools/cache/reflector.go:535; 1.19 on"),
    row("CG-23", "\"Failed to watch\" ", "", Doing(Watch), ClientGo, "client-go tools/cache/reflector.go:227; 1.33 on"),
    row("CG-25", "watch of *", "", Doing(Watch), ClientGo, "client-go tools/cache/reflector.go:458"),
    row("CG-30", "error retrieving resource lock ", "", Doing(Get), ClientGo, "client-go tools/leaderelection/leaderelection.go:316; to 1.34"),
    row("CG-31", "Error retrieving lease lock", "", Doing(Get), ClientGo, "client-go tools/leaderelection/leaderelection.go:331; 1.35 on"),
    row("CG-32", "Failed to update lock", "", Doing(Write), ClientGo, "client-go tools/leaderelection/leaderelection.go:433"),
    row("CG-32", "Failed to update lease", "", Doing(Write), ClientGo, "client-go tools/leaderelection/leaderelection.go:433; 1.35 on"),
    row("CG-32", "error initially creating leader election record", "", Doing(Write), ClientGo, "client-go tools/leaderelection/leaderelection.go"),
    row("CG-35", "Unable to write event", "", Doing(Write), ClientGo, "client-go tools/record/event.go:374"),
    row("CG-37", "nable to decode an event from the watch stream", "event from the watch stream", Error(Reset), ClientGo, "apimachinery pkg/watch/streamwatcher.go:114"),
    row("CG-37", "an error on the server (\"unable to decode an event from the watch stream", "event from the watch stream", Error(Reset), ClientGo, "client-go tools/cache/reflector.go: the decoder's error in a StatusError"),
    row("CG-12", "retry-reason: ", "retry-reason: ", Retry, ClientGo, "client-go kubernetes-1.32.0 rest/request.go:594; 1.21 to 1.32"),
    row("CG-14", "Got a Retry-After ", "Got a Retry-After", Retry, ClientGo, "client-go rest/with_retry.go:234"),
    row("CG-17", " 503 Service Unavailable in ", "503 Service Unavailable", UrlStatus, Kubectl, "client-go transport/round_trippers.go:553; to 1.32"),
    row("CG-17", " 504 Gateway Timeout in ", "504 Gateway Timeout", UrlStatus, Kubectl, "client-go transport/round_trippers.go:553; to 1.32"),
    row("CG-17", " 502 Bad Gateway in ", "502 Bad Gateway", UrlStatus, Kubectl, "client-go transport/round_trippers.go:553; to 1.32"),
    row("CG-17", " 500 Internal Server Error in ", "500 Internal Server Err", UrlStatus, Kubectl, "client-go transport/round_trippers.go:553; to 1.32"),
    row("CG-17", " 429 Too Many Requests in ", "429 Too Many Requests", UrlStatus, Kubectl, "client-go transport/round_trippers.go:553; to 1.32"),
    row("CG-17t", " 503 service unavailable", "503 service unavailable", UrlStatus, ClientGo, "programs that print request, status and the aggregation layer's body"),
    row("CG-17t", " 503 Service Unavailable", "503 Service Unavailable", UrlStatus, Kubectl, "client-go transport/round_trippers.go, cut behind the status"),
    row("CG-17s", " status=\"503 Service Unavailable\"", "503 Service Unavailable", UrlStatus, Kubectl, "client-go transport/round_trippers.go:632; 1.33 on"),
    row("CG-17s", " status=\"504 Gateway Timeout\"", "504 Gateway Timeout", UrlStatus, Kubectl, "client-go transport/round_trippers.go:632; 1.33 on"),
    row("CG-17s", " status=\"502 Bad Gateway\"", "502 Bad Gateway", UrlStatus, Kubectl, "client-go transport/round_trippers.go:632; 1.33 on"),
    row("CG-17s", " status=\"500 Internal Server Error\"", "500 Internal Server Err", UrlStatus, Kubectl, "client-go transport/round_trippers.go:632; 1.33 on"),
    row("CG-17s", " status=\"429 Too Many Requests\"", "429 Too Many Requests", UrlStatus, Kubectl, "client-go transport/round_trippers.go:632; 1.33 on"),
    row("CG-05", "Got empty response for: ", "", Quiet, ClientGo, "client-go discovery/cached/memory/memcache.go:72: a metrics API without metrics"),
    row("CG-05", "received empty response for: ", "", Quiet, ClientGo, "client-go discovery/cached/memory/memcache.go; 1.26 on"),
    row("CG-10", "Throttling request took ", "", Quiet, ClientGo, "client-go kubernetes-1.20.0 rest/request.go:591: the paths are the queue's, not failures"),
    row("CG-11", "due to client-side throttling", "", Quiet, ClientGo, "client-go kubernetes-1.32.0 rest/request.go:657"),
    row("CG-13", "client-side throttling, not priority and fairness", "", Quiet, ClientGo, "client-go rest/request.go:685; 1.33 on"),
    row("CG-26", "resourceVersion for the provided watch is too old", "", Quiet, ClientGo, "client-go tools/cache/reflector.go: the watch starts again"),
    row("CG-34", "lock is held by ", "", Quiet, ClientGo, "client-go tools/leaderelection/leaderelection.go:403: a standby replica"),
];
