//! The program as its users meet it: exit statuses, streams, colours, pipes, the JSON contract.
//!
//! Every run starts from an empty environment, so that no variable of the machine that runs the tests
//! can decide what is printed.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/contract.rs"]
mod contract;
#[path = "support/scratch.rs"]
mod scratch;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use cases::{cases, fixtures};
use scratch::{scratch, write};

/// The founding incident.
const STORY: &str = "incidents/kopf-1.37.5-full/input.log";
const CULPRIT: &str = "v1.admission.autoscaling.openshift.io";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    command.env_clear().stdin(Stdio::null());
    command
}

fn story() -> String {
    fixtures().join(STORY).display().to_string()
}

/// How a run ended.
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        Run { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

fn run(args: &[&str]) -> Run {
    program().args(args).output().expect("the program was built").into()
}

/// A run with `text` piped in.
fn piped(args: &[&str], text: &[u8]) -> Run {
    let mut child = program()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(text).expect("the program reads its input to the end");
    drop(stdin);
    child.wait_with_output().expect("the program ends").into()
}

/// A report was given and nothing complained of.
fn reported(run: &Run) {
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
}

/// Nothing could be read: status 2, no report, one line that names what is wrong.
fn refused(run: &Run, named: &[&str]) {
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    assert!(run.stderr.starts_with("apiblame: "), "{}", run.stderr);
    for name in named {
        assert!(run.stderr.contains(name), "{name} is not named: {}", run.stderr);
    }
}

#[test]
fn a_file() {
    let run = run(&[&story()]);
    reported(&run);
    assert!(run.stdout.lines().next().is_some_and(|first| first.contains(CULPRIT)), "{}", run.stdout);
}

#[test]
fn standard_input_with_and_without_a_dash() {
    let log = std::fs::read(fixtures().join(STORY)).expect("a fixture can be read");
    let (bare, dash) = (piped(&[], &log), piped(&["-"], &log));
    reported(&bare);
    assert!(bare.stdout.contains(CULPRIT), "{}", bare.stdout);
    assert_eq!(bare.stdout, dash.stdout);
}

#[test]
fn a_folder_and_several_sources() {
    let folder = fixtures().join("incidents");
    let all = cases(&["incidents"]);
    let whole = run(&["-o", "json", &folder.display().to_string()]);
    reported(&whole);
    let report: serde_json::Value = serde_json::from_str(&whole.stdout).expect("it is JSON");
    let files = walk(&folder);
    assert_eq!(report["coverage"]["sources"], files, "every file of the folder is a source");
    assert!(files >= all.len() as u64);

    let (one, two) = (&all[0].input.display().to_string(), &all[1].input.display().to_string());
    let report: serde_json::Value =
        serde_json::from_str(&run(&["-o", "json", one, two]).stdout).expect("it is JSON");
    assert_eq!(report["coverage"]["sources"], 2);
    let again: serde_json::Value =
        serde_json::from_str(&run(&["-o", "json", one, one]).stdout).expect("it is JSON");
    assert_eq!(again["coverage"]["sources"], 1, "a file that is named twice is read once");
}

fn walk(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("the fixtures can be read").flatten();
    entries.map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { 1 }).sum()
}

#[test]
fn exit_code_is_asked_for() {
    let healthy = fixtures().join("quiet/kopf-healthy/input.log").display().to_string();
    assert_eq!(run(&["--exit-code", &story()]).status, Some(1));
    assert_eq!(run(&["--exit-code", &healthy]).status, Some(0));
    assert_eq!(run(&[&story()]).status, Some(0));
}

