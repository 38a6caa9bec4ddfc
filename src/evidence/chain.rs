//! The chain from an APIService to the process that should answer, and the link where it breaks.
//!
//! The condition of the APIService says which check of the aggregation layer failed first; the objects
//! behind it say why. An object that is missing counts only where its namespace was gathered: archives
//! hold the namespaces of OpenShift's own operators, and few others.

use serde::{Deserialize, Serialize};

use super::core::{ApiService, Pod, Service, ServiceReference, Workload};
use super::meta::{Condition, Object, condition};
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
    /// Its pods need more memory than they may use.
    OutOfMemory,
    /// The image of its pods cannot be pulled.
    ImageMissing,
    /// The nodes of its pods are down.
    NodeDown,
    /// Its pods cannot start: image, scheduling, volumes.
    PodsPending,
    /// Its pods run, but are not ready.
    PodsNotReady,
    /// It has no endpoints; why, the archive does not say.
    NoEndpoints,
    /// The backend's certificate is not trusted.
    Certificate,
    /// The backend's certificate is not valid any more, or not yet.
    CertificateExpired,
    /// Nobody listens on the pod's port.
    Refused,
    /// The backend does not answer in time, or packets get lost.
    NoAnswer,
    /// The backend answers, but not with 200.
    BadAnswer,
    /// The backend does not believe kube-apiserver: 401 or 403.
    Denied,
    /// The backend does not know this version: 404.
    NotServed,
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
            Link::OutOfMemory => "out-of-memory",
            Link::ImageMissing => "image-missing",
            Link::NodeDown => "node-down",
            Link::PodsPending => "pods-pending",
            Link::PodsNotReady => "pods-not-ready",
            Link::NoEndpoints => "no-endpoints",
            Link::Certificate => "certificate",
            Link::CertificateExpired => "certificate-expired",
            Link::Refused => "refused",
            Link::NoAnswer => "no-answer",
            Link::BadAnswer => "bad-answer",
            Link::Denied => "denied",
            Link::NotServed => "not-served",
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
    /// Nodes of its pods that are not ready, by name.
    pub nodes_down: Vec<&'a str>,
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
        let nodes_down = self.nodes_down(&pods);
        let mut chain = Chain {
            reference,
            gathered: self.has_namespace(&reference.namespace),
            service,
            endpoints,
            pods,
            workloads,
            nodes_down,
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

    /// The nodes of pods that are not ready, each once.
    fn nodes_down<'a>(&'a self, pods: &[&'a Object<Pod>]) -> Vec<&'a str> {
        let down = |name: &&str| {
            self.nodes.get(&format!("/{name}")).is_some_and(|node| {
                condition(&node.body.status.conditions, "Ready").is_some_and(|ready| ready.status != "True")
            })
        };
        let mut nodes: Vec<&str> =
            pods.iter().map(|pod| pod.body.spec.node_name.as_str()).filter(down).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
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
    match Link::of_error(message) {
        Some(Link::Refused) => by_pods(chain)
            .filter(|link| matches!(link, Link::PodsCrash | Link::OutOfMemory | Link::NodeDown))
            .unwrap_or(Link::Refused),
        Some(Link::NoAnswer) if !chain.nodes_down.is_empty() => Link::NodeDown,
        Some(Link::NoEndpoints) => by_pods(chain).unwrap_or(Link::NoEndpoints),
        Some(link) => link,
        None if message.contains("not found") && chain.service.is_none() => Link::ServiceMissing,
        None => Link::CheckFailed,
    }
}

/// What the errors of the aggregation layer's check say, the first that fits
/// (kube-aggregator pkg/controllers/status/remote/remote_available_controller.go; Go's net, crypto/tls).
#[rustfmt::skip]
const ERRORS: &[(&str, Link)] = &[
    ("has expired or is not yet valid", Link::CertificateExpired),
    ("TLS handshake timeout", Link::NoAnswer),
    ("x509:", Link::Certificate),
    ("tls:", Link::Certificate),
    ("bad status from", Link::BadAnswer),
    ("statusCode", Link::BadAnswer),
    ("connection refused", Link::Refused),
    ("connection reset", Link::Refused),
    ("EOF", Link::Refused),
    ("deadline exceeded", Link::NoAnswer),
    ("Client.Timeout", Link::NoAnswer),
    ("timeout", Link::NoAnswer),
    ("timed out", Link::NoAnswer),
    ("no route to host", Link::NoAnswer),
    // kubernetes-sigs/apiserver-network-proxy pkg/server/backend_manager.go; rancher/remotedialer
    ("No agent available", Link::NoAnswer),
    ("proxy error from", Link::NoAnswer),
    ("no endpoints available", Link::NoEndpoints),
    ("have no addresses", Link::NoEndpoints),
    ("cannot find endpoint", Link::NoEndpoints),
    (" is not listening on port ", Link::PortMissing),
    ("is not present", Link::ServiceMissing),
    ("cannot be checked due to", Link::AccessError),
];

impl Link {
    /// Where the chain breaks by the error of the aggregation layer's check alone.
    pub fn of_error(message: &str) -> Option<Link> {
        match bad_status(message) {
            Some(401 | 403) => Some(Link::Denied),
            Some(404) => Some(Link::NotServed),
            Some(_) => Some(Link::BadAnswer),
            None => ERRORS.iter().find(|(words, _)| message.contains(words)).map(|(_, link)| *link),
        }
    }
}

/// The status in `bad status from <url>: <code>`.
pub fn bad_status(message: &str) -> Option<u16> {
    let (_, rest) = message.split_once("bad status from ")?;
    let (_, code) = rest.split_once(": ")?;
    let end = code.find(|c: char| !c.is_ascii_digit()).unwrap_or(code.len());
    code[..end].parse().ok()
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
    let images = &["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"];
    let unready = || chain.pods.iter().filter(|pod| !pod.body.ready());
    let starved = |pod: &&Object<Pod>| pod.body.ends().any(|(_, ended)| ended.reason == "OOMKilled");
    let crashes = |pod: &&Object<Pod>| {
        waits(pod, &["CrashLoopBackOff", "RunContainerError"])
            || !pod.body.ready() && pod.body.ends().any(|(_, ended)| ended.exit_code != 0)
    };
    if !chain.nodes_down.is_empty() && unready().next().is_some() {
        Some(Link::NodeDown)
    } else if unready().any(starved) {
        Some(Link::OutOfMemory)
    } else if chain.pods.iter().any(crashes) {
        Some(Link::PodsCrash)
    } else if chain.pods.iter().any(|pod| waits(pod, images)) {
        Some(Link::ImageMissing)
    } else if chain.pods.iter().any(|pod| pod.body.status.phase == "Pending") {
        Some(Link::PodsPending)
    } else if unready().next().is_some() {
        Some(Link::PodsNotReady)
    } else {
        None
    }
}
