//! Files as archives hold them, names changed.

use super::*;

/// A list of pods as `oc adm inspect` writes it, one of them crash-looping.
pub(crate) const PODS: &str = r#"---
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    labels:
      app: things
    name: things-7d5f-abcde
    namespace: things
    resourceVersion: "120"
    ownerReferences:
    - apiVersion: apps/v1
      controller: true
      kind: ReplicaSet
      name: things-7d5f
  status:
    conditions:
    - type: Ready
      status: "False"
    containerStatuses:
    - name: server
      ready: false
      restartCount: 7
      state:
        waiting:
          reason: CrashLoopBackOff
      lastState:
        terminated:
          exitCode: 1
          reason: Error
          finishedAt: "2026-03-01T10:02:00Z"
    phase: Running
kind: PodList
"#;

/// A Service and its empty EndpointSlice.
pub(crate) const SERVICES: &str = r#"---
apiVersion: v1
items:
- metadata:
    name: things
    namespace: things
    creationTimestamp: "2026-03-01T09:00:00Z"
  spec:
    type: ClusterIP
    selector:
      app: things
    ports:
    - name: https
      port: 443
kind: ServiceList
"#;

pub(crate) const SLICES: &str = r#"---
apiVersion: discovery.k8s.io/v1
items:
- endpoints:
  - addresses: ["10.0.0.1"]
    conditions:
      ready: false
    targetRef: {kind: Pod, name: things-7d5f-abcde}
  metadata:
    labels:
      kubernetes.io/service-name: things
    name: things-x1
    namespace: things
kind: EndpointSliceList
"#;

/// An APIService, by status and reason; `{LABELS}` for more metadata.
pub(crate) fn apiservice(name: &str, status: &str, reason: &str, metadata: &str) -> String {
    let (version, group) = name.split_once('.').unwrap();
    format!(
        "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: {name}\n  resourceVersion: \"9\"\n  \
         creationTimestamp: \"2026-03-01T09:00:05Z\"\n{metadata}spec:\n  group: {group}\n  version: {version}\n  service:\n    \
         name: things\n    namespace: things\n    port: 443\nstatus:\n  conditions:\n  - lastTransitionTime: \"2026-03-01T10:00:00Z\"\n    \
         message: 'm'\n    reason: {reason}\n    status: \"{status}\"\n    type: Available\n"
    )
}

pub(crate) const APISERVICES: &str = "mg/cluster-scoped-resources/apiregistration.k8s.io/apiservices";

/// All of them.
pub(crate) fn things() -> Vec<(String, String)> {
    let name = "v1.things.example.com";
    vec![
        (format!("{APISERVICES}/{name}.yaml"), apiservice(name, "False", "MissingEndpoints", "")),
        ("mg/namespaces/things/core/services.yaml".into(), SERVICES.into()),
        ("mg/namespaces/things/core/pods.yaml".into(), PODS.into()),
        ("mg/namespaces/things/discovery.k8s.io/endpointslices.yaml".into(), SLICES.into()),
        (
            "mg/timestamp".into(),
            "2026-03-01 11:00:00.5 +0100 CET m=+1.1\n2026-03-01 11:10:00 +0100 CET m=+9\n".into(),
        ),
    ]
}

pub(crate) fn cluster<'a>(files: impl IntoIterator<Item = &'a (String, String)>) -> Cluster {
    let mut cluster = Cluster::default();
    for (path, text) in files {
        cluster.add(path, text.as_bytes()).unwrap();
    }
    cluster.settle();
    cluster
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut files = things();
    let older = PODS.replace("\"120\"", "\"100\"").replace("restartCount: 7", "restartCount: 3");
    files.push(("mg2/namespaces/things/core/pods.yaml".into(), older));
    files.push(("mg/namespaces/things/pods/things-7d5f-abcde/things-7d5f-abcde.yaml".into(), PODS.into()));
    let forth = cluster(&files);
    let back = cluster(files.iter().rev());
    assert_eq!(forth, back);
    let mut halves = cluster(&files[..3]);
    halves.merge(cluster(&files[3..]));
    assert_eq!(forth, halves);
    assert_eq!(forth.pods.len(), 1);
    assert_eq!(forth.pod("things", "things-7d5f-abcde").unwrap().body.restarts(), 7);
}

#[test]
fn the_chain_is_followed_to_the_crash() {
    let cluster = cluster(&things());
    let one = cluster.apiservice("v1.things.example.com").unwrap();
    let chain = cluster.chain(one).unwrap();
    assert_eq!(chain.link, Link::PodsCrash);
    assert_eq!(chain.endpoints, Some(EndpointCount { ready: 0, not_ready: 1 }));
    assert_eq!(chain.pods.len(), 1);
    assert_eq!(cluster.gathered, Some((1_772_359_200_500_000_000, 1_772_359_800_000_000_000)));
}

