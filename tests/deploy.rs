//! What `deploy` holds works: the Job of Kubernetes is run pod by pod with the variables that Kubernetes sets,
//! the program for Spark on a local cluster that loses an executor, and the documented query on the table.
//!
//! Spark, DuckDB and the schema of Kubernetes come from PyPI (`pip install pyspark duckdb kubernetes-validate`).
//! They are used if the Python of the variable PYTHON, else `python3`, has them; a test that goes without says so.

#![cfg(unix)]

#[path = "archive_maker/clusters.rs"]
mod clusters;
#[path = "support/scratch.rs"]
mod scratch;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use scratch::{scratch, write};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_apiblame"))
}

/// A command with the built program on its PATH.
fn command(name: &str) -> Command {
    let folder = program().parent().expect("it lies in a folder");
    let mut command = Command::new(name);
    command.env("PATH", format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default()));
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The Python that has a module, if there is one.
fn python(module: &str) -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let has = command(&python).args(["-c", &format!("import {module}")]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("SKIPPED: {python} has no {module}");
    None
}

/// A Job, and the environment that it gives its container.
struct Job {
    job: Value,
    script: String,
    variables: BTreeMap<String, String>,
}

fn job(file: &str) -> Job {
    let text = fs::read_to_string(root().join("deploy/kubernetes").join(file)).expect("it is there");
    let job: Value = yaml_serde::from_str(&text).expect("it is YAML");
    assert_eq!((&job["apiVersion"], &job["kind"]), (&"batch/v1".into(), &"Job".into()));
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    let string = |value: &Value| value.as_str().expect("a string").to_owned();
    let variables = container["env"].as_array().expect("variables").iter();
    let variables = variables.map(|one| (string(&one["name"]), string(&one["value"]))).collect();
    assert_eq!(container["command"], serde_json::json!(["/bin/sh", "-c"]));
    Job { script: string(&container["args"][0]), variables, job }
}

/// Runs the container of a pod; volumes are folders of the test.
fn pod(job: &Job, index: Option<u64>, volumes: &[(&str, &Path)]) -> Output {
    let mut shell = command("/bin/sh");
    shell.args(["-c", &job.script]).envs(&job.variables).envs(volumes.iter().copied());
    if let Some(index) = index {
        shell.env("JOB_COMPLETION_INDEX", index.to_string());
    }
    shell.output().expect("there is a shell")
}

fn fleet(archives: &Path) -> Vec<u8> {
    let list = fs::read_dir(archives).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut list: Vec<PathBuf> = list.collect();
    list.sort();
    Command::new(program()).args(["fleet", "-o", "json"]).args(list).output().expect("it runs").stdout
}

#[test]
fn pods_of_the_job_read_every_archive_once() {
    let folder = scratch("deploy-job");
    let (archives, results) = (folder.join("archives"), folder.join("results"));
    fs::create_dir(&archives).expect("it can be made");
    fs::create_dir(&results).expect("it can be made");
    clusters::write(&archives, 20);
    write(&archives, "broken.tar.gz", b"\x1f\x8b no archive");
    let (read, report) = (job("fleet.yaml"), job("fleet-report.yaml"));
    let completions = read.job["spec"]["completions"].as_u64().expect("a number");
    assert_eq!(read.job["spec"]["completionMode"], "Indexed");
    assert_eq!(read.variables["APIBLAME_SHARDS"], completions.to_string(), "each index needs a share");
    let volumes = [("ARCHIVES", archives.as_path()), ("RESULTS", results.as_path())];
    for index in 0..completions {
        let done = pod(&read, Some(index), &volumes);
        assert!(done.status.success(), "pod {index}: {}", said(&done));
    }
    let written: Vec<PathBuf> = fs::read_dir(&results).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(written.len(), 20, "{written:?}");

    // A pod that was killed before its last file is started again.
    fs::remove_file(&written[7]).unwrap();
    for index in 0..completions {
        assert!(pod(&read, Some(index), &volumes).status.success());
    }
    assert!(written[7].is_file(), "what a killed pod left undone is done by the next");
    assert_eq!(pod(&read, Some(completions), &volumes).status.code(), Some(2), "there is no such share");

    let done = pod(&report, None, &volumes[1..]);
    assert!(done.status.success(), "{}", said(&done));
    let json: Value = serde_json::from_slice(&fs::read(results.join("fleet.json")).unwrap()).unwrap();
    let mut one: Value = serde_json::from_slice(&fleet(&archives)).unwrap();
    // Partials tell of what was read; the archive that is none was named by its pod.
    one["archives"]["unread"] = 0.into();
    one["coverage"]["unreadable"] = Value::Array(Vec::new());
    assert_eq!(json, one);
}

#[test]
fn the_manifests_fit_their_schema() {
    let Some(python) = python("kubernetes_validate") else { return };
    let validate = "import sys, yaml, kubernetes_validate as k\n\
        [k.validate(one, k.latest_version(), strict=True) for name in sys.argv[1:] for one in yaml.safe_load_all(open(name))]";
    let folder = root().join("deploy/kubernetes");
    let mut run = command(&python);
    run.args(["-c", validate]).args(["fleet.yaml", "fleet-report.yaml"].map(|name| folder.join(name)));
    let done = run.output().expect("it runs");
    assert!(done.status.success(), "{}", said(&done));
}

#[test]
fn spark_loses_an_executor_and_tells_the_same() {
    let Some(python) = python("pyspark") else { return };
    if command("java").arg("-version").output().is_err() {
        eprintln!("SKIPPED: there is no Java");
        return;
    }
    let folder = scratch("deploy-spark");
    clusters::write(&folder, 24);
    let test = root().join("deploy/spark/test.py");
    let done = command(&python).arg(test).arg(program()).arg(&folder).output().expect("it runs");
    assert!(done.status.success(), "{}", said(&done));
}

/// The query that docs/scale.md shows.
fn query() -> String {
    let page = fs::read_to_string(root().join("docs/scale.md")).expect("it is there");
    let block = page.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next());
    block.expect("a query is shown").to_owned()
}

#[test]
fn the_documented_query_is_answered() {
    let folder = scratch("deploy-duckdb");
    let archives = folder.join("archives");
    fs::create_dir(&archives).expect("it can be made");
    clusters::write(&archives, 20);
    let mut forms = vec!["ndjson"];
    if cfg!(feature = "parquet") {
        forms.push("parquet");
    } else {
        eprintln!("SKIPPED: built without the feature parquet");
    }
    let Some(python) = python("duckdb") else { return };
    for form in forms {
        let table = folder.join(format!("events.{form}"));
        let list = fs::read_dir(&archives).unwrap().map(|entry| entry.unwrap().path());
        let mut run = Command::new(program());
        run.args(["fleet", "-o", form, "--output-file"]).arg(&table).args(list);
        assert!(run.status().expect("it runs").success());
        let sql = query().replace("events.parquet", &table.display().to_string());
        let ask = "import duckdb, json, sys\nprint(json.dumps(duckdb.sql(sys.argv[1]).fetchall()))";
        let done = command(&python).args(["-c", ask, &sql]).output().expect("it runs");
        let answer: Value =
            serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{}", said(&done)));
        assert_eq!(answer, clusters::breaks_most_on("4.17", 20), "{form}: {answer}");
    }
}
