//! Which files hold objects that matter, by path first and by a look at their bytes second.
//!
//! An archive of OpenShift has thousands of YAML files; most are ConfigMaps, Secrets, CRDs and
//! copies. Parsing is the expensive part, so a file is chosen before it is parsed. Layouts:
//! `cluster-scoped-resources/<group>/<resource>[/<name>].yaml` and
//! `namespaces/<ns>/<group>/<resource>[/<name>].yaml` of `oc adm inspect`, the same with other tops of
//! other tools, and files of any name that say their `kind`.

use memchr::memmem;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Objects of this kind, in a list or alone.
    Objects(&'static str),
    /// Objects of several kinds: each item says its own.
    Mixed,
    /// The result of aggregated discovery.
    Discovery,
    /// The times of a gather.
    Timestamps,
    /// A CRD: its name is enough.
    CrdName,
}

/// Resources in the plural, and their kinds. Not ReplicaSets: of which one a pod is, the pod tells.
const RESOURCES: &[(&str, &str)] = &[
    ("apiservices", "APIService"),
    ("services", "Service"),
    ("endpoints", "Endpoints"),
    ("endpointslices", "EndpointSlice"),
    ("pods", "Pod"),
    ("deployments", "Deployment"),
    ("daemonsets", "DaemonSet"),
    ("statefulsets", "StatefulSet"),
    ("nodes", "Node"),
    ("namespaces", "Namespace"),
    ("events", "Event"),
    ("clusterversions", "ClusterVersion"),
    ("clusteroperators", "ClusterOperator"),
    ("apirequestcounts", "APIRequestCount"),
    ("clusterserviceversions", "ClusterServiceVersion"),
    ("subscriptions", "Subscription"),
    ("installplans", "InstallPlan"),
];

/// API groups in whose folders the resources above lie; a `services` folder of another group (Knative
/// has one) holds something else.
const GROUPS: &[&str] = &[
    "core",
    "apps",
    "discovery.k8s.io",
    "events.k8s.io",
    "apiregistration.k8s.io",
    "config.openshift.io",
    "apiserver.openshift.io",
    "operators.coreos.com",
];

/// Folders and resources that hold nothing for us, and much of it.
const SKIPPED: &[&str] = &["secrets", "configmaps", "customresourcedefinitions"];

/// How the names of files of objects end.
const EXTENSIONS: [&str; 3] = [".yaml", ".yml", ".json"];

/// Whether a file may hold evidence. Cheap; a file that passes is still looked at before it is parsed.
pub fn wants(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "timestamp" {
        return true;
    }
    let is_one = |part: &str, of: &str| {
        part.strip_prefix(of).is_some_and(|rest| rest.is_empty() || EXTENSIONS.contains(&rest))
    };
    EXTENSIONS.iter().any(|extension| name.ends_with(extension))
        && !path.split('/').any(|part| is_one(part, "secrets") || is_one(part, "configmaps"))
}

fn strip(name: &str) -> &str {
    EXTENSIONS.iter().find_map(|ext| name.strip_suffix(ext)).unwrap_or(name)
}

/// What a file holds, by its path, else by its bytes. `None`: nothing for us.
pub(super) fn holds(path: &str, bytes: &[u8]) -> Option<Holds> {
    let mut folders = path.rsplit('/').filter(|part| !part.is_empty());
    let name = folders.next()?;
    if name == "timestamp" {
        return Some(Holds::Timestamps);
    }
    if name.starts_with("aggregated-discovery-api") {
        return Some(Holds::Discovery);
    }
    let (stem, last) = (strip(name), folders.clone().next());
    if last == Some("customresourcedefinitions") {
        return Some(Holds::CrdName);
    }
    if folders.clone().chain([stem]).any(|part| SKIPPED.contains(&part)) {
        return None;
    }
    let before = folders.nth(1).unwrap_or_default();
    match last.and_then(|last| by_path(stem, last, before)) {
        Some(kind) => Some(Holds::Objects(kind)),
        None => by_bytes(bytes),
    }
}