#[test]
fn why_pods_do_not_run() {
    let link = |edit: &dyn Fn(String) -> String, more: &[(String, String)]| {
        let mut files = things();
        files[2].1 = edit(PODS.to_owned());
        files.extend(more.iter().cloned());
        let cluster = cluster(&files);
        cluster.chain(cluster.apiservice("v1.things.example.com").unwrap()).unwrap().link
    };
    let node = |ready: &str| {
        let text = format!(
            "apiVersion: v1\nkind: Node\nmetadata:\n  name: n1\nstatus:\n  conditions:\n  - status: \"{ready}\"\n    type: Ready\n"
        );
        [("mg/cluster-scoped-resources/core/nodes/n1.yaml".to_owned(), text)]
    };
    let on_node = |pods: String| {
        pods.replace("  status:\n    conditions", "  spec:\n    nodeName: n1\n  status:\n    conditions")
    };
    assert_eq!(link(&on_node, &node("True")), Link::PodsCrash);
    assert_eq!(link(&on_node, &node("Unknown")), Link::NodeDown);
    assert_eq!(link(&|pods| pods.replace("reason: Error", "reason: OOMKilled"), &[]), Link::OutOfMemory);
    let image = |pods: String| {
        pods.replace("CrashLoopBackOff", "ImagePullBackOff").replace("exitCode: 1", "exitCode: 0")
    };
    assert_eq!(link(&image, &[]), Link::ImageMissing);
}

#[test]
fn what_the_check_says() {
    let get = "failing or missing response from https://10.0.0.1:404/apis/a.b/v1: Get \"https://10.0.0.1:404/apis/a.b/v1\": ";
    for (error, link) in [
        ("dial tcp 10.0.0.1:404: connect: connection refused", Link::Refused),
        (
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            Link::Certificate,
        ),
        (
            "x509: certificate has expired or is not yet valid: current time a is after b",
            Link::CertificateExpired,
        ),
        ("net/http: TLS handshake timeout", Link::NoAnswer),
        ("context deadline exceeded", Link::NoAnswer),
    ] {
        assert_eq!(Link::of_error(&format!("{get}{error}")), Some(link), "{error}");
    }
    for (code, link) in
        [(401, Link::Denied), (403, Link::Denied), (404, Link::NotServed), (500, Link::BadAnswer)]
    {
        let error = format!(
            "v1.a.b failed with: failing or missing response from https://x:404/apis/a.b/v1: bad status from https://x:404/apis/a.b/v1: {code}\" logger=\"UnhandledError\""
        );
        assert_eq!(Link::of_error(&error), Some(link), "{code}");
    }
    assert_eq!(Link::of_error("service/things in \"things\" is not present"), Some(Link::ServiceMissing));
    assert_eq!(Link::of_error("all checks passed"), None);
}

#[test]
fn a_broken_file_does_not_stop_the_rest() {
    let mut cluster = Cluster::default();
    let error = cluster.add("mg/namespaces/things/core/pods.yaml", b"---\nitems:\n- a: [\n").unwrap_err();
    assert!(error.contains("cannot be read"), "{error}");
    for (path, text) in things() {
        cluster.add(&path, text.as_bytes()).unwrap();
    }
    assert_eq!(cluster.pods.len(), 1);
    let cut = &PODS[..PODS.len() - 60];
    assert!(Cluster::default().add("x/core/pods.yaml", cut.as_bytes()).is_ok() || cut.len() < PODS.len());
}

#[test]
fn objects_beat_the_tables() {
    let local = "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: v1.metrics.k8s.io\nspec:\n  group: metrics.k8s.io\n  version: v1\n";
    let mut files = things();
    files.push((format!("{APISERVICES}/v1.metrics.k8s.io.yaml"), local.into()));
    let crd = "mg/cluster-scoped-resources/apiextensions.k8s.io/customresourcedefinitions/gears.demo.example.com.yaml";
    files.push((crd.into(), "not even read: [".into()));
    let discovery = "apiVersion: apidiscovery.k8s.io/v2\nitems:\n- metadata:\n    name: other.example.com\n  versions:\n  - freshness: Stale\n    version: v1\n";
    files.push(("mg/aggregated-discovery-apis.yaml".into(), discovery.into()));
    let cluster = cluster(&files);
    assert_eq!(cluster.standing("metrics.k8s.io"), Some(Standing::Local));
    assert_eq!(cluster.standing("things.example.com"), Some(Standing::Aggregated));
    assert_eq!(cluster.standing("demo.example.com"), Some(Standing::Local));
    assert_eq!(cluster.standing("other.example.com"), Some(Standing::Aggregated));
    assert_eq!(cluster.standing("unknown.example.com"), None);
    assert_eq!(cluster.versions("things.example.com").into_iter().collect::<Vec<_>>(), ["v1"]);
    assert_eq!(cluster.apiservice_of("things.example.com", None).as_deref(), Some("v1.things.example.com"));
    let place = cluster.discovery["other.example.com/v1"].as_ref().unwrap();
    assert_eq!(place.line, 6);
}

#[test]
fn copied_csvs_count_once() {
    let csv = |namespace: &str, more: &str| {
        format!(
            "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nmetadata:\n  name: things.v1.2.3\n  namespace: {namespace}\n{more}spec:\n  version: 1.2.3\nstatus:\n  phase: Succeeded\n"
        )
    };
    let path = |ns: &str| {
        format!("mg/namespaces/{ns}/operators.coreos.com/clusterserviceversions/things.v1.2.3.yaml")
    };
    let copied = "  labels:\n    olm.copiedFrom: things\n";
    let files =
        [(path("a"), csv("a", copied)), (path("things"), csv("things", "")), (path("b"), csv("b", copied))];
    let cluster = cluster(&files);
    assert_eq!((cluster.csvs.len(), cluster.copied_csvs.len()), (1, 2));
}

#[test]
fn a_cluster_survives_serialization() {
    let cluster = cluster(&things());
    let text = serde_json::to_string(&cluster).unwrap();
    assert_eq!(serde_json::from_str::<Cluster>(&text).unwrap(), cluster);
}
