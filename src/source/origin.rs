//! Where a log comes from, told by its path.

use serde::{Deserialize, Serialize};

/// Which run of a container wrote a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Generation {
    /// The run that was going on, or nothing is known.
    #[default]
    Current,
    /// The run before it.
    Previous,
    /// An older part of a log, cut off by rotation.
    Rotated,
}

/// Namespace, pod and container of a log, and which run of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Namespace of the pod.
    pub namespace: Option<String>,
    /// Name of the pod.
    pub pod: Option<String>,
    /// Name of the container.
    pub container: Option<String>,
    /// The node, for a log of a node.
    pub node: Option<String>,
    /// Which run.
    pub generation: Generation,
}

/// A layout: reads a path, which is given in its parts.
type Layout = fn(&[&str]) -> Option<Origin>;

/// The layouts, those with the most to say first (must-gather layouts: see [`super::layout::ROWS`]).
const LAYOUTS: &[Layout] =
    &[node_files, container_links, sos_logs, insights, troubleshoot, hypershift, crust, inspect, node_logs];

impl Origin {
    /// Reads the path of a log in the layouts of `oc adm inspect`
    /// (`namespaces/<ns>/pods/<pod>/<c>/<c>/logs/current.log`), of a node's files
    /// (`var/log/pods/<ns>_<pod>_<uid>/<c>/0.log`), and of other programs that gather. What the path
    /// does not tell is `None`.
    pub fn of_path(path: &str) -> Origin {
        let parts: Vec<&str> = path.split(['/', '!']).filter(|part| !part.is_empty()).collect();
        let mut origin = LAYOUTS.iter().find_map(|layout| layout(&parts)).unwrap_or_default();
        let file = parts.last().copied().unwrap_or("");
        if file.starts_with("previous") || file.contains("-previous.") || is_sos_previous(file) {
            origin.generation = Generation::Previous;
        } else if parts.contains(&"rotated") {
            origin.generation = Generation::Rotated;
        }
        origin
    }
}

fn is_sos_previous(file: &str) -> bool {
    file.starts_with("oc_logs_") && file.ends_with("_-p")
}

fn of(namespace: &str, pod: &str, container: Option<&str>) -> Origin {
    Origin {
        namespace: Some(namespace.into()),
        pod: Some(pod.into()),
        container: container.map(Into::into),
        ..Origin::default()
    }
}

/// What stands behind the last place where these folders follow each other.
fn behind<'a, 'p>(parts: &'a [&'p str], folders: &[&str]) -> Option<&'a [&'p str]> {
    let at = parts.windows(folders.len()).rposition(|window| window == folders)?;
    parts.get(at + folders.len()..)
}

/// `namespaces/<ns>/pods/<pod>/<c>/<c>/logs/<run>.log`; kubectl-gather names the container once.
fn inspect(parts: &[&str]) -> Option<Origin> {
    match behind(parts, &["namespaces"])? {
        [ns, "pods", pod, container, _, ..] => Some(of(ns, pod, Some(container))),
        [ns, _, ..] => Some(Origin { namespace: Some((*ns).into()), ..Origin::default() }),
        _ => None,
    }
}

/// crust-gather: `namespaces/<ns>/v1/pod/<pod>/<c>/<run>.log`.
fn crust(parts: &[&str]) -> Option<Origin> {
    match behind(parts, &["namespaces"])? {
        [ns, "v1", "pod", pod, container, _] => Some(of(ns, pod, Some(container))),
        _ => None,
    }
}

/// HyperShift: `namespaces/<ns>/core/pods/logs/<pod>-<container>[-previous].log`.
fn hypershift(parts: &[&str]) -> Option<Origin> {
    let [ns, "core", "pods", "logs", file] = behind(parts, &["namespaces"])? else { return None };
    let stem = file.split(".log").next().unwrap_or(file);
    let stem = stem.strip_suffix("-previous").unwrap_or(stem);
    Some(match pod_and_container(stem) {
        Some((pod, container)) => of(ns, pod, Some(container)),
        None => Origin { namespace: Some((*ns).into()), ..Origin::default() },
    })
}

