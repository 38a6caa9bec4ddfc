//! One log, read in every way there is, gives one report.
//!
//! How a log reaches the program must not change what is said about it: as a file that threads read
//! at different places, as a stream (standard input; a compressed file takes the same way), in blocks
//! of any size, with any number of threads, with the line ends of Windows, without the last newline.
//! The reports are compared as bytes, after the one thing that has to differ is replaced: the name of
//! the source, and the count of bytes where the bytes are others.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/diff.rs"]
mod diff;
#[path = "support/report.rs"]
mod report;
#[path = "support/scratch.rs"]
mod scratch;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use apiblame::pipeline::Settings;
use cases::{Case, cases};
use scratch::{scratch, write};

/// Sizes of blocks in bytes. One byte is for short logs only: every block is searched with its margins.
const SIZES: &[usize] = &[7, 1024, 64 * 1024];
/// Below this many bytes a log is also read byte by byte.
const SHORT: usize = 4096;

fn stories() -> Vec<Case> {
    cases(&["incidents", "signatures"])
}

/// The report on a file, with its name replaced.
fn told(path: &Path, settings: Settings) -> String {
    anonymous(&report::report(&[path.to_path_buf()], settings), &path.display().to_string())
}

fn anonymous(report: &str, name: &str) -> String {
    let quoted = serde_json::to_string(name).expect("a name is a string");
    let reworded = report.replace(&format!("{name}, whose log"), "input.log, whose log");
    reworded.replace(&quoted, "\"input.log\"")
}

fn same(case: &Case, how: &str, expected: &str, actual: &str) {
    assert!(expected == actual, "{} is told differently {how}\n{}", case.name, diff::diff(expected, actual));
}

#[test]
fn blocks_of_any_size_and_any_number_of_threads() {
    for case in stories() {
        let expected = told(&case.input, report::settings());
        let length = fs::read(&case.input).expect("a fixture can be read").len();
        let tiny: &[usize] = if length < SHORT { &[1] } else { &[] };
        for &block in tiny.iter().chain(SIZES) {
            let settings = Settings { block, threads: 2, ..report::settings() };
            same(&case, &format!("in blocks of {block}"), &expected, &told(&case.input, settings));
        }
        for threads in [1, 2] {
            let settings = Settings { block: 4096, threads, ..report::settings() };
            same(&case, &format!("by {threads} threads"), &expected, &told(&case.input, settings));
        }
    }
}

#[test]
fn compressed_whatever_the_name() {
    let folder = scratch("strategies-gzip");
    for case in stories() {
        let path = compressed(&folder, &case);
        let expected = told(&case.input, report::settings());
        same(&case, "compressed", &expected, &told(&path, report::settings()));
        for block in [7, 1024] {
            let settings = Settings { block, threads: 2, ..report::settings() };
            same(&case, &format!("as a stream in blocks of {block}"), &expected, &told(&path, settings));
        }
    }
}

/// The log in two gzip members, as a rotating logger leaves it.
fn compressed(folder: &Path, case: &Case) -> PathBuf {
    let bytes = fs::read(&case.input).expect("a fixture can be read");
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let mut packed = Vec::new();
    for half in [first, second] {
        let mut encoder = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
        encoder.write_all(half).expect("writing to memory");
        encoder.finish().expect("writing to memory");
    }
    write(folder, "input.log", packed)
}

#[test]
fn line_ends_of_windows() {
    let folder = scratch("strategies-crlf");
    for case in stories() {
        let text = fs::read_to_string(&case.input).expect("a fixture is UTF-8");
        let path = write(&folder, "input.log", text.replace('\n', "\r\n"));
        let expected = without_bytes(&told(&case.input, report::settings()));
        same(&case, "with CRLF", &expected, &without_bytes(&told(&path, report::settings())));
    }
}

#[test]
fn without_the_last_newline() {
    let folder = scratch("strategies-no-newline");
    for case in stories() {
        let bytes = fs::read(&case.input).expect("a fixture can be read");
        let Some(open) = bytes.strip_suffix(b"\n") else { continue };
        if open.ends_with(b"\n") {
            continue; // the last line is empty: without its newline there is one line less
        }
        let path = write(&folder, "input.log", open);
        let expected = without_bytes(&told(&case.input, report::settings()));
        same(&case, "without its last newline", &expected, &without_bytes(&told(&path, report::settings())));
    }
}

fn without_bytes(report: &str) -> String {
    let kept = report.lines().filter(|line| !line.trim_start().starts_with("\"bytes\": "));
    kept.map(|line| format!("{line}\n")).collect()
}

#[test]
fn standard_input() {
    for case in stories() {
        let path = case.input.display().to_string();
        let file = anonymous(&program(&[&path], &case), &path);
        let stdin = anonymous(&program(&["--threads", "1", "-"], &case), "-");
        same(&case, "on standard input", &file, &stdin);
    }
}

/// The JSON report of the built program; the case's log is on its standard input.
fn program(args: &[&str], case: &Case) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_apiblame"))
        .env_clear()
        .args(["-o", "json"])
        .args(args)
        .stdin(Stdio::from(fs::File::open(&case.input).expect("a fixture can be read")))
        .output()
        .expect("the program was built");
    String::from_utf8(output.stdout).expect("a report is UTF-8")
}
