//! The chain from an APIService to the process that should answer, and the link where it breaks.
//!
//! The condition of the APIService says which check of the aggregation layer failed first; the objects
//! behind it say why. An object that is missing counts only where its namespace was gathered: archives
//! hold the namespaces of OpenShift's own operators, and few others.

use serde::{Deserialize, Serialize};

use super::core::{ApiService, Pod, Service, ServiceReference, Workload};
use super::meta::{Condition, Object};
use super::{Cluster, Objects};

/// Where the chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// Nowhere: all checks passed.
    Working,
    /// The Service does not exist.
    ServiceMissing,
    /// The Service lacks the port.
    PortMissing,
    /// The workload behind it is scaled to zero.
    ScaledToZero,
    /// No pod runs behind it.
    NoPods,
    /// Its pods crash.
    PodsCrash,
    /// Its pods cannot start: image, scheduling, volumes.
    PodsPending,
    /// Its pods run, but are not ready.
    PodsNotReady,
    /// It has no endpoints; why, the archive does not say.
    NoEndpoints,
    /// The backend's certificate is not trusted.
    Certificate,
    /// Nobody listens on the pod's port.
    Refused,
    /// The backend does not answer in time, or packets get lost.
    NoAnswer,
    /// The backend answers, but not with 200.
    BadAnswer,
    /// The check failed in another way.
    CheckFailed,
    /// kube-apiserver could not look: its own failure.
    AccessError,
    /// The objects do not say.
    Unknown,
}

impl Link {
    /// The name in kebab-case.
    pub fn as_str(self) -> &'static str {
        match self {
            Link::Working => "working",
            Link::ServiceMissing => "service-missing",
            Link::PortMissing => "port-missing",
            Link::ScaledToZero => "scaled-to-zero",
            Link::NoPods => "no-pods",
            Link::PodsCrash => "pods-crash",
            Link::PodsPending => "pods-pending",
            Link::PodsNotReady => "pods-not-ready",
            Link::NoEndpoints => "no-endpoints",
            Link::Certificate => "certificate",
            Link::Refused => "refused",
            Link::NoAnswer => "no-answer",
            Link::BadAnswer => "bad-answer",
            Link::CheckFailed => "check-failed",
            Link::AccessError => "access-error",
            Link::Unknown => "unknown",
        }
    }
}

/// Addresses of a Service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndpointCount {
    /// Those that get traffic.
    pub ready: usize,
    /// Those that do not.
    pub not_ready: usize,
}

/// What stands behind an APIService.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    /// The Service that it names.
    pub reference: &'a ServiceReference,
    /// Whether the namespace of the Service was gathered.
    pub gathered: bool,
    /// The Service.
    pub service: Option<&'a Object<Service>>,
    /// Its addresses; `None` where the archive has neither Endpoints nor EndpointSlices of it.
    pub endpoints: Option<EndpointCount>,
    /// Its pods.
    pub pods: Vec<&'a Object<Pod>>,
    /// What creates its pods: `Deployment/name` and the like.
    pub workloads: Vec<(String, &'a Object<Workload>)>,
    /// Where it breaks.
    pub link: Link,
}

impl Cluster {
    /// What stands behind an APIService; `None` for a Local one.
    pub fn chain<'a>(&'a self, apiservice: &'a Object<ApiService>) -> Option<Chain<'a>> {
        let reference = apiservice.body.spec.service.as_ref()?;
        let service = self.services.get(&reference.id());
        let (endpoints, targets) = self.endpoints_of(reference);
        let pods = self.pods_of(reference, service, &targets);
        let workloads = self.workloads_of(reference, service, &pods);
        let mut chain = Chain {
            reference,
            gathered: self.has_namespace(&reference.namespace),
            service,
            endpoints,
            pods,
            workloads,
            link: Link::Unknown,
        };
        chain.link = link(apiservice.body.available(), &chain);
        Some(chain)
    }

    /// The addresses of a Service, and the names of the pods behind them.
    fn endpoints_of(&self, service: &ServiceReference) -> (Option<EndpointCount>, Vec<String>) {
        let (mut count, mut targets, mut found) = (EndpointCount::default(), Vec::new(), false);
        let of_service = |label: Option<&String>| label.is_some_and(|name| *name == service.name);
        for slice in self.within(&self.slices, &service.namespace) {
            if of_service(slice.meta.labels.get("kubernetes.io/service-name")) {
                found = true;
                for endpoint in &slice.body.endpoints {
                    let ready = endpoint.conditions.ready.unwrap_or(true);
                    *if ready { &mut count.ready } else { &mut count.not_ready } += 1;
                    targets.push(endpoint.target_ref.name.clone());
                }
            }
        }
        if let (false, Some(endpoints)) = (found, self.endpoints.get(&service.id())) {
            found = true;
            for subset in &endpoints.body.subsets {
                count.ready += subset.addresses.len();
                count.not_ready += subset.not_ready_addresses.len();
                let all = subset.addresses.iter().chain(&subset.not_ready_addresses);
                targets.extend(all.map(|address| address.target_ref.name.clone()));
            }
        }
        (found.then_some(count), targets)
    }

