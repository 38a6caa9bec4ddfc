//! `apiblame explain`: what it knows, of whom, and where that comes from.

#[path = "support/program.rs"]
mod program;

use std::process::Command;

use program::run;

/// The explanation of a word says all of this.
fn says(word: &str, all: &[&str]) {
    let (status, stdout, stderr) = run(&["explain", word]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{word}");
    for said in all {
        assert!(stdout.contains(said), "{word}: {said:?} is not said:\n{stdout}");
    }
}

#[test]
fn signatures() {
    says(
        "KOPF-01",
        &["\"Request attempt #\"", "its limit", "kopf 1.37.5 kopf/_cogs/clients/api.py", "anchor"],
    );
    says("agg-22", &["backend not reached", "means for the blame", "a Local group: apiserver-unavailable"]);
    says("AGG-06", &["spelling 1 of 3", "spelling 3 of 3"]);
    says("CG-10", &["no failing request", "none: it is only met"]);
    says("EV-APISERVICE", &["status.conditions", "remote_available_controller.go"]);
}

#[test]
fn causes() {
    says(
        "apiservice-unavailable",
        &["an APIService, but never", "`service unavailable` (503, certain)", "AGG-22"],
    );
    says("dns", &["no APIService", "`name not resolved`", "oc -n openshift-dns get pods"]);
    for cause in apiblame::k8s::Cause::all() {
        says(cause.as_str(), &["means", "what leads to it", "`", "what to do first"]);
    }
}

#[test]
fn apiservices() {
    let culprit =
        ["aggregated", "ClusterResourceOverride Operator", "known incident cro-4.17", "OCPBUGS-48115"];
    for spelling in [
        "v1.admission.autoscaling.openshift.io",
        "admission.autoscaling.openshift.io/v1",
        "admission.autoscaling.openshift.io.v1",
        "*.admission.autoscaling.openshift.io",
        "admission.autoscaling.openshift.io",
    ] {
        says(spelling, &culprit);
    }
    says("v1.route.openshift.io", &["Service openshift-apiserver/api", "HyperShift", "read in its manifest"]);
    says("quota.openshift.io", &["clusterresourcequotas: kube-apiserver answers them itself"]);
    says("policy/v1beta1", &["Local: built into", "v1beta1 in Kubernetes 1.25 and OpenShift 4.12"]);
    says("v2.kustomize.toolkit.fluxcd.io", &["Local: CustomResourceDefinitions (row .toolkit.fluxcd.io"]);
    says("v1.shop.example.com", &["unknown", "as likely, not as certain"]);
    says("route.openshif.io", &["near to it   route.openshift.io"]);
}

#[test]
fn known_incidents() {
    says(
        "cro-4.17",
        &["v1.admission.autoscaling.openshift.io", "its operator is 4.17 or newer", "does not last"],
    );
}

#[test]
fn unknown_words_are_refused_with_their_neighbours() {
    for (word, near) in [("KOPF-1", "KOPF-01"), ("etdc", "etcd"), ("forbiden", "forbidden")] {
        let (status, stdout, stderr) = run(&["explain", word]);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{word}: {stderr}");
        assert!(stderr.contains(word) && stderr.contains(near), "{stderr}");
    }
    assert_eq!(run(&["explain"]).0, Some(2));
    assert!(!run(&["explain", "\u{1b}[31m"]).2.contains('\u{1b}'));
}

#[test]
fn a_log_that_is_called_like_a_command() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("explain-as-a-file");
    std::fs::create_dir_all(&folder).expect("the scratch folder can be made");
    std::fs::write(folder.join("explain"), "all is well\n").expect("the scratch folder can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    let output = command.env_clear().current_dir(&folder).arg("./explain").output().expect("built");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Read 1 line"));
}
