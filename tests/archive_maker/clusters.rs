//! Archives of small clusters: two APIServices, served by an operator each, that are broken in some of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

/// APIService, and the programs that suffer from it.
const APIS: [(&str, &str, &[&str]); 2] = [
    ("v1.stock.shop.example.com", "stock", &["web", "till", "depot"]),
    ("v1beta1.metrics.k8s.io", "meter", &["hpa"]),
];

/// The version of the n-th cluster.
fn release(n: usize) -> String {
    format!("4.{}.{}", 16 + n % 3, n % 5)
}

/// Whether an APIService of the n-th cluster is broken.
fn broken(n: usize, api: usize) -> bool {
    !(n + api).is_multiple_of(4)
}

/// Writes the first clusters as archives.
pub(crate) fn write(folder: &Path, count: usize) {
    for n in 0..count {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&archive(n)).expect("writing to memory");
        let bytes = packed.finish().expect("writing to memory");
        fs::write(folder.join(format!("{n:03}.tar.gz")), bytes).expect("the folder can be written");
    }
}

fn archive(n: usize) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |path: &str, text: String| {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("must-gather/q/{path}"), text.as_bytes())
            .expect("writing to memory");
    };
    add(
        "cluster-scoped-resources/config.openshift.io/clusterversions/version.yaml",
        format!(
            "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata:\n  name: version\nstatus:\n  history:\n  - state: Completed\n    version: {}\n",
            release(n)
        ),
    );
    for (api, (name, operator, programs)) in APIS.into_iter().enumerate() {
        let (version, group) = name.split_once('.').expect("version.group");
        let available = if broken(n, api) { "False" } else { "True" };
        add(
            &format!("cluster-scoped-resources/apiregistration.k8s.io/apiservices/{name}.yaml"),
            format!(
                "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: {name}\n  labels:\n    olm.owner: {operator}.v1.{}.0\nspec:\n  group: {group}\n  version: {version}\n  service:\n    namespace: {operator}\n    name: {operator}\nstatus:\n  conditions:\n  - type: Available\n    status: \"{available}\"\n    reason: MissingEndpoints\n    message: none\n",
                n % 2
            ),
        );
        for program in programs.iter().filter(|_| broken(n, api)) {
            let line = format!(
                "2026-07-14T08:55:13.{n:06}Z E0714 08:55:13.{n:06}    1353 memcache.go:287] couldn't get resource list for {group}/{version}: the server is currently unable to handle the request\n"
            );
            add(
                &format!("namespaces/app/pods/{program}-6869d6f56f-6r5ct/c/c/logs/current.log"),
                line.repeat(2),
            );
        }
    }
    tar.into_inner().expect("writing to memory")
}

/// APIService, operators that it breaks, and clusters, as rows of the documented query.
pub(crate) fn breaks_most_on(minor: &str, count: usize) -> Value {
    let mut rows: BTreeMap<&str, (BTreeSet<&str>, u64)> = BTreeMap::new();
    for n in (0..count).filter(|n| release(*n).starts_with(&format!("{minor}."))) {
        for (api, (name, _, programs)) in APIS.into_iter().enumerate().filter(|(api, _)| broken(n, *api)) {
            let row = rows.entry(name).or_default();
            row.0.extend(programs);
            row.1 += 1;
            let _ = api;
        }
    }
    let mut rows: Vec<(&str, usize, u64)> =
        rows.into_iter().map(|(name, (programs, clusters))| (name, programs.len(), clusters)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.1));
    serde_json::json!(rows)
}
