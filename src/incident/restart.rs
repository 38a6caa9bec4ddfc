//! A restart of kube-apiserver, and what belongs to it.
//!
//! While it stops, connections break; once it is back, RBAC refuses everybody for a second or so, for
//! the roles are not loaded yet, and it asks to come back while it fills the caches of its resources.
//! None of that is an incident of its own, and none of it is an outage: a cache is also filled after a
//! CRD was changed. What is told outside of a restart stays what it is.

use std::collections::BTreeMap;

use super::Confidence;
use super::build::{Group, Item};
use super::fold::TallyKey;
use super::window::{PAUSE, Window, Windows};
use crate::k8s::Cause;
use crate::knowledge::signatures::{Client, ErrorKind};
use crate::time::SECOND;

/// How long after its outage a start of kube-apiserver is felt.
const START: i64 = 60 * SECOND;

/// Those that tell of the cause itself, if there are any: what follows a start of kube-apiserver shows
/// that it had been down, but not when.
pub(super) fn leading<'a>(cause: Cause, items: &[Item<'a>]) -> Vec<Item<'a>> {
    let leads = |key: &TallyKey| cause != Cause::ApiserverUnavailable || !is_aftermath(key.kind);
    let leading: Vec<Item<'a>> = items.iter().filter(|(_, key, _)| leads(key)).copied().collect();
    if leading.is_empty() { items.to_vec() } else { leading }
}

/// What its starts did, in words to append to the reason; empty where it did nothing.
pub(super) fn aftermath(cause: Cause, items: &[Item<'_>]) -> String {
    let refused = |kind: ErrorKind| matches!(kind, ErrorKind::Forbidden | ErrorKind::Unauthorized);
    let count: u64 =
        items.iter().filter(|(_, key, _)| refused(key.kind)).map(|(_, _, tally)| tally.count).sum();
    if cause != Cause::ApiserverUnavailable || count == 0 {
        return String::new();
    }
    format!("; after its start it refused {count} requests, for the roles were not loaded yet")
}

fn is_aftermath(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Initializing | ErrorKind::Forbidden | ErrorKind::Unauthorized)
}

/// Moves to the incident of kube-apiserver what its restarts explain.
pub(super) fn absorb(groups: &mut BTreeMap<Group, (Confidence, Vec<Item<'_>>)>) {
    let apiserver = Group { cause: Cause::ApiserverUnavailable, target: None, about: String::new() };
    let Some((_, items)) = groups.get(&apiserver) else { return };
    let restarts = restarts(items);
    if items.iter().all(|(_, key, _)| key.kind == ErrorKind::Initializing) {
        // It told its clients to ask again in a second: where none of them minds, it is no incident.
        if items.iter().all(|(_, key, _)| key.client == Client::Apiserver && key.signature == "AUD-01") {
            groups.remove(&apiserver);
        }
        return;
    }
    if restarts.is_empty() {
        return;
    }
    let mut moved = Vec::new();
    for (group, (_, items)) in groups.iter_mut().filter(|(group, _)| may_belong(group.cause)) {
        items.retain(|item| {
            let belongs = belongs(group.cause, item, &restarts);
            if belongs {
                moved.push(*item);
            }
            !belongs
        });
    }
    groups.retain(|_, (_, items)| !items.is_empty());
    if let Some((_, items)) = groups.get_mut(&apiserver) {
        // A cache that was filled at another time, after a change of its CRD, is nothing.
        items.retain(|item| {
            item.1.kind != ErrorKind::Initializing || belongs(Cause::Forbidden, item, &restarts)
        });
        items.extend(moved);
    }
}

/// Outages of which kube-apiserver itself says that it stopped or started.
fn restarts(items: &[Item<'_>]) -> Vec<Window> {
    let windows = |wanted: &dyn Fn(ErrorKind) -> bool| {
        let mut windows = Windows::default();
        items
            .iter()
            .filter(|(_, key, _)| wanted(key.kind))
            .for_each(|(_, _, tally)| windows.extend(&tally.windows));
        windows.list().to_vec()
    };
    let said = windows(&|kind| matches!(kind, ErrorKind::ShuttingDown | ErrorKind::Initializing));
    let mut down = windows(&|kind| !is_aftermath(kind));
    down.retain(|down| said.iter().any(|said| said.from <= down.to + START && said.to >= down.from));
    down
}

fn may_belong(cause: Cause) -> bool {
    matches!(cause, Cause::Network | Cause::Forbidden | Cause::Unauthorized | Cause::ApiserverOverloaded)
}

/// Whether all of it happened in restarts: connections break a little earlier than the first one is
/// refused, and RBAC is late.
fn belongs(cause: Cause, (_, key, tally): &Item<'_>, restarts: &[Window]) -> bool {
    let (before, after) = match cause {
        Cause::Forbidden | Cause::Unauthorized => (0, START),
        Cause::ApiserverOverloaded if key.kind != ErrorKind::Deadline => return false,
        _ => (PAUSE, PAUSE),
    };
    let windows = tally.windows.list();
    let within = |window: &Window| {
        restarts.iter().any(|restart| window.from >= restart.from - before && window.to <= restart.to + after)
    };
    !windows.is_empty() && windows.iter().all(within)
}