/// The kind that a name tells, with the folder it is in and the one above.
fn by_path(stem: &str, last: &str, before: &str) -> Option<&'static str> {
    let kind = |resource: &str| RESOURCES.iter().find(|row| row.0 == resource).map(|row| row.1);
    if GROUPS.contains(&last) {
        return kind(stem);
    }
    if GROUPS.contains(&before) {
        return kind(last);
    }
    match (before, last) {
        ("namespaces", namespace) if namespace == stem => Some("Namespace"),
        ("pods", pod) if pod == stem => Some("Pod"),
        _ if last == "apiservices" => Some("APIService"),
        _ => None,
    }
}

/// The kind that a document says: the `kind` that stands least indented, at the start of an object or at
/// the end of a list.
fn by_bytes(bytes: &[u8]) -> Option<Holds> {
    let ends = [&bytes[..bytes.len().min(4096)], &bytes[bytes.len().saturating_sub(400)..]];
    let said = ends.into_iter().flat_map(|part| {
        let lines = memmem::find_iter(part, b"kind").map(|at| {
            let start = memchr::memrchr(b'\n', &part[..at]).map_or(0, |newline| newline + 1);
            let end = memchr::memchr(b'\n', &part[at..]).map_or(part.len(), |newline| at + newline);
            &part[start..end]
        });
        lines.filter_map(|line| kind_of_line(std::str::from_utf8(line).ok()?))
    });
    let (_, kind) = said.min_by_key(|(indent, _)| *indent)?;
    if kind == "List" {
        return Some(Holds::Mixed);
    }
    let item = kind.strip_suffix("List").unwrap_or(kind);
    RESOURCES.iter().find(|row| row.1 == item).map(|row| Holds::Objects(row.1))
}

/// The indent and the value of a `kind` key.
fn kind_of_line(line: &str) -> Option<(usize, &str)> {
    let indent = line.len() - line.trim_start_matches([' ', '-', '{']).len();
    let rest = line[indent..].trim_start().trim_start_matches('"').strip_prefix("kind")?;
    let value = rest.trim_start_matches('"').trim_start().strip_prefix(':')?.trim();
    let value = value.trim_matches(['"', '\'', ',']);
    (!value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric())).then_some((indent, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_layouts() {
        let kind = |path: &str| match holds(path, b"") {
            Some(Holds::Objects(kind)) => kind,
            Some(Holds::CrdName) => "crd",
            Some(Holds::Discovery) => "discovery",
            Some(Holds::Timestamps) => "timestamp",
            _ => "-",
        };
        for (path, want) in [
            ("mg/x/cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1..yaml", "APIService"),
            ("mg/apiservices/v1.subresources.kubevirt.io.yaml", "APIService"),
            ("mg/x/namespaces/a/core/pods.yaml", "Pod"),
            ("mg/x/namespaces/a/pods/p-1/p-1.yaml", "Pod"),
            ("mg/x/namespaces/a/a.yaml", "Namespace"),
            ("mg/x/namespaces/a/operators.coreos.com/subscriptions/s.yaml", "Subscription"),
            ("mg/x/cluster-scoped-resources/config.openshift.io/clusteroperators.yaml", "ClusterOperator"),
            ("mg/x/namespaces/a/serving.knative.dev/services/s.yaml", "-"),
            ("mg/x/namespaces/a/core/configmaps.yaml", "-"),
            (
                "mg/x/cluster-scoped-resources/apiextensions.k8s.io/customresourcedefinitions/a.b.c.yaml",
                "crd",
            ),
            ("mg/x/aggregated-discovery-apis.yaml", "discovery"),
            ("timestamp", "timestamp"),
        ] {
            assert_eq!(kind(path), want, "{path}");
        }
        assert!(!wants("mg/namespaces/a/core/secrets.yaml"));
        assert!(!wants("mg/namespaces/a/pods/p/c/c/logs/current.log"));
    }

    #[test]
    fn kinds_that_the_bytes_say() {
        assert_eq!(
            by_bytes(b"apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\nkind: List\n"),
            Some(Holds::Mixed)
        );
        assert_eq!(
            by_bytes(b"{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"APIService\",\n"),
            Some(Holds::Objects("APIService"))
        );
        assert_eq!(by_bytes(b"---\napiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n"), None);
        assert_eq!(by_bytes(b"apiVersion: v1\nitems: []\nkind: PodList\n"), Some(Holds::Objects("Pod")));
    }
}
