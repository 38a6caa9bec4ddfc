//! From incidents to a diagnosis: who owns the broken API, what serves it, and which fix lasts.
//!
//! Joins the incidents with the tables and, for archives, with the cluster's objects, which beat the
//! tables. Each claim says how it is known. What the logs do not tell but an object does becomes an
//! incident too. Not for reading logs or judging single failures: [`crate::incident`] does that.

mod acquit;
mod gathered;
mod known;
mod olm;
mod owner;
mod recreation;
mod remedy;
mod state;
mod told;
mod victims;

#[cfg(test)]
mod tests;

use crate::evidence::{Chain, Cluster, Link};
use crate::incident::Incident;
use crate::k8s::Cause;
use state::Named;

pub use gathered::{complete, from_evidence};
pub use owner::owner_of;
pub use recreation::{History, Recreation, Told, recreations};
pub use remedy::general;
pub use state::describe_chain;
pub use victims::settle_victims;

/// An incident with what is known around it.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The incident.
    pub incident: Incident,
    /// `namespace/service` of the backend: incidents with the same one are one outage of it.
    pub outage: Option<String>,
    /// Where the chain to the backend broke when the archive was gathered.
    pub link: Option<Link>,
    /// Who creates and serves the APIService.
    pub owner: Option<Owner>,
    /// What stands behind it.
    pub backend: Option<Backend>,
    /// The APIService's Available condition, where an archive holds it.
    pub status: Option<Condition>,
    /// Warning events about what stands behind it, the most frequent first, at most three; then what OLM
    /// says of its owner's installation.
    pub warnings: Vec<String>,
    /// When the APIService was created again.
    pub recreations: Vec<Recreation>,
    /// Rows of [`crate::knowledge::known`] that fit.
    pub known: Vec<&'static str>,
    /// What to do, in order.
    pub remedy: Vec<Step>,
}

/// Who creates and serves an APIService.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// `Operator`, `ClusterOperator`, `Workload`, `Tool`.
    pub kind: &'static str,
    /// What people call it.
    pub name: String,
    /// Its namespace, where it is known.
    pub namespace: Option<String>,
    /// Its OLM package.
    pub package: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// How that is known.
    pub how_known: String,
}

/// The Service behind an APIService.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Namespace of the Service.
    pub namespace: String,
    /// Name of the Service.
    pub service: String,
    /// Its state in words, where an archive tells.
    pub state: Option<String>,
}

/// A condition of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `True`, `False`, `Unknown`.
    pub status: String,
    /// The reason in one word.
    pub reason: String,
    /// The message.
    pub message: String,
    /// Since when, as the object says.
    pub last_transition: Option<String>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub step: String,
    /// Why.
    pub why: String,
    /// The command, if there is one.
    pub command: Option<String>,
    /// Whether it lasts.
    pub lasting: bool,
}

/// Diagnoses every incident, those included that only the cluster's objects tell. They come by severity,
/// then first seen, then id.
pub fn diagnose(incidents: Vec<Incident>, cluster: Option<&Cluster>) -> Vec<Diagnosis> {
    diagnose_with(incidents, cluster, &History::new())
}

/// The same, with the creations and deletions of APIServices that logs tell.
pub fn diagnose_with(
    mut incidents: Vec<Incident>,
    cluster: Option<&Cluster>,
    told: &History,
) -> Vec<Diagnosis> {
    if let Some(cluster) = cluster {
        acquit::acquit(&mut incidents, cluster);
        complete(&mut incidents, cluster);
        incidents.iter_mut().for_each(|incident| settle_victims(incident, cluster));
    }
    incidents.sort_by(|a, b| {
        let key = |i: &Incident| (i.cause, i.first_seen.unwrap_or(i64::MAX));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    incidents.into_iter().map(|incident| one(incident, cluster, told)).collect()
}

fn one(mut incident: Incident, cluster: Option<&Cluster>, told: &History) -> Diagnosis {
    let name = incident.apiservice.clone().unwrap_or_default();
    let object = cluster.and_then(|cluster| cluster.apiservice(&name));
    let chain = cluster.zip(object).and_then(|(cluster, object)| cluster.chain(object));
    let owner = owner::owner(&incident, cluster);
    let mut backend = owner::row_backend(&incident);
    if let Some(chain) = &chain {
        backend = Some(Backend {
            namespace: chain.reference.namespace.clone(),
            service: chain.reference.name.clone(),
            state: Some(describe_chain(chain)),
        });
    }
    let status = object.and_then(|object| object.body.available()).map(state::condition);
    let told_reason = told::reason(&incident);
    let broken = reason(&mut incident, chain.as_ref(), status.as_ref());
    if object.is_none() && is_gone(&incident, cluster) {
        incident.reason.push_str("; when the archive was gathered it did not exist any more");
    }
    let told = told.get(&name).map_or(&[][..], Vec::as_slice);
    let mut history = recreations(&name, cluster, told, incident.first_seen);
    for one in history.iter_mut().filter(|one| one.by.is_empty()) {
        if let Some(owner) = &owner {
            one.by.clone_from(&owner.name);
            one.how_known.push_str("; by whom is concluded from its owner");
        }
    }
    let link = chain.as_ref().map(|chain| chain.link);
    let facts =
        known::Facts::of(&incident, owner.as_ref(), backend.as_ref(), status.as_ref(), cluster, told_reason);
    let rows = known::matching(&facts);
    let remedy = remedy::steps(&facts, broken, &rows);
    let mut warnings =
        cluster.zip(chain.as_ref()).map(|(c, chain)| state::warnings(c, chain)).unwrap_or_default();
    if let Some((owner, cluster)) = owner.as_ref().zip(cluster) {
        warnings.extend(olm::warnings(owner, cluster));
    }
    Diagnosis {
        outage: backend.as_ref().map(|backend| format!("{}/{}", backend.namespace, backend.service)),
        known: rows.iter().map(|row| row.id).collect(),
        recreations: history,
        warnings,
        link,
        owner,
        backend,
        status,
        remedy,
        incident,
    }
}

/// Says in the incident's reason where the chain to the backend broke, and gives that link: by the objects,
/// or, where there are none or they show it whole again, by what kube-apiserver said while it was broken.
fn reason(incident: &mut Incident, chain: Option<&Chain<'_>>, status: Option<&Condition>) -> Option<Link> {
    let describe = incident.cause.describe();
    if let Some(chain) = chain.filter(|chain| !matches!(chain.link, Link::Working | Link::Unknown)) {
        let words = state::reason(chain, status.map(|status| status.message.as_str()))?;
        incident.reason = format!("{describe}: {words}");
        return Some(chain.link);
    }
    let error = told::error(incident).filter(|_| incident.cause == Cause::ApiserviceUnavailable)?;
    let link = Link::of_error(error)?;
    let named = match chain {
        Some(chain) => Named::of_service(chain.reference),
        None => Named::of_apiservice(incident.apiservice.as_deref()?),
    };
    let mut words = state::words(link, &named, Some(error))?;
    let available = status.filter(|status| status.status == "True");
    if let Some(since) = available.and_then(|status| status.last_transition.as_deref()) {
        words = format!("{words}, until {since}");
    }
    incident.reason = format!("{describe}: {words}");
    Some(link)
}

/// Whether the archive holds all APIServices, but not the one to blame.
fn is_gone(incident: &Incident, cluster: Option<&Cluster>) -> bool {
    incident.cause.blames_apiservice()
        && incident.apiservice.as_deref().is_some_and(|name| !name.starts_with("*."))
        && cluster.is_some_and(Cluster::has_all_apiservices)
}
