//! `--redact`: names that belong to somebody become tokens.
//!
//! A report leaves the house: it goes into a ticket, a chat, a vendor's case. Host names, addresses, user
//! names and namespaces say whose cluster it is, and are replaced by `HOST-1`, `IP-1`, `USER-1`,
//! `NAMESPACE-1`: the same name by the same token wherever it stands, so that the story can still be read.
//! No such name can be a real one, for Kubernetes knows no capital letters. APIServices and groups stay:
//! they are what the report is about.
//!
//! It is done at one place, on the finished report, before a format is chosen: every output then says
//! the same (`visit` reaches every text there is, and does not compile when a new one is forgotten).
//! Names are *learned* from the places that must hold one (fields, and `shapes` in all texts), and then
//! *replaced* wherever they stand as a word (`book`): the same namespace is a word in an URL, in a path
//! of the archive, and in a sentence. A name that no text of the report shows as what it is can only be
//! known from elsewhere: those are the [`Names`] that the pipeline hands over.
//!
//! A number says in which order the report names something, and nothing else; it is no hash, which could
//! be guessed backwards. The same input gives the same tokens. Too much is replaced rather than too
//! little: a namespace that is called `metrics` takes that word with it.

mod book;
mod shapes;
mod visit;

use book::Book;
use serde_json::Value;
use shapes::Kind;

use crate::report::{Names, Report};

/// Replaces the names in a report.
pub fn redact(report: &mut Report) {
    Redactor::default().report(report);
}

/// Replaces the names in one report or text after the other, with what the earlier ones have taught and
/// by the same tokens.
#[derive(Debug, Default)]
pub struct Redactor {
    book: Book,
}

impl Redactor {
    /// Replaces the names in a report.
    pub fn report(&mut self, report: &mut Report) {
        self.know(&report.names);
        self.protect(report);
        visit::fields(report, &mut |kind, name| self.book.learn(kind, name));
        visit::texts(report, &mut |text| shapes::find(text, &mut |kind, name| self.book.learn(kind, name)));
        visit::texts(report, &mut |text| *text = self.book.write(text));
        report.names = Names::default();
    }

    /// Names that are known from elsewhere.
    pub fn know(&mut self, names: &Names) {
        names.namespaces.iter().for_each(|name| self.book.learn(Kind::Namespace, name));
        names.hosts.iter().for_each(|name| self.book.learn(Kind::Host, name));
    }

    /// A group of an APIService, which stays whatever it is made of.
    pub fn keep(&mut self, group: &str) {
        self.book.protect(group);
    }

    /// Replaces the names in every string of a document but for those of a key that is kept. Keys stay.
    pub fn document(&mut self, value: &mut Value, kept: &[&str]) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(list) => list.iter_mut().for_each(|one| self.document(one, kept)),
            Value::Object(map) => {
                let others = map.iter_mut().filter(|(key, _)| !kept.contains(&key.as_str()));
                others.for_each(|(_, one)| self.document(one, kept));
            }
            _ => {}
        }
    }

    /// Reads a text for names, and gives it without them.
    pub fn text(&mut self, text: &str) -> String {
        shapes::find(text, &mut |kind, name| self.book.learn(kind, name));
        self.book.write(text)
    }

    /// APIServices and groups, which stay whatever they are made of.
    fn protect(&mut self, report: &Report) {
        for incident in report.incidents.iter().map(|one| &one.incident) {
            if let Some((_, group)) = incident.apiservice.as_deref().and_then(|name| name.split_once('.')) {
                self.keep(group);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts in the order they are read, and what becomes of each.
    const TEXTS: &[(&str, &str)] = &[
        (
            "Get \"https://api.prod.example.com:6443/api/v1/namespaces/shop/pods\": dial tcp 10.1.2.3:6443: refused",
            "Get \"https://HOST-1:6443/api/v1/namespaces/NAMESPACE-1/pods\": dial tcp IP-1:6443: refused",
        ),
        (
            "User \"alice\" cannot list in the namespace \"shop\"",
            "User \"USER-1\" cannot list in the namespace \"NAMESPACE-1\"",
        ),
        ("alice restarted shop/web; bob did not", "USER-1 restarted NAMESPACE-1/web; bob did not"),
        (
            "read tcp [fd00::1]:443->10.1.2.3:99: EOF at 13:44:11",
            "read tcp [IP-2]:443->IP-1:99: EOF at 13:44:11",
        ),
        (
            "by system:serviceaccount:pay:builder (pay, the pay-builder)",
            "by USER-2 (NAMESPACE-2, the pay-builder)",
        ),
        (
            "pod=\"till/web-0\" on node \"master-0.prod.example.com\"",
            "pod=\"NAMESPACE-3/web-0\" on node \"HOST-2\"",
        ),
        ("static pod etcd-master-0.prod.example.com", "static pod etcd-HOST-2"),
        (
            "grafana.prod.example.com is up, and so is v1.metrics.k8s.io",
            "HOST-3 is up, and so is v1.metrics.k8s.io",
        ),
        ("https://hook.pay.svc:443/validate?timeout=10s", "https://HOST-4:443/validate?timeout=10s"),
        ("lookup db.pay.svc on 10.1.0.10:53: no such host", "lookup HOST-5 on IP-3:53: no such host"),
        (
            "Kubernetes 1.30.10, OpenShift 4.17.22, reflector.go:561",
            "Kubernetes 1.30.10, OpenShift 4.17.22, reflector.go:561",
        ),
        (
            "HTTPSConnectionPool(host='kube.example.net', port=443)",
            "HTTPSConnectionPool(host='HOST-6', port=443)",
        ),
        ("logs/home/carol/a.log", "logs/home/USER-3/a.log"),
        (
            "x509: certificate is valid for a.b.example.org, localhost, not c.example.org",
            "x509: certificate is valid for HOST-7, HOST-8, not HOST-9",
        ),
        ("must-gather.local.123/nodes/ip-10-0-1-2.ec2.internal/x", "must-gather.local.123/nodes/HOST-10/x"),
        ("podlog shop_web-0_0a1b", "podlog NAMESPACE-1_web-0_0a1b"),
    ];

    #[test]
    fn names_become_tokens_and_the_rest_stays() {
        let mut redactor = Redactor::default();
        for (text, expected) in TEXTS {
            assert_eq!(redactor.text(text), *expected);
        }
    }

    #[test]
    fn groups_stay_though_a_namespace_is_called_like_a_part_of_them() {
        let mut book = Book::default();
        book.protect("metrics.k8s.io");
        book.learn(Kind::Namespace, "metrics");
        let text = "v1beta1.metrics.k8s.io of metrics, nodes.metrics.k8s.io";
        assert_eq!(book.write(text), "v1beta1.metrics.k8s.io of NAMESPACE-1, nodes.metrics.k8s.io");
    }

    #[test]
    fn a_flood_of_names_is_replaced_in_bounded_memory() {
        let mut redactor = Redactor::default();
        for n in 0..40_000 {
            let text = redactor.text(&format!("lookup h{n}.example.com: no such host"));
            assert!(text.starts_with("lookup HOST-"), "{text}");
        }
        assert!(redactor.book.len() < 40_000);
    }
}
