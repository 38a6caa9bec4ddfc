//! Who is not to blame after all: what the objects say against the logs' guess.
//!
//! When kube-apiserver restarts, every group answers 503 for a moment, and a client's log cannot tell that
//! from a broken APIService. The objects can: a group that is Local has no backend to be broken, and an
//! Available condition that has been `True` since before the first failure says that the aggregation
//! layer never saw it down. The latter alone is not enough: the check does not verify certificates of
//! clients, so that an APIService may be `True` while every request to it fails, and a short outage falls
//! between two checks. It counts only where kube-apiserver was down each time.

use crate::evidence::meta::nanos;
use crate::evidence::{Cluster, Standing};
use crate::incident::{Confidence, Incident, Party, UNNAMED, Window};
use crate::k8s::Cause;
use crate::knowledge::signatures::ErrorKind;
use crate::time::SECOND;

/// How far from kube-apiserver's own failures those that follow from them may lie: clients back off.
const NEAR: i64 = 60 * SECOND;
/// A restart takes no longer; what fails for longer (a program that asks the wrong address) is none.
const RESTART: i64 = 900 * SECOND;
/// Errors that only the aggregation layer itself tells: they speak of the backend, whatever the condition.
const BY_AGGREGATOR: &[ErrorKind] = &[ErrorKind::ProxyFailed, ErrorKind::CheckFailed, ErrorKind::Stale];

/// Takes the blame from APIServices that the objects acquit, and gives it to kube-apiserver.
pub(super) fn acquit(incidents: &mut Vec<Incident>, cluster: &Cluster) {
    let trouble: Vec<Window> = incidents
        .iter()
        .filter(|one| one.cause == Cause::ApiserverUnavailable)
        .flat_map(|one| one.outages.iter().copied())
        .filter(|window| window.to - window.from <= RESTART)
        .collect();
    let (innocent, mut kept): (Vec<Incident>, Vec<Incident>) = std::mem::take(incidents)
        .into_iter()
        .partition(|one| one.cause.blames_apiservice() && is_innocent(one, cluster, &trouble));
    let acquitted = !innocent.is_empty();
    for one in innocent {
        match kept.iter_mut().find(|other| other.cause == Cause::ApiserverUnavailable) {
            Some(apiserver) => join(apiserver, one),
            None => kept.push(converted(one)),
        }
    }
    if acquitted {
        unnamed(&mut kept);
    }
    *incidents = kept;
}

/// With others acquitted, what names no APIService may be left with the only one that is to blame.
fn unnamed(incidents: &mut Vec<Incident>) {
    let down = |one: &Incident| one.cause == Cause::ApiserviceUnavailable;
    let named = |one: &Incident| down(one) && one.apiservice.is_some();
    let Some(at) = incidents.iter().position(|one| down(one) && one.id.ends_with(UNNAMED)) else { return };
    if incidents.iter().filter(|one| named(one)).count() == 1 {
        let rest = incidents.remove(at);
        incidents.iter_mut().filter(|one| named(one)).take(1).for_each(|only| join(only, rest.clone()));
    }
}

fn is_innocent(incident: &Incident, cluster: &Cluster, trouble: &[Window]) -> bool {
    let Some(name) = incident.apiservice.as_deref() else { return false };
    let group = name.split_once('.').map_or("", |(_, group)| group);
    if cluster.standing(group) == Some(Standing::Local) {
        return true;
    }
    let told = |kind: &ErrorKind| incident.requests.iter().any(|request| request.error == kind.as_str());
    let Some(condition) = cluster.apiservice(name).and_then(|one| one.body.available()) else { return false };
    let since = nanos(&condition.last_transition_time);
    let Some(first) = incident.first_seen else { return false };
    if condition.status != "True"
        || since.is_none_or(|since| since >= first)
        || BY_AGGREGATOR.iter().any(told)
    {
        return false;
    }
    let near = |window: &Window| {
        trouble.iter().any(|other| window.from <= other.to + NEAR && window.to >= other.from - NEAR)
    };
    incident.outages.iter().all(near)
}

/// An incident of kube-apiserver, for want of one that the logs tell.
fn converted(mut incident: Incident) -> Incident {
    let name = incident.apiservice.take().unwrap_or_default();
    incident.cause = Cause::ApiserverUnavailable;
    incident.id = incident.cause.as_str().to_owned();
    incident.confidence = Confidence::Possible;
    incident.reason =
        format!("{}: {name} failed, but it is Local: no backend stands behind it", incident.cause.describe());
    incident.group_version = None;
    incident
}

/// Adds what an incident tells to another, mostly kube-apiserver's. Its outages stay its own: a backend
/// answers 503 some while after kube-apiserver is back, and must not join two restarts to one.
fn join(apiserver: &mut Incident, other: Incident) {
    apiserver.failures += other.failures;
    apiserver.restated += other.restated;
    apiserver.first_seen = apiserver.first_seen.into_iter().chain(other.first_seen).min();
    apiserver.last_seen = apiserver.last_seen.max(other.last_seen);
    apiserver.requests.extend(other.requests);
    apiserver.requests.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.cmp(b)));
    apiserver.retries.extend(other.retries);
    parties(&mut apiserver.victims, other.victims);
    parties(&mut apiserver.witnesses, other.witnesses);
}

fn parties(to: &mut Vec<Party>, from: Vec<Party>) {
    for party in from {
        match to.iter_mut().find(|one| one.source == party.source && one.writer == party.writer) {
            Some(one) => {
                one.failures += party.failures;
                one.impact = one.impact.max(party.impact);
            }
            None => to.push(party),
        }
    }
}
