//! `--knowledge`: wordings, owners and known incidents of one's own.

#[path = "support/scratch.rs"]
mod scratch;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use scratch::{scratch, write};

/// The file that docs/signatures.md shows.
fn example() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/signatures.md");
    let text = std::fs::read_to_string(page).expect("the page is there");
    let file = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    file.expect("the page shows a file").to_owned()
}

const LOG: &str = "\
2026-11-23T13:44:11Z till-7 ledger.shop.example/v1 said status 503 (try 3 of 3), till cannot reach its ledger\n\
2026-11-23T13:44:12Z till-7 the ledger is being counted: the server is currently unable to handle the request\n";

fn run(args: &[&str], home: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    command.env_clear().stdin(Stdio::null()).args(args);
    if let Some(home) = home {
        command.env("HOME", home);
    }
    command.output().expect("the program was built")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_example_of_the_docs_is_understood() {
    let folder = scratch("knowledge-example");
    let log = write(&folder, "till.log", LOG).display().to_string();
    let file = write(&folder, "shop.toml", example()).display().to_string();

    let without = said(&run(&["-o", "json", &log], None));
    assert!(!without.contains("ledger.shop.example"), "{without}");

    let with = run(&["-o", "json", "--knowledge", &file, &log], None);
    let report: serde_json::Value =
        serde_json::from_slice(&with.stdout).unwrap_or_else(|_| panic!("{}", said(&with)));
    let incidents = report["incidents"].as_array().expect("incidents");
    assert_eq!(incidents.len(), 1, "{report:#}");
    let incident = &incidents[0];
    assert_eq!(incident["apiservice"], "v1.ledger.shop.example");
    assert_eq!(incident["confidence"], "certain", "its owner is known, so it is aggregated");
    assert_eq!(incident["failures"], 1, "the quiet wording is none");
    assert_eq!(incident["evidence"][0]["signature"], "SHOP-01");
    assert_eq!(incident["retries"][0]["last_attempt"], 3);
    assert_eq!(incident["owner"]["name"], "Ledger Operator");
    assert_eq!(incident["known"][0], "ledger-locked");
    assert_eq!(incident["backend"]["namespace"], "shop");
    let steps = incident["remedy"].as_array().expect("steps");
    assert!(
        steps.iter().any(|step| step["command"] == "oc -n shop delete configmap ledger-lock"),
        "{steps:#?}"
    );
}

#[test]
fn it_is_read_from_the_folder_of_settings_and_explained() {
    let home = scratch("knowledge-home");
    let folder = home.join(".config/apiblame");
    std::fs::create_dir_all(&folder).expect("it can be made");
    write(&folder, "shop.toml", example());
    write(&folder, "notes.txt", "no knowledge");
    for word in ["SHOP-01", "ledger-locked", "v1.ledger.shop.example"] {
        assert_eq!(
            run(&["explain", word], None).status.code(),
            Some(if word.starts_with('v') { 0 } else { 2 })
        );
        let output = run(&["explain", word], Some(&home));
        assert!(output.status.success() && said(&output).contains("shop.toml"), "{}", said(&output));
    }
}

#[test]
fn what_is_wrong_ends_the_program_with_the_line() {
    let folder = scratch("knowledge-wrong");
    let log = write(&folder, "till.log", LOG).display().to_string();
    let wrong = example().replace("error = \"service unavailable\"", "error = \"broken\"");
    let line = wrong.lines().position(|line| line.contains("\"broken\"")).expect("it is there") + 1;
    let file = write(&folder, "wrong.toml", wrong).display().to_string();
    let output = run(&["--knowledge", &file, &log], None);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        output.stdout.is_empty() && said(&output).contains(&format!("wrong.toml:{line}: ")),
        "{}",
        said(&output)
    );
    let missing = run(&["--knowledge", "no/such.toml", &log], None);
    assert_eq!(missing.status.code(), Some(2));
    assert!(said(&missing).contains("no/such.toml"));
}
