//! Incidents that the cluster's objects tell.
//!
//! An APIService whose Available condition is not `True`, a group/version that aggregated discovery
//! calls stale, a namespace that cannot be deleted because discovery fails. Each becomes an incident, or
//! more evidence for one that the logs tell. A namespace's condition may be left from an outage that is
//! over: it counts only where the APIService is not known to work.

use crate::evidence::meta::{condition, nanos};
use crate::evidence::{Cluster, Place, Standing};
use crate::incident::{Confidence, Evidence, Incident, Window};
use crate::k8s::{Cause, GroupVersion};
use crate::knowledge::objects;
use crate::location::Location;

/// The longest text that is kept of an object.
const LONGEST: usize = 400;

/// What one object says of an APIService.
struct Said {
    gv: GroupVersion,
    signature: &'static str,
    place: Place,
    text: String,
    since: Option<i64>,
}

/// Incidents that the objects alone tell, one for each APIService.
pub fn from_evidence(cluster: &Cluster) -> Vec<Incident> {
    let mut incidents: Vec<Incident> = Vec::new();
    for said in all(cluster) {
        let name = said.gv.apiservice_name();
        let known = incidents.iter_mut().find(|one| one.apiservice.as_deref() == Some(&name));
        match known {
            Some(incident) => incident.evidence.push(evidence(&said)),
            None => incidents.push(incident(&said, cluster)),
        }
    }
    incidents
}

/// Completes what the logs tell by what the objects tell: the version of a group that the logs leave
/// out, the condition as evidence, the incidents that no log tells.
pub fn complete(incidents: &mut Vec<Incident>, cluster: &Cluster) {
    for index in 0..incidents.len() {
        let group = incidents[index].apiservice.as_deref().and_then(|name| name.strip_prefix("*."));
        let Some(name) = group.and_then(|group| cluster.apiservice_of(group, None)) else { continue };
        if incidents.iter().all(|one| one.apiservice.as_deref() != Some(&name)) {
            let incident = &mut incidents[index];
            incident.id = format!("{}/{name}", incident.cause);
            incident.group_version = GroupVersion::parse_apiservice(&name);
            incident.apiservice = Some(name);
        }
    }
    for told in from_evidence(cluster) {
        let same = |one: &&mut Incident| one.apiservice == told.apiservice && one.cause.blames_apiservice();
        match incidents.iter_mut().find(same) {
            Some(incident) => {
                incident.confidence = Confidence::Certain;
                incident.evidence.splice(0..0, told.evidence);
            }
            None => incidents.push(told),
        }
    }
}

fn all(cluster: &Cluster) -> Vec<Said> {
    let mut said: Vec<Said> = conditions(cluster).collect();
    said.extend(stale(cluster));
    said.extend(namespaces(cluster));
    said
}

fn conditions(cluster: &Cluster) -> impl Iterator<Item = Said> + '_ {
    cluster.apiservices.values().filter(|one| one.body.is_broken()).filter_map(|one| {
        let spec = &one.body.spec;
        let available = one.body.available()?;
        Some(Said {
            gv: GroupVersion { group: spec.group.clone(), version: spec.version.clone() },
            signature: objects::CONDITION,
            place: one.place.clone(),
            text: format!(
                "APIService {}: Available={} {}: {}",
                one.name(),
                available.status,
                available.reason,
                available.message
            ),
            since: nanos(&available.last_transition_time),
        })
    })
}

fn stale(cluster: &Cluster) -> impl Iterator<Item = Said> + '_ {
    cluster.discovery.iter().filter_map(|(gv, stale)| {
        Some(Said {
            gv: GroupVersion::parse(gv)?,
            signature: objects::STALE,
            place: stale.clone()?,
            text: format!("aggregated discovery: {gv} freshness: Stale"),
            since: None,
        })
    })
}

/// Group/versions that keep namespaces from being deleted.
fn namespaces(cluster: &Cluster) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for namespace in cluster.namespaces.values() {
        let conditions = &namespace.body.status.conditions;
        let Some(failure) = condition(conditions, "NamespaceDeletionDiscoveryFailure") else { continue };
        if failure.status != "True" {
            continue;
        }
        for gv in named(&failure.message) {
            if is_over(&gv, cluster) || said.iter().any(|one| one.gv == gv) {
                continue;
            }
            said.push(Said {
                gv,
                signature: objects::NAMESPACE,
                place: namespace.place.clone(),
                text: format!("Namespace {}: {}: {}", namespace.name(), failure.reason, failure.message),
                since: nanos(&failure.last_transition_time),
            });
        }
    }
    said
}

/// The group/versions in `…: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1`.
fn named(message: &str) -> Vec<GroupVersion> {
    let mut found = Vec::new();
    for word in message.split([' ', ',']) {
        let Some(gv) = word.strip_suffix(':').and_then(GroupVersion::parse) else { continue };
        if !gv.group.is_empty() && !found.contains(&gv) {
            found.push(gv);
        }
    }
    found
}

/// Whether the APIService works again, is gone, or is none to blame.
fn is_over(gv: &GroupVersion, cluster: &Cluster) -> bool {
    match cluster.apiservice(&gv.apiservice_name()) {
        Some(one) => !one.body.is_broken(),
        None => cluster.has_all_apiservices() || cluster.standing(&gv.group) == Some(Standing::Local),
    }
}

fn incident(said: &Said, cluster: &Cluster) -> Incident {
    let name = said.gv.apiservice_name();
    let until = cluster.gathered_at().or(said.since);
    let window = said.since.zip(until).map(|(from, to)| Window { from, to: to.max(from) });
    let cause = Cause::ApiserviceUnavailable;
    Incident {
        id: format!("{cause}/{name}"),
        cause,
        reason: cause.describe().to_owned(),
        confidence: Confidence::Certain,
        apiservice: Some(name),
        group_version: Some(said.gv.clone()),
        failures: 0,
        restated: 0,
        first_seen: said.since.or(until),
        last_seen: until,
        outages: window.into_iter().collect(),
        requests: Vec::new(),
        retries: Vec::new(),
        victims: Vec::new(),
        witnesses: Vec::new(),
        evidence: vec![evidence(said)],
    }
}

fn evidence(said: &Said) -> Evidence {
    Evidence {
        location: Location { source: said.place.path.clone(), line: said.place.line },
        at: said.since,
        signature: said.signature,
        text: said.text.chars().take(LONGEST).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_versions_of_a_namespace_condition() {
        let message = "Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: a.example.com/v1: stale GroupVersion discovery: a.example.com/v1, metrics.k8s.io/v1beta1: the server is currently unable to handle the request";
        let names: Vec<String> = named(message).iter().map(GroupVersion::apiservice_name).collect();
        assert_eq!(names, ["v1.a.example.com", "v1beta1.metrics.k8s.io"]);
    }
}
