//! README.md does not lie: its commands are run, and what it shows is what they print.
//!
//! A block that is marked ` ```console ` is a session: a line that begins with `$ ` is a command, and the
//! lines behind it are its output. Commands run in a shell at the root of the repository, with the built
//! program on the PATH and otherwise an empty environment. `BLESS=1 cargo test --test readme` writes
//! down what they print now.

#![cfg(unix)]

#[path = "support/diff.rs"]
mod diff;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn text() -> String {
    fs::read_to_string(readme()).expect("README.md can be read")
}

/// Runs a command as a reader would, and gives what a terminal would show.
fn output(command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_apiblame"));
    let folder = program.parent().expect("the program lies in a folder");
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .output()
        .expect("there is a shell");
    String::from_utf8(output.stdout).expect("commands print UTF-8")
}

/// The README with the output of its sessions as it is now, and how many commands were run.
fn replayed(text: &str) -> (String, usize) {
    let mut out = String::new();
    let (mut session, mut commands) = (false, 0);
    for line in text.lines() {
        if line.starts_with("```") {
            session = line == "```console";
        }
        let command = line.strip_prefix("$ ").filter(|_| session);
        if session && command.is_none() && !line.starts_with("```") {
            continue; // output, which is written anew
        }
        out.push_str(line);
        out.push('\n');
        if let Some(command) = command {
            commands += 1;
            out.push_str(&output(command));
        }
    }
    (out, commands)
}

/// Trailing blanks are no part of what is shown.
fn trimmed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn what_is_shown_is_what_is_printed() {
    let (now, commands) = replayed(&text());
    assert!(commands >= 2, "README.md shows {commands} commands");
    if std::env::var_os("BLESS").is_some() {
        fs::write(readme(), trimmed(&now)).expect("README.md can be written");
    }
    let shown = trimmed(&text());
    let now = trimmed(&now);
    assert!(
        shown == now,
        "README.md shows something else (-) than its commands print (+); if that is right,\n\
         `BLESS=1 cargo test --test readme` writes it down\n{}",
        diff::diff(&shown, &now)
    );
}

/// The first two commands of the README need cargo, and are not run here: the first builds for release,
/// the second is this very run. They must be there, and the log that the first reads is shown as a session.
#[test]
fn the_first_commands_are_there() {
    let text = text();
    let blocks = text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap_or_default());
    let commands: Vec<&str> = blocks.flat_map(str::lines).take(2).collect();
    let log = "fixtures/incidents/kopf-1.37.5-full/input.log";
    assert_eq!(
        commands,
        [format!("cargo run --release --locked -q -- {log}").as_str(), "cargo test --locked"]
    );
    assert!(text.contains(&format!("$ apiblame {log}\n")), "what the first command prints is not shown");
}
