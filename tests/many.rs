//! Many inputs: one record for each, shares that are disjoint and whole, folders that are gone on with, and a
//! fleet report that does not depend on who has read what.

#[expect(dead_code, reason = "other tests make other archives")]
mod archive_maker;
#[path = "support/program.rs"]
mod program;
#[path = "support/scratch.rs"]
mod scratch;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use archive_maker::{Entries, gzip, tar};
use program::run;
use scratch::{scratch, write};
use serde_json::Value;

/// An archive of a cluster of this version, in which an operator of this version serves the broken API of
/// metrics, and a program died of it.
fn archive(release: &str, operator: &str, broken: bool) -> Vec<u8> {
    let (status, day) = if broken { ("False", 14) } else { ("True", 15) };
    let version = format!(
        "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata:\n  name: version\nstatus:\n  history:\n  - state: Completed\n    version: {release}\n"
    );
    let apiservice = format!(
        "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: v1beta1.metrics.k8s.io\n  labels:\n    olm.owner: meter.v{operator}\n    olm.owner.namespace: ns\nspec:\n  group: metrics.k8s.io\n  version: v1beta1\n  service:\n    namespace: ns\n    name: s\nstatus:\n  conditions:\n  - type: Available\n    status: \"{status}\"\n    reason: MissingEndpoints\n    message: none\n"
    );
    let csv = format!(
        "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nmetadata:\n  name: meter.v{operator}\n  namespace: ns\nspec:\n  version: {operator}\nstatus:\n  phase: Succeeded\n"
    );
    let log = format!(
        "2026-07-{day}T08:55:13.000001Z E07{day} 08:55:13.000001    1353 memcache.go:287] couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request\n"
    );
    let mut entries: Entries = vec![
        (
            "mg/q/cluster-scoped-resources/config.openshift.io/clusterversions/version.yaml".into(),
            version.into(),
        ),
        (
            "mg/q/cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1beta1.metrics.k8s.io.yaml"
                .into(),
            apiservice.into(),
        ),
        (
            format!("mg/q/namespaces/ns/operators.coreos.com/clusterserviceversions/meter.v{operator}.yaml"),
            csv.into(),
        ),
    ];
    if broken {
        entries
            .push(("mg/q/namespaces/app/pods/shop-6869d6f56f-6r5ct/c/c/logs/current.log".into(), log.into()));
    }
    gzip(&tar(&entries))
}

/// Twelve archives, one of which is a copy; two that cannot be read, one wholly and one to its end.
fn archives(folder: &Path) -> Vec<String> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for n in 0..11_u32 {
        let release = format!("4.{}.{}", 16 + n % 2, n / 4);
        let bytes = archive(&release, &format!("1.{}.0", n % 3), n % 4 != 3);
        paths.push(write(folder, &format!("{n:02}.tar.gz"), &bytes));
    }
    paths.push(write(folder, "copy of 00.tar.gz", fs::read(&paths[0]).unwrap()));
    let whole = fs::read(&paths[1]).unwrap();
    paths.push(write(folder, "cut.tar.gz", &whole[..whole.len() - 40]));
    paths.push(folder.join("missing.tar.gz"));
    paths.iter().map(|path| path.display().to_string()).collect()
}

/// The list as a file.
fn list(folder: &Path, paths: &[String]) -> String {
    write(folder, "list", paths.join("\n")).display().to_string()
}

fn with_env(env: &[(&str, &str)], args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    command.env_clear().envs(env.iter().copied()).stdin(Stdio::null()).args(args);
    let output = command.output().expect("the program was built");
    (output.status.code(), String::from_utf8(output.stdout).expect("the program prints UTF-8"))
}

