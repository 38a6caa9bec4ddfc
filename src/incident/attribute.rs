//! Who is to blame for one kind of failure: the decision rules.
//!
//! In short: a pair of subject and error is judged by its error; a transport error blames the host,
//! never the group in the path; what the server side names outranks what clients say; a Local group
//! is never blamed; an unknown group that answers 503 is aggregated, most likely, for CRDs and
//! built-in groups practically never answer that.

use std::collections::{BTreeMap, BTreeSet};

use super::Confidence;
use super::fold::{SourceTally, TallyKey};
use crate::failure::{Subject, Told};
use crate::k8s::{Cause, GroupVersion};
use crate::knowledge::local_groups::{ALWAYS_LOCAL_RESOURCES, BUILT_IN, CRD_GROUPS};
use crate::knowledge::owners::{self, FAMILIES};
use crate::knowledge::signatures::ErrorKind;

/// What all sources together tell of the cluster.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Versions of a group, by lines that name both.
    versions: BTreeMap<String, BTreeSet<String>>,
    /// Groups whose APIService the server side has named as failing.
    named: BTreeSet<String>,
}

/// What is known of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Built in or a CRD: never blamed.
    Local,
    /// Served by an extension API server.
    Aggregated,
    /// Not known.
    Unknown,
}

/// What an incident is about that holds what is not told apart.
pub(super) const OTHERS: &str = "others";

/// A judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// An APIService is to blame.
    Blame { cause: Cause, target: Target, confidence: Confidence },
    /// Something else is.
    Other { cause: Cause, about: String, confidence: Confidence },
    /// A 503 of some APIService: which one, the record does not say.
    SomeApiservice,
    /// The one that the source names beside it; without one, nobody.
    IfMentioned,
    /// One of several APIServices of a backend.
    Backend(String),
    /// Nobody.
    Nobody,
}

/// An APIService, or a group whose version the logs do not tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) group: String,
    pub(super) version: Option<String>,
}

impl Target {
    pub(super) fn name(&self) -> String {
        format!("{}.{}", self.version.as_deref().unwrap_or("*"), self.group)
    }

    pub(super) fn group_version(&self) -> Option<GroupVersion> {
        Some(GroupVersion { group: self.group.clone(), version: self.version.clone()? })
    }
}

/// What is known of a group by the tables.
pub fn standing(group: &str) -> Standing {
    if BUILT_IN.contains(&group) {
        return Standing::Local;
    }
    let served = owners::all().flat_map(|owner| owner.apiservices).any(|name| group_of(name) == group);
    if served {
        return Standing::Aggregated;
    }
    let crd = CRD_GROUPS.iter().any(|known| match known.strip_prefix('.') {
        Some(suffix) => group.ends_with(suffix) && group.len() > suffix.len(),
        None => group == *known,
    });
    if crd { Standing::Local } else { Standing::Unknown }
}

fn group_of(apiservice: &str) -> &str {
    apiservice.split_once('.').map_or("", |(_, group)| group)
}

impl Facts {
    /// Gathers what the sources tell of groups and versions.
    pub(super) fn of(sources: &[SourceTally]) -> Facts {
        let mut facts = Facts::default();
        for key in sources.iter().flat_map(|source| source.tallies.keys()) {
            match &key.subject {
                Subject::ApiService(gv) => {
                    facts.versions.entry(gv.group.clone()).or_default().insert(gv.version.clone());
                    if !matches!(key.told, Told::Recovered | Told::Marker) {
                        facts.named.insert(gv.group.clone());
                    }
                }
                Subject::GroupVersion(gv) => {
                    facts.versions.entry(gv.group.clone()).or_default().insert(gv.version.clone());
                }
                Subject::Resource { group, version: Some(version), .. } => {
                    facts.versions.entry(group.clone()).or_default().insert(version.clone());
                }
                _ => {}
            }
        }
        facts
    }

    /// The version of a group: what a line says, else the only one that is known.
    fn version(&self, group: &str, said: Option<&str>) -> Option<String> {
        if let Some(version) = said {
            return Some(version.to_owned());
        }
        if let Some(versions) = self.versions.get(group)
            && versions.len() == 1
        {
            return versions.first().cloned();
        }
        let known: BTreeSet<&str> = owners::all()
            .flat_map(|owner| owner.apiservices)
            .filter(|name| group_of(name) == group)
            .filter_map(|name| name.split('.').next())
            .collect();
        if known.len() == 1 {
            return known.first().map(|version| (*version).to_owned());
        }
        FAMILIES
            .iter()
            .find(|(prefix, _)| known.is_empty() && group.starts_with(prefix))
            .map(|(_, v)| (*v).to_owned())
    }

    fn standing(&self, group: &str) -> Standing {
        match standing(group) {
            Standing::Local if self.named.contains(group) && !BUILT_IN.contains(&group) => {
                Standing::Aggregated
            }
            other => other,
        }
    }
}

