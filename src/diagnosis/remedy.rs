//! Which fix lasts.
//!
//! Never "delete the APIService" without saying who creates it again: an operator does, and the
//! deletion only seems to help.

use super::{Owner, Step};
use crate::incident::Incident;
use crate::k8s::Cause;
use crate::knowledge::known::KNOWN;

/// The steps for an incident, in order.
pub(super) fn steps(incident: &Incident, owner: Option<&Owner>) -> Vec<Step> {
    match (&incident.apiservice, incident.cause) {
        (Some(name), cause) if cause.blames_apiservice() => apiservice(name, incident, owner),
        _ => general(incident.cause),
    }
}

fn step(step: impl Into<String>, why: impl Into<String>, command: Option<String>, lasting: bool) -> Step {
    Step { step: step.into(), why: why.into(), command, lasting }
}

fn apiservice(name: &str, incident: &Incident, owner: Option<&Owner>) -> Vec<Step> {
    let mut steps = Vec::new();
    steps.push(step(
        format!("Look at the condition of {name}"),
        "its reason says which link of the chain APIService, Service, endpoints, pods is broken",
        Some(match name.strip_prefix("*.") {
            Some(group) => format!("oc get apiservices | grep -F {group}"),
            None => format!("oc get apiservice {name} -o yaml"),
        }),
        false,
    ));
    for known in KNOWN.iter().filter(|known| known.apiservice == name) {
        for one in known.steps {
            steps.push(step(
                one.step,
                one.why,
                (!one.command.is_empty()).then(|| one.command.to_owned()),
                one.lasting,
            ));
        }
    }
    if let (Some(owner), true) = (owner, steps.len() == 1) {
        let place = owner.namespace.as_deref().unwrap_or("its namespace");
        steps.push(step(
            format!("Repair the backend that {} runs in {place}", owner.name),
            "the APIService becomes available by itself as soon as its backend answers",
            owner.namespace.as_ref().map(|namespace| format!("oc -n {namespace} get pods,endpoints,events")),
            true,
        ));
        steps.push(step(
            format!("If it is not needed, uninstall {}, and only then delete the APIService", owner.name),
            format!("as long as {} runs, it creates {name} again", owner.name),
            None,
            true,
        ));
    } else if steps.len() == 1 {
        steps.push(step(
            "Find the Service that the APIService names, and repair what runs behind it",
            "the APIService becomes available by itself as soon as its backend answers",
            Some(format!("oc get apiservice {name} -o jsonpath='{{.spec.service}}'")),
            true,
        ));
        steps.push(step(
            "If nothing serves it any more, remove what created it, and only then delete the APIService",
            "an operator or OLM that still wants it creates it again",
            None,
            true,
        ));
    }
    if incident.victims.iter().any(|victim| victim.client == "kopf") {
        steps.push(step(
            "Make the operators that died name their API groups in their handlers",
            "Kopf scans every group at start only if a handler leaves its group out; one dead group then ends it",
            Some("@kopf.on.create('example.com', 'v1', 'things')".into()),
            true,
        ));
    }
    steps
}

/// What to do about causes that blame no APIService.
fn general(cause: Cause) -> Vec<Step> {
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