#[test]
fn one_record_for_each_path_whatever_it_holds() {
    let folder = scratch("many-records");
    let paths = archives(&folder);
    let (status, out, error) = run(&["-o", "json", "--paths-from", &list(&folder, &paths)]);
    assert_eq!(status, Some(3), "{error}");
    let records: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: BTreeSet<&str> = records.iter().map(|record| record["path"].as_str().unwrap()).collect();
    assert_eq!((records.len(), told), (paths.len(), paths.iter().map(String::as_str).collect()));
    let missing = records.iter().find(|record| record["path"] == paths[13].as_str()).unwrap();
    assert_eq!((&missing["error"], &missing["report"]), (&"no such file or directory".into(), &Value::Null));
    let cut = records.iter().find(|record| record["path"] == paths[12].as_str()).unwrap();
    assert!(
        cut["error"].is_null() && !cut["report"]["coverage"]["unreadable"].as_array().unwrap().is_empty()
    );
    let broken = records.iter().find(|record| record["path"] == paths[0].as_str()).unwrap();
    assert_eq!(broken["report"]["incidents"][0]["apiservice"], "v1beta1.metrics.k8s.io");
    assert_eq!(broken["report"]["cluster"]["openshift_version"], "4.16.0");

    let nul = write(&folder, "nul", paths[..3].join("\0")).display().to_string();
    let (status, out, _) = run(&["-0", "-o", "json", "--paths-from", &nul]);
    assert_eq!((status, out.lines().count()), (Some(0), 3));
    let empty = write(&folder, "empty", "").display().to_string();
    assert_eq!(run(&["-o", "json", "--paths-from", &empty]).0, Some(0), "an empty share is none");
    let (_, none, _) = run(&["-o", "partial", "--paths-from", &empty]);
    let none = write(&folder, "none.partial", none).display().to_string();
    let (status, out, error) = run(&["fleet", "-o", "ndjson", &none]);
    assert_eq!(
        (status, out.as_str(), error.as_str()),
        (Some(0), "", ""),
        "the partial of an empty share is whole"
    );
    assert_eq!(run(&["--paths-from", &nul]).0, Some(2), "text cannot be told record from record");
}

#[test]
fn shares_are_disjoint_and_whole() {
    let folder = scratch("many-shares");
    let paths = archives(&folder);
    let list = list(&folder, &paths);
    let told = |out: &str| -> Vec<String> {
        let path = |line| serde_json::from_str::<Value>(line).unwrap()["path"].as_str().unwrap().to_owned();
        out.lines().map(path).collect()
    };
    let (mut by_flag, mut by_job) = (Vec::new(), Vec::new());
    for index in ["0", "1", "2"] {
        let flag = told(&run(&["-o", "json", "--paths-from", &list, "--shard", &format!("{index}/3")]).1);
        let env = [("JOB_COMPLETION_INDEX", index), ("APIBLAME_SHARDS", "3")];
        let job = told(&with_env(&env, &["-o", "json", "--paths-from", &list]).1);
        let as_set = |paths: &[String]| paths.iter().cloned().collect::<BTreeSet<_>>();
        assert_eq!(as_set(&flag), as_set(&job), "pod {index}");
        by_flag.extend(flag);
        by_job.extend(job);
    }
    for mut all in [by_flag, by_job] {
        all.sort();
        let mut expected = paths.clone();
        expected.sort();
        assert_eq!(all, expected);
    }
    let alone = with_env(&[("JOB_COMPLETION_INDEX", "1")], &["-o", "json", "--paths-from", &list]);
    assert_eq!(alone.1.lines().count(), paths.len(), "an index without a count is no share");
    for env in [&[("APIBLAME_SHARDS", "3")][..], &[("APIBLAME_SHARDS", "3"), ("JOB_COMPLETION_INDEX", "3")]] {
        assert_eq!(with_env(env, &["-o", "json", "--paths-from", &list]).0, Some(2), "{env:?}");
    }
}

