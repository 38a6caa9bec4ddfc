//! Which keys of an object are read, by its kind: the shapes of `core`, `openshift` and `meta` as rows.
//!
//! For cutting out the rest before it is parsed (see `thin`), which is most of every object; a test holds the rows
//! against the shapes. Not for where a key may stand: a key that is read somewhere in an object is read
//! everywhere in it.

/// What is read of an object of a kind, besides [`ALWAYS`].
#[derive(Debug)]
pub(super) struct Fields {
    /// The kind.
    pub(super) kind: &'static str,
    /// Keys in its metadata.
    meta: &'static [&'static str],
    /// Keys in the rest of it.
    body: &'static [&'static str],
}

/// What is read of every object.
const ALWAYS: &[&str] =
    &["apiVersion", "kind", "items", "metadata", "name", "namespace", "resourceVersion", "spec", "status"];

/// Annotations that are read; the others may be as large as the object.
const ANNOTATIONS: &[&str] = &[
    "olm.maxOpenShiftVersion",
    "com.redhat.openshift.versions",
    "olm.properties",
    "operatorframework.io/properties",
];

const WORKLOAD: &[&str] = &[
    "replicas",
    "template",
    "labels",
    "readyReplicas",
    "conditions",
    "type",
    "reason",
    "message",
    "lastTransitionTime",
];

#[rustfmt::skip]
const FIELDS: &[Fields] = &[
    Fields {
        kind: "APIService",
        meta: &["labels", "creationTimestamp", "ownerReferences", "controller", "managedFields", "manager", "time", "subresource"],
        body: &["group", "version", "service", "port", "caBundle", "conditions", "type", "reason", "message", "lastTransitionTime"],
    },
    Fields { kind: "Service", meta: &["creationTimestamp"], body: &["type", "selector", "ports", "port"] },
    Fields { kind: "Endpoints", meta: &[], body: &["subsets", "addresses", "notReadyAddresses", "ip", "targetRef"] },
    Fields { kind: "EndpointSlice", meta: &["labels"], body: &["endpoints", "addresses", "conditions", "ready", "targetRef"] },
    Fields {
        kind: "Pod",
        meta: &["labels", "ownerReferences", "controller"],
        body: &["nodeName", "phase", "reason", "podIP", "conditions", "type", "message", "lastTransitionTime",
            "containerStatuses", "initContainerStatuses", "ready", "restartCount", "state", "lastState", "waiting",
            "terminated", "exitCode", "finishedAt"],
    },
    Fields { kind: "Deployment", meta: &[], body: WORKLOAD },
    Fields { kind: "DaemonSet", meta: &[], body: WORKLOAD },
    Fields { kind: "StatefulSet", meta: &[], body: WORKLOAD },
    Fields {
        kind: "Node",
        meta: &[],
        body: &["nodeInfo", "kubeletVersion", "conditions", "type", "reason", "message", "lastTransitionTime"],
    },
    Fields { kind: "Namespace", meta: &[], body: &["conditions", "type", "reason", "message", "lastTransitionTime"] },
    Fields {
        kind: "Event",
        meta: &["creationTimestamp"],
        body: &["involvedObject", "reason", "message", "note", "type", "count", "firstTimestamp", "lastTimestamp", "eventTime"],
    },
    Fields {
        kind: "ClusterVersion",
        meta: &[],
        body: &["clusterID", "desired", "version", "history", "state", "startedTime", "completionTime",
            "conditions", "type", "reason", "message", "lastTransitionTime"],
    },
    Fields {
        kind: "ClusterOperator",
        meta: &[],
        body: &["conditions", "type", "reason", "message", "lastTransitionTime", "versions", "version", "relatedObjects",
            "group", "resource"],
    },
    Fields {
        kind: "APIRequestCount",
        meta: &[],
        body: &["removedInRelease", "requestCount", "last24h", "byNode", "byUser", "username", "userAgent"],
    },
    Fields {
        kind: "ClusterServiceVersion",
        meta: &["labels", "annotations"],
        body: &["version", "displayName", "minKubeVersion", "apiservicedefinitions", "owned", "group", "deploymentName",
            "phase", "reason", "message"],
    },
    Fields {
        kind: "Subscription",
        meta: &[],
        body: &["channel", "source", "installedCSV", "currentCSV", "state", "conditions", "type", "reason", "message",
            "lastTransitionTime"],
    },
    Fields {
        kind: "InstallPlan",
        meta: &[],
        body: &["clusterServiceVersionNames", "phase", "conditions", "type", "reason", "message", "lastTransitionTime"],
    },
];

