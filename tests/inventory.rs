//! `apiblame inventory`: clusters by their archives, and what it says of what it could not read.

#[allow(dead_code, reason = "other tests make the other kinds of archives")]
mod archive_maker;
#[path = "support/program.rs"]
mod program;
#[path = "support/scratch.rs"]
mod scratch;

use archive_maker::{Entries, gzip, tar};
use scratch::{scratch, write};

/// A cluster with one aggregated APIService, one operator, and a log.
fn cluster(version: &str, phase: &str) -> Entries {
    let object = |path: &str, text: String| (format!("mg/q/{path}"), text.into_bytes());
    vec![
        object(
            "cluster-scoped-resources/config.openshift.io/clusterversions/version.yaml",
            format!(
                "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata: {{name: version}}\nstatus:\n  \
                 desired: {{version: {version}}}\n  history: [{{state: Completed, version: {version}}}]\n"
            ),
        ),
        object(
            "cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1.things.example.com.yaml",
            "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.things.example.com}\nspec:\n  \
             group: things.example.com\n  version: v1\n  service: {name: things, namespace: things, port: 443}\n\
             status:\n  conditions: [{type: Available, status: \"True\", reason: Passed}]\n"
                .into(),
        ),
        object(
            "namespaces/things/operators.coreos.com/clusterserviceversions/things.v1.2.3.yaml",
            format!(
                "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nmetadata: {{name: things.v1.2.3, \
                 namespace: things}}\nspec: {{version: 1.2.3}}\nstatus: {{phase: {phase}}}\n"
            ),
        ),
        object("namespaces/things/pods/p/c/c/logs/current.log", "a log\n".into()),
    ]
}

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    program::run(&[&["inventory"], args].concat())
}

#[test]
fn one_archive() {
    let folder = scratch("inventory-one");
    let archive =
        write(&folder, "a.tar.gz", gzip(&tar(&cluster("4.17.22", "Succeeded")))).display().to_string();
    let (status, stdout, stderr) = run(&[&archive]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{stdout}");
    for said in
        ["OpenShift 4.17.22", "v1.things.example.com", "things/things", "things.v1.2.3", "Read 3 files"]
    {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
    assert!(!stdout.contains("Compatibility"), "one cluster is no matrix: {stdout}");
    let (_, markdown, _) = run(&["-o", "markdown", &archive]);
    assert!(markdown.contains("| v1.things.example.com |"), "{markdown}");
    let (_, json, _) = run(&["-o", "json", &archive]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["clusters"][0]["inventory"]["apiservices"][0]["name"], "v1.things.example.com");
    assert_eq!((&json["coverage"]["objects"], &json["matrix"]), (&3.into(), &serde_json::Value::Null));
}

#[test]
fn several_archives_are_not_mixed_and_give_the_matrix() {
    let folder = scratch("inventory-several");
    let one = write(&folder, "a.tar", tar(&cluster("4.17.22", "Succeeded"))).display().to_string();
    let other = write(&folder, "b.tar.gz", gzip(&tar(&cluster("4.18.1", "Failed")))).display().to_string();
    let (status, stdout, stderr) = run(&["-o", "json", &one, &other, &one]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{stdout}");
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    let versions: Vec<_> = (0..2).map(|n| &json["clusters"][n]["inventory"]["openshift_version"]).collect();
    assert_eq!(versions, ["4.17.22", "4.18.1"]);
    let cell = |n: usize, key: &str| json["matrix"][n][key].clone();
    assert_eq!((cell(0, "openshift"), cell(0, "healthy")), ("4.17.22".into(), 1.into()), "{stdout}");
    assert_eq!((cell(1, "openshift"), cell(1, "broken")), ("4.18.1".into(), 1.into()), "{stdout}");
    assert!(run(&[&one, &other]).1.contains("Compatibility"));
}

#[test]
fn a_folder_of_archives_is_as_many_clusters() {
    let folder = scratch("inventory-folder");
    write(&folder, "a.tar", tar(&cluster("4.17.22", "Succeeded")));
    write(&folder, "b.tar.gz", gzip(&tar(&cluster("4.18.1", "Failed"))));
    let (status, stdout, stderr) = run(&["-o", "json", &folder.display().to_string()]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{stdout}");
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    let versions: Vec<_> = (0..2).map(|n| &json["clusters"][n]["inventory"]["openshift_version"]).collect();
    assert_eq!(versions, ["4.17.22", "4.18.1"]);
    assert!(json["clusters"][1]["path"].as_str().is_some_and(|path| path.contains("b.tar.gz")), "{stdout}");
    assert!(json["matrix"].is_array() && json["clusters"].as_array().map(Vec::len) == Some(2));
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = scratch("inventory-broken");
    let packed = gzip(&tar(&cluster("4.17.22", "Succeeded")));
    let good = write(&folder, "good.tar.gz", &packed).display().to_string();
    let cut = write(&folder, "cut.tar.gz", &packed[..packed.len() - 40]).display().to_string();
    let (status, stdout, stderr) = run(&[&cut]);
    assert!(matches!(status, Some(2 | 3)) && stderr.contains("cut.tar.gz"), "{stderr}{stdout}");
    let log = write(&folder, "plain.log", "a log\n").display().to_string();
    let (status, _, stderr) = run(&[&log]);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("no cluster objects"), "{stderr}");
    let (status, stdout, stderr) = run(&[&good, &log, "missing.tar"]);
    assert_eq!(status, Some(3));
    assert!(stderr.contains("missing.tar") && stdout.contains("in 1 of 3 inputs"), "{stderr}{stdout}");
    assert_eq!(run(&[]).0, Some(2));
}
