//! As a plugin of kubectl, with the real kubectl: the one that `KUBECTL` names, else the one on the PATH.
//! What installs the program elsewhere (krew, deb, rpm, a container) is held to what there is.

#![cfg(unix)]

#[path = "support/scratch.rs"]
mod scratch;
#[path = "plugin/server.rs"]
mod server;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use scratch::{scratch, write};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn founding() -> Vec<u8> {
    fs::read(repository().join("fixtures/incidents/kopf-1.37.5-full/input.log")).expect("it is there")
}

/// The real kubectl, if there is one.
fn kubectl() -> Option<String> {
    let names = std::env::var("KUBECTL").ok().into_iter().chain(["kubectl".to_owned()]);
    let runs = |name: &String| {
        let output = Command::new(name).args(["version", "--client"]).output();
        output.is_ok_and(|out| out.status.success())
    };
    let found = names.into_iter().find(runs);
    if found.is_none() {
        eprintln!("skipped: no kubectl is on the PATH, and KUBECTL names none");
    }
    found
}

/// A folder for the PATH that holds the program as a plugin: linked to it, or by the packages' script.
fn plugin(test: &str, script: bool) -> PathBuf {
    let folder = scratch(test);
    let program = Path::new(env!("CARGO_BIN_EXE_apiblame"));
    if script {
        symlink(program, folder.join("apiblame")).expect("links can be made");
        symlink(repository().join("packaging/kubectl-apiblame"), folder.join("kubectl-apiblame"))
            .expect("links can be made");
    } else {
        symlink(program, folder.join("kubectl-apiblame")).expect("links can be made");
    }
    folder
}

/// Runs a line in a shell with the plugin on the PATH; `$KUBECTL` is kubectl.
fn shell(folder: &Path, kubectl: &str, line: &str) -> Output {
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("/bin/sh")
        .args(["-c", line])
        .env("PATH", format!("{}:{path}", folder.display()))
        .env("KUBECTL", kubectl)
        .env("HOME", folder)
        .env_remove("KUBECONFIG")
        .current_dir(repository())
        .output()
        .expect("there is a shell")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn kubectl_finds_it() {
    let Some(kubectl) = kubectl() else { return };
    for script in [false, true] {
        let folder = plugin(if script { "plugin-script" } else { "plugin-link" }, script);
        let output = shell(&folder, &kubectl, "$KUBECTL apiblame --help");
        let text = said(&output);
        assert!(output.status.success() && text.contains("names the APIService to blame"), "{text}");
        let name = if script { "Usage: apiblame" } else { "Usage: kubectl apiblame" };
        assert!(text.contains(name), "{text}");
        write(&folder, "operator.log", founding());
        let output = shell(&folder, &kubectl, "$KUBECTL apiblame --exit-code - < $HOME/operator.log");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("v1.admission.autoscaling.openshift.io is to blame"));
    }
}

#[test]
fn logs_are_piped_from_kubectl() {
    let Some(kubectl) = kubectl() else { return };
    let folder = plugin("plugin-logs", false);
    let server = server::serve(founding());
    for (kubectl_flags, flags) in [("", ""), ("-f", "-f")] {
        let line = format!(
            "$KUBECTL --server=http://{server} logs {kubectl_flags} operator-0 | $KUBECTL apiblame {flags}"
        );
        let output = shell(&folder, &kubectl, &line);
        let text = said(&output);
        assert!(text.contains("v1.admission.autoscaling.openshift.io is to blame"), "{line}: {text}");
        assert!(text.contains("9 of 9 attempts"), "{text}");
    }
}

/// The manifest, with what krew-release-bot fills in.
#[test]
fn the_krew_manifest_is_one() {
    let template = fs::read_to_string(repository().join(".krew.yaml")).expect("it is there");
    let mut filled = String::new();
    for line in template.lines() {
        let blanks = &line[..line.len() - line.trim_start().len()];
        match line.trim_start().strip_prefix("{{addURIAndSha \"") {
            Some(rest) => {
                let uri = rest.split('"').next().expect("an address").replace("{{ .TagName }}", "v0.1.0");
                filled.push_str(&format!("{blanks}uri: {uri}\n{blanks}sha256: \"0\"\n"));
            }
            None => filled.push_str(&format!("{}\n", line.replace("{{ .TagName }}", "v0.1.0"))),
        }
    }
    let manifest: serde_json::Value = yaml_serde::from_str(&filled).expect("it is YAML");
    assert_eq!(manifest["kind"], "Plugin");
    assert_eq!(manifest["metadata"]["name"], env!("CARGO_PKG_NAME"));
    // https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest: at most 50 characters.
    assert!(manifest["spec"]["shortDescription"].as_str().is_some_and(|text| text.len() <= 50));
    let platforms = manifest["spec"]["platforms"].as_array().expect("there are platforms");
    let systems: BTreeSet<&str> =
        platforms.iter().filter_map(|one| one["selector"]["matchLabels"]["os"].as_str()).collect();
    assert_eq!(systems, BTreeSet::from(["darwin", "linux", "windows"]));
    assert!(platforms.iter().all(|one| one["uri"].is_string() && one["bin"].is_string()));
}

/// Files that packages are made of are there, or are generated, and every command has its page.
#[test]
fn packages_name_what_there_is() {
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).expect("it is there");
    let generate = fs::read_to_string(repository().join("packaging/generate")).expect("it is there");
    let mut met = 0;
    for source in
        manifest.split('"').filter(|text| text.starts_with("packaging/") || text.contains("/packaging/"))
    {
        met += 1;
        match source.strip_prefix("target/packaging/") {
            Some("*.1") => {}
            Some(file) => assert!(generate.contains(&format!("\"$to/{file}\"")), "{file} is not generated"),
            None => assert!(repository().join(source).exists(), "{source} is not there"),
        }
    }
    assert!(met >= 8, "{met} files of packages were found in Cargo.toml");
    let help = Command::new(env!("CARGO_BIN_EXE_apiblame")).arg("--help").output().expect("it runs");
    let help = said(&help);
    let commands =
        help.split("Commands:").nth(1).and_then(|text| text.split("\n\n").next()).expect("commands");
    for command in commands.lines().filter_map(|line| line.split_whitespace().next()) {
        if commands.contains(&format!("\n  {command} ")) {
            let listed = generate.lines().find(|line| line.starts_with("for command in")).expect("a list");
            assert!(listed.contains(command), "packaging/generate makes no page of {command}");
        }
    }
}

#[test]
fn completions_and_the_manual_know_the_options() {
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_apiblame")).args(args).output().expect("it runs");
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    };
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completion", shell]);
        assert!(script.contains("apiservice") && script.contains("inventory"), "{shell}: {script}");
    }
    let page = run(&["man"]);
    assert!(page.contains(".TH apiblame 1") && page.contains("redact") && page.contains("must\\-gather"));
    assert!(run(&["man", "explain"]).contains("apiblame\\-explain"));
    let wrong =
        Command::new(env!("CARGO_BIN_EXE_apiblame")).args(["man", "nothing"]).output().expect("it runs");
    assert_eq!(wrong.status.code(), Some(2));
}