/// Splits `<pod>-<container>` behind the part that a controller gave the pod's name: five characters
/// of Kubernetes' alphabet without vowels, or the number of a stateful set's pod. Other names tell
/// nothing.
fn pod_and_container(name: &str) -> Option<(&str, &str)> {
    let generated =
        |part: &str| part.len() == 5 && part.bytes().all(|b| b"bcdfghjklmnpqrstvwxz2456789".contains(&b));
    let number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    let ends = |wanted: &dyn Fn(&str) -> bool| {
        let mut at = 0;
        name.split('-').enumerate().find_map(|(index, part)| {
            at += part.len() + usize::from(index > 0);
            (index > 0 && at < name.len() && wanted(part)).then_some(at)
        })
    };
    let end = ends(&generated).or_else(|| ends(&number))?;
    Some((&name[..end], &name[end + 1..]))
}

/// kubelet: `var/log/pods/<ns>_<pod>_<uid>/<c>/<n>.log`.
fn node_files(parts: &[&str]) -> Option<Origin> {
    let [pod, rest @ ..] = behind(parts, &["log", "pods"])? else { return None };
    let mut names = pod.split('_');
    let mut origin = of(names.next()?, names.next()?, rest.first().copied().filter(|_| rest.len() > 1));
    if rest.last().is_some_and(|file| !file.ends_with(".log")) {
        origin.generation = Generation::Rotated; // 0.log.20260101-000000
    }
    Some(origin)
}

/// kubelet: `var/log/containers/<pod>_<ns>_<c>-<id>.log`.
fn container_links(parts: &[&str]) -> Option<Origin> {
    let [file] = behind(parts, &["log", "containers"])? else { return None };
    let mut names = file.split('_');
    let (pod, ns, rest) = (names.next()?, names.next()?, names.next()?);
    Some(of(ns, pod, rest.rsplit_once('-').map(|(container, _)| container)))
}

/// sosreport: `namespaces/<ns>/pods/podlogs/oc_logs_--namespace_<ns>_<pod>[_-p]`.
fn sos_logs(parts: &[&str]) -> Option<Origin> {
    let [ns, "pods", "podlogs", file] = behind(parts, &["namespaces"])? else { return None };
    let pod = file.strip_prefix("oc_logs_--namespace_")?.strip_prefix(ns)?.strip_prefix('_')?;
    Some(of(ns, pod.strip_suffix("_-p").unwrap_or(pod), None))
}

/// insights: `config/pod/<ns>/logs/<pod>/<file>.log`, `config/node/logs/<node>.log`.
fn insights(parts: &[&str]) -> Option<Origin> {
    if let Some([ns, "logs", pod, _]) = behind(parts, &["config", "pod"]) {
        return Some(of(ns, pod, None));
    }
    let [file] = behind(parts, &["config", "node", "logs"])? else { return None };
    Some(on_node(file.strip_suffix(".log").unwrap_or(file)))
}

/// troubleshoot: `cluster-resources/pods/logs/<ns>/<pod>/<c>[-previous].log`.
fn troubleshoot(parts: &[&str]) -> Option<Origin> {
    let [ns, pod, file] = behind(parts, &["cluster-resources", "pods", "logs"])? else { return None };
    let stem = file.split(".log").next().unwrap_or(file);
    Some(of(ns, pod, Some(stem.strip_suffix("-previous").unwrap_or(stem))))
}

/// Logs of nodes: audit logs, static pods, journald of one node. In `masters` and `workers` those of
/// several nodes are merged.
fn node_logs(parts: &[&str]) -> Option<Origin> {
    if let Some([node, _]) = behind(parts, &["host_service_logs"]) {
        return (!matches!(*node, "masters" | "workers" | "windows")).then(|| on_node(node));
    }
    if let Some([node, _]) = behind(parts, &["nodes"]) {
        return Some(on_node(node));
    }
    let [_, file] = behind(parts, &["audit_logs"]).or_else(|| behind(parts, &["static-pods"]))? else {
        return None;
    };
    ["-audit", "-termination", "-startup"]
        .iter()
        .find_map(|mark| file.find(mark))
        .map(|at| on_node(&file[..at]))
}

