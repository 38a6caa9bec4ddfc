//! `-f`: what is shown while a log is written, and the report at its end.

#![cfg(unix)]

#[path = "support/scratch.rs"]
mod scratch;

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use apiblame::pipeline::Live;
use apiblame::report::{Moment, Ticker};
use scratch::{scratch, write};

const FAILING: &str = "2026-11-23T13:44:12Z E1123 13:44:12.000000 1 m.go:1] couldn't get resource list for \
    metrics.k8s.io/v1beta1: the server is currently unable to handle the request namespace=\"shop\" \u{1b}[31m\n";

fn founding() -> String {
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/incidents/kopf-1.37.5-full/input.log");
    fs::read_to_string(log).expect("the fixture is there")
}

fn program(args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    command.env_clear().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program was built")
}

/// Lines of a stream as they come.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    told
}

/// The next line that holds the word. How long it takes is not what is tested: this only keeps a test that
/// fails from waiting for ever.
fn next_with(told: &Receiver<String>, word: &str) -> String {
    loop {
        let line = told.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("no `{word}` came"));
        if line.contains(word) {
            return line;
        }
    }
}

#[test]
fn an_incident_is_shown_while_the_log_goes_on() {
    let mut child = program(&["-f"]);
    let told = lines(child.stdout.take().expect("it is piped"));
    let mut log = child.stdin.take().expect("it is piped");
    log.write_all(FAILING.as_bytes()).expect("it reads");
    let line = next_with(&told, "begins");
    assert!(line.contains("2026-11-23T13:44:12Z") && line.contains("v1beta1.metrics.k8s.io"), "{line}");
    log.write_all(b"2026-11-23T13:46:12Z I1123 13:46:12.000000 1 a.go:1] all is well\n").expect("it reads");
    next_with(&told, "recovers");
    drop(log);
    next_with(&told, "v1beta1.metrics.k8s.io is to blame");
    next_with(&told, "Read 2 lines");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn the_report_at_the_end_is_that_of_the_whole_log() {
    let followed = {
        let mut child = program(&["-f", "-o", "json"]);
        let mut log = child.stdin.take().expect("it is piped");
        for line in founding().split_inclusive('\n') {
            log.write_all(line.as_bytes()).expect("it reads");
        }
        drop(log);
        child.wait_with_output().expect("it ends")
    };
    let mut child = program(&["-o", "json"]);
    child.stdin.take().expect("it is piped").write_all(founding().as_bytes()).expect("it reads");
    let whole = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&followed.stdout), String::from_utf8_lossy(&whole.stdout));
}

#[test]
fn ctrl_c_gives_the_report() {
    let mut child = program(&["-f", "-o", "json"]);
    let news = lines(child.stderr.take().expect("it is piped"));
    let mut log = child.stdin.take().expect("it is piped");
    log.write_all(FAILING.as_bytes()).expect("it reads");
    next_with(&news, "begins");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("there is a kill").success());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("\"failures\": 1"));
    drop(log);
}

#[test]
fn a_file_is_followed_while_it_grows() {
    let path = write(&scratch("follow-file"), "growing.log", "nothing yet\n");
    let mut child = program(&["-f", "--redact", &path.display().to_string()]);
    let told = lines(child.stdout.take().expect("it is piped"));
    let mut log = OpenOptions::new().append(true).open(&path).expect("it is there");
    log.write_all(FAILING.as_bytes()).expect("it can be written");
    let line = next_with(&told, "begins");
    assert!(!line.contains("shop") && !line.contains('\u{1b}'), "{line}");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
fn what_cannot_be_followed_is_said() {
    let folder = scratch("follow-not");
    let packed = write(&folder, "log.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
    let names = [folder.display().to_string(), packed.display().to_string(), "/no/such.log".into()];
    for args in [vec![&names[0]], vec![&names[1]], vec![&names[2]], vec![&names[1], &names[1]]] {
        let args: Vec<&str> = ["-f"].into_iter().chain(args.into_iter().map(String::as_str)).collect();
        let output = program(&args).wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!output.stderr.is_empty());
    }
}

/// The founding case, looked at after each line.
#[test]
fn it_begins_and_escalates_and_is_told_once() {
    let mut live = Live::new("-", apiblame::limits::Limits::default());
    let mut ticker = Ticker::default();
    let mut news = Vec::new();
    for line in founding().split_inclusive('\n') {
        live.add(line.as_bytes());
        let so_far = live.so_far(0);
        news.extend(ticker.news(&so_far.report, Moment { until: so_far.until, now: 0 }));
    }
    let told: Vec<&str> = news.iter().filter_map(|line| line.split_whitespace().nth(2)).collect();
    assert_eq!(told.first(), Some(&"begins"), "{news:#?}");
    assert_eq!(told.iter().filter(|&&word| word == "begins").count(), 1, "{news:#?}");
    assert!(news.iter().any(|line| line.contains("attempt 9 of 9 failed")), "{news:#?}");
    assert!(news.last().is_some_and(|line| line.contains("fatal")), "{news:#?}");
    let report = live.so_far(0).report;
    let panel = ticker.panel(&report, 5, 60);
    assert!(panel.len() == 2 && panel.iter().all(|line| line.chars().count() <= 60), "{panel:#?}");
}
