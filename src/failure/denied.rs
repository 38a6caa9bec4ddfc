//! Answers of 401, 403 and 404 whose sentence names what was asked for: RBAC's, the REST mapper's, and the
//! bare word that a tool passes on.

use super::atoms::Atom;
use super::context;
use super::read::{Reader, subject_of};
use super::{Failure, Subject};
use crate::k8s::{GroupVersion, Verb};
use crate::knowledge::signatures::Shape;

impl Reader<'_> {
    /// `routes.route.openshift.io is forbidden: User "…" cannot list resource "routes" in API group "…"`.
    pub(super) fn forbidden(&self, mut failure: Failure, atom: Atom, right: &str) -> Option<Failure> {
        // Quota, PodSecurity and SCC say no in the same words, and are no matter of RBAC.
        let line = atom.start..self.line_end(atom.end);
        let denied = |other: &Atom| other.row.shape == Shape::Quiet && other.row.id.starts_with("NEG-");
        if self.atoms.iter().filter(|other| line.contains(&other.start)).any(denied) {
            return None;
        }
        let cannot = right.find(" cannot ");
        let of_rbac = |at: usize| {
            let verb = right[at + 8..].split(' ').next().and_then(Verb::parse);
            right[..at].ends_with('"') && verb.is_some()
        };
        if atom.row.id == "ERR-403o" && !cannot.is_some_and(of_rbac) {
            return None; // a user that something else is said of
        }
        if let Some(cannot) = cannot {
            let rest = &right[cannot + 8..];
            failure.verb = rest.split(' ').next().and_then(Verb::parse).or(failure.verb);
            let quoted = |key: &str| {
                let at = rest.find(key)? + key.len();
                let value = &rest[at..];
                Some(value[..value.find('"')?].trim().to_owned())
            };
            if let Some(path) = quoted("path \"") {
                if let Some(path) = crate::k8s::ApiPath::parse(&path) {
                    failure.subject = subject_of(&path);
                }
                failure.path = Some(path);
                return Some(failure);
            }
            let group = quoted("API group \"").unwrap_or_default();
            // Kubernetes 1.6 and OpenShift 3: `cannot list all services in the cluster`.
            let bare = || rest.split(' ').skip(1).find(|word| *word != "all").map(ToOwned::to_owned);
            if let Some(resource) =
                quoted("resource \"").or_else(|| bare().filter(|_| atom.row.id == "ERR-403o"))
            {
                failure.subject = Subject::Resource { group, resource, version: None };
            }
        } else if let Some(suffix) = context::suffix(&self.text[atom.start..]) {
            failure.verb = failure.verb.or(suffix.verb);
            failure.subject =
                Subject::Resource { group: suffix.group, resource: suffix.resource, version: None };
        }
        Some(failure)
    }

    /// `no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"`.
    pub(super) fn no_match(&self, mut failure: Failure, atom: Atom) -> Option<Failure> {
        let rest = &self.text[atom.end..self.line_end(atom.end)];
        let version = rest.find("version \"").map(|at| &rest[at + 9..]);
        let gv = version.and_then(context::group_version_at).or_else(|| context::group_version_at(rest));
        // OLM writes `group version Kind`.
        let mut words = rest.split(' ');
        let gv = gv.or_else(|| GroupVersion::parse(&format!("{}/{}", words.next()?, words.next()?)));
        if gv.is_none() && atom.row.phrase == "no matches for " {
            return None; // a search that found nothing
        }
        failure.status = None;
        if let Some(gv) = gv {
            failure.subject = Subject::GroupVersion(gv);
        }
        Some(failure)
    }

    /// `… helm_release.x: error installing: Unauthorized`: the sentence of a tool that speaks to a cluster ends
    /// in the word, which is all that the StatusError says.
    pub(super) fn is_last_word_of_tool(&self, atom: Atom) -> bool {
        let line = &self.text[self.text[..atom.start].rfind('\n').map_or(0, |nl| nl + 1)..];
        let ends =
            self.text[atom.end..].trim_start_matches(['"', '\'']).chars().next().is_none_or(|c| c == '\n');
        let of_cluster = ["helm", "kube", "k8s", "olm", "argocd"].iter().any(|word| line.contains(word));
        ends && of_cluster && !line.contains("://")
    }
}
