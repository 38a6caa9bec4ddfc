//! Logs of several programs in one answer of a log store: each program is told of as if its log had come alone.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/report.rs"]
mod report;
#[path = "support/scratch.rs"]
mod scratch;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use scratch::{scratch, write};
use serde_json::{Value, json};

/// A program that dies, one that recovers, and one that is refused.
const PROGRAMS: [(&str, &str); 3] =
    [("dies-0", "kopf-1.37.5-full"), ("recovers-0", "kopf-recovers"), ("forbidden-0", "kopf-forbidden")];

/// Pod, failures, impact and how its retries ended.
type Told = BTreeMap<(String, String), (u64, String)>;

fn input(case: &str) -> PathBuf {
    let wanted = format!("incidents/{case}");
    cases::cases(&["incidents"]).into_iter().find(|one| one.name == wanted).expect("it is a fixture").input
}

/// The records of a log: a line that begins with a bracket, and what follows it.
fn records(case: &str) -> Vec<Vec<String>> {
    let mut records: Vec<Vec<String>> = Vec::new();
    for line in fs::read_to_string(input(case)).unwrap().lines() {
        match records.last_mut() {
            Some(record) if !line.starts_with('[') => record.push(line.to_owned()),
            _ => records.push(vec![line.to_owned()]),
        }
    }
    records
}

/// Pod and line, record by record from one program after the other; time runs on with the lines.
fn interleaved() -> Vec<(&'static str, String)> {
    let mut programs = PROGRAMS.map(|(pod, case)| (pod, records(case).into_iter()));
    let mut lines = Vec::new();
    loop {
        let before = lines.len();
        for (pod, records) in &mut programs {
            lines.extend(records.next().into_iter().flatten().map(|line| (*pod, line)));
        }
        if lines.len() == before {
            return lines;
        }
    }
}

fn told(report: &str, pod: Option<&str>) -> Told {
    let report: Value = serde_json::from_str(report).unwrap();
    let mut told = Told::new();
    for incident in report["incidents"].as_array().unwrap() {
        for victim in incident["victims"].as_array().unwrap() {
            let name = pod.or(victim["pod"].as_str()).unwrap_or("nobody").to_owned();
            let id = incident["id"].as_str().unwrap().to_owned();
            let impact = victim["impact"].as_str().unwrap().to_owned();
            told.insert((id, name), (victim["failures"].as_u64().unwrap(), impact));
        }
    }
    told
}

/// What is told of each of the programs, read alone.
fn alone() -> Told {
    let each = PROGRAMS
        .iter()
        .map(|(pod, case)| told(&report::report(&[input(case)], report::settings()), Some(pod)));
    each.flatten().collect()
}

fn check(name: &str, document: &str) {
    let file = write(&scratch(&format!("stores-{name}")), "answer.json", document);
    assert_eq!(told(&report::report(&[file], report::settings()), None), alone(), "{name}");
}

/// Nanoseconds of the n-th line.
fn nanos(n: usize) -> String {
    format!("{}", 1_795_000_000_000_000_000_u64 + n as u64 * 1_000_000)
}

#[test]
fn programs_differ_in_what_became_of_them() {
    let impacts: std::collections::BTreeSet<String> =
        alone().into_values().map(|(_, impact)| impact).collect();
    assert!(impacts.len() >= 2 && impacts.contains("fatal"), "{impacts:?}");
}

#[test]
fn lines_of_logcli() {
    for names in [["kubernetes_namespace_name", "kubernetes_pod_name"], ["namespace", "pod"]] {
        let lines = interleaved().into_iter().enumerate().map(|(n, (pod, line))| {
            let labels = json!({ names[0]: "shop", names[1]: pod });
            json!({ "labels": labels, "line": line, "timestamp": nanos(n) }).to_string() + "\n"
        });
        check(&format!("logcli-{}", names[1]), &lines.collect::<String>());
    }
}

#[test]
fn an_answer_of_loki() {
    let mut streams: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (n, (pod, line)) in interleaved().into_iter().enumerate() {
        streams.entry(pod).or_default().push(json!([nanos(n), line]));
    }
    let streams: Vec<Value> = streams
        .into_iter()
        .map(|(pod, values)| json!({ "stream": { "namespace": "shop", "pod": pod }, "values": values }))
        .collect();
    let streams = Value::from(streams);
    let document = format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"streams\",\"result\":{streams},\"stats\":{{}}}}}}"
    );
    check("loki", &document);
}

#[test]
fn a_search_of_elasticsearch() {
    let hits: Vec<Value> = interleaved()
        .into_iter()
        .enumerate()
        .map(|(n, (pod, line))| {
            let at = format!("2026-11-18T11:{:02}:{:02}.{:03}Z", n / 60_000, n / 1000 % 60, n % 1000);
            json!({ "_source": { "@timestamp": at, "message": line,
                "kubernetes": { "namespace_name": "shop", "pod_name": pod, "container_name": "c" } } })
        })
        .collect();
    check("elasticsearch", &json!({ "took": 1, "hits": { "hits": hits } }).to_string());
}

#[test]
fn an_export_of_splunk() {
    let lines = interleaved().into_iter().enumerate().map(|(n, (pod, line))| {
        let time = format!("{}.{:03}", 1_795_000_000 + n / 1000, n % 1000);
        let result =
            json!({ "_raw": line, "_time": time, "namespace": "shop", "pod": pod, "container_name": "c" });
        json!({ "preview": false, "result": result }).to_string() + "\n"
    });
    check("splunk", &lines.collect::<String>());
}