/// Judges one kind of failure.
pub(super) fn judge(key: &TallyKey, facts: &Facts) -> Verdict {
    if key.told == Told::Marker || key.told == Told::Recovered {
        return Verdict::Nobody;
    }
    match key.kind {
        ErrorKind::Etcd => other(Cause::Etcd, "etcd", Confidence::Certain),
        ErrorKind::Conversion => other(Cause::ConversionWebhook, &webhook(key), Confidence::Certain),
        ErrorKind::Admission => other(Cause::AdmissionWebhook, &webhook(key), Confidence::Certain),
        ErrorKind::Canceled => Verdict::Nobody,
        kind if kind.is_transport() && !matches!(key.subject, Subject::ApiService(_)) => transport(kind),
        _ => answered(key, facts),
    }
}

fn other(cause: Cause, about: &str, confidence: Confidence) -> Verdict {
    Verdict::Other { cause, about: about.to_owned(), confidence }
}

fn webhook(key: &TallyKey) -> String {
    match &key.subject {
        Subject::Webhook(name) => name.clone(),
        _ => String::new(),
    }
}

/// No HTTP answer came: the host, whatever the path (rule D5).
fn transport(kind: ErrorKind) -> Verdict {
    let (cause, confidence) = match kind {
        ErrorKind::Refused => (Cause::ApiserverUnavailable, Confidence::Certain),
        ErrorKind::Ended => (Cause::ApiserverUnavailable, Confidence::Likely),
        ErrorKind::Lookup => (Cause::Dns, Confidence::Certain),
        ErrorKind::Certificate => (Cause::Certificate, Confidence::Certain),
        ErrorKind::Deadline => (Cause::ApiserverOverloaded, Confidence::Possible),
        _ => (Cause::Network, Confidence::Likely),
    };
    other(cause, "", confidence)
}

/// The server answered: its group decides (rules D1 to D3, D6, D7, D9).
fn answered(key: &TallyKey, facts: &Facts) -> Verdict {
    let (group, said, resource) = match &key.subject {
        Subject::ApiService(gv) => return named(key.kind, gv),
        Subject::GroupVersion(gv) => (gv.group.as_str(), Some(gv.version.as_str()), None),
        Subject::Resource { group, resource, version } => {
            (group.as_str(), version.as_deref(), Some(resource.as_str()))
        }
        Subject::Group(group) => (group.as_str(), None, None),
        Subject::Service(service) => return backend(service),
        Subject::Others => return others(key),
        Subject::Mentioned => return Verdict::IfMentioned,
        Subject::Nothing | Subject::Host(_) | Subject::Webhook(_) => return nothing(key),
    };
    let mut standing = facts.standing(group);
    // Only an aggregated group can be stale, whatever its name looks like.
    if key.kind == ErrorKind::Stale && !BUILT_IN.contains(&group) {
        standing = Standing::Aggregated;
    }
    if resource.is_some_and(|resource| ALWAYS_LOCAL_RESOURCES.contains(&(resource, group))) {
        standing = Standing::Local;
    }
    let target = Target { group: group.to_owned(), version: facts.version(group, said) };
    let about = target.name();
    match key.kind {
        ErrorKind::NotServed => other(Cause::ApiNotServed, &about, Confidence::Likely),
        ErrorKind::NoMatch => match standing {
            // A client that swallows the 503 of an aggregated group sees no kinds in it.
            Standing::Aggregated if key.signature == "PY-05" => Verdict::Blame {
                cause: Cause::ApiserviceUnavailable,
                target,
                confidence: Confidence::Possible,
            },
            _ => other(Cause::ApiNotServed, &about, Confidence::Likely),
        },
        ErrorKind::Unauthorized => other(Cause::Unauthorized, "", Confidence::Certain),
        ErrorKind::Forbidden => other(Cause::Forbidden, group, Confidence::Certain),
        ErrorKind::Overloaded => other(Cause::ApiserverOverloaded, "", Confidence::Certain),
        ErrorKind::ShuttingDown | ErrorKind::Initializing => {
            other(Cause::ApiserverUnavailable, "", Confidence::Likely)
        }
        kind => by_standing(kind, standing, target),
    }
}

