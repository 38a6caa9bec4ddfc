//! Nothing breaks it, nothing is lost: damaged logs, logs written by an attacker, bombs, files that
//! change while they are read. SECURITY.md says what is promised; here it is tried.
//!
//! More of the same by hand: `APIBLAME_MUTATIONS=2000`, `APIBLAME_CROWD=5000000`, in `--release`.

#[path = "support/cases.rs"]
mod cases;
#[path = "hostile/entries.rs"]
mod entries;
#[path = "hostile/mutate.rs"]
mod mutate;
#[path = "hostile/program.rs"]
mod program;
#[path = "support/scratch.rs"]
mod scratch;

use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use apiblame::pipeline::{self, Settings};
use cases::{cases, fixtures};
use mutate::{Rng, mutate};
use program::{Ended, program, run, watched};
use scratch::{scratch, write};

const HANG: Duration = Duration::from_secs(5);
const MEMORY: u64 = 300 << 20;
const FAILURE: &str = "the server is currently unable to handle the request";

/// A figure that a run by hand may set.
fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// Gives damaged files to the program; all that goes wrong is named with the number of the damage.
fn damage(name: &str, files: &[PathBuf], count: usize) {
    let folder = scratch(name);
    let mut wrong = Vec::new();
    for number in 0..count {
        let mut rng = Rng(number as u64);
        let file = &files[number % files.len()];
        let other = fs::read(&files[rng.below(files.len())]).expect("a file can be read");
        let bytes = mutate(&mut rng, &fs::read(file).expect("a file can be read"), &other);
        let path = write(&folder, "damaged", &bytes);
        let began = Instant::now();
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let settings = Settings { threads: 1, now: 1_795_435_200_000_000_000, ..Settings::default() };
            entries::adds_up(&pipeline::run(&[path], settings).expect("threads can be started"), &bytes);
        }));
        if tried.is_err() || began.elapsed() > HANG {
            wrong.push(format!("{number}: {} after {:?}", file.display(), began.elapsed()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn damaged_fixtures_are_read() {
    let files: Vec<PathBuf> =
        cases(&["incidents", "signatures", "quiet"]).into_iter().map(|case| case.input).collect();
    damage("hostile-fixtures", &files, setting("APIBLAME_MUTATIONS", 400));
}

#[test]
fn damaged_corpus_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let corpus = std::env::var_os("APIBLAME_CORPUS").map_or(corpus, PathBuf::from);
    let mut files: Vec<PathBuf> = ["clients", "wild", "wrapped"]
        .iter()
        .flat_map(|set| fs::read_dir(corpus.join(set).join("logs")).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.metadata().is_ok_and(|file| file.is_file() && file.len() < 4 << 20))
        .collect();
    if files.is_empty() {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    }
    files.sort();
    damage("hostile-corpus", &files, setting("APIBLAME_MUTATIONS", 100));
}

#[test]
fn what_was_found_stays_repaired() {
    let mut replayed = 0;
    for (name, entry) in entries::ENTRIES {
        for found in fs::read_dir(fixtures().join("hostile").join(name)).into_iter().flatten().flatten() {
            let bytes = fs::read(found.path()).expect("a finding can be read");
            entry(&bytes);
            replayed += 1;
        }
    }
    assert!(replayed > 0, "fixtures/hostile holds nothing");
}

/// What a terminal obeys, and what is not seen.
const OBEYED: &[&str] = &[
    "\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[2J\u{1b}[1;1H\u{1b}[8m",
    "\u{9b}2J\u{9d}0;x\u{9c}",
    "\u{202e}\u{2066}\u{61c}\u{200f}",
    "\u{200b}\u{feff}\u{2060}\u{ad}\u{e0041}",
    "\u{2028}\u{2029}\u{85}",
    "\\u001b]0;x\\u0007\\u202e",
    "\\n\u{2717} v1.apps.openshift.io is to blame\\r",
    "\0\u{8}\u{c}\u{b}",
];

/// Each of the words in each of the places that a report quotes.
fn log_with(words: &[&str]) -> String {
    let mut log = String::new();
    for (n, word) in words.iter().enumerate() {
        log += &format!(
            "E1123 13:54:17.604149 7 memcache.go:287] {word} couldn't get resource list for a{n}.example.com/v1: {FAILURE} {word}\n\
             {{\"level\":\"error\",\"msg\":\"{word} GET https://10.0.0.1:6443/apis/b{n}.example.com/v1/x{word}y 503\",\"error\":\"{FAILURE} {word}\"}}\n\
             [pod/a{word}b/c] 2026-11-23T13:47:26.955Z level=error msg=\"{word} {FAILURE} (get c{word}.d{n}.example.com)\"\n\
             Get \"https://10.0.0.1:6443/apis/e{n}.example.com/v1/{word}?x={word}\": dial tcp 10.0.0.1:6443: connect: connection refused {word}\n"
        );
    }
    log
}

/// What is printed for a log, in every form, with all details.
fn printed(name: &str, log: &str) -> Vec<String> {
    let path = write(&scratch(name), "a\u{1b}]0;x\u{7}\u{202e}.log", log);
    let path = path.to_str().expect("the path is UTF-8").to_owned();
    ["text", "wide", "json", "ndjson", "markdown", "html"]
        .map(|format| {
            let ended = run(program().args(["-v", "--color", "never", "-o", format, &path]));
            assert_eq!(ended.status, Some(0), "{}", ended.stderr);
            assert!(ended.stdout.contains("example.com"), "{}", ended.stdout);
            ended.stdout + &ended.stderr
        })
        .to_vec()
}

#[test]
fn nothing_of_a_log_is_obeyed() {
    for out in printed("hostile-escapes", &log_with(OBEYED)) {
        for c in out.chars().filter(|&c| c != '\n') {
            assert!(!c.is_control() && report_shows(c), "U+{:04X} in {out}", c as u32);
        }
        assert!(!out.lines().any(|line| line.starts_with('\u{2717}') && line.contains("v1.apps.")), "{out}");
    }
}

fn report_shows(c: char) -> bool {
    !matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Shapes of secrets; `S3CR3T` is in each, and must be in no output.
const SECRETS: &[&str] = &[
    "Bearer S3CR3Tabcdefgh1234",
    "eyJhbGciOiJSUzI1NiJ9S3CR3T.eyJpc3MiOiJS3CR3T.S3CR3Tabcdefgh",
    "password=S3CR3T,S3CR3T",
    "passwd: 'S3CR3T S3CR3T'",
    "https://admin:S3CR3T@registry.example/x",
    "postgres://admin:S3CR3T@S3CR3T@db/x",
    "sha256~S3CR3Tabcdefghijklmnop",
    "AKIAS3CR3TIOSFODNN7EX",
    "aws_secret_access_key=S3CR3T/abc+def",
    "-----BEGIN RSA PRIVATE KEY----- S3CR3TMIIEpAIBAAKCAQEA -----END RSA PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY-----\\nS3CR3TMHcCAQEE\\nS3CR3T",
    "client-key-data: LS0tLS1CRUdJTiS3CR3TBSU0E=",
    "token: S3CR3T-0123456789",
    "curl -v -XGET  -H 'Authorization: Bearer S3CR3T' -H 'Accept: application/json'",
    "headers=map[Authorization:[Basic S3CR3TdXNlcg==]]",
    "--token=S3CR3Tabcdef",
    "ghp_S3CR3Tabcdefghijklmnopqrst",
];

#[test]
fn no_secret_is_quoted() {
    for secret in SECRETS {
        for out in printed("hostile-secrets", &log_with(&[secret])) {
            assert!(!out.contains("S3CR3T"), "{secret}: {out}");
        }
    }
}

#[test]
fn a_crowd_of_invented_groups_is_folded_and_counted() {
    let lines = setting("APIBLAME_CROWD", 60_000);
    let folder = scratch("hostile-crowd");
    let mut file = std::io::BufWriter::new(fs::File::create(folder.join("a.log")).expect("can be made"));
    for n in 0..lines {
        let (minute, second) = (n / 60 % 60, n % 60);
        writeln!(
            file,
            "E1123 13:{minute:02}:{second:02}.604149 7 memcache.go:287] couldn't get resource list for g{n}.example.com/v1: {FAILURE}"
        )
        .expect("can be written");
    }
    drop(file);
    let path = folder.join("a.log").display().to_string();
    let ended = watched(program().args(["-o", "json", &path]));
    println!("{lines} groups: {:?}, {} MB", ended.took, ended.peak >> 20);
    assert!(ended.peak < MEMORY, "{} MB", ended.peak >> 20);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("the report is JSON");
    let incidents = report["incidents"].as_array().expect("incidents are listed");
    assert_eq!(report["coverage"]["failures"], lines);
    assert_eq!(incidents.iter().filter_map(|one| one["failures"].as_u64()).sum::<u64>(), lines as u64);
    assert!(incidents.len() <= 520, "{} incidents", incidents.len());
    assert!(incidents.iter().any(|one| one["id"] == "apiservice-unavailable/others"));
    assert!(report["coverage"]["folded"].as_u64() > Some(0));
}

#[test]
fn crowds_of_many_sources_are_folded_whatever_their_order() {
    let folder = scratch("hostile-crowds");
    let paths: Vec<PathBuf> = (0..20)
        .map(|source| {
            let line = |n| format!("E1123 13:54:17.6 7 m.go:2] couldn't get resource list for g{source}-{n}.x/v1: {FAILURE}\n");
            write(&folder, &format!("{source}.log"), (0..4200).map(line).collect::<String>())
        })
        .collect();
    let told = |paths: &[PathBuf], threads| {
        let settings = Settings { threads, ..Settings::default() };
        apiblame::report::json(&pipeline::run(paths, settings).expect("threads can be started"))
    };
    let backward: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    let report = told(&paths, 1);
    assert!(report == told(&backward, 2), "the order of the sources shows");
    assert!(report.contains("\"failures\": 84000,") && report.contains("apiservice-unavailable/others"));
}

/// Stopped in time, within memory, with exit status 3, and said why.
fn stopped(ended: &Ended, why: &str) {
    println!("{why}: {:?}, {} MB", ended.took, ended.peak >> 20);
    assert_eq!(ended.status, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains(why), "{}", ended.stderr);
    assert!(ended.peak < MEMORY, "{} MB", ended.peak >> 20);
    // Without optimisation nothing is fast.
    assert!(cfg!(debug_assertions) || ended.took < HANG, "{:?}", ended.took);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).expect("memory can be written");
    out.finish().expect("memory can be written")
}

fn zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in entries {
        writer.start_file(name.as_str(), options).expect("memory can be written");
        writer.write_all(bytes).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}

#[test]
fn bombs_are_stopped_and_named() {
    let folder = scratch("hostile-bombs");
    let ratio = "times its size";
    // 10 GB in members of 100 MB: of text, and of nothing but failures.
    for (name, line) in [("dull", "a".repeat(99_999)), ("dense", format!("{FAILURE} (get x.a.b)"))] {
        if cfg!(debug_assertions) && name == "dense" {
            println!("skipped: 32 MiB of failures take minutes without optimisation");
            continue;
        }
        let line = line + "\n";
        let member = gzip(line.repeat(100_000_000 / line.len()).as_bytes());
        let path = write(&folder, name, member.repeat(100));
        let ended = watched(program().arg(&path));
        println!("{name}: {} kB", fs::metadata(&path).expect("is there").len() / 1000);
        stopped(&ended, ratio);
    }
    // A zip in a zip in a zip, each holding the next sixteen times.
    let log = zip(&[("a.log".into(), b"nothing\n".repeat(8 << 20))]);
    let many = |inner: &[u8]| (0..16).map(|n| (format!("{n}.zip"), inner.to_vec())).collect::<Vec<_>>();
    let path = write(&folder, "nested.zip", zip(&many(&zip(&many(&log)))));
    stopped(&watched(program().arg(path)), "a limit");
}

#[test]
fn what_has_no_end_ends() {
    for device in ["/dev/zero", "/dev/urandom", "/dev/null"] {
        if !Path::new(device).exists() {
            println!("skipped: no {device}");
            continue;
        }
        let ended = watched(program().arg(device));
        assert!(ended.status.is_some() && ended.took < HANG && ended.peak < MEMORY, "{device}");
    }
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_and_one_in_a_folder_is_not_waited_for() {
    let folder = scratch("hostile-fifo");
    let pipe = folder.join("pipe");
    if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        println!("skipped: no mkfifo");
        return;
    }
    write(&folder, "a.log", "fine\n");
    assert_eq!(run(program().arg(&folder)).status, Some(0));
    let writer = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::write(pipe, format!("{FAILURE} (get x.a.b)\n")))
    };
    let ended = run(program().arg(&pipe));
    assert!(writer.join().is_ok_and(|written| written.is_ok()));
    assert!(ended.status == Some(0) && ended.stdout.contains("Read 1 line"), "{}", ended.stdout);
}

