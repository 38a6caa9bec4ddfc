//! Errors without an HTTP answer: the host is their subject, never the group in the path (rule D5).
//!
//! Most hosts that a log tells of are no API servers. What is no request of a Kubernetes client is left out
//! here, by the URL, the port, the program that speaks.

use super::atoms::Atom;
use super::context::{self, last_url};
use super::read::{Reader, verb_of};
use super::{Failure, Subject, host, python};
use crate::k8s::{PathKind, Verb};
use crate::knowledge::signatures::{Client, Doing, ErrorKind};

impl Reader<'_> {
    /// No answer came: the host is the subject.
    pub(super) fn transport(
        &self,
        mut failure: Failure,
        atom: Atom,
        doing: Option<Doing>,
        left: &str,
        right: &str,
    ) -> Option<Failure> {
        if let Some(gv) =
            context::group_version_before(left).filter(|_| failure.kind == ErrorKind::CheckFailed)
        {
            failure.subject = Subject::GroupVersion(gv);
            return Some(failure);
        }
        if let Some(url) =
            last_url(left).or_else(|| last_url(right).filter(|_| atom.row.client != Client::ClientGo))
        {
            return self.transport_of_url(failure, doing, &url);
        }
        if failure.signature.id == "API-15" && failure.kind != ErrorKind::Certificate {
            return None; // a probe or a load balancer that hung up
        }
        if self.text.contains("rying to reach: '") {
            return None; // the body of the aggregation layer's answer, which names the URL itself
        }
        // Without a URL, only where the wording is a client's for this API, or names its port.
        let host = host::dialled(left)
            .or_else(|| host::dialled(right))
            .or_else(|| host::dialled(&self.text[atom.start..]));
        let api_port = host.as_deref().is_some_and(host::is_api_server);
        let of_client = matches!(atom.row.client, Client::Rust | Client::Kubectl)
            || matches!(atom.row.id, "API-06" | "CG-37" | "NEG-29" | "PY-11" | "F8-09" | "SSH-01")
            || host.is_none() && python::is_of_http_client(self.text);
        if doing.is_none() && !of_client && !api_port && !self.speaks_of_kubernetes() {
            return None;
        }
        let foreign = host.as_deref().is_some_and(|host| !host::is_api_server(host));
        let foreign = foreign && !python::is_of_kubernetes_client(self.text);
        if foreign && doing.is_none() && atom.row.client != Client::Kubectl && atom.row.id != "SSH-01" {
            return None;
        }
        failure.verb = doing.and_then(verb_of);
        failure.subject = Subject::Host(host.unwrap_or_default());
        Some(failure)
    }

    fn transport_of_url(
        &self,
        mut failure: Failure,
        doing: Option<Doing>,
        url: &context::Url<'_>,
    ) -> Option<Failure> {
        failure.verb = url.verb;
        if url.is_watch() {
            failure.verb = Some(Verb::Watch);
        } else if doing == Some(Doing::List) {
            failure.verb = Some(Verb::List);
        }
        let host = url.host().to_owned();
        if let Some(kind) = host::webhook_service(&host) {
            failure.kind = kind;
            failure.path = None;
            failure.subject = Subject::Webhook(host);
            return Some(failure);
        }
        match url.path().filter(|path| !host::is_foreign_core(url, path)) {
            // `/healthz` and `/version` are served by many: here only if the host is an API server.
            Some(path) if path.kind == PathKind::Root && !path.path.contains("/api") => {
                if !host::is_api_server(&host) {
                    return None;
                }
                failure.path = Some(path.path);
            }
            Some(path) => failure.path = Some(path.path),
            None if host::is_kubelet_proxy(url) => failure.kind = ErrorKind::NoAnswer,
            None if host::is_bare_api_server(url) => {}
            None => return None,
        }
        failure.subject = Subject::Host(host);
        Some(failure)
    }

    /// Whether the record is plainly about a Kubernetes API.
    pub(super) fn speaks_of_kubernetes(&self) -> bool {
        [
            "/apis/",
            "/api/v1/",
            "kubernetes.client",
            "kubernetes/client",
            "kubernetes_asyncio",
            "kubernetes.default",
            "kopf",
            "kr8s",
            "lightkube",
            "pykube",
            "io.fabric8",
            "io.kubernetes",
        ]
        .iter()
        .any(|word| self.text.contains(word))
    }
}
