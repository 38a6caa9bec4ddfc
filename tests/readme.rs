//! README.md and the pages of `docs` do not lie: their commands are run, and what they show is what those
//! print.
//!
//! A block that is marked ` ```console ` is a session: a line that begins with `$ ` is a command, and the
//! lines behind it are its output. Commands run in a shell at the root of the repository, with the built
//! program on the PATH and otherwise an empty environment. `BLESS=1 cargo test --test readme` writes
//! down what they print now.
//!
//! A block that is marked ` ```sh ` holds commands whose output is not shown. They run in a folder with files of
//! the names that the pages use, and with stand-ins for what needs a cluster; each must succeed.

#![cfg(unix)]

#[path = "support/diff.rs"]
mod diff;
#[path = "support/scratch.rs"]
mod scratch;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use scratch::{scratch, write};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages whose commands are run.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("packaging/README.md")];
    let docs = fs::read_dir(root().join("docs")).expect("there is a folder of pages").flatten();
    pages.extend(docs.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "md")));
    pages.sort();
    pages
}

fn text(page: &Path) -> String {
    fs::read_to_string(page).expect("a page can be read")
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
    let mut all = 0;
    for page in pages() {
        let (now, commands) = replayed(&text(&page));
        all += commands;
        if std::env::var_os("BLESS").is_some() {
            fs::write(&page, trimmed(&now)).expect("a page can be written");
        }
        let shown = trimmed(&text(&page));
        let now = trimmed(&now);
        assert!(
            shown == now,
            "{} shows something else (-) than its commands print (+); if that is right,\n\
             `BLESS=1 cargo test --test readme` writes it down\n{}",
            page.display(),
            diff::diff(&shown, &now)
        );
    }
    assert!(all >= 14, "the pages show {all} commands");
}

/// Commands of the blocks that show no output; a `\` at the end of a line joins it with the next.
fn commands(page: &Path) -> Vec<String> {
    let text = text(page);
    let blocks = text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap_or_default());
    let lines: Vec<String> = blocks
        .flat_map(|block| {
            let joined = block.replace("\\\n", " ");
            joined.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    lines.into_iter().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect()
}

/// A folder with the files that the pages name, and programs that stand in for others.
fn desk() -> PathBuf {
    let desk = scratch("readme-desk");
    let log = fs::read(root().join("fixtures/incidents/kopf-1.37.5-full/input.log")).expect("it is there");
    for name in ["operator.log", "previous.log", "till.log"] {
        write(&desk, name, &log);
    }
    for folder in ["logs", "archives", "bin"] {
        fs::create_dir(desk.join(folder)).expect("it can be made");
    }
    write(&desk.join("logs"), "operator.log", &log);
    let gzip = Command::new("gzip").arg(desk.join("previous.log")).status().expect("there is a gzip");
    assert!(gzip.success());
    gathering(&desk);
    for name in ["one.tar.gz", "two.tar.gz"] {
        fs::copy(desk.join("must-gather.tar.gz"), desk.join("archives").join(name))
            .expect("it can be copied");
    }
    let file = text(&root().join("docs/signatures.md"));
    let file =
        file.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a file is shown");
    write(&desk, "shop.toml", file);
    for (name, script) in [("oc", LOGS), ("kubectl", LOGS), ("jq", "#!/bin/sh\nexec cat\n"), ("podman", LOGS)]
    {
        let program = write(&desk.join("bin"), name, script);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be made to run");
    }
    desk
}

/// What stands in for `oc logs` and `kubectl logs`, and calls the plugin as they do.
const LOGS: &str =
    "#!/bin/sh\n[ \"$1\" = apiblame ] && { shift; exec apiblame \"$@\"; }\nexec cat operator.log\n";

/// A gathering of one APIService and one log.
fn gathering(desk: &Path) {
    let apiservice = "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: v1.x.example.com\n\
        spec:\n  group: x.example.com\n  version: v1\n  service:\n    namespace: demo\n    name: x\n";
    let root = desk.join("must-gather/quay-io-x");
    let objects = root.join("cluster-scoped-resources/apiregistration.k8s.io/apiservices");
    let logs = root.join("namespaces/demo/pods/operator-0/operator/operator/logs");
    fs::create_dir_all(&objects).expect("it can be made");
    fs::create_dir_all(&logs).expect("it can be made");
    write(&objects, "v1.x.example.com.yaml", apiservice);
    fs::copy(desk.join("operator.log"), logs.join("current.log")).expect("it can be copied");
    let mut tar = Command::new("tar");
    tar.args(["czf", "must-gather.tar.gz", "must-gather"]).current_dir(desk);
    assert!(tar.status().expect("there is a tar").success());
}

#[test]
fn commands_whose_output_is_not_shown_succeed() {
    let desk = desk();
    let program = Path::new(env!("CARGO_BIN_EXE_apiblame")).parent().expect("it lies in a folder");
    let mut met = 0;
    for page in pages() {
        for command in commands(&page).iter().filter(|command| !command.starts_with("cargo ")) {
            met += 1;
            let output = Command::new("/bin/sh")
                .args(["-c", command])
                .current_dir(&desk)
                .env_clear()
                .env("HOME", &desk)
                .env("PATH", format!("{}/bin:{}:/usr/bin:/bin", desk.display(), program.display()))
                .output()
                .expect("there is a shell");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.is_empty(), "{}: {command}: {said}", page.display());
        }
    }
    assert!(met >= 10, "the pages have {met} such commands");
}

/// Every key of the report is on its page.
#[test]
fn the_page_of_the_json_report_is_complete() {
    fn keys(schema: &serde_json::Value, all: &mut Vec<String>) {
        if let Some(properties) = schema["properties"].as_object() {
            all.extend(properties.keys().cloned());
        }
        match schema {
            serde_json::Value::Object(map) => map.values().for_each(|value| keys(value, all)),
            serde_json::Value::Array(list) => list.iter().for_each(|value| keys(value, all)),
            _ => {}
        }
    }
    let page = text(&root().join("docs/json.md"));
    let schema: serde_json::Value = serde_json::from_str(apiblame::report::schema()).expect("it is JSON");
    let mut all = Vec::new();
    keys(&schema, &mut all);
    assert!(all.len() > 60, "{} keys", all.len());
    for key in all {
        assert!(page.contains(&format!("`{key}`")), "docs/json.md does not speak of `{key}`");
    }
}

/// The first two commands of the README need cargo, and are not run here: the first builds for release,
/// the second is this very run. They must be there, and the log that the first reads is shown as a session.
#[test]
fn the_first_commands_are_there() {
    let text = text(&root().join("README.md"));
    let blocks = text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap_or_default());
    let commands: Vec<&str> = blocks.flat_map(str::lines).take(2).collect();
    let log = "fixtures/incidents/kopf-1.37.5-full/input.log";
    assert_eq!(
        commands,
        [format!("cargo run --release --locked -q -- {log}").as_str(), "cargo test --locked"]
    );
    assert!(text.contains(&format!("$ apiblame {log}\n")), "what the first command prints is not shown");
}