fn on_node(node: &str) -> Origin {
    Origin { node: Some(node.into()), ..Origin::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `namespace/pod/container`, or the node, with `-` for what is not known; and the run.
    fn told(path: &str) -> (String, Generation) {
        let origin = Origin::of_path(path);
        let or = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".into());
        let text = match &origin.node {
            Some(node) => format!("node {node}"),
            None => format!("{}/{}/{}", or(&origin.namespace), or(&origin.pod), or(&origin.container)),
        };
        (text, origin.generation)
    }

    #[rustfmt::skip]
    const PATHS: &[(&str, &str, Generation)] = &[
        ("mg/quay-io/namespaces/ns/pods/p-1/c/c/logs/previous.log", "ns/p-1/c", Generation::Previous),
        ("mg/q/namespaces/ns/pods/p-1/c/c/logs/current.insecure.log", "ns/p-1/c", Generation::Current),
        ("mg/q/namespaces/ns/pods/p/c/c/logs/rotated/0.log.20260101-000000.gz", "ns/p/c", Generation::Rotated),
        ("mg/q/namespaces/all/namespaces/ns/pods/p/c/c/logs/current.log", "ns/p/c", Generation::Current),
        ("a.tar.gz!mg/q/istio/namespaces/ns/pods/p/c/c/logs/current.log", "ns/p/c", Generation::Current),
        ("mg/q/namespaces/ns/core/events.yaml", "ns/-/-", Generation::Current),
        ("ctx/namespaces/ns/pods/p/c/current.log", "ns/p/c", Generation::Current),
        ("crust/namespaces/ns/v1/pod/p/c/previous.log", "ns/p/c", Generation::Previous),
        ("d/namespaces/ns/core/pods/logs/api-6d5f7b8c9-x2x4z-kube-apiserver.log", "ns/api-6d5f7b8c9-x2x4z/kube-apiserver", Generation::Current),
        ("d/namespaces/ns/core/pods/logs/etcd-0-etcd-metrics-previous.log", "ns/etcd-0/etcd-metrics", Generation::Previous),
        ("d/namespaces/ns/core/pods/logs/odd-name.log", "ns/-/-", Generation::Current),
        ("var/log/pods/ns_pod-x_uid/c/0.log", "ns/pod-x/c", Generation::Current),
        ("var/log/pods/ns_pod-x_uid/c/0.log.20260101-000000.gz", "ns/pod-x/c", Generation::Rotated),
        ("var/log/containers/p-1_ns_c-2-0a1b2c.log", "ns/p-1/c-2", Generation::Current),
        ("s/sos_commands/openshift/namespaces/ns/pods/podlogs/oc_logs_--namespace_ns_p-1_-p", "ns/p-1/-", Generation::Previous),
        ("i.tar.gz!config/pod/ns/logs/p/errors.log", "ns/p/-", Generation::Current),
        ("config/node/logs/worker-0.log", "node worker-0", Generation::Current),
        ("b/cluster-resources/pods/logs/ns/p/c-previous.log", "ns/p/c", Generation::Previous),
        ("mg/q/audit_logs/kube-apiserver/master-0.example.com-audit-2026.log.gz", "node master-0.example.com", Generation::Current),
        ("mg/q/static-pods/kube-apiserver/master-0-termination.log.gz", "node master-0", Generation::Current),
        ("mg/q/host_service_logs/masters/kubelet_service.log", "-/-/-", Generation::Current),
        ("mg/q/host_service_logs/worker-0/kubelet_service.log", "node worker-0", Generation::Current),
        ("mg/q/nodes/worker-0/worker-0_logs_kubelet.gz", "node worker-0", Generation::Current),
        ("a.log", "-/-/-", Generation::Current),
    ];

    #[test]
    fn origins() {
        for (path, origin, generation) in PATHS {
            assert_eq!(told(path), ((*origin).to_owned(), *generation), "{path}");
        }
    }
}
