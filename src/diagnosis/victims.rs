//! What an outage did to those who suffer: the pods' restart counts and last exits settle it.

use crate::evidence::meta::nanos;
use crate::evidence::{Cluster, Object, core::Pod};
use crate::incident::{Impact, Incident, Party};
use crate::time::SECOND;

/// How long after the last failure a container may end for the failure to be its reason: Kopf's longest
/// wait is 21 s, controller-runtime gives up its caches after 2 minutes.
const AFTER: i64 = 180 * SECOND;

/// Settles the impact of every victim whose pod the archive holds: *fatal* if a container of it ended with
/// a non-zero exit code during the failures or at most 3 minutes after, not fatal if none has ended. A
/// pod that has ended since, for the last of several times, keeps what the log says.
pub fn settle_victims(incident: &mut Incident, cluster: &Cluster) {
    let windows: Vec<(i64, i64)> = incident.outages.iter().map(|window| (window.from, window.to)).collect();
    for victim in &mut incident.victims {
        if let Some(fatal) = died(victim, cluster, &windows) {
            victim.impact = match (fatal, victim.impact) {
                (true, _) => Impact::Fatal,
                (false, Impact::Fatal) => Impact::Degraded,
                (false, impact) => impact,
            };
        }
    }
    incident.victims.sort_by(|a, b| {
        b.impact.cmp(&a.impact).then(b.failures.cmp(&a.failures)).then(a.source.cmp(&b.source))
    });
}

/// Whether the victim's pod died of it; `None` where its objects cannot tell.
fn died(victim: &Party, cluster: &Cluster, windows: &[(i64, i64)]) -> Option<bool> {
    let (namespace, pod) = (victim.writer.namespace.as_deref()?, victim.writer.pod.as_deref()?);
    let pod: &Object<Pod> = cluster.pod(namespace, pod)?;
    let container = victim.writer.container.as_deref();
    let mut never_ended = true;
    let mut ended_later = false;
    for (status, end) in pod.body.ends() {
        if container.is_some_and(|name| name != status.name) {
            continue;
        }
        never_ended = false;
        let Some(at) = nanos(&end.finished_at) else { continue };
        let near = |(from, to): &(i64, i64)| *from <= at + SECOND && at <= to + AFTER;
        if end.exit_code != 0 && windows.iter().any(near) {
            return Some(true);
        }
        ended_later |= windows.iter().all(|(from, _)| *from <= at);
    }
    let restarted =
        pod.body.containers().any(|c| c.restart_count > 0 && container.is_none_or(|name| name == c.name));
    // One more restart than ends that are known: an earlier one may have been its death.
    if never_ended && !restarted {
        Some(false)
    } else if ended_later || windows.is_empty() || never_ended {
        None
    } else {
        Some(false)
    }
}
