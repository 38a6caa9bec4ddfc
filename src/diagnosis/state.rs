//! The state of a backend in words.

use std::collections::BTreeMap;

use super::Condition;
use crate::evidence::core::{Pod, ServiceReference};
use crate::evidence::{self, Chain, Cluster, Link, Object, meta};

/// Why the APIService does not work, in words; `None` where its chain holds, or nothing is known. `error`
/// is what the aggregation layer's check says.
pub(super) fn reason(chain: &Chain<'_>, error: Option<&str>) -> Option<String> {
    if chain.link == Link::NodeDown {
        let nodes = chain.nodes_down.join(", ");
        return Some(format!(
            "the pods behind the Service {} are on a node that is down: {nodes}",
            chain.reference.id()
        ));
    }
    words(chain.link, &Named::of_service(chain.reference), error)
}

/// What stands behind an APIService, as sentences name it.
pub(super) struct Named {
    /// `namespace/service`, or the APIService where its Service is not known.
    short: String,
    /// `the Service namespace/service`.
    service: String,
    port: u16,
}

impl Named {
    /// By its Service.
    pub(super) fn of_service(reference: &ServiceReference) -> Named {
        let short = reference.id();
        Named { service: format!("the Service {short}"), short, port: reference.port.unwrap_or(443) }
    }

    /// By the APIService alone.
    pub(super) fn of_apiservice(name: &str) -> Named {
        Named { short: name.to_owned(), service: format!("the Service of {name}"), port: 443 }
    }
}

/// The same for any broken link.
pub(super) fn words(link: Link, named: &Named, error: Option<&str>) -> Option<String> {
    let Named { short, service, port } = named;
    let words = match link {
        Link::Working | Link::Unknown => return None,
        Link::ServiceMissing => format!("{service} does not exist"),
        Link::PortMissing => format!("{service} has no port {port}"),
        Link::ScaledToZero => format!("what serves {short} is scaled to zero"),
        Link::NoPods => format!("no pod runs behind {service}"),
        Link::PodsCrash => format!("the pods behind {service} crash"),
        Link::OutOfMemory => {
            format!("the pods behind {service} are killed for the memory they use")
        }
        Link::ImageMissing => format!("the image of the pods behind {service} cannot be pulled"),
        Link::NodeDown => format!("the pods behind {service} are on a node that is down"),
        Link::PodsPending => format!("the pods behind {service} cannot start"),
        Link::PodsNotReady => format!("the pods behind {service} are not ready"),
        Link::NoEndpoints => format!("{service} has no endpoints"),
        Link::Certificate => format!("the certificate that {short} shows is not trusted"),
        Link::CertificateExpired => format!("the certificate that {short} shows has expired"),
        Link::Refused => format!("nobody listens where the endpoints of {short} point to"),
        Link::NoAnswer => format!("the backend of {short} does not answer in time"),
        Link::BadAnswer => format!("the backend of {short} answers with an error"),
        Link::Denied => format!("the backend of {short} does not accept kube-apiserver's requests"),
        Link::NotServed => format!("the backend of {short} does not serve this version"),
        Link::CheckFailed => format!("the availability check of {short} fails"),
        Link::AccessError => format!("kube-apiserver could not look at {service}"),
    };
    Some(match error.and_then(detail) {
        Some(detail) => format!("{words} ({detail})"),
        None => words,
    })
}

/// What of a check's error is not said by the link: the transport's words behind the URL, the status.
fn detail(error: &str) -> Option<String> {
    let error = error.trim_end_matches('"').trim();
    if let Some(status) = evidence::bad_status(error) {
        return Some(format!("HTTP {status}"));
    }
    let (_, words) = error.rsplit_once("\": ").or_else(|| error.rsplit_once("\\\": "))?;
    let words = words.split(['"', '\\']).next()?;
    (!words.is_empty()).then(|| words.chars().take(LONGEST_DETAIL).collect())
}

/// The longest part of an error that is quoted in a reason.
const LONGEST_DETAIL: usize = 160;

