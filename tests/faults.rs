//! What goes wrong around the program: full disks, signals, files that grow, permissions, and clocks, of the
//! machine as of the log.

#[path = "support/scratch.rs"]
mod scratch;

use std::fs;
use std::path::{Path, PathBuf};

use apiblame::filter::{Filter, When};
use apiblame::pipeline::{self, Settings};
use apiblame::report::{self, Report};
use scratch::{scratch, write};

const FAILURE: &str = "the server is currently unable to handle the request (get things.x.io)";

fn report_at(path: &Path, now: i64) -> Report {
    let settings = Settings { threads: 2, now, ..Settings::default() };
    pipeline::run(&[path.to_path_buf()], settings).expect("threads can be started")
}

fn log(name: &str, stamps: &[&str]) -> PathBuf {
    let line = |stamp: &&str| format!("{stamp} level=error msg=\"{FAILURE}\"\n");
    write(&scratch(name), "a.log", stamps.iter().map(line).collect::<String>())
}

/// All times that a report tells are times, in their order.
fn times_are_sound(report: &Report) {
    let document: serde_json::Value = serde_json::from_str(&report::json(report)).expect("it is JSON");
    let time = |value: &serde_json::Value| {
        value
            .as_str()
            .map(|text| text.parse::<jiff::Timestamp>().unwrap_or_else(|_| panic!("{text} is no time")))
    };
    for incident in document["incidents"].as_array().expect("incidents are listed") {
        assert!(time(&incident["first_seen"]) <= time(&incident["last_seen"]), "{incident}");
        for outage in incident["outages"].as_array().expect("outages are listed") {
            assert!(time(&outage["from"]) <= time(&outage["to"]), "{outage}");
        }
        for series in incident["retries"].as_array().expect("retries are listed") {
            let waits = series["waits_seconds"].as_array().expect("waits are listed");
            assert!(waits.iter().all(|wait| wait.as_f64() >= Some(0.0)), "{series}");
        }
    }
    report::text(report, report::Style { width: 100, verbose: true });
    report::html(report);
    report::markdown(report, report::Style { width: 100, verbose: true });
    report::ndjson(report);
}

#[test]
fn a_clock_may_be_anywhere() {
    let yearless: String = ["0101 00:00:00.0", "0229 12:00:00.0", "0630 23:59:60.0", "1231 23:59:59.9"]
        .map(|stamp| format!("E{stamp} 7 m.go:2] {FAILURE}\n"))
        .concat();
    let path = write(&scratch("faults-clock"), "a.log", yearless);
    for now in [i64::MIN, -1, 0, 1, 1_795_435_200_000_000_000, i64::MAX] {
        let mut report = report_at(&path, now);
        assert_eq!((report.coverage.lines, report.coverage.failures), (4, 4), "now {now}");
        times_are_sound(&report);
        for since in ["1d", "99999999999d", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            let Ok(since) = When::parse(since) else { continue };
            Filter { since: Some(since), ..Filter::default() }.apply(&mut report, now);
            times_are_sound(&report);
        }
    }
}

#[test]
fn a_log_may_jump_in_time() {
    // Back, by a clock that was set; back and forth, by the end of summer time, with and without an offset.
    let stamps = [
        "2026-11-23T13:00:00Z",
        "2026-11-23T14:00:00Z",
        "2026-11-22T13:00:00Z",
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
        "2026-10-25T02:59:59.999",
        "2026-10-25T02:00:00",
    ];
    let report = report_at(&log("faults-jumps", &stamps), 0);
    assert_eq!(report.coverage.failures, stamps.len() as u64);
    times_are_sound(&report);
    let incident = &report.incidents[0].incident;
    let told = |at: Option<i64>| at.map(|at| at / 1_000_000_000);
    assert_eq!(told(incident.first_seen), Some(1_792_888_200), "02:30+02:00 is 00:30 UTC");
    assert_eq!(told(incident.last_seen), Some(1_795_442_400), "2026-11-23T14:00:00Z");
}

#[test]
fn strange_years_and_leap_seconds_are_read_or_left_undated() {
    for stamp in [
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "1677-09-21T00:12:43Z",
        "1677-09-21T00:12:44Z",
        "1970-01-01T00:00:00Z",
        "2016-12-31T23:59:60Z",
        "2026-02-29T00:00:00Z",
        "2026-02-30T25:61:61Z",
        "2262-04-11T23:47:16Z",
        "2262-04-11T23:47:17Z",
        "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T23:59:59-23:59",
        "+275760-09-13T00:00:00Z",
    ] {
        let report = report_at(&log("faults-years", &[stamp, "2026-11-23T13:00:00Z"]), 0);
        assert_eq!(report.coverage.failures, 2, "{stamp}");
        times_are_sound(&report);
    }
}

