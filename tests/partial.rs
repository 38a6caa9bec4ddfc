//! Partials: however sources are divided among processes, and in whatever order their partials are put
//! together, the report is that of one run over all of them, byte for byte.
//!
//! The sources are the logs of all fixtures and archives made in memory, with objects, copies of logs and
//! objects in several trees, damage and secrets.

#[expect(dead_code, reason = "other tests make other archives")]
mod archive_maker;
#[path = "support/cases.rs"]
mod cases;
#[path = "support/diff.rs"]
mod diff;
#[path = "support/program.rs"]
mod program;
#[path = "support/report.rs"]
mod report;
#[path = "support/scratch.rs"]
mod scratch;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use apiblame::partial::Unit;
use apiblame::pipeline;
use archive_maker::{gzip, tar, tree};
use proptest::prelude::*;
use scratch::{scratch, write};

const APISERVICE: &str = "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: v1beta1.metrics.k8s.io\n  \
    resourceVersion: \"REVISION\"\nspec:\n  group: metrics.k8s.io\n  version: v1beta1\n  service:\n    namespace: ns\n    name: s\n\
    status:\n  conditions:\n  - type: Available\n    status: \"False\"\n    reason: MissingEndpoints\n    message: password=hunter2 \
    has no addresses\n";

/// Archives that share logs and objects, and one that is cut off.
fn archives(folder: &Path) -> Vec<PathBuf> {
    let object = |revision: &str| APISERVICE.replace("REVISION", revision).into_bytes();
    let place = "cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1beta1.metrics.k8s.io.yaml";
    let mut first = tree();
    first.push((format!("mg/q/{place}"), object("7")));
    first.push((format!("mg/r/{place}"), object("7")));
    let mut second = tree();
    second.push((format!("mg/q/{place}"), object("9")));
    second.push((format!("mg/r/{place}"), b"kind: [".to_vec()));
    let mut third = first.clone();
    third.retain(|(name, _)| !name.ends_with("current.log"));
    let whole = gzip(&tar(&second));
    vec![
        write(folder, "b.tar.gz", &whole),
        write(folder, "a.tar", tar(&first)),
        write(folder, "c.tar", tar(&third)),
        write(folder, "d.tar.gz", &whole[..whole.len() / 2]),
        folder.join("missing.tar"),
    ]
}

/// Every source, and its partial.
static SOURCES: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let logs = cases::cases(&["incidents", "signatures", "quiet"]).into_iter().map(|case| case.input);
    let mut paths: Vec<PathBuf> = logs.collect();
    let hostile = fs::read_dir(cases::fixtures().join("hostile")).unwrap();
    paths.extend(hostile.map(|entry| entry.unwrap().path()));
    // Every test is a process of its own, which must not take the archives away from another.
    paths.extend(archives(&scratch(&format!("partial-sources-{}", std::process::id()))));
    let lines = Mutex::new(Vec::new());
    pipeline::units(paths.into_iter(), report::settings(), |unit| {
        lines.lock().unwrap().push((PathBuf::from(&unit.path), unit.to_line()));
    })
    .unwrap();
    lines.into_inner().unwrap()
});

/// The report over the partials in a file.
fn merged(file: &Path) -> String {
    let (joined, _) = pipeline::collect([file.to_path_buf()].into_iter(), report::settings()).unwrap();
    apiblame::report::json(&pipeline::judge(&joined))
}