/// What stands behind an APIService, in one line.
pub fn describe_chain(chain: &Chain<'_>) -> String {
    if !chain.gathered && chain.service.is_none() {
        return match chain.link {
            Link::Working => "all checks passed when the archive was gathered".into(),
            _ => format!("the archive does not hold the namespace {}, so not why", chain.reference.namespace),
        };
    }
    if chain.service.is_none() {
        return match chain.link {
            Link::Working => "all checks passed, but its Service is not in the archive".into(),
            _ => "the Service does not exist".into(),
        };
    }
    let mut parts = Vec::new();
    if let Some(count) = chain.endpoints {
        parts.push(match (count.ready, count.not_ready) {
            (0, 0) => "no endpoints".to_owned(),
            (ready, 0) => format!("{ready} ready endpoint{}", plural(ready)),
            (ready, not_ready) => format!("{ready} ready and {not_ready} unready endpoints"),
        });
    }
    parts.push(pods(&chain.pods));
    for (name, workload) in &chain.workloads {
        match workload.body.spec.replicas {
            Some(0) => parts.push(format!("{} is scaled to zero", name.replace('/', " "))),
            Some(n) if n > workload.body.status.ready_replicas => parts.push(format!(
                "{} has {} of {n} pods ready",
                name.replace('/', " "),
                workload.body.status.ready_replicas
            )),
            _ => {}
        }
    }
    parts.join(", ")
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn pods(pods: &[&Object<Pod>]) -> String {
    if pods.is_empty() {
        return "no pods".into();
    }
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for pod in pods {
        *states.entry(pod_state(pod)).or_default() += 1;
    }
    let states: Vec<String> = states.into_iter().map(|(state, n)| format!("{n} {state}")).collect();
    format!("{} pod{}: {}", pods.len(), plural(pods.len()), states.join(", "))
}

/// `ready`, or why it is not, with its restarts and how it ended last.
fn pod_state(pod: &Object<Pod>) -> String {
    let waiting = pod.body.containers().filter_map(|c| c.state.waiting.as_ref()).map(|w| w.reason.as_str());
    let state = match waiting.filter(|reason| !matches!(*reason, "" | "PodInitializing")).min() {
        Some(reason) => reason.to_owned(),
        None if pod.body.ready() => "ready".into(),
        None if pod.body.status.phase == "Running" => "running, not ready".into(),
        None => match meta::condition(&pod.body.status.conditions, "PodScheduled") {
            Some(one) if one.status == "False" => format!("pending ({}: {})", one.reason, one.message),
            _ => pod.body.status.phase.to_lowercase(),
        },
    };
    let restarts = pod.body.restarts();
    if restarts == 0 {
        return state;
    }
    let end = pod.body.ends().max_by(|a, b| a.1.finished_at.cmp(&b.1.finished_at));
    let end = end.map_or(String::new(), |(_, end)| {
        let why = if end.reason.is_empty() { String::new() } else { format!(", {}", end.reason) };
        format!(", last exit code {}{why}", end.exit_code)
    });
    format!("{state} ({restarts} restart{}{end})", plural(restarts as usize))
}

/// How many warning events are told.
const MOST_WARNINGS: usize = 3;

/// Warning events about the Service, its workloads and its pods, gone ones included, the most frequent first.
pub(super) fn warnings(cluster: &Cluster, chain: &Chain<'_>) -> Vec<String> {
    if matches!(chain.link, Link::Working) {
        return Vec::new();
    }
    let names: Vec<&str> = chain
        .workloads
        .iter()
        .map(|(_, workload)| workload.name())
        .chain(chain.pods.iter().map(|pod| pod.name()))
        .chain([chain.reference.name.as_str()])
        .collect();
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for event in cluster.within(&cluster.events, &chain.reference.namespace) {
        let event = &event.body;
        let about = event.involved_object.name.as_str();
        let belongs = |name: &&str| {
            about.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        if event.kind == "Warning" && names.iter().any(belongs) {
            *counts.entry((&event.reason, &event.message)).or_default() += event.count.max(1);
        }
    }
    let mut counts: Vec<((&str, &str), u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let told = counts.into_iter().take(MOST_WARNINGS);
    told.map(|((reason, message), count)| format!("{reason}: {message} (×{count})")).collect()
}

/// The condition as reports print it.
pub(super) fn condition(condition: &evidence::Condition) -> Condition {
    Condition {
        status: condition.status.clone(),
        reason: condition.reason.clone(),
        message: condition.message.clone(),
        last_transition: Some(condition.last_transition_time.clone()).filter(|time| !time.is_empty()),
    }
}
