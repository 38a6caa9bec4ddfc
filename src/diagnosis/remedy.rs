//! Which fix lasts.
//!
//! Never "delete the APIService" without saying who creates it again: an operator does, and the
//! deletion only seems to help. First what known incidents teach, then what repairs the broken link,
//! then how to get rid of an API that nobody needs, and last how the victims survive the next time.

use super::known::Facts;
use super::{Step, olm};
use crate::evidence::Link;
use crate::k8s::Cause;
use crate::knowledge::known::{Known, KnownStep};
use crate::knowledge::remedies::{BY_LINK, SURVIVAL};

/// The steps for an incident, in order.
pub(super) fn steps(facts: &Facts<'_>, link: Option<Link>, known: &[&'static Known]) -> Vec<Step> {
    match (&facts.incident.apiservice, facts.incident.cause) {
        (Some(name), cause) if cause.blames_apiservice() => apiservice(name, facts, link, known),
        _ => general(facts.incident.cause),
    }
}

fn step(step: impl Into<String>, why: impl Into<String>, command: Option<String>, lasting: bool) -> Step {
    Step { step: step.into(), why: why.into(), command, lasting }
}

fn apiservice(name: &str, facts: &Facts<'_>, link: Option<Link>, known: &[&'static Known]) -> Vec<Step> {
    let words = Words::of(name, facts);
    let mut steps = Vec::new();
    match facts.status {
        None => steps.push(look(name)),
        Some(status) if status.status == "True" => steps.push(over(name)),
        Some(_) => {}
    }
    if let Some((owner, cluster)) = facts.owner.zip(facts.cluster) {
        steps.extend(olm::steps(owner, cluster));
    }
    let by_link = BY_LINK.iter().find(|(id, _)| link.is_some_and(|link| link.as_str() == *id));
    let of_known = known.iter().flat_map(|row| row.steps);
    let of_link =
        by_link.iter().flat_map(|(_, steps)| steps.iter()).take(if known.is_empty() { 9 } else { 1 });
    let (lasting, passing): (Vec<&KnownStep>, Vec<&KnownStep>) =
        of_link.chain(of_known).partition(|one| one.lasting);
    steps.extend(lasting.iter().map(|one| words.fill(one)));
    if known.is_empty() {
        if by_link.is_none() {
            steps.push(repair(name, facts));
        }
        steps.push(remove(name, facts, link));
    }
    steps.extend(passing.iter().map(|one| words.fill(one)));
    if known.is_empty() {
        steps.extend(deletion(name, facts, link));
    }
    steps.extend(survive(facts).map(|one| words.fill(one)));
    steps
}

fn look(name: &str) -> Step {
    step(
        format!("Look at the condition of {name}"),
        "its reason says which link of the chain APIService, Service, endpoints, pods is broken",
        Some(match name.strip_prefix("*.") {
            Some(group) => format!("oc get apiservices | grep -F {group}"),
            None => format!("oc get apiservice {name} -o yaml"),
        }),
        false,
    )
}

fn over(name: &str) -> Step {
    step(
        format!("{name} was available when the archive was gathered: look whether it still is"),
        "what follows keeps it from failing again",
        Some(format!("oc get apiservice {name}")),
        false,
    )
}

fn repair(name: &str, facts: &Facts<'_>) -> Step {
    let why = "the APIService becomes available by itself as soon as its backend answers";
    match (facts.owner, facts.backend) {
        (Some(owner), Some(backend)) => step(
            format!("Repair the backend that {} runs in {}", owner.name, backend.namespace),
            why,
            Some(format!("oc -n {} get pods,endpointslices,events", backend.namespace)),
            true,
        ),
        _ => step(
            "Find the Service that the APIService names, and repair what runs behind it",
            why,
            Some(format!("oc get apiservice {name} -o jsonpath='{{.spec.service}}'")),
            true,
        ),
    }
}

/// Whether the APIService is left of something that is gone: its Service does not exist, its namespace
/// was gathered or is gone, and no object names an owner.
fn orphaned(facts: &Facts<'_>, link: Option<Link>) -> bool {
    let by_object = facts.owner.is_some_and(|owner| !owner.how_known.starts_with("table of owners"));
    link == Some(Link::ServiceMissing) && !by_object
}

fn remove(name: &str, facts: &Facts<'_>, link: Option<Link>) -> Step {
    if let Some(operator) = facts.owner.filter(|owner| owner.kind == "ClusterOperator") {
        return step(
            format!("Read what the ClusterOperator {} says, and repair what it names", operator.name),
            "it belongs to the platform: it cannot be uninstalled, and its operator restores what is missing",
            Some(format!("oc get clusteroperator {} -o yaml", operator.name)),
            true,
        );
    }
    let owner = facts.owner.map(|owner| owner.name.clone());
    if orphaned(facts, link) {
        let who = owner.unwrap_or_else(|| "whoever created it".into());
        return step(
            format!("If {who} is really uninstalled, delete the APIService that was left behind"),
            format!(
                "with {who} gone nobody creates {name} again; if it comes back, its audit event names who does"
            ),
            Some(format!("oc delete apiservice {name}")),
            true,
        );
    }
    let who = owner.unwrap_or_else(|| "what created it".into());
    step(
        format!("If it is not needed, uninstall {who}, and only then delete the APIService"),
        format!("as long as {who} runs, it creates {name} again"),
        None,
        true,
    )
}