fn check(name: &str, chosen: &[usize]) {
    let folder = scratch(name);
    let sources: Vec<&(PathBuf, String)> = chosen.iter().map(|&at| &SOURCES[at % SOURCES.len()]).collect();
    let paths: Vec<PathBuf> = sources.iter().map(|(path, _)| path.clone()).collect();
    let expected = report::report(&paths, report::settings());
    // In the order given, with what was chosen twice; the reports of halves put together; backwards.
    let all: String = sources.iter().map(|(_, line)| line.as_str()).collect();
    let backwards: String = sources.iter().rev().map(|(_, line)| line.as_str()).collect();
    for lines in [all, backwards] {
        let actual = merged(&write(&folder, "all.partial", &lines));
        assert!(expected == actual, "{}", diff::diff(&expected, &actual));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn any_split_in_any_order(chosen in prop::collection::vec(any::<usize>(), 1..40)) {
        check("partial-any", &chosen);
    }
}

#[test]
fn all_sources_at_once() {
    let all: Vec<usize> = (0..SOURCES.len()).collect();
    check("partial-all", &all);
}

#[test]
fn archives_that_share_logs_and_objects() {
    let last = SOURCES.iter().enumerate().filter(|(_, (path, _))| path.to_string_lossy().contains(".tar"));
    let archives: Vec<usize> = last.map(|(at, _)| at).collect();
    assert_eq!(archives.len(), 5);
    for pair in archives.iter().flat_map(|a| archives.iter().map(move |b| [*a, *b])) {
        check("partial-archives", &pair);
    }
    check("partial-archives", &archives);
}

#[test]
fn a_partial_reads_back_as_it_was_written() {
    for (path, line) in SOURCES.iter() {
        let unit = Unit::from_line(line).unwrap();
        assert_eq!(unit.to_line(), *line, "{}", path.display());
        assert_eq!(line.matches('\n').count(), 1, "{}", path.display());
        assert!(!line.contains("hunter2"), "a secret in the partial of {}", path.display());
    }
}

#[test]
fn merging_partials_gives_one_partial_whatever_their_order() {
    let folder = scratch("partial-merge");
    let lines: Vec<&str> = SOURCES.iter().map(|(_, line)| line.as_str()).collect();
    let (first, second) = lines.split_at(lines.len() / 3);
    let [a, b, c] = [
        write(&folder, "a.partial", first.concat()),
        write(&folder, "b.partial.zst", zstd::encode_all(second.concat().as_bytes(), 1).unwrap()),
        write(&folder, "c.partial.gz", gzip(lines[..20].concat().as_bytes())),
    ]
    .map(|path| path.display().to_string());
    let merge = |paths: &[&str]| {
        let args: Vec<&str> = ["merge", "-o", "partial"].into_iter().chain(paths.iter().copied()).collect();
        let (status, out, error) = program::run(&args);
        assert_eq!((status, error.as_str()), (Some(0), ""));
        out
    };
    let all = merge(&[&a, &b]);
    assert_eq!(all.lines().count(), SOURCES.len());
    assert!(all == merge(&[&b, &c, &a, &a]), "the order or a repetition changes what is merged");
    let ab = write(&folder, "ab.partial", merge(&[&a, &c])).display().to_string();
    assert!(all == merge(&[&b, &ab]), "merging in steps changes what is merged");
}

#[test]
fn bad_partials_are_named_and_passed_over() {
    let folder = scratch("partial-bad");
    let good = &SOURCES[0].1;
    let (other, odd) =
        (&SOURCES[1].1, good.replacen("\"apiblame_partial\":1", "\"apiblame_partial\":999", 1));
    let unknown = good.replacen("\"signature\":\"", "\"signature\":\"XX-", 1);
    let bad = write(&folder, "bad.partial", [odd.as_str(), other, &good[..good.len() / 2]].concat());
    let text = write(&folder, "text.log", "no partial\nat all\n");
    let empty = write(&folder, "empty.partial", "");
    let good = write(&folder, "good.partial", good);
    let unknown = write(&folder, "unknown.partial", unknown);
    let missing = folder.join("missing.partial");
    let names = [&good, &bad, &text, &empty, &unknown, &missing].map(|path| path.display().to_string());
    let args: Vec<&str> =
        ["merge", "-o", "json"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let (status, out, error) = program::run(&args);
    assert_eq!(status, Some(3), "{error}");
    for told in [
        "bad.partial:1: a partial of form 999",
        "bad.partial:3: a partial that cannot be read: EOF",
        "text.log: it is no partial",
        "empty.partial: it is empty",
        "is not known to this version",
        "missing.partial: no such file",
    ] {
        assert!(error.contains(told), "{told} is not in {error}");
    }
    assert!(out.contains("bad.partial:1") && out.contains("\"sources\": 2"), "{out}");
    let (status, ..) = program::run(&["merge", &names[2]]);
    assert_eq!(status, Some(2));
}

#[test]
fn sources_say_the_same_when_they_are_read_for_a_partial() {
    let folder = scratch("partial-program");
    let inputs: Vec<String> = SOURCES.iter().take(12).map(|(path, _)| path.display().to_string()).collect();
    let partial = folder.join("all.partial.zst").display().to_string();
    let names = || inputs.iter().map(String::as_str);
    let (status, ..) = program::run(
        &["-o", "partial", "--output-file", &partial].into_iter().chain(names()).collect::<Vec<_>>(),
    );
    assert_eq!(status, Some(0));
    assert!(fs::metadata(&partial).unwrap().len() > 0);
    for format in ["json", "text", "markdown", "html", "ndjson"] {
        let args = ["-o", format, "--color", "never"];
        let (_, direct, _) = program::run(&args.into_iter().chain(names()).collect::<Vec<_>>());
        let (_, merged, _) = program::run(&[&["merge"], &args[..], &[&partial]].concat());
        assert!(direct == merged, "{format}: {}", diff::diff(&direct, &merged));
    }
}
