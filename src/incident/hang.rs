//! Requests that waited for a backend until the client lost its patience.
//!
//! The aggregation layer passes a request on to a backend that hangs, and the client's own limit runs out
//! first. Its error names kube-apiserver's address, for that is where it had asked; but kube-apiserver
//! answered others meanwhile. Where the path's own APIService is down at that time, it is the one.

use std::collections::BTreeMap;

use super::Confidence;
use super::build::{Group, Item};
use super::window::{PAUSE, Windows};
use crate::k8s::{ApiPath, Cause};
use crate::knowledge::signatures::ErrorKind;

/// Moves such requests to the APIService that was down.
pub(super) fn attach(groups: &mut BTreeMap<Group, (Confidence, Vec<Item<'_>>)>) {
    let down: Vec<(Group, Windows)> = groups
        .iter()
        .filter(|(group, _)| group.cause == Cause::ApiserviceUnavailable && group.target.is_some())
        .map(|(group, (_, items))| {
            let mut windows = Windows::default();
            items.iter().for_each(|(_, _, tally)| windows.extend(&tally.windows));
            (group.clone(), windows)
        })
        .collect();
    let overloaded = Group { cause: Cause::ApiserverOverloaded, target: None, about: String::new() };
    let Some((_, items)) = groups.get_mut(&overloaded) else { return };
    let mut moved: Vec<(Group, Item<'_>)> = Vec::new();
    items.retain(|item| match waited_for(item, &down) {
        Some(group) => {
            moved.push((group.clone(), *item));
            false
        }
        None => true,
    });
    groups.retain(|_, (_, items)| !items.is_empty());
    for (group, item) in moved {
        if let Some((_, items)) = groups.get_mut(&group) {
            items.push(item);
        }
    }
}

fn waited_for<'g>((_, key, tally): &Item<'_>, down: &'g [(Group, Windows)]) -> Option<&'g Group> {
    if !matches!(key.kind, ErrorKind::Deadline | ErrorKind::TimedOut) {
        return None;
    }
    let path = ApiPath::parse(key.path.as_deref()?)?;
    let wanted = path.group_version()?;
    let (group, windows) = down.iter().find(|(group, _)| {
        let target = group.target.as_ref();
        target.is_some_and(|target| {
            target.group == wanted.group && target.version.as_ref().is_none_or(|v| *v == wanted.version)
        })
    })?;
    let near = |at: i64| windows.list().iter().any(|one| one.from - PAUSE <= at && at <= one.to + PAUSE);
    tally.windows.list().iter().all(|one| near(one.from) && near(one.to)).then_some(group)
}
