//! What a program is called in every cluster: its pod without what a controller appended.

use crate::incident::Party;

/// Letters and digits that Kubernetes makes random names of (apimachinery `util/rand`).
const RANDOM: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// `namespace/workload` of a victim; for one whose envelope and path tell nothing, its unit, its container
/// or the name of its log.
pub fn program(party: &Party) -> String {
    let writer = &party.writer;
    let name = match (&writer.pod, &writer.container, &writer.unit) {
        (Some(pod), ..) => workload(pod).to_owned(),
        (None, Some(name), _) | (None, None, Some(name)) => name.clone(),
        (None, None, None) => file(&party.source).to_owned(),
    };
    match &writer.namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name,
    }
}

/// The name of a log without its folders and endings.
fn file(source: &str) -> &str {
    let name = source.rsplit(['/', '!']).next().unwrap_or(source);
    let stem = name.split_once(".log").map_or(name, |(stem, _)| stem);
    match stem {
        "" => name,
        "-" => "standard input",
        stem => stem,
    }
}

/// The workload of a pod: `a` of `a-7d4b9c6f5-x2x4z` (Deployment), `a-x2x4z` (DaemonSet, Job) and `a-0`
/// (StatefulSet).
fn workload(pod: &str) -> &str {
    let Some((stem, last)) = pod.rsplit_once('-') else { return pod };
    let random = |part: &str| part.bytes().all(|byte| RANDOM.contains(&byte));
    if !last.is_empty() && last.len() <= 3 && last.bytes().all(|byte| byte.is_ascii_digit()) {
        return stem;
    }
    if last.len() != 5 || !random(last) {
        return pod;
    }
    match stem.rsplit_once('-') {
        Some((name, hash))
            if (6..=10).contains(&hash.len()) && hash.bytes().all(is_hash) && has_digit(hash) =>
        {
            name
        }
        _ => stem,
    }
}

fn is_hash(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_lowercase()
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads() {
        for (pod, name) in [
            ("my-operator-7d4b9c6f5-x2x4z", "my-operator"),
            ("node-exporter-x2x4z", "node-exporter"),
            ("prometheus-k8s-0", "prometheus-k8s"),
            ("apiserver-6869d6f56f-6r5ct", "apiserver"),
            ("kube-apiserver-master-0", "kube-apiserver-master"),
            ("my-operator", "my-operator"),
            ("operator", "operator"),
        ] {
            assert_eq!(workload(pod), name);
        }
        assert_eq!(file("a.tar.gz!b/operator.log.gz"), "operator");
        assert_eq!(file("-"), "standard input");
    }
}
