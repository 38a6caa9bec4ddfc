//! The HTML report in a real browser, used as a person would use it: clicked, typed into, unfolded.

#![cfg(unix)]

#[path = "browser/devtools.rs"]
mod devtools;
#[path = "support/scratch.rs"]
mod scratch;

use std::path::{Path, PathBuf};
use std::process::Command;

use devtools::{Page, chromium};
use scratch::{scratch, write};
use serde_json::json;

/// A log of five incidents, and one that is hostile.
fn page(folder: &Path) -> PathBuf {
    let fixture = |name: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/incidents/{name}/input.log"))
    };
    let hostile = write(
        folder,
        "<img src=x onerror=1>.log",
        "E1123 13:44:12.000000 1 reflector.go:1] failed to list *v1.Foo: the server is currently unable to handle the \
         request (get things.x.io) </script><img src=http://127.0.0.1:9/x onerror=\"document.title='pwned'\"> ' \" \u{1b}[31m\n",
    );
    let output = Command::new(env!("CARGO_BIN_EXE_apiblame"))
        .env_clear()
        .args(["-o", "html"])
        .args([
            fixture("kopf-two-groups"),
            fixture("kopf-apiserver-refused"),
            fixture("kopf-forbidden"),
            hostile,
        ])
        .output()
        .expect("the program was built");
    write(folder, "report.html", output.stdout)
}

#[test]
fn filters_and_folds_work_and_nothing_is_complained_of() {
    let Some(chromium) = chromium() else { return };
    let folder = scratch("browser");
    let file = page(&folder);
    let mut page = Page::open(&chromium, &folder, &file);
    let shown = "document.getElementById('shown').textContent";
    let visible = "[...document.querySelectorAll('article')].filter((one) => one.offsetParent).length";
    let rows = "[...document.querySelectorAll('tr[data-incident]')].filter((one) => one.offsetParent).length";
    let open = "document.querySelectorAll('details[open]').length";
    let all = page.value("document.querySelectorAll('article').length").as_u64().expect("a count");
    assert!(all >= 4, "{all} incidents");
    assert_eq!(page.value(shown), json!(format!("{all} of {all} incidents")));

    // Typing into the text filter leaves one incident, its row in the summary and in the timeline.
    page.click("#text");
    page.ask("Input.insertText", json!({"text": "V1beta1.METRICS"}));
    assert_eq!(page.value(shown), json!(format!("1 of {all} incidents")));
    assert_eq!((page.value(visible), page.value(rows)), (json!(1), json!(1)));
    page.value("document.getElementById('text').select()");
    page.press("Delete", 46);
    assert_eq!(page.value(visible), json!(all));

    // The list of causes, by keyboard.
    page.value("document.getElementById('cause').focus()");
    page.press("ArrowDown", 40);
    let chosen = page.value("document.getElementById('cause').value");
    assert_ne!(chosen, json!(""));
    let fits = page.value(
        "document.querySelectorAll(`article[data-cause='${document.getElementById('cause').value}']`).length",
    );
    assert_eq!(page.value(visible), fits);
    assert!(fits.as_u64().is_some_and(|fits| fits > 0 && fits < all));
    page.press("ArrowUp", 38);
    assert_eq!(page.value(visible), json!(all));

    // Evidence folds out by itself, and all of it with the button.
    assert_eq!(page.value(open), json!(0));
    page.click("article details > summary");
    assert_eq!(page.value(open), json!(1));
    page.click("#unfold");
    assert_eq!(page.value(open), page.value("document.querySelectorAll('details').length"));
    page.click("#unfold");
    assert_eq!(page.value(open), json!(0));

    // The timeline zooms.
    let wide = "document.querySelector('.plot').getBoundingClientRect().width";
    let before = page.value(wide).as_f64().expect("a width");
    page.click("#z4");
    assert!(page.value(wide).as_f64().is_some_and(|after| after > 3.0 * before), "it did not zoom");

    assert_ne!(page.value("document.title"), json!("pwned"));
    let loud = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
    let said: Vec<_> =
        page.events.iter().filter(|event| loud.iter().any(|one| event["method"] == *one)).collect();
    assert!(said.is_empty(), "{said:#?}");
    let asked: Vec<_> = page
        .events
        .iter()
        .filter(|event| event["method"] == "Network.requestWillBeSent")
        .map(|event| event["params"]["request"]["url"].clone())
        .collect();
    assert_eq!(asked, [json!(format!("file://{}", file.display()))], "the page asks for something");
}

/// The largest report that is known stays small enough to be attached. The archive is none of the
/// repository's: it is looked for as `tests/evidence.rs` does.
#[test]
fn the_page_of_a_must_gather_is_small() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let corpus = std::env::var_os("APIBLAME_CORPUS").map_or(beside, PathBuf::from);
    let archive = corpus.join("must-gather/must-gather-metal.tar.xz");
    if !archive.exists() {
        eprintln!("skipped: {} is not there", archive.display());
        return;
    }
    let size = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
        command.env_clear().args(["-o", format]).arg(&archive).output().expect("it runs").stdout.len()
    };
    assert!((10_000..=1 << 20).contains(&size("html")), "the page has {} bytes", size("html"));
    assert!((5_000..=32_767).contains(&size("markdown")), "the ticket has {} bytes", size("markdown"));
}