    fn pods_of<'a>(
        &'a self,
        reference: &ServiceReference,
        service: Option<&Object<Service>>,
        targets: &[String],
    ) -> Vec<&'a Object<Pod>> {
        let selector = service.map(|service| &service.body.spec.selector).filter(|s| !s.is_empty());
        self.within(&self.pods, &reference.namespace)
            .filter(|pod| {
                let selected = selector
                    .is_some_and(|s| s.iter().all(|(key, value)| pod.meta.labels.get(key) == Some(value)));
                selected || targets.iter().any(|name| name == pod.name())
            })
            .filter(|pod| pod.body.status.phase != "Succeeded")
            .collect()
    }

    /// The workloads whose pods the Service selects, or which own the pods.
    fn workloads_of<'a>(
        &'a self,
        reference: &ServiceReference,
        service: Option<&Object<Service>>,
        pods: &[&Object<Pod>],
    ) -> Vec<(String, &'a Object<Workload>)> {
        let selector = service.map(|service| &service.body.spec.selector).filter(|s| !s.is_empty());
        let all: &Objects<Workload> = &self.workloads;
        let prefix = format!("{}/", reference.namespace);
        let within = all.iter().filter(|(key, _)| key.starts_with(&prefix));
        within
            .filter(|(key, _)| !key[prefix.len()..].starts_with("ReplicaSet/"))
            .filter(|(_, workload)| {
                let labels = &workload.body.spec.template.metadata.labels;
                let selected =
                    selector.is_some_and(|s| s.iter().all(|(key, value)| labels.get(key) == Some(value)));
                let owns = |pod: &&Object<Pod>| {
                    pod.meta.owner_references.iter().any(|owner| {
                        owner.name == workload.name()
                            || owner.kind == "ReplicaSet"
                                && owner.name.rsplit_once('-').is_some_and(|(d, _)| d == workload.name())
                    })
                };
                selected || pods.iter().any(owns)
            })
            .map(|(key, workload)| (key[prefix.len()..].to_owned(), workload))
            .collect()
    }
}

/// Where the chain breaks: by the condition, and by the objects behind it.
fn link(available: Option<&Condition>, chain: &Chain<'_>) -> Link {
    let Some(condition) = available else { return by_objects(chain) };
    if condition.status == "True" {
        return Link::Working;
    }
    match condition.reason.as_str() {
        "ServiceNotFound" => Link::ServiceMissing,
        "ServicePortError" => Link::PortMissing,
        "ServiceAccessError" | "EndpointsAccessError" => Link::AccessError,
        "EndpointsNotFound" | "MissingEndpoints" => by_pods(chain).unwrap_or(Link::NoEndpoints),
        _ => by_message(&condition.message, chain),
    }
}

fn by_message(message: &str, chain: &Chain<'_>) -> Link {
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if has(&["x509:", "tls:", "certificate"]) {
        Link::Certificate
    } else if has(&["bad status from", "statusCode"]) {
        Link::BadAnswer
    } else if has(&["connection refused", "connection reset", "EOF"]) {
        by_pods(chain).filter(|link| *link == Link::PodsCrash).unwrap_or(Link::Refused)
    } else if has(&["deadline exceeded", "Client.Timeout", "timeout", "timed out", "no route to host"]) {
        Link::NoAnswer
    } else if has(&["no endpoints available"]) {
        by_pods(chain).unwrap_or(Link::NoEndpoints)
    } else if has(&["not found", "is not present"]) && chain.service.is_none() {
        Link::ServiceMissing
    } else {
        Link::CheckFailed
    }
}

/// Without a condition only the objects can tell.
fn by_objects(chain: &Chain<'_>) -> Link {
    if chain.service.is_none() {
        return if chain.gathered { Link::ServiceMissing } else { Link::Unknown };
    }
    match chain.endpoints {
        Some(EndpointCount { ready: 0, .. }) => by_pods(chain).unwrap_or(Link::NoEndpoints),
        _ => Link::Unknown,
    }
}

/// What the pods say about why there are no ready addresses.
fn by_pods(chain: &Chain<'_>) -> Option<Link> {
    if chain.pods.is_empty() {
        let wanted = |workload: &Object<Workload>| workload.body.spec.replicas;
        if chain.workloads.iter().any(|(_, workload)| wanted(workload) == Some(0)) {
            return Some(Link::ScaledToZero);
        }
        return (chain.gathered && chain.service.is_some()).then_some(Link::NoPods);
    }
    let waits = |pod: &Object<Pod>, words: &[&str]| {
        pod.body.containers().filter_map(|c| c.state.waiting.as_ref()).any(|w| words.contains(&&*w.reason))
    };
    let crashes = |pod: &&Object<Pod>| {
        waits(pod, &["CrashLoopBackOff", "RunContainerError"])
            || !pod.body.ready() && pod.body.ends().any(|(_, ended)| ended.exit_code != 0)
    };
    if chain.pods.iter().any(crashes) {
        Some(Link::PodsCrash)
    } else if chain.pods.iter().any(|pod| pod.body.status.phase == "Pending") {
        Some(Link::PodsPending)
    } else if chain.pods.iter().any(|pod| !pod.body.ready()) {
        Some(Link::PodsNotReady)
    } else {
        None
    }
}