#[test]
fn what_is_done_is_not_done_again() {
    let folder = scratch("many-folder");
    let paths = archives(&folder);
    let (list, out) = (list(&folder, &paths), folder.join("out"));
    let go = || run(&["-o", "partial", "--paths-from", &list, "--output-dir", out.to_str().unwrap()]);
    assert_eq!(go().0, Some(3));
    let files =
        || -> BTreeSet<PathBuf> { fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect() };
    let first = files();
    assert_eq!(first.len(), paths.len() - 1, "what could not be read is tried again");
    let victim = first.iter().find(|path| path.to_str().unwrap().contains("03.tar.gz")).unwrap();
    for path in &first {
        if path != victim {
            fs::write(path, "was here").unwrap();
        }
    }
    fs::remove_file(victim).unwrap();
    assert_eq!(go().0, Some(3));
    assert_eq!(files(), first);
    let again = first.iter().filter(|path| fs::read(path).unwrap() != b"was here").count();
    assert_eq!(again, 1, "only what is missing is done");
}

#[test]
fn a_fleet_is_the_same_whoever_has_read_it() {
    let folder = scratch("many-fleet");
    let paths = archives(&folder);
    let list = list(&folder, &paths);
    for format in ["json", "text", "markdown", "html", "ndjson"] {
        let (status, one, error) = run(&["fleet", "-o", format, "--paths-from", &list]);
        assert_eq!(status, Some(3), "{error}");
        let mut partials = Vec::new();
        for index in 0..4 {
            let file = folder.join(format!("{index}.partial")).display().to_string();
            let shard = format!("{index}/4");
            let args = ["-o", "partial", "--paths-from", &list, "--shard", &shard, "--output-file", &file];
            assert!(matches!(run(&args).0, Some(0 | 3)));
            partials.push(file);
        }
        let partials: Vec<&str> =
            partials.iter().map(String::as_str).filter(|path| Path::new(path).exists()).collect();
        let (_, parts, _) = run(&[&["fleet", "-o", format][..], &partials].concat());
        assert!(one == parts, "{format}, from partials");
        let (_, merged, _) = run(&[&["merge", "-o", "partial"][..], &partials].concat());
        let merged = write(&folder, "merged.partial", merged).display().to_string();
        let (_, merged, _) = run(&["fleet", "-o", format, &merged]);
        assert!(one == merged, "{format}, from one partial");
    }
}

#[test]
fn a_fleet_counts_clusters_versions_and_victims() {
    let folder = scratch("many-counts");
    let paths = archives(&folder);
    let (_, out, _) =
        run(&[&["fleet", "-o", "json"], &paths.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat());
    let fleet: Value = serde_json::from_str(&out).unwrap();
    let archives = &fleet["archives"];
    // The archive that is cut off is read as far as it goes; it is no copy of the whole one.
    assert_eq!(
        (&archives["read"], &archives["unread"], &archives["copies"]),
        (&12.into(), &1.into(), &1.into()),
        "{archives}"
    );
    let incident = &fleet["incidents"][0];
    assert_eq!(incident["apiservice"], "v1beta1.metrics.k8s.io");
    let broken = (0..11).filter(|n| n % 4 != 3).count() as u64;
    let clusters = incident["clusters"].as_u64().unwrap();
    assert!(clusters == broken || clusters == broken + 1, "{incident}");
    assert_eq!(incident["victims"][0]["program"], "app/shop");
    assert_eq!(incident["first_seen"], "2026-07-14T08:55:13.000Z");
    let places = incident["places"].as_array().unwrap();
    let sum: u64 = places.iter().map(|place| place["clusters"].as_u64().unwrap()).sum();
    assert_eq!(sum, clusters);
    assert!(
        places.iter().all(|place| place["owner"] == "meter" && place["owner_version"].is_string()),
        "{places:?}"
    );
    let releases: Vec<&str> = fleet["releases"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["openshift_version"].as_str())
        .collect();
    assert_eq!(releases, ["4.16.0", "4.16.1", "4.16.2", "4.17.0", "4.17.1", "4.17.2"]);
    let cells = fleet["matrix"].as_array().unwrap();
    let healthy: u64 = cells.iter().map(|cell| cell["healthy"].as_u64().unwrap()).sum();
    assert_eq!(healthy, 2, "{cells:?}");
}
