//! What blocks an update to the next minor release, or breaks with it.

use serde::{Deserialize, Serialize};

use super::support::{kubernetes_of, minor};
use super::{Inventory, Support};
use crate::evidence::meta::condition;
use crate::evidence::{Cluster, Link};

/// Something that blocks an update, or breaks with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Blocker {
    /// `max-openshift-version`, `removed-api`, `orphaned-apiservice`, `unavailable-apiservice`,
    /// `not-upgradeable`, `failed-operator`, `unsupported-operator`.
    pub kind: String,
    /// What: a CSV, an APIService, an API.
    pub subject: String,
    /// A sentence.
    pub why: String,
    /// Whether the update is refused; else it breaks something, or what is broken stays so.
    pub blocks: bool,
}

fn blocker(kind: &str, subject: &str, why: String, blocks: bool) -> Blocker {
    Blocker { kind: kind.into(), subject: subject.into(), why, blocks }
}

/// What blocks or breaks, those that block first.
pub(super) fn of(cluster: &Cluster, inventory: &Inventory) -> Vec<Blocker> {
    let mut found = Vec::new();
    operators(inventory, &mut found);
    apiservices(inventory, &mut found);
    removed_apis(cluster, inventory, &mut found);
    for operator in cluster.operators.values() {
        let conditions = &operator.body.status.conditions;
        if let Some(no) = condition(conditions, "Upgradeable").filter(|one| one.status == "False") {
            let why = format!("{}: {}", no.reason, no.message);
            found.push(blocker("not-upgradeable", operator.name(), why, true));
        }
    }
    found.sort_by(|a, b| b.blocks.cmp(&a.blocks).then_with(|| a.cmp(b)));
    found
}

fn operators(inventory: &Inventory, found: &mut Vec<Blocker>) {
    for operator in &inventory.operators {
        let max = operator.declared.max_openshift.as_deref().unwrap_or_default();
        if let Some(next) = inventory.next_minor.as_deref().filter(|next| operator.declared.blocks(next)) {
            let why = format!("it declares olm.maxOpenShiftVersion {max}: OLM refuses the update to {next}");
            found.push(blocker("max-openshift-version", &operator.name, why, true));
        }
        if operator.support == Support::Unsupported {
            let version = inventory.openshift_version.as_deref().unwrap_or("this version");
            let why = format!("by what it declares it does not run on OpenShift {version}");
            found.push(blocker("unsupported-operator", &operator.name, why, false));
        }
        if !matches!(operator.phase.as_str(), "" | "Succeeded") {
            let why = format!("its phase is {} ({})", operator.phase, operator.reason);
            found.push(blocker("failed-operator", &operator.name, why, false));
        }
    }
}

fn apiservices(inventory: &Inventory, found: &mut Vec<Blocker>) {
    for one in inventory.apiservices.iter() {
        let broken = one.available.as_deref().is_some_and(|status| status != "True");
        if one.link == Link::ServiceMissing {
            let why = format!(
                "its Service {} does not exist: clients that discover all groups fail when the update restarts them",
                one.backend
            );
            found.push(blocker("orphaned-apiservice", &one.name, why, false));
        } else if broken {
            let reason = one.reason.as_deref().unwrap_or("Unknown");
            let why = format!(
                "it is not available ({reason}): clients that discover all groups fail when the update restarts them"
            );
            found.push(blocker("unavailable-apiservice", &one.name, why, false));
        }
    }
}

/// APIs in use that the Kubernetes of the next minor release removes.
fn removed_apis(cluster: &Cluster, inventory: &Inventory, found: &mut Vec<Blocker>) {
    let next = inventory.next_minor.as_deref().and_then(kubernetes_of);
    let now = inventory.kubernetes_version.as_deref().map(minor);
    for request in cluster.requests.values() {
        let status = &request.body.status;
        let removed = minor(&status.removed_in_release);
        let gone = now.as_ref().is_some_and(|now| removed <= *now);
        if status.request_count == 0 || removed.len() < 2 || gone {
            continue;
        }
        let with_next = next.is_some_and(|next| removed <= minor(next));
        let who: Vec<String> =
            status.users().into_iter().take(3).map(|(user, n)| format!("{user} ×{n}")).collect();
        let who = if who.is_empty() { String::new() } else { format!(", by {}", who.join(", ")) };
        let why = format!(
            "asked for {} times in 24 h{who}; Kubernetes {} removes it",
            status.request_count, status.removed_in_release
        );
        let kind = if with_next { "removed-api" } else { "removed-api-later" };
        found.push(blocker(kind, request.name(), why, false));
    }
}
