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

impl Origin {
    /// Reads the layouts of `oc adm inspect` (`namespaces/<ns>/pods/<pod>/<c>/<c>/logs/current.log`)
    /// and of a node's files (`var/log/pods/<ns>_<pod>_<uid>/<c>/0.log`).
    pub fn of_path(path: &str) -> Origin {
        let parts: Vec<&str> = path.split(['/', '!']).filter(|part| !part.is_empty()).collect();
        let mut origin = inspect(&parts).or_else(|| node_files(&parts)).unwrap_or_default();
        let file = parts.last().copied().unwrap_or("");
        if file.starts_with("previous") || file.contains("-previous.") {
            origin.generation = Generation::Previous;
        } else if parts.contains(&"rotated") {
            origin.generation = Generation::Rotated;
        }
        origin
    }
}

fn inspect(parts: &[&str]) -> Option<Origin> {
    let at = parts.iter().rposition(|part| *part == "namespaces")?;
    let rest = &parts[at + 1..];
    match rest {
        [ns, "pods", pod, container, ..] if rest.len() > 4 => Some(Origin {
            namespace: Some((*ns).into()),
            pod: Some((*pod).into()),
            container: Some((*container).into()),
            ..Origin::default()
        }),
        [ns, ..] if rest.len() > 1 => Some(Origin { namespace: Some((*ns).into()), ..Origin::default() }),
        _ => None,
    }
}

fn node_files(parts: &[&str]) -> Option<Origin> {
    let at = parts.windows(2).rposition(|pair| pair == ["log", "pods"])?;
    let pod = parts.get(at + 2)?;
    let mut names = pod.split('_');
    Some(Origin {
        namespace: names.next().map(Into::into),
        pod: names.next().map(Into::into),
        container: parts.get(at + 3).map(|container| (*container).into()),
        ..Origin::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inspect_layout() {
        let origin = Origin::of_path("mg/quay-io/namespaces/ns/pods/p-1/c/c/logs/previous.log");
        assert_eq!(origin.namespace.as_deref(), Some("ns"));
        assert_eq!(origin.pod.as_deref(), Some("p-1"));
        assert_eq!(origin.container.as_deref(), Some("c"));
        assert_eq!(origin.generation, Generation::Previous);
    }

    #[test]
    fn node_layout() {
        let origin = Origin::of_path("var/log/pods/ns_pod-x_uid/c/0.log");
        assert_eq!((origin.namespace.as_deref(), origin.pod.as_deref()), (Some("ns"), Some("pod-x")));
        assert_eq!(Origin::of_path("a.log"), Origin::default());
    }
}
