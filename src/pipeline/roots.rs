//! Which cluster a file of objects belongs to.
//!
//! A folder may hold the archives of many clusters, and a dump of HyperShift the management cluster with each
//! of its hosted ones below. Their objects have the same names and must never be mixed. On the other hand
//! one gathering has several trees: one for each image, trees in trees (`istio/`, `namespaces/all/`), archives
//! in it. Paths tell most of it; trees that stand side by side are one cluster if they have its id.

use std::collections::BTreeMap;

use crate::evidence::Cluster;

/// Files of objects, by name: their bytes, or what they say.
pub(super) type Files<T = Vec<u8>> = Vec<(String, T)>;

/// Folders at the top of a tree.
const TOP: &[&str] = &[
    "namespaces",
    "cluster-scoped-resources",
    "cluster-resources",
    "cluster",
    "apiservices",
    "audit_logs",
    "config",
    "etcd_info",
    "host_service_logs",
    "insights-data",
    "istio",
    "monitoring",
    "network_logs",
    "pod_network_connectivity_check",
    "requests",
    "static-pods",
];

/// The root of a tree, and the hosted cluster that it holds (hypershift cmd/cluster/core/dump.go:280:
/// `hostedcluster-<name>`, `external-infra-clusters/<nodepool>`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root {
    /// The part of the path above the tree, with its last separator.
    pub(super) above: String,
    /// The folder of a hosted cluster.
    pub(super) hosted: Option<String>,
}

impl Root {
    /// The root of a path.
    pub(super) fn of(path: &str) -> Root {
        let (mut end, mut hosted, mut before) = (0, None, "");
        for part in path.split_inclusive(['/', '!']) {
            let name = part.trim_end_matches(['/', '!']);
            if TOP.contains(&name) || end + part.len() == path.len() {
                break;
            }
            if name.starts_with("hostedcluster-") || before == "external-infra-clusters" {
                let above = path[..end].trim_end_matches("external-infra-clusters/");
                hosted = Some((above.len(), name.to_owned()));
            }
            before = name;
            end += part.len();
        }
        match hosted {
            Some((end, name)) => Root { above: path[..end].to_owned(), hosted: Some(name) },
            None => Root { above: path[..end].to_owned(), hosted: None },
        }
    }

    /// The name of the tree.
    pub(super) fn name(&self) -> String {
        let above = self.above.trim_end_matches(['/', '!']);
        match &self.hosted {
            Some(hosted) if above.is_empty() => hosted.clone(),
            Some(hosted) => format!("{above}/{hosted}"),
            None => above.to_owned(),
        }
    }
}

/// Sorts files by the cluster that their paths tell.
pub(super) fn split<T>(files: Files<T>) -> BTreeMap<Root, Files<T>> {
    let mut roots: Vec<String> = files.iter().map(|(path, _)| Root::of(path).above).collect();
    roots.sort();
    roots.dedup();
    let mut outer: Vec<String> = Vec::new();
    for root in roots.iter().map(|root| of_image(root)) {
        // Sorted, an outer root comes before those in it.
        if !outer.iter().any(|other| root.starts_with(other.as_str())) {
            outer.push(root.to_owned());
        }
    }
    let mut split: BTreeMap<Root, Files<T>> = BTreeMap::new();
    for (path, file) in files {
        let mut root = Root::of(&path);
        if let Some(above) = outer.iter().find(|above| root.above.starts_with(above.as_str())) {
            root.above.clone_from(above);
        }
        split.entry(root).or_default().push((path, file));
    }
    split
}

/// The folder of a gathering, of the folder of one of its images: `oc` names those by their digest
/// (openshift/oc pkg/cli/admin/mustgather/mustgather.go:846).
fn of_image(root: &str) -> &str {
    let folder = root.trim_end_matches(['/', '!']);
    let at = folder.rfind(['/', '!']).map_or(0, |at| at + 1);
    if folder[at..].contains("-sha256-") { &root[..at] } else { root }
}

/// Joins the trees of one archive that are one cluster by its id. Two archives of one cluster are two
/// gatherings: between them it may have been updated. The name of the first is kept.
pub(super) fn join(clusters: Vec<(String, Cluster)>) -> Vec<(String, Cluster)> {
    let mut joined: Vec<(String, Cluster)> = Vec::new();
    for (name, mut cluster) in clusters {
        let id = cluster.id().map(str::to_owned);
        let archive = name.split_once('!').map(|(archive, _)| archive.to_owned());
        let same = joined.iter_mut().find(|(of, other)| {
            archive.is_some()
                && archive.as_deref() == of.split_once('!').map(|(archive, _)| archive)
                && id.is_some()
                && other.id() == id.as_deref()
        });
        match same {
            Some((_, other)) => {
                cluster.merge(std::mem::take(other));
                cluster.settle();
                *other = cluster;
            }
            None => joined.push((name, cluster)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<String> {
        let files: Files<()> = paths.iter().map(|path| ((*path).to_owned(), ())).collect();
        split(files).keys().map(Root::name).collect()
    }

    #[test]
    fn one_gathering_is_one_cluster() {
        let one = [
            "mg/timestamp",
            "mg/quay-io-a-sha256-1/namespaces/a/a.yaml",
            "mg/quay-io-a-sha256-1/istio/namespaces/b/b.yaml",
            "mg/quay-io-a-sha256-1/insights-data/insights-operator/i.tar.gz!config/version.json",
            "mg/quay-io-b-sha256-2/namespaces/all/namespaces/c/c.yaml",
            "mg/inspect.local.1/cluster-scoped-resources/x/y/z.yaml",
        ];
        assert_eq!(names(&one), ["mg"]);
        assert_eq!(names(&one[1..5]), ["mg"], "without the client's timestamp");
        let packed: Vec<String> = one.iter().map(|path| format!("cases/1.tar.gz!{path}")).collect();
        assert_eq!(names(&packed.iter().map(String::as_str).collect::<Vec<_>>()), ["cases/1.tar.gz!mg"]);
    }

    #[test]
    fn archives_in_a_folder_and_hosted_clusters_are_kept_apart() {
        assert_eq!(
            names(&["f/a.tar!mg/q/namespaces/a/a.yaml", "f/b.tar!mg/q/namespaces/a/a.yaml"]),
            ["f/a.tar!mg/q", "f/b.tar!mg/q"]
        );
        assert_eq!(
            names(&[
                "d/namespaces/a/a.yaml",
                "d/hostedcluster-h/namespaces/a/a.yaml",
                "d/external-infra-clusters/nodepool-1/namespaces/a/a.yaml",
                "d/hypershift-dump.tar.gz!namespaces/a/a.yaml",
                "d/hypershift-dump.tar.gz!hostedcluster-h/namespaces/a/a.yaml",
            ]),
            ["d", "d/hostedcluster-h", "d/nodepool-1"]
        );
    }
}
