//! Objects that nobody asks for are not read: the report is the same as if they were, and what is broken is named.

#[path = "support/scratch.rs"]
mod scratch;

use std::fs;
use std::path::Path;

use apiblame::pipeline::{self, Settings};
use apiblame::report::json;
use scratch::{scratch, write};

/// Writes a file into a folder, and the folders that it needs.
fn put(folder: &Path, name: &str, text: &str) {
    fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
    write(folder, name, text);
}

const APISERVICE: &str = "\
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1beta1.metrics.k8s.io
spec:
  group: metrics.k8s.io
  service:
    name: server
    namespace: backend
  version: v1beta1
status:
  conditions:
  - message: no endpoints available for service \"backend/server\"
    reason: MissingEndpoints
    status: \"False\"
    type: Available
";

/// A list of pods of a namespace; the container of each ended like this.
fn pods(namespace: &str, exit: u8) -> String {
    format!(
        "\
---
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    labels:
      app: server
    name: p
    namespace: {namespace}
    resourceVersion: \"5\"
  spec:
    containers:
    - name: c
  status:
    containerStatuses:
    - lastState:
        terminated:
          exitCode: {exit}
          finishedAt: \"2026-07-14T08:56:00Z\"
      name: c
      ready: false
      restartCount: 1
    phase: Running
kind: PodList
metadata:
  resourceVersion: \"9\"
"
    )
}

/// An APIService with its backend, a program that suffers, and a namespace that has nothing to do with it.
fn archive(folder: &Path, apiservice: &str) {
    let tree = |path: &str| format!("mg/q/{path}");
    let services = "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: server\n    namespace: backend\n  spec:\n    selector:\n      app: server\nkind: ServiceList\n";
    let object = "cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1beta1.metrics.k8s.io.yaml";
    put(folder, &tree(object), apiservice);
    put(folder, &tree("namespaces/backend/core/services.yaml"), services);
    for (namespace, exit) in [("backend", 1), ("victim", 2), ("other", 3)] {
        put(folder, &tree(&format!("namespaces/{namespace}/core/pods.yaml")), &pods(namespace, exit));
    }
    let log: String = (1..6)
        .map(|n| format!("2026-07-14T08:55:{:02}.000000000Z E0714 08:55:{:02}.033753       1 memcache.go:287] couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request\n", n * 7, n * 7))
        .collect();
    put(folder, &tree("namespaces/victim/pods/p/c/c/logs/current.log"), &log);
}

/// The reports of a run that reads what is asked for, and of one that reads everything.
fn reports(path: &Path) -> [String; 2] {
    let paths = [path.to_path_buf()];
    let all = Settings { all: true, ..Settings::default() };
    [Settings::default(), all].map(|settings| json(&pipeline::run(&paths, settings).unwrap()))
}

#[test]
fn the_report_is_the_same() {
    let folder = scratch("waiting-same");
    archive(&folder, APISERVICE);
    let [asked, all] = reports(&folder);
    assert_eq!(asked, all);
    // Both have read the backend's pod and the victim's.
    assert!(asked.contains("\"fatal\"") && asked.contains("backend/server"), "{asked}");
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let archives = ["cluster", "must-gather"].map(|set| fs::read_dir(real.join(set)));
    let mut compared = 0;
    for entry in archives.into_iter().flatten().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "gz" || extension == "xz") {
            let [asked, all] = reports(&path);
            assert_eq!(asked, all, "{}", path.display());
            compared += 1;
        }
    }
    if compared == 0 {
        eprintln!("skipped: no corpus");
    }
}

#[test]
fn without_an_apiservice_everything_is_read() {
    let folder = scratch("waiting-none");
    archive(&folder, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n");
    let [asked, all] = reports(&folder);
    assert_eq!(asked, all);
}

#[test]
fn what_is_broken_is_named_whoever_asks() {
    let folder = scratch("waiting-broken");
    archive(&folder, APISERVICE);
    let whole = pods("other", 3);
    for (name, text) in [
        ("cut.yaml", whole[..whole.find("07-14T").unwrap()].to_owned()),
        ("quote.yaml", whole.replace("phase: Running", "phase: \"Running")),
        ("unread.yaml", whole.replace("- name: c\n  status", "- name: [c\n  status")),
        ("binary.yaml", whole.replace("Running", "Run\0ning")),
    ] {
        put(&folder, &format!("mg/q/namespaces/other/core/pods/{name}"), &text);
        let report = pipeline::run(std::slice::from_ref(&folder), Settings::default()).unwrap();
        let named = &report.coverage.unreadable;
        assert!(named.len() == 1 && named[0].path.ends_with(name), "{name}: {named:?}");
        fs::remove_file(folder.join("mg/q/namespaces/other/core/pods").join(name)).unwrap();
    }
}
