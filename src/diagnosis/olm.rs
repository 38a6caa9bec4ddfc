//! What OLM says of the operator that owns a broken backend: a CSV that failed, an update that is stuck.
//!
//! An operator that is being installed, or cannot be, serves no API; then its InstallPlan is to be
//! approved or its catalog repaired, and nothing else helps.

use super::{Owner, Step};
use crate::evidence::openshift::{InstallPlan, Subscription};
use crate::evidence::{Cluster, Object};

/// Conditions of a Subscription that are bad news when they are `True`
/// (operator-framework/api pkg/operators/v1alpha1/subscription_types.go).
const BAD: &[&str] = &[
    "CatalogSourcesUnhealthy",
    "ResolutionFailed",
    "BundleUnpackFailed",
    "InstallPlanFailed",
    "InstallPlanMissing",
];

/// What is wrong with the operator's installation, in words.
pub(super) fn warnings(owner: &Owner, cluster: &Cluster) -> Vec<String> {
    let mut found = Vec::new();
    for csv in cluster.csvs.values().filter(|csv| is_wanted(csv.name(), owner, cluster)) {
        let status = &csv.body.status;
        if !matches!(status.phase.as_str(), "" | "Succeeded") {
            found.push(format!("CSV {}: {} {}: {}", csv.name(), status.phase, status.reason, status.message));
        }
    }
    for one in subscriptions(owner, cluster) {
        let (name, status) = (one.name(), &one.body.status);
        if !status.current_csv.is_empty() && status.installed_csv != status.current_csv {
            let installed = if status.installed_csv.is_empty() { "nothing" } else { &status.installed_csv };
            let state = &status.state;
            found.push(format!(
                "Subscription {name}: {state}, {installed} is installed, {} is wanted",
                status.current_csv
            ));
        }
        for bad in
            status.conditions.iter().filter(|one| BAD.contains(&one.kind.as_str()) && one.status == "True")
        {
            found.push(format!("Subscription {name}: {} {}: {}", bad.kind, bad.reason, bad.message));
        }
    }
    for plan in stuck(owner, cluster) {
        let why = plan.body.status.conditions.iter().find(|one| one.status == "False");
        let why = why.map_or(String::new(), |one| format!(": {} {}", one.reason, one.message));
        found.push(format!("InstallPlan {}: {}{why}", plan.name(), plan.body.status.phase));
    }
    found
}

/// What gets the installation going again.
pub(super) fn steps(owner: &Owner, cluster: &Cluster) -> Vec<Step> {
    let mut steps: Vec<Step> = stuck(owner, cluster).map(step).collect();
    for one in subscriptions(owner, cluster) {
        let bad =
            |kind: &str| one.body.status.conditions.iter().any(|c| c.kind == kind && c.status == "True");
        if bad("CatalogSourcesUnhealthy") || bad("ResolutionFailed") {
            steps.push(Step {
                step: format!(
                    "Repair what the Subscription {} complains of: its catalog, or what it conflicts with",
                    one.name()
                ),
                why: "OLM resolves a namespace as a whole, and installs nothing while it cannot".into(),
                command: Some(format!(
                    "oc -n {} get subscription {} -o yaml; oc get catalogsources -A",
                    one.meta.namespace,
                    one.name()
                )),
                lasting: true,
            });
        }
    }
    steps
}

fn step(plan: &Object<InstallPlan>) -> Step {
    let (name, namespace) = (plan.name(), &plan.meta.namespace);
    if plan.body.status.phase == "RequiresApproval" {
        return Step {
            step: format!("Approve the InstallPlan {name}: the operator waits for it"),
            why: "the Subscription asks for manual approval, and until then the old version stays, or none"
                .into(),
            command: Some(format!(
                "oc -n {namespace} patch installplan {name} --type merge -p '{{\"spec\":{{\"approved\":true}}}}'"
            )),
            lasting: true,
        };
    }
    Step {
        step: format!(
            "Repair what the InstallPlan {name} failed at, then delete it and let OLM make a new one"
        ),
        why: "a failed InstallPlan is not tried again by itself".into(),
        command: Some(format!("oc -n {namespace} get installplan {name} -o yaml")),
        lasting: true,
    }
}

/// InstallPlans of the operator that wait for approval or have failed.
fn stuck<'a>(owner: &'a Owner, cluster: &'a Cluster) -> impl Iterator<Item = &'a Object<InstallPlan>> + 'a {
    cluster.install_plans.values().filter(|plan| {
        matches!(plan.body.status.phase.as_str(), "RequiresApproval" | "Failed")
            && plan.body.spec.cluster_service_version_names.iter().any(|csv| is_wanted(csv, owner, cluster))
    })
}

/// Whether the CSV is the owner's: the one that its Subscription wants, or of its name.
fn is_wanted(csv: &str, owner: &Owner, cluster: &Cluster) -> bool {
    owner.name == csv || subscriptions(owner, cluster).any(|one| one.body.status.current_csv == csv)
}

fn subscriptions<'a>(
    owner: &'a Owner,
    cluster: &'a Cluster,
) -> impl Iterator<Item = &'a Object<Subscription>> + 'a {
    cluster.subscriptions.values().filter(|one| {
        let (spec, status) = (&one.body.spec, &one.body.status);
        owner.package.as_deref() == Some(spec.name.as_str())
            || [&status.installed_csv, &status.current_csv].into_iter().any(|csv| *csv == owner.name)
    })
}