/// What deleting the APIService alone does: the step that people try first.
fn deletion(name: &str, facts: &Facts<'_>, link: Option<Link>) -> Option<Step> {
    if orphaned(facts, link) {
        return None;
    }
    let (who, when) = match facts.owner {
        Some(owner) if owner.kind == "Tool" => (owner.name.as_str(), "when it is applied the next time"),
        Some(owner) => {
            (owner.name.as_str(), "at its next reconcile: within seconds, at the latest after its resync")
        }
        None => ("whoever created it", "at its next reconcile"),
    };
    Some(step(
        "Deleting the APIService alone does not last",
        format!(
            "{who} creates it again {when}; it seems to help, for discovery is whole while the object is missing, and a \
             program that starts in that gap lives until its next restart"
        ),
        Some(format!("oc delete apiservice {name}")),
        false,
    ))
}

/// How the clients that suffer survive, each once, in the order of the table.
fn survive<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'static KnownStep> + use<'a> {
    let victims = &facts.incident.victims;
    SURVIVAL
        .iter()
        .filter(|(client, _)| victims.iter().any(|victim| victim.client == *client))
        .map(|(_, step)| step)
}

/// What the words in braces stand for.
struct Words {
    pairs: [(&'static str, String); 5],
}

impl Words {
    fn of(name: &str, facts: &Facts<'_>) -> Words {
        let backend = facts.backend;
        let port = facts
            .cluster
            .and_then(|cluster| cluster.apiservice(name))
            .and_then(|one| one.body.spec.service.as_ref()?.port);
        Words {
            pairs: [
                ("{apiservice}", name.to_owned()),
                ("{namespace}", backend.map_or("<namespace>".into(), |one| one.namespace.clone())),
                ("{service}", backend.map_or("<service>".into(), |one| one.service.clone())),
                ("{owner}", facts.owner.map_or("whoever installed it".into(), |owner| owner.name.clone())),
                ("{port}", port.unwrap_or(443).to_string()),
            ],
        }
    }

    fn fill(&self, one: &KnownStep) -> Step {
        let fill = |text: &str| {
            self.pairs.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value))
        };
        let command = (!one.command.is_empty()).then(|| fill(one.command));
        step(fill(one.step), fill(one.why), command, one.lasting)
    }
}

/// What to do about causes that blame no APIService, and about one that nobody can name.
pub fn general(cause: Cause) -> Vec<Step> {
    #[rustfmt::skip]
    let (what, why, command) = match cause {
        Cause::ApiserverUnavailable => ("Look at kube-apiserver and what lies before it", "the refused address is its own; no APIService is at fault", "oc get clusteroperator kube-apiserver; oc -n openshift-kube-apiserver get pods"),
        Cause::ApiserverOverloaded => ("Find who loads the API server", "it sheds load or is too slow; the groups named are those that waited", "oc adm top nodes; oc get --raw /metrics | grep apiserver_flowcontrol_rejected"),
        Cause::Etcd => ("Look at etcd's disks and members", "every group is slow when etcd is", "oc -n openshift-etcd get pods"),
        Cause::Network => ("Look at the network between these pods and the API server", "no answer came at all", "oc get podnetworkconnectivitychecks -A"),
        Cause::Dns => ("Look at the cluster's DNS", "the name of the API server does not resolve", "oc -n openshift-dns get pods"),
        Cause::Certificate => ("Look at the certificate and the CA that the client trusts", "TLS failed before any request", "oc get csr"),
        Cause::Unauthorized => ("Renew the token or client certificate", "the API server does not know who asks", ""),
        Cause::Forbidden => ("Give the service account the role it lacks", "RBAC said no; the API is healthy", "oc adm policy who-can"),
        Cause::ApiNotServed => ("Install the missing CRD or operator, or update the client to a version that is served", "the API server does not know this group, version or kind", "oc api-resources"),
        Cause::ConversionWebhook => ("Repair the conversion webhook's Service", "no object of the CRD can be read without it", "oc get crd -o custom-columns=N:.metadata.name,S:.spec.conversion.webhook.clientConfig.service"),
        Cause::AdmissionWebhook => ("Repair the webhook's Service, or remove its configuration", "writes fail as long as it cannot be called", "oc get validatingwebhookconfigurations,mutatingwebhookconfigurations"),
        Cause::ApiserviceUnavailable | Cause::ApiserviceDegraded => ("List the APIServices that are not available", "the logs do not say which one it is", "oc get apiservices | grep -v True"),
    };
    vec![step(what, why, (!command.is_empty()).then(|| command.to_owned()), true)]
}
