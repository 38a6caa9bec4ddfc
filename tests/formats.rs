//! The reports that leave the terminal: Markdown, ndjson, HTML, and the file that they go to.
//!
//! A hostile log and a hostile file name go through all of them. tests/browser.rs opens the
//! page in a real browser.

#[path = "support/scratch.rs"]
mod scratch;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use scratch::{scratch, write};

const HOSTILE: &str = concat!(
    "E1123 13:44:12.000000 1 reflector.go:1] failed to list *v1.Foo: the server is currently unable to ",
    "handle the request (get things.x.io) </script><script>document.title='pwned'</script>",
    "<img src=http://127.0.0.1:9/x onerror=\"document.title='pwned'\"> \" ' | ` ``` ```` @all [a](b) ",
    "\u{1b}[31m\u{7}\u{202e} password=hunter2secret </pre></details><svg onload=document.title='pwned'>\n",
);

fn story() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/incidents/kopf-1.37.5-full/input.log")
}

fn run(args: &[&str], path: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    command.env_clear().stdin(Stdio::null()).args(args).arg(path).output().expect("the program was built")
}

fn report(format: &str, path: &Path) -> String {
    let output = run(&["-o", format], path);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("reports are UTF-8")
}

/// The hostile log, under a hostile name.
fn hostile(test: &str) -> PathBuf {
    write(&scratch(test), "<img src=x onerror=alert(1)> `|` .log", HOSTILE)
}

#[test]
fn every_format_names_the_culprit_and_masks_secrets() {
    let log = hostile("formats-secrets");
    for format in ["text", "wide", "json", "ndjson", "markdown", "html"] {
        assert!(report(format, &story()).contains("v1.admission.autoscaling.openshift.io"), "{format}");
        let text = report(format, &log);
        assert!(!text.contains("hunter2"), "{format} tells a secret: {text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') || format == "json", "{format}");
    }
}

#[test]
fn markdown_keeps_its_tables_and_fences() {
    let text = report("markdown", &hostile("formats-markdown"));
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|&c| c == '`').collect();
        match &fence {
            Some(open) if *open == ticks && line.len() == ticks.len() => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => assert!(!line.contains("<script") && !line.contains("@all"), "{line}"),
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "a fence stays open:\n{text}");
}

#[test]
fn ndjson_has_a_flat_object_per_line() {
    let text = report("ndjson", &story());
    assert_eq!(text.lines().count(), 1);
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        let object = value.as_object().expect("a line is an object");
        assert!(object.values().all(|value| !value.is_array() && !value.is_object()), "{line}");
        assert_eq!((value["count"].as_u64(), value["fatal_victims"].as_u64()), (Some(9), Some(1)));
    }
}

#[test]
fn html_escapes_and_allows_nothing() {
    let page = report("html", &hostile("formats-html"));
    assert_eq!(page.matches("<script").count(), 1, "only the script of the page itself");
    assert!(!page.contains("<img") && !page.contains("<svg onload"));
    assert!(page.contains("default-src 'none'") && page.contains("script-src 'sha256-"));
}

#[test]
fn a_file_is_replaced_whole() {
    let folder = scratch("formats-file");
    let file = write(&folder, "report.md", "old");
    let name = file.display().to_string();
    let output = run(&["-o", "markdown", "--output-file", &name], &story());
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), report("markdown", &story()));
    assert_eq!(std::fs::read_dir(&folder).expect("it is there").count(), 1, "nothing else is left behind");
}

#[test]
fn a_file_that_cannot_be_written_is_said() {
    let missing = scratch("formats-missing").join("no/such/folder.md").display().to_string();
    for target in [missing.as_str(), "/dev/full"] {
        if target == "/dev/full" && !Path::new(target).exists() {
            continue;
        }
        let output = run(&["--output-file", target], &story());
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(target));
    }
}
