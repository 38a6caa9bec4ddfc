//! Each limit on what an input may cost: it can be set, it is kept, and what lies behind it is counted and
//! named in every report. A limit without a case here fails, and so does one that SECURITY.md does not list.

#[allow(dead_code, reason = "tests/archives.rs uses the rest")]
mod archive_maker;
#[path = "support/scratch.rs"]
mod scratch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use apiblame::limits::ROWS;
use archive_maker::{gzip, tar, zip};
use scratch::{scratch, write};
use serde_json::Value;

const FAILURE: &str = "the server is currently unable to handle the request";

/// An input that reaches a limit.
struct Case {
    /// The limit's name.
    limit: &'static str,
    /// A value that the input reaches, and one that it does not reach.
    values: (&'static str, &'static str),
    /// How often it is reached.
    count: u64,
    /// Whether something was not read for it: exit status 3, and named.
    unread: bool,
    /// The input's name and bytes.
    input: (&'static str, Vec<u8>),
}

fn klog(group: &str) -> String {
    format!("E1123 13:54:17.604149 7 m.go:2] couldn't get resource list for {group}.x.io/v1: {FAILURE}\n")
}

fn entry(path: &str, bytes: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    (path.to_owned(), bytes.into())
}

fn cases() -> Vec<Case> {
    let log = |name: &str| entry(name, klog("a"));
    let three = [log("a.log"), log("b.log"), log("c.log")];
    let traceback = format!(
        "E1123 13:54:17.604149 7 m.go:2] {FAILURE} (get things.x.io)\nTraceback (most recent call last):\n{}x.Error: 503\n",
        "  File \"a.py\", line 1, in a\n".repeat(50)
    );
    let pods = "mg/namespaces/a/core/pods.yaml";
    let object = format!("kind: PodList\nitems:\n- metadata:\n    name: {}\n", "x".repeat(200));
    let bomb = format!(
        "a: &a [{}]\nb: &b [{}]\nc: [{}]\nkind: PodList\n",
        "lol, ".repeat(40),
        "*a, ".repeat(40),
        "*b, ".repeat(40)
    );
    let groups: String = ["a", "b", "c", "d", "e"].map(klog).concat();
    #[rustfmt::skip]
    let cases = vec![
        Case { limit: "line", values: ("256", "128KiB"), count: 1, unread: false,
            input: ("a.log", format!("{} {FAILURE} (get x.y.io)\n", "x".repeat(400)).into_bytes()) },
        Case { limit: "record", values: ("300", "64KiB"), count: 1, unread: false, input: ("a.log", traceback.clone().into_bytes()) },
        Case { limit: "context", values: ("10", "240"), count: 1, unread: false, input: ("a.log", traceback.into_bytes()) },
        Case { limit: "entries", values: ("2", "3"), count: 1, unread: true, input: ("a.tar", tar(&three)) },
        Case { limit: "depth", values: ("1", "2"), count: 1, unread: true,
            input: ("a.tar", tar(&[log("a.log"), entry("b.tar", tar(&three))])) },
        Case { limit: "unpacked", values: ("1MiB", "4MiB"), count: 1, unread: true,
            input: ("a.gz", gzip(format!("{groups}{}", "fine\n".repeat(600_000)).as_bytes())) },
        Case { limit: "ratio", values: ("10", "2000"), count: 1, unread: true,
            input: ("a.gz", gzip("fine\n".repeat(14_000_000).as_bytes())) },
        Case { limit: "held", values: ("100", "1MiB"), count: 1, unread: true,
            input: ("a.tar", tar(&[log("a.log"), entry("b.zip", zip(&three))])) },
        Case { limit: "object", values: ("100", "32MiB"), count: 1, unread: true,
            input: ("a.tar", tar(&[log("a.log"), entry(pods, object.clone())])) },
        Case { limit: "objects", values: ("300", "600"), count: 1, unread: true,
            input: ("a.tar", tar(&[log("a.log"), entry(pods, object.clone()), entry("mg/namespaces/b/core/pods.yaml", object)])) },
        Case { limit: "aliases", values: ("1KiB", "1MiB"), count: 1, unread: true,
            input: ("a.tar", tar(&[log("a.log"), entry(pods, bomb)])) },
        Case { limit: "path", values: ("20", "4KiB"), count: 2, unread: true,
            input: ("a.tar", tar(&[log("a.log"), log("a-name-that-is-too-long-1.log"), log("a-name-that-is-too-long-2.log")])) },
        Case { limit: "kinds", values: ("2", "5"), count: 3, unread: false, input: ("a.log", groups.clone().into_bytes()) },
        Case { limit: "sources", values: ("2", "3"), count: 1, unread: false,
            input: ("a.tar", tar(&[log("a.log"), log("b.log"), entry("c.log", "fine\n")])) },
        Case { limit: "incidents", values: ("2", "5"), count: 3, unread: false, input: ("a.log", groups.into_bytes()) },
    ];
    cases
}

fn run(path: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    command.env_clear().stdin(Stdio::null()).args(args).arg(path).output().expect("the program was built")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("the report is JSON")
}

/// The limits that a report names, with their counts.
fn reached(report: &Value) -> BTreeMap<String, u64> {
    let limits = report["coverage"]["limits"].as_array().expect("limits are listed");
    let named = |one: &Value| Some((one["limit"].as_str()?.to_owned(), one["count"].as_u64()?));
    limits.iter().filter_map(named).collect()
}

fn failures(report: &Value) -> u64 {
    let incidents = report["incidents"].as_array().expect("incidents are listed");
    incidents.iter().filter_map(|one| one["failures"].as_u64()).sum()
}

fn check(case: &Case, path: &Path, slow: bool) {
    let flag = format!("--max-{}", case.limit);
    let output = run(path, &["-o", "json", &flag, case.values.0]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    let report = json(&output);
    assert_eq!(
        reached(&report),
        BTreeMap::from([(case.limit.to_owned(), case.count)]),
        "{flag}: {complaint}"
    );
    assert_eq!(output.status.code(), Some(if case.unread { 3 } else { 0 }), "{flag}: {complaint}");
    assert_eq!(complaint.contains(&flag), case.unread, "{flag}: {complaint}");
    assert_eq!(report["coverage"]["failures"], failures(&report), "{flag}: failures add up");
    if slow {
        return;
    }
    let whole = run(path, &["-o", "json", &flag, case.values.1]);
    assert_eq!(reached(&json(&whole)), BTreeMap::new(), "{flag} {}", case.values.1);
    assert_eq!(whole.status.code(), Some(0), "{}", String::from_utf8_lossy(&whole.stderr));
    for format in ["text", "markdown", "html"] {
        let text = run(path, &["-o", format, &flag, case.values.0]).stdout;
        let text = String::from_utf8_lossy(&text).replace('\\', "");
        assert!(text.contains(&flag), "{format} does not name {flag}: {text}");
    }
}

#[test]
fn each_limit_is_kept_and_told() {
    let cases = cases();
    let tried: Vec<&str> = cases.iter().map(|case| case.limit).collect();
    assert_eq!(tried, ROWS.iter().map(|row| row.name).collect::<Vec<_>>(), "a limit without a case");
    let folder = scratch("limits");
    for case in &cases {
        let path: PathBuf = write(&folder, &format!("{}-{}", case.limit, case.input.0), &case.input.1);
        check(case, &path, case.limit == "ratio");
    }
}

#[test]
fn files_of_folders_are_entries_too() {
    let folder = scratch("limits-folder");
    (0..5).for_each(|n| drop(write(&folder, &format!("{n}.log"), klog("a"))));
    let output = run(&folder, &["-o", "json", "--max-entries", "3"]);
    assert_eq!((json(&output)["coverage"]["sources"].as_u64(), output.status.code()), (Some(3), Some(3)));
    assert_eq!(reached(&json(&output)), BTreeMap::from([("entries".to_owned(), 1)]));
}

#[test]
fn the_report_does_not_depend_on_the_blocks_whatever_the_limits() {
    let text = format!("{} {FAILURE} (get x.y.io)\n{}", "x".repeat(3000), klog("a")).repeat(200);
    let path = write(&scratch("limits-blocks"), "a.log", text);
    for limits in
        [["--max-line", "1KiB", "--max-record", "256"], ["--max-line", "1MiB", "--max-record", "1MiB"]]
    {
        let told = |block| {
            let row = |name: &str| ROWS.iter().find(|row| row.flag == name).expect("it is a limit");
            let limits = limits.chunks(2).fold(apiblame::limits::Limits::default(), |all, pair| {
                all.with(row(pair[0]).limit, row(pair[0]).unit.parse(pair[1]).expect("it is a value"))
            });
            let settings = apiblame::pipeline::Settings { block, limits, ..Default::default() };
            apiblame::report::json(
                &apiblame::pipeline::run(std::slice::from_ref(&path), settings).expect("it runs"),
            )
        };
        let whole = told(usize::MAX / 4);
        for block in [512, 4096, 100_000] {
            assert!(told(block) == whole, "{limits:?}, blocks of {block}");
        }
    }
}

#[test]
fn values_that_make_no_sense_are_refused() {
    let path = write(&scratch("limits-values"), "a.log", klog("a"));
    for (flag, value) in
        [("--max-line", "1"), ("--max-line", "a lot"), ("--max-depth", "0"), ("--max-ratio", "1k")]
    {
        let output = run(&path, &[flag, value]);
        assert_eq!(output.status.code(), Some(2), "{flag} {value}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("a value from"), "{flag} {value}");
    }
}

#[test]
fn security_md_lists_every_limit_with_its_default() {
    let page = include_str!("../SECURITY.md");
    for row in ROWS {
        let (flag, default) = (row.flag, row.unit.show(row.default));
        assert!(page.contains(&format!("| `{flag}` | {default} |")), "| `{flag}` | {default} | {}", row.help);
    }
}
