//! Failures that name no APIService, or only the Service behind several (rule D9).
//!
//! They go to the only APIService that is down; else to the one that their source names beside them: in the
//! command whose output it is, at the head of the object whose condition it quotes. What is left is an incident
//! of its own, which blames none.

use std::collections::BTreeSet;

use super::Confidence;
use super::attribute::{Standing, Target, standing};
use super::build::{Group, Groups, Item};
use super::fold::SourceTally;
use crate::failure::{Subject, Told};
use crate::k8s::Cause;
use crate::knowledge::owners;

/// Gives each failure without a name to the group that it belongs to.
pub(super) fn attach<'a>(groups: &mut Groups<'a>, unnamed: Vec<Item<'a>>, backends: Vec<(String, Item<'a>)>) {
    let down: Vec<Group> =
        groups.keys().filter(|group| group.cause == Cause::ApiserviceUnavailable).cloned().collect();
    for item in unnamed {
        let (group, confidence) = match (&down[..], named_by(&item, &down)) {
            ([only], _) => (only.clone(), Confidence::Possible),
            (_, Some(named)) => (named, Confidence::Possible),
            _ => named_beside(item.0, super::UNNAMED.into()),
        };
        groups.entry(group).or_insert((confidence, Vec::new())).1.push(item);
    }
    for (service, item) in backends {
        let of_backend = down.iter().find(|group| {
            group.target.as_ref().is_some_and(|target| {
                owners::all().any(|owner| {
                    owner.service == service && owner.apiservices.contains(&target.name().as_str())
                })
            })
        });
        let (group, confidence) = match of_backend {
            Some(group) => (group.clone(), Confidence::Possible),
            None => named_beside(item.0, format!("an APIService of {service}")),
        };
        groups.entry(group).or_insert((confidence, Vec::new())).1.push(item);
    }
}

/// Of several APIServices that are down, the one whose group the program names in its own words: `listing
/// pods.metrics.k8s.io failed: (503)`.
fn named_by((_, _, tally): &Item<'_>, down: &[Group]) -> Option<Group> {
    let named = |group: &&Group| {
        let name =
            group.target.as_ref().map(|target| target.group.as_str()).filter(|name| name.contains('.'));
        name.is_some_and(|name| tally.samples.iter().all(|sample| sample.text.contains(name)))
    };
    // One group's name may end another's: the longest is meant.
    let name = |group: &Group| group.target.as_ref().map_or(0, |target| target.group.len());
    let longest = down.iter().filter(named).max_by_key(|group| name(group))?;
    let ends = |group: &Group| longest.target.as_ref()?.group.strip_suffix(&group.target.as_ref()?.group);
    down.iter().filter(named).all(|group| ends(group).is_some()).then(|| longest.clone())
}

/// The group of the APIService that the source names beside the failure, or that of none.
fn named_beside(source: &SourceTally, about: String) -> (Group, Confidence) {
    let cause = Cause::ApiserviceUnavailable;
    match mentioned(source) {
        Some(target) => (Group { cause, target: Some(target), about: String::new() }, Confidence::Likely),
        None => (Group { cause, target: None, about }, Confidence::Possible),
    }
}

/// The only APIService that a source mentions.
pub(super) fn mentioned(source: &SourceTally) -> Option<Target> {
    let keys = source.tallies.keys().filter(|key| key.told == Told::Marker);
    let targets: BTreeSet<Target> = keys
        .filter_map(|key| match &key.subject {
            Subject::ApiService(gv) if standing(&gv.group) != Standing::Local => {
                Some(Target { group: gv.group.clone(), version: Some(gv.version.clone()) })
            }
            _ => None,
        })
        .collect();
    targets.first().filter(|_| targets.len() == 1).cloned()
}