/// 5xx in the name of a group.
fn by_standing(kind: ErrorKind, standing: Standing, target: Target) -> Verdict {
    match (standing, kind) {
        (Standing::Local, ErrorKind::TimedOut) => other(Cause::ApiserverOverloaded, "", Confidence::Likely),
        (Standing::Local, _) => other(Cause::ApiserverUnavailable, "", Confidence::Likely),
        (_, ErrorKind::ServerError | ErrorKind::Degraded) => {
            let confidence =
                if standing == Standing::Aggregated { Confidence::Likely } else { Confidence::Possible };
            Verdict::Blame { cause: Cause::ApiserviceDegraded, target, confidence }
        }
        (Standing::Aggregated, ErrorKind::TimedOut) => {
            Verdict::Blame { cause: Cause::ApiserviceUnavailable, target, confidence: Confidence::Likely }
        }
        (Standing::Unknown, ErrorKind::TimedOut) => {
            Verdict::Blame { cause: Cause::ApiserviceUnavailable, target, confidence: Confidence::Possible }
        }
        (Standing::Aggregated, _) => {
            Verdict::Blame { cause: Cause::ApiserviceUnavailable, target, confidence: Confidence::Certain }
        }
        // Only an aggregated group can be stale.
        (Standing::Unknown, kind) => {
            let confidence = if kind == ErrorKind::Stale { Confidence::Certain } else { Confidence::Likely };
            Verdict::Blame { cause: Cause::ApiserviceUnavailable, target, confidence }
        }
    }
}

/// The server side names the APIService (rule D1).
fn named(kind: ErrorKind, gv: &GroupVersion) -> Verdict {
    if BUILT_IN.contains(&gv.group.as_str()) {
        return Verdict::Nobody; // a Local APIService is always available
    }
    let target = Target { group: gv.group.clone(), version: Some(gv.version.clone()) };
    let cause = match kind {
        ErrorKind::Degraded | ErrorKind::ServerError => Cause::ApiserviceDegraded,
        _ => Cause::ApiserviceUnavailable,
    };
    Verdict::Blame { cause, target, confidence: Confidence::Certain }
}

/// Only the backend is named: its APIService, if it serves just one.
fn backend(service: &str) -> Verdict {
    let apiservices: BTreeSet<&str> = owners::all()
        .filter(|owner| owner.service == service)
        .flat_map(|owner| owner.apiservices)
        .copied()
        .collect();
    let groups: BTreeSet<&str> = apiservices.iter().map(|name| group_of(name)).collect();
    match apiservices.first().and_then(|name| GroupVersion::parse_apiservice(name)) {
        Some(gv) if groups.len() == 1 => Verdict::Blame {
            cause: Cause::ApiserviceUnavailable,
            target: Target { group: gv.group, version: Some(gv.version) },
            confidence: Confidence::Likely,
        },
        _ => Verdict::Backend(service.to_owned()),
    }
}

/// Failures that are not told apart blame nobody by name, and keep their cause.
fn others(key: &TallyKey) -> Verdict {
    let cause = match key.kind {
        ErrorKind::ServerError | ErrorKind::Degraded => Cause::ApiserviceDegraded,
        ErrorKind::NotServed | ErrorKind::NoMatch => Cause::ApiNotServed,
        _ => match nothing(key) {
            Verdict::Other { cause, .. } => cause,
            _ => Cause::ApiserviceUnavailable,
        },
    };
    other(cause, OTHERS, Confidence::Possible)
}

/// Nothing is named (rule D9).
fn nothing(key: &TallyKey) -> Verdict {
    match key.kind {
        ErrorKind::Unavailable | ErrorKind::ProxyFailed | ErrorKind::Stale | ErrorKind::CheckFailed => {
            // The path is one of the server itself: then it is the server.
            if key.path.is_some() {
                return other(Cause::ApiserverUnavailable, "", Confidence::Likely);
            }
            Verdict::SomeApiservice
        }
        ErrorKind::TimedOut | ErrorKind::Overloaded => {
            other(Cause::ApiserverOverloaded, "", Confidence::Likely)
        }
        ErrorKind::ShuttingDown => other(Cause::ApiserverUnavailable, "", Confidence::Certain),
        ErrorKind::Initializing => other(Cause::ApiserverUnavailable, "", Confidence::Likely),
        ErrorKind::ServerError => other(Cause::ApiserverUnavailable, "", Confidence::Possible),
        ErrorKind::NotServed | ErrorKind::NoMatch => other(Cause::ApiNotServed, "", Confidence::Possible),
        ErrorKind::Unauthorized => other(Cause::Unauthorized, "", Confidence::Certain),
        ErrorKind::Forbidden => other(Cause::Forbidden, "", Confidence::Certain),
        ErrorKind::Certificate => other(Cause::Certificate, "", Confidence::Certain),
        _ => Verdict::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_agree() {
        assert_eq!(standing("apps"), Standing::Local);
        assert_eq!(standing("apps.openshift.io"), Standing::Aggregated);
        assert_eq!(standing("config.openshift.io"), Standing::Local);
        assert_eq!(standing("admission.autoscaling.openshift.io"), Standing::Aggregated);
        assert_eq!(standing("subresources.kubevirt.io"), Standing::Aggregated);
        assert_eq!(standing("kustomize.toolkit.fluxcd.io"), Standing::Local);
        assert_eq!(standing("shop.example.com"), Standing::Unknown);
        for name in owners::all().flat_map(|owner| owner.apiservices) {
            assert_eq!(standing(group_of(name)), Standing::Aggregated, "{name}");
        }
    }
}
