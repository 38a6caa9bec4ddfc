//! An APIService that was deleted and came back.
//!
//! Deleting a broken APIService seems to help: without it, discovery is whole again. But whoever wants
//! it creates it again, and the next start of a client fails as before. Three sources tell: the object
//! itself (created later than what it belongs to, or than the namespace of its Service), the audit log
//! (who deleted, who created, best of all), and the logs of the operator that creates it.

use std::collections::BTreeMap;

use crate::evidence::{Cluster, Object, core::ApiService};
use crate::k8s::GroupVersion;
use crate::time::{SECOND, rfc3339};

/// A creation or deletion that a log tells: an audit event, a line of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When, in nanoseconds since 1970.
    pub at: i64,
    /// `true` for a creation, `false` for a deletion.
    pub created: bool,
    /// Who: a user, a service account, a program.
    pub by: String,
}

/// Creations and deletions by the name of the APIService.
pub type History = BTreeMap<String, Vec<Told>>;

impl Told {
    /// Reads the line by which an operator says that it created an APIService:
    /// `… resource=*v1.APIService/v1.a.example.com successfully created/updated`
    /// (cluster-resource-override-admission-operator, apiservice.go:66). Gives the APIService's name, too.
    pub fn of_operator_line(text: &str, at: i64, by: &str) -> Option<(String, Told)> {
        let (_, rest) = text.split_once("APIService/")?;
        let (name, said) = rest.split_once(' ')?;
        let name = name.trim_matches(['"', '\'', ',']);
        GroupVersion::parse_apiservice(name)?;
        said.starts_with("successfully created")
            .then(|| (name.to_owned(), Told { at, created: true, by: by.to_owned() }))
    }
}

/// The APIService came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recreation {
    /// When it was created again, in nanoseconds since 1970.
    pub at: i64,
    /// Who created it; empty where that is not told.
    pub by: String,
    /// When and by whom it had been deleted.
    pub deleted: Option<(i64, String)>,
    /// How long it was gone, in nanoseconds.
    pub after: Option<i64>,
    /// How that is known.
    pub how_known: String,
}

/// How much later than its owner an APIService must have been created for it to be a second one: operators
/// take seconds to some minutes for their first.
const LATER: i64 = 600 * SECOND;
/// Two reports of the same creation lie at most this far apart.
const SAME: i64 = 2 * SECOND;

/// The re-creations of an APIService, by time: those that logs tell (in any order), and the last one as
/// the object tells it. `first_seen` is the first failure of it, in nanoseconds since 1970: an object that
/// is younger is not the one that failed then.
pub fn recreations(
    apiservice: &str,
    cluster: Option<&Cluster>,
    told: &[Told],
    first_seen: Option<i64>,
) -> Vec<Recreation> {
    let mut told: Vec<&Told> = told.iter().collect();
    told.sort_by(|a, b| (a.at, a.created, &a.by).cmp(&(b.at, b.created, &b.by)));
    let mut found: Vec<Recreation> = paired(&told);
    let last = cluster.and_then(|cluster| by_object(cluster.apiservice(apiservice)?, cluster, first_seen));
    found.extend(last.filter(|last| told.iter().all(|one| (one.at - last.at).abs() > SAME)));
    found.sort_by_key(|one| one.at);
    found
}

/// Creations that follow a deletion, or another creation, in the order of time.
fn paired(told: &[&Told]) -> Vec<Recreation> {
    let mut found: Vec<Recreation> = Vec::new();
    let mut deleted: Option<(i64, String)> = None;
    let mut created_before: Option<i64> = None;
    for one in told {
        if !one.created {
            deleted = Some((one.at, one.by.clone()));
            continue;
        }
        // The audit log and the operator tell of the same creation.
        let repeated = deleted.is_none() && created_before.is_some_and(|at| one.at - at <= SAME);
        if repeated {
            continue;
        }
        if deleted.is_some() || created_before.is_some() {
            found.push(Recreation {
                at: one.at,
                by: one.by.clone(),
                after: deleted.as_ref().map(|(at, _)| one.at - at),
                deleted: deleted.take(),
                how_known: "the log tells it".into(),
            });
        }
        deleted = None;
        created_before = Some(one.at);
    }
    found
}

/// An APIService that is younger than its own failures, or much younger than its Service, has been
/// created again.
fn by_object(object: &Object<ApiService>, cluster: &Cluster, first_seen: Option<i64>) -> Option<Recreation> {
    let at = object.created()?;
    let reference = object.body.spec.service.as_ref()?;
    let service = cluster.services.get(&reference.id()).and_then(Object::created);
    let before = match (first_seen, service) {
        (Some(first), _) if at - first > SAME => format!("it failed already at {}", rfc3339(first)),
        (_, Some(service)) if at - service > LATER => {
            format!("its Service {} was there at {}", reference.id(), rfc3339(service))
        }
        _ => return None,
    };
    let writer = object.meta.managed_fields.iter().find(|one| one.subresource.is_empty());
    Some(Recreation {
        at,
        by: writer.map(|one| one.manager.clone()).unwrap_or_default(),
        deleted: None,
        after: None,
        how_known: format!("the APIService was created at {}, but {before}", object.meta.creation_timestamp),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_say_what_they_create() {
        let line = "key=cluster resource=*v1.APIService/v1.a.example.com successfully created/updated";
        let (name, told) = Told::of_operator_line(line, 7, "a-operator").unwrap();
        assert_eq!((name.as_str(), told.at, told.created), ("v1.a.example.com", 7, true));
        assert_eq!(Told::of_operator_line("APIService/v1.a.example.com failed", 7, "x"), None);
    }

    #[test]
    fn deletions_and_creations_are_paired() {
        let told =
            |seconds: i64, created: bool, by: &str| Told { at: seconds * SECOND, created, by: by.into() };
        let log = [
            told(130, true, "operator"),
            told(10, true, "operator"),
            told(11, true, "system:serviceaccount:ns:operator"),
            told(100, false, "admin"),
            told(131, true, "operator"),
            told(200, true, "operator"),
        ];
        let found = recreations("v1.a.example.com", None, &log, None);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].after, Some(30 * SECOND));
        assert_eq!(found[0].deleted, Some((100 * SECOND, "admin".into())));
        assert_eq!((found[1].at, found[1].after), (200 * SECOND, None));
    }
}
