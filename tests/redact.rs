//! `--redact` over everything there is: no host, address, user or namespace of a log is left in any form
//! of its report.
//!
//! What must not be left is read from the raw logs here, by patterns that are not the program's. The logs
//! are those of `fixtures` and, where it is, of the corpus (the folder that APIBLAME_CORPUS names, or
//! `../shared/corpus`): archives are opened, and single lines made to logs.

#[path = "redact/raw.rs"]
mod raw;
#[path = "support/scratch.rs"]
mod scratch;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use apiblame::pipeline::{self, Settings};
use apiblame::report::{self, Report, Style};
use rayon::prelude::*;
use scratch::{scratch, write};

/// Every form of a report.
fn forms(report: &Report) -> [(&'static str, String); 5] {
    [
        ("wide", report::text(report, Style { width: 200, verbose: true })),
        ("json", report::json(report)),
        ("ndjson", report::ndjson(report)),
        ("markdown", report::markdown(report, Style { width: 200, verbose: true })),
        ("html", report::html(report)),
    ]
}

/// Words, as a name is one: dots and dashes belong to it.
fn words(text: &str) -> BTreeSet<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    text.split(|c| !is_word(c)).map(|word| word.trim_matches(['.', '-', '_'])).collect()
}

/// What is left of the names of an input in its report, form by form.
fn left(path: &Path, empty: &[(&'static str, String); 5]) -> Vec<String> {
    let names = raw::names(path);
    let mut report = pipeline::run(&[path.to_owned()], Settings::default()).expect("threads start");
    apiblame::redact::redact(&mut report);
    let mut left = Vec::new();
    for ((form, text), (_, nothing)) in forms(&report).iter().zip(empty) {
        // Words that each report has, such as the keys of the JSON report, tell nothing.
        let (said, usual) = (words(text), words(nothing));
        let found = |name: &&String| match name.contains([':', '@']) {
            true => text.contains(name.as_str()),
            false => said.contains(name.as_str()) && !usual.contains(name.as_str()),
        };
        left.extend(names.iter().filter(found).map(|name| format!("{}: {form}: {name}", path.display())));
    }
    left
}

fn none_is_left(paths: &[PathBuf]) {
    let empty = forms(&Report::default());
    // As much stack as the program's own first thread has.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(8 << 20).build().expect("threads start");
    let left: Vec<String> = pool.install(|| paths.par_iter().flat_map(|path| left(path, &empty)).collect());
    assert!(left.is_empty(), "{} names are left:\n{}", left.len(), left.join("\n"));
}

fn logs(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("it is a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => all.extend(logs(&path)),
            path if path.ends_with("input.log") => all.push(path),
            _ => {}
        }
    }
    all
}

#[test]
fn of_the_fixtures() {
    let paths = logs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"));
    assert!(paths.len() > 100, "{} logs", paths.len());
    none_is_left(&paths);
}

#[test]
fn of_the_corpus() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let corpus = std::env::var_os("APIBLAME_CORPUS").map_or(beside, PathBuf::from);
    if !corpus.exists() {
        eprintln!("skipped: there is no corpus at {}", corpus.display());
        return;
    }
    let folder = scratch("redact-lines");
    let mut paths = Vec::new();
    for set in fs::read_dir(&corpus).expect("it is a folder").flatten().map(|entry| entry.path()) {
        let Ok(cases) = fs::read_to_string(set.join("cases.jsonl")) else { continue };
        for (n, case) in cases.lines().enumerate() {
            let case: serde_json::Value = serde_json::from_str(case).expect("a case is JSON");
            match (case["input"].as_str(), case["text"].as_str()) {
                (Some(input), _) => paths.push(set.join(input)),
                (_, Some(text)) => paths.push(write(&folder, &format!("{n}.log"), format!("{text}\n"))),
                _ => panic!("a case without an input: {case}"),
            }
        }
    }
    assert!(!paths.is_empty());
    none_is_left(&paths);
}

/// The flag, and what goes to standard error.
#[test]
fn the_program_names_nobody() {
    let folder = scratch("redact-program");
    let log = write(
        &folder,
        "till.log",
        "2026-11-23T13:44:11Z E \"failed\" err=\"Get \\\"https://api.prod.example.com:6443/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods\\\": \
         the server is currently unable to handle the request\" namespace=\"shop\" user=\"alice\"\n",
    );
    let missing = folder.join("namespaces/shop/gone.log");
    for form in ["text", "wide", "json", "ndjson", "markdown", "html"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
        command.env_clear().stdin(Stdio::null()).args(["--redact", "-n", "shop,other", "-o", form]);
        let output = command.args(["--namespace", "shop"]).arg(&log).arg(&missing).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        for name in ["shop", "alice", "example.com"] {
            assert!(!said.contains(name), "{form} names {name}: {said}");
        }
        assert!(String::from_utf8_lossy(&output.stderr).contains("namespaces/NAMESPACE-"), "{said}");
    }
}

/// The inventory of an archive, which is made of objects alone.
#[test]
fn an_inventory_names_nobody() {
    let folder = scratch("redact-inventory").join("case-of-till");
    let objects = folder.join("must-gather/quay/cluster-scoped-resources/apiregistration.k8s.io/apiservices");
    let services = folder.join("must-gather/quay/namespaces/shop/core");
    for folder in [&objects, &services] {
        fs::create_dir_all(folder).expect("it can be made");
    }
    let apiservice = "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.x.shop.example}\n\
        spec: {group: x.shop.example, version: v1, service: {namespace: shop, name: till}}\n\
        status: {conditions: [{type: Available, status: 'False', reason: MissingEndpoints}]}\n";
    write(&objects, "v1.x.shop.example.yaml", apiservice);
    write(&services, "services.yaml", "kind: ServiceList\napiVersion: v1\nitems: []\n");
    for form in ["text", "json", "markdown"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
        command.env_clear().args(["inventory", "--redact", "-o", form]).arg(&folder);
        let output = command.output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("v1.x.shop.example") && said.contains("NAMESPACE-1"), "{form}: {said}");
        let without = said.replace("v1.x.shop.example", "");
        assert!(!words(&without).contains("shop"), "{form}: {without}");
    }
}