#[test]
fn usage_errors() {
    for args in [&["--no-such-option"][..], &["-o", "yaml"], &["--threads", "many"]] {
        let run = run(args);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(args[0]), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn an_empty_log_is_a_report() {
    let file = write(&scratch("cli-empty"), "empty.log", "");
    for run in [run(&[&file.display().to_string()]), piped(&[], b"")] {
        reported(&run);
        assert!(run.stdout.contains("empty"), "{}", run.stdout);
        assert!(!run.stdout.contains("No failing API request"), "an unread log is not healthy");
    }
}

#[test]
fn nothing_to_read() {
    let folder = scratch("cli-nothing");
    let binary = write(&folder, "core", [&b"\x7fELF\x02\x01\x01"[..], &[0; 512]].concat());
    let empty = scratch("cli-nothing-empty");
    let missing = folder.join("missing.log").display().to_string();
    refused(&run(&[&empty.display().to_string()]), &[&empty.display().to_string(), "no logs"]);
    refused(&run(&[&binary.display().to_string()]), &[&binary.display().to_string(), "no text"]);
    refused(&run(&[&missing]), &[&missing, "no such file"]);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_reported() {
    let folder = scratch("cli-partly");
    let binary = write(&folder, "core", [0; 512]).display().to_string();
    let missing = folder.join("missing.log").display().to_string();
    for bad in [&binary, &missing] {
        for args in [[bad, &story()], [&story(), bad]] {
            let run = run(&["--exit-code", args[0], args[1]]);
            assert_eq!(run.status, Some(3), "{}", run.stderr);
            assert_eq!(run.stderr.matches("apiblame: ").count(), 1, "{}", run.stderr);
            assert!(run.stderr.contains(bad.as_str()), "{}", run.stderr);
            assert!(run.stdout.contains(CULPRIT) && run.stdout.contains(bad.as_str()), "{}", run.stdout);
        }
    }
}

#[test]
fn a_truncated_archive_is_reported_as_far_as_it_goes() {
    let folder = scratch("cli-truncated");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(&std::fs::read(story()).expect("a fixture can be read")).expect("memory");
    let packed = encoder.finish().expect("memory");
    let cut = write(&folder, "cut.gz", &packed[..packed.len() - 2000]).display().to_string();
    let run = run(&[&cut]);
    assert_eq!(run.status, Some(3), "{}", run.stderr);
    assert!(run.stderr.contains(&cut), "{}", run.stderr);
    assert!(run.stdout.contains(CULPRIT), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission() {
    use std::os::unix::fs::PermissionsExt;

    let folder = scratch("cli-permission");
    let file = write(&folder, "secret.log", "x\n");
    let set = |mode| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    set(0o000);
    if std::fs::read(&file).is_ok() {
        eprintln!("skipped: this user (root) may read every file");
        set(0o600);
        return;
    }
    let name = file.display().to_string();
    refused(&run(&[&name]), &[&name, "permission denied"]);
    let partly = run(&[&name, &story()]);
    assert_eq!(partly.status, Some(3));
    assert!(partly.stdout.contains(CULPRIT), "{}", partly.stdout);
    set(0o600);
}

#[test]
fn a_reader_that_hangs_up_is_no_error() {
    let log = std::fs::read(fixtures().join(STORY)).expect("a fixture can be read");
    let mut child = program()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    drop(child.stdout.take()); // before the program has anything to print: its input is not written yet
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(&log).expect("the program reads its input to the end");
    drop(stdin);
    reported(&child.wait_with_output().expect("the program ends").into());
}

#[test]
fn colours() {
    let with = |args: &[&str], env: &[(&str, &str)]| {
        let run: Run = program().args(args).arg(story()).envs(env.to_vec()).output().expect("built").into();
        run.stdout.contains('\u{1b}')
    };
    assert!(!with(&[], &[]), "standard output is no terminal here");
    assert!(with(&["--color", "always"], &[]));
    assert!(with(&["--color", "always"], &[("NO_COLOR", "1")]), "what is typed beats the environment");
    assert!(!with(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(with(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!with(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "NO_COLOR beats CLICOLOR_FORCE");
    assert!(!with(&["-o", "json", "--color", "always"], &[]), "JSON has no colour");
}

#[test]
fn help_tells_the_exit_statuses() {
    let help = run(&["--help"]);
    reported(&help);
    let text = help.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in ["Exit status: 0 a report", " 1 incidents", "--exit-code", " 2 usage", " 3 a report"] {
        assert!(text.contains(said), "{said:?} is not said: {}", help.stdout);
    }
    let version = run(&["--version"]);
    reported(&version);
    assert_eq!(version.stdout.trim(), format!("apiblame {}", env!("CARGO_PKG_VERSION")));
}

/// The contract is only as good as its strictness: without any one of the keys a report must not pass.
#[test]
fn a_lost_key_breaks_the_contract() {
    let whole: serde_json::Value =
        serde_json::from_str(&run(&["-o", "json", &story()]).stdout).expect("it is JSON");
    let passes = |report: &serde_json::Value| serde_json::from_str::<contract::Report>(&report.to_string());
    assert!(passes(&whole).is_ok());
    for place in ["", "/coverage", "/incidents/0", "/incidents/0/requests/0", "/incidents/0/victims/0"] {
        let keys = whole.pointer(place).and_then(serde_json::Value::as_object).expect("it is an object");
        for key in keys.keys() {
            let mut less = whole.clone();
            less.pointer_mut(place).and_then(|object| object.as_object_mut()?.remove(key));
            assert!(passes(&less).is_err(), "{place}/{key} may be missing");
        }
    }
}

#[test]
fn json_has_the_keys_of_the_contract_and_no_others() {
    let mut incidents = 0;
    for case in cases(&["incidents", "signatures", "quiet"]) {
        let run = run(&["-o", "json", &case.input.display().to_string()]);
        reported(&run);
        let value: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        let report: contract::Report = match serde_json::from_str(&run.stdout) {
            Ok(report) => report,
            Err(error) => panic!("{} breaks the contract: {error}\n{}", case.name, run.stdout),
        };
        incidents += report.incidents.len();
        let again = serde_json::to_value(report).expect("the contract is plain data");
        assert_eq!(again, value, "{}: the contract loses something", case.name);
    }
    assert!(incidents > 0, "no case has an incident: nothing was held to the contract");
}
