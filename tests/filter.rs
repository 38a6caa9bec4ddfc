//! Filters on reports: what stays, what is left out, and what the report says of it.

#[allow(dead_code, reason = "other tests make the other kinds of archives")]
mod archive_maker;
#[path = "support/program.rs"]
mod program;
#[path = "support/scratch.rs"]
mod scratch;

use std::path::PathBuf;

use archive_maker::{Entries, tar};
use program::run;
use scratch::{scratch, write};
use serde_json::Value;

/// Three programs: two of them suffer from metrics.k8s.io, in the morning and at noon, one of them and
/// the third from tap.linkerd.io at noon; gathered at 12:30.
fn archive(name: &str) -> PathBuf {
    let line = |at: &str, group_version: &str| {
        format!(
            "2026-07-14T{at}Z E0714 {at}.000000    1353 memcache.go:287] couldn't get resource list for {group_version}: \
             the server is currently unable to handle the request\n"
        )
    };
    let log = |namespace: &str, text: String| {
        (format!("mg/q/namespaces/{namespace}/pods/p/c/c/logs/current.log"), text.into_bytes())
    };
    let entries: Entries = vec![
        log("one", line("08:00:00", "metrics.k8s.io/v1beta1") + &line("12:00:00", "metrics.k8s.io/v1beta1")),
        log("two", line("12:00:01", "metrics.k8s.io/v1beta1")),
        log("three", line("08:00:02", "tap.linkerd.io/v1alpha1")),
        (
            "mg/timestamp".into(),
            b"2026-07-14 12:20:00.0 +0000 UTC m=+0.1\n2026-07-14 12:30:00.0 +0000 UTC m=+0.1\n".to_vec(),
        ),
    ];
    write(&scratch(name), "mg.tar", tar(&entries))
}

/// The JSON report of an archive with these options.
fn json(archive: &str, options: &[&str]) -> Value {
    let (status, stdout, stderr) = run(&[options, &["-o", "json", archive]].concat());
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{options:?}");
    serde_json::from_str(&stdout).expect("it is JSON")
}

/// The APIServices of a report.
fn blamed(report: &Value) -> Vec<&str> {
    let incidents = report["incidents"].as_array().expect("it is a list");
    let mut names: Vec<&str> = incidents.iter().filter_map(|one| one["apiservice"].as_str()).collect();
    names.sort_unstable();
    names
}

const METRICS: &str = "v1beta1.metrics.k8s.io";
const TAP: &str = "v1alpha1.tap.linkerd.io";

#[test]
fn each_filter_leaves_out_what_was_not_asked_for() {
    let archive = archive("filter-each").display().to_string();
    let all = json(&archive, &[]);
    assert_eq!((blamed(&all), &all["filter"]), (vec![TAP, METRICS], &Value::Null));
    for (options, left) in [
        (vec!["-n", "three"], vec![TAP]),
        (vec!["-n", "two,three"], vec![TAP, METRICS]),
        (vec!["-n", "linkerd-viz"], vec![TAP]),
        (vec!["-n", "elsewhere"], vec![]),
        (vec!["--apiservice", METRICS], vec![METRICS]),
        (vec!["--apiservice", "metrics.k8s.io"], vec![METRICS]),
        (
            vec!["--apiservice", "*.metrics.k8s.io", "--apiservice", "tap.linkerd.io/v1alpha1"],
            vec![TAP, METRICS],
        ),
        (vec!["--apiservice", "k8s.io"], vec![]),
        (vec!["--cause", "dns"], vec![]),
        (vec!["--cause", "dns,apiservice-unavailable"], vec![TAP, METRICS]),
        (vec!["--since", "2026-07-14T11:00:00Z"], vec![METRICS]),
        (vec!["--since", "2h"], vec![METRICS]),
        (vec!["--since", "1d"], vec![TAP, METRICS]),
        (vec!["--until", "2026-07-14T08:00:01Z"], vec![METRICS]),
        (vec!["--until", "2h"], vec![TAP, METRICS]),
        (vec!["--since", "4h", "--until", "1h"], vec![]),
    ] {
        let report = json(&archive, &options);
        assert_eq!(blamed(&report), left, "{options:?}");
        assert_eq!(report["filter"]["incidents_left_out"], 2 - left.len(), "{options:?}");
    }
}

#[test]
fn victims_of_other_namespaces_are_left_out_and_counted() {
    let report = json(&archive("filter-victims").display().to_string(), &["-n", "two"]);
    let victims = report["incidents"][0]["victims"].as_array().expect("it is a list");
    assert_eq!((victims.len(), &victims[0]["namespace"]), (1, &"two".into()));
    assert_eq!(report["filter"]["victims_left_out"], 1);
    assert_eq!(report["incidents"][0]["failures"], 3, "counts are of the whole incident");
    let evidence = report["incidents"][0]["evidence"].as_array().expect("it is a list");
    let others =
        |one: &Value| !one["source"].as_str().is_some_and(|source| source.contains("namespaces/two/"));
    assert!(!evidence.is_empty() && !evidence.iter().any(others), "{evidence:?}");
}

#[test]
fn the_report_says_what_was_filtered_and_from_when() {
    let archive = archive("filter-says").display().to_string();
    let (_, text, _) = run(&["--since", "2h", "-n", "two", &archive]);
    // The report is broken to the width of a terminal; what it says is not.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Filter: namespace two, since 2026-07-14T10:30:00Z",
        "counted back from the end of the gathering, 2026-07-14T12:30:00Z",
        "1 incident and 1 victim in other namespaces left out; counts are of whole incidents.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let (status, text, _) = run(&["--exit-code", "--cause", "etcd", &archive]);
    assert_eq!(status, Some(0), "what is left out is not found");
    assert!(
        text.contains("No incident is left by the filter") && text.contains("2 incidents left out"),
        "{text}"
    );
    let log = write(&scratch("filter-now"), "x.log", "all is well\n").display().to_string();
    let (_, text, _) = run(&["--since", "2h", &log]);
    assert!(text.contains("counted back from now"), "{text}");
}

#[test]
fn what_is_not_understood_is_refused() {
    for (options, said) in [
        (["--since", "yesterday"], "a duration"),
        (["--since", "2026-07-14"], "RFC 3339"),
        (["--cause", "nonsense"], "apiservice-unavailable"),
    ] {
        let (status, stdout, stderr) = run(&options);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{options:?}");
        assert!(stderr.contains(said), "{stderr}");
    }
}