#[test]
fn files_that_change_while_they_are_read_break_nothing() {
    let folder = scratch("hostile-changes");
    let line = format!("E1123 13:54:17.6 7 m.go:2] {FAILURE} (get x.a.b)\n");
    let large = write(&folder, "large.log", line.repeat(20_000_000 / line.len()));
    (0..300).for_each(|n| drop(write(&folder, &format!("{n}.log"), &line)));
    let child = program().arg(&folder).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.expect("the program was built");
    std::thread::sleep(Duration::from_millis(15));
    let file = fs::OpenOptions::new().write(true).open(&large).expect("is there");
    file.set_len(5_000_000).expect("can be cut");
    (0..300).rev().for_each(|n| drop(fs::remove_file(folder.join(format!("{n}.log")))));
    let ended = Ended::from(child.wait_with_output().expect("it ends"));
    assert!(matches!(ended.status, Some(0 | 3)), "{:?} {}", ended.status, ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let path = write(&scratch("hostile-pipe"), "a.log", log_with(&["x"; 200]));
    for format in ["text", "json"] {
        let mut child = program()
            .args(["-v", "-o", format])
            .arg(&path)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program was built");
        drop(child.stdout.take());
        let ended = Ended::from(child.wait_with_output().expect("it ends"));
        assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""));
    }
}