#[cfg(unix)]
mod unix {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Command, Output, Stdio};
    use std::time::Duration;

    use super::*;

    const OLD: &str = "the old report\n";

    fn program() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A log whose report is larger than a page of memory.
    fn large(name: &str, lines: usize) -> PathBuf {
        let line =
            |n| format!("E1123 13:54:17.6 7 m.go:2] {FAILURE} Get \"https://h/apis/a{n}.x.io/v1\": EOF\n");
        write(&scratch(name), "a.log", (0..lines).map(line).collect::<String>())
    }

    /// The output file holds what it held, and nothing else was left beside it.
    fn old_is_kept(folder: &Path, output: &Output) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("report.html"), "{said}");
        assert_eq!(fs::read_to_string(folder.join("report.html")).expect("it is there"), OLD);
        let names: Vec<_> =
            fs::read_dir(folder).expect("it is there").flatten().map(|one| one.file_name()).collect();
        assert_eq!(names, ["report.html"], "something is left behind");
    }

    #[test]
    fn a_file_that_may_not_grow_keeps_the_old_report() {
        let folder = scratch("faults-quota");
        let target = write(&folder, "report.html", OLD);
        let log = large("faults-quota-log", 50);
        let mut shell = Command::new("sh");
        // One block is allowed; without the trap the signal would end the program, which is another case.
        shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_apiblame")]);
        let output = shell.args(["-o", "html", "--output-file"]).arg(&target).arg(&log).output();
        old_is_kept(&folder, &output.expect("there is a shell"));
    }

    #[test]
    fn a_full_disk_keeps_the_old_report() {
        let folder = scratch("faults-full");
        let log = large("faults-full-log", 50);
        // The disk is seen by this shell alone, and goes away with it; what it held is copied out.
        let script = "mount -t tmpfs -o size=16k none \"$1\" || exit 77; cd \"$1\"; echo 'the old report' > report.html; \
            \"$2\" -o html --output-file report.html \"$3\"; status=$?; ls -A > \"$4.names\"; cat report.html > \"$4\"; exit $status";
        let copy = scratch("faults-full-copy").join("copy");
        let mut command = Command::new("unshare");
        command.args(["-Urm", "sh", "-c", script, "sh"]).arg(&folder).arg(env!("CARGO_BIN_EXE_apiblame"));
        let Ok(output) = command.arg(&log).arg(&copy).output() else {
            println!("skipped: no unshare");
            return;
        };
        if !copy.exists() {
            println!("skipped: no disk of one's own: {}", String::from_utf8_lossy(&output.stderr));
            return;
        }
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read_to_string(&copy).expect("it was copied"), OLD);
        assert_eq!(fs::read_to_string(copy.with_extension("names")).expect("it was copied"), "report.html\n");
    }

    #[test]
    fn a_folder_without_permission_is_named() {
        let folder = scratch("faults-permission");
        let inner = folder.join("inner");
        fs::create_dir(&inner).expect("it is ours");
        write(&inner, "a.log", FAILURE);
        write(&folder, "b.log", format!("{FAILURE}\n"));
        let set = |mode| fs::set_permissions(&inner, fs::Permissions::from_mode(mode)).expect("it is ours");
        set(0o000);
        let forbidden = fs::read_dir(&inner).is_err();
        let output = program().arg(&folder).output().expect("the program was built");
        set(0o700);
        if !forbidden {
            println!("skipped: this user (root) may read every folder");
            return;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("inner") && said.contains("permission denied"), "{said}");
    }

    #[test]
    fn a_file_that_grows_is_read_as_far_as_it_was() {
        let path = large("faults-grows", 50_000);
        let mut child = program().args(["-o", "json"]).arg(&path).spawn().expect("the program was built");
        let mut file = fs::OpenOptions::new().append(true).open(&path).expect("it is there");
        let mut appended = 0;
        while child.try_wait().expect("it can be waited for").is_none() && appended < 20_000 {
            file.write_all(format!("{FAILURE}\n").as_bytes()).expect("it is ours");
            appended += 1;
        }
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let lines = report["coverage"]["lines"].as_u64().expect("lines are counted");
        assert!((50_000..=50_001 + appended).contains(&lines), "{lines}");
    }

    fn interrupt(child: &Child) {
        let done = Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status();
        assert!(done.is_ok_and(|status| status.success()), "there is a kill");
    }

    /// The old report or the new one, never a part of either.
    fn whole(target: &Path, new: &str) {
        let text = fs::read_to_string(target).expect("it is there");
        assert!(text == OLD || text == new, "{} bytes of {}", text.len(), new.len());
    }

    #[test]
    fn an_interrupt_ends_it_in_every_phase() {
        let folder = scratch("faults-interrupt");
        let log = large("faults-interrupt-log", 20_000);
        let new = program().args(["-o", "html"]).arg(&log).output().expect("the program was built").stdout;
        let new = String::from_utf8(new).expect("a report is UTF-8");
        let target = write(&folder, "report.html", OLD);
        // While it waits for input, and then from its start to behind its end.
        let mut waiting = program().stdin(Stdio::piped()).spawn().expect("the program was built");
        std::thread::sleep(Duration::from_millis(50));
        interrupt(&waiting);
        assert_eq!(waiting.wait().expect("it ends").signal(), Some(2));
        for wait in (0..400).step_by(20) {
            let mut child = program()
                .args(["-o", "html", "--output-file"])
                .arg(&target)
                .arg(&log)
                .spawn()
                .expect("the program was built");
            std::thread::sleep(Duration::from_millis(wait));
            if child.try_wait().expect("it can be waited for").is_none() {
                interrupt(&child);
            }
            let status = child.wait().expect("it ends");
            assert!(status.signal() == Some(2) || status.success(), "{status:?}");
            whole(&target, &new);
        }
    }
}