/// Of objects of a kind without a row nothing more is read.
const OTHERS: &Fields = &Fields { kind: "", meta: &[], body: &[] };

impl Fields {
    /// What is read of an object of a kind.
    pub(super) fn of(kind: &str) -> &'static Fields {
        FIELDS.iter().find(|row| row.kind == kind).unwrap_or(OTHERS)
    }

    /// Whether a key is read.
    pub(super) fn has(&self, key: &str) -> bool {
        [ALWAYS, self.body, self.meta].iter().any(|keys| keys.contains(&key))
    }
}

/// Whether an annotation is read.
pub(super) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The fields of a struct: the names they have in an object, and the words of their type.
    type Shape<'s> = Vec<(BTreeSet<String>, BTreeSet<&'s str>)>;

    fn shapes() -> BTreeMap<&'static str, Shape<'static>> {
        let sources = [include_str!("core.rs"), include_str!("openshift.rs"), include_str!("meta.rs")];
        let mut shapes: BTreeMap<&str, Shape<'_>> = BTreeMap::new();
        let (mut shape, mut renamed, mut alias) = ("", None, None);
        for line in sources.iter().flat_map(|text| text.lines()).map(str::trim) {
            let quoted = || line.split('"').nth(1).map(str::to_owned);
            if line.starts_with("#[serde(rename = ") {
                renamed = quoted();
            } else if line.starts_with("#[serde(alias = ") {
                alias = quoted();
            } else if let Some(name) = line.strip_suffix(" {").map(|l| l.trim_start_matches("pub struct ")) {
                shape = name;
            } else if let Some((name, of)) = line.trim_start_matches("pub ").split_once(": ")
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
                && line.ends_with(',')
            {
                let names = [renamed.take().unwrap_or_else(|| camel(name))].into_iter().chain(alias.take());
                let of = of.split(|c: char| !c.is_alphanumeric()).collect();
                shapes.entry(shape).or_default().push((names.collect(), of));
            }
        }
        shapes
    }

    fn camel(name: &str) -> String {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
    }

    fn keys(shape: &str, shapes: &BTreeMap<&str, Shape<'_>>) -> BTreeSet<String> {
        let fields = shapes.get(shape).into_iter().flatten();
        fields
            .flat_map(|(names, of)| names.iter().cloned().chain(of.iter().flat_map(|of| keys(of, shapes))))
            .collect()
    }

    #[test]
    fn rows_are_what_the_shapes_read() {
        let shapes = shapes();
        let always: BTreeSet<String> = ALWAYS.iter().map(|&key| key.to_owned()).collect();
        let meta = keys("Meta", &shapes);
        for row in FIELDS {
            let shape = match row.kind {
                "ClusterServiceVersion" => "Csv",
                "Deployment" | "DaemonSet" | "StatefulSet" => "Workload",
                "APIService" => "ApiService",
                "APIRequestCount" => "ApiRequestCount",
                kind => kind,
            };
            let read = keys(shape, &shapes);
            assert!(!read.is_empty(), "{shape}");
            let told: BTreeSet<String> = row.body.iter().map(|&key| key.to_owned()).collect();
            assert_eq!(&read - &always, &told - &always, "{}", row.kind);
            assert!(row.meta.iter().all(|key| meta.contains(*key)), "{}", row.kind);
        }
    }

    #[test]
    fn a_kind_without_a_row() {
        assert!(Fields::of("ConfigMap").has("metadata") && !Fields::of("ConfigMap").has("data"));
        assert!(Fields::of("Pod").has("labels") && !Fields::of("Pod").has("creationTimestamp"));
    }
}
