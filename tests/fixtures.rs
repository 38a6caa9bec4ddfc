//! Every folder below `fixtures/{incidents,signatures,quiet}` with an `input.log` is a case, and its
//! `expected.json` is what the report must say.
//!
//! `expected.json` holds a reduced form of the report: what a person would check by reading the log
//! (cause, blame, counts, retries, victims, cited lines), not wording, owners or remedies, which may
//! be improved without reading forty logs again. `BLESS=1 cargo test --test fixtures` rewrites all
//! of them; the difference in version control is then what has to be reviewed.
//!
//! A report that is known to be wrong is held nevertheless, with a `"fixme"` in its `expected.json`
//! that says what it should be. Blessing keeps the remark; whoever repairs the report removes it.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/diff.rs"]
mod diff;
#[path = "support/report.rs"]
mod report;

use std::fs;

use cases::{Case, cases};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What of a report is held to `expected.json`; all other keys are dropped while reading.
#[derive(Deserialize, Serialize)]
struct Reduced {
    #[serde(skip_serializing_if = "Option::is_none")]
    fixme: Option<String>,
    coverage: Coverage,
    incidents: Vec<Incident>,
}

#[derive(Deserialize, Serialize)]
struct Coverage {
    lines: u64,
    records: u64,
    failures: u64,
}

#[derive(Deserialize, Serialize)]
struct Incident {
    cause: String,
    apiservice: Option<String>,
    confidence: String,
    failures: u64,
    requests: Vec<Request>,
    retries: Vec<Series>,
    victims: Vec<Victim>,
    evidence: Vec<Evidence>,
}

#[derive(Deserialize, Serialize)]
struct Request {
    verb: Option<String>,
    path: Option<String>,
    status: Option<u16>,
    error: String,
    count: u64,
}

#[derive(Deserialize, Serialize)]
struct Series {
    attempts: u64,
    last_attempt: u64,
    max_attempts: Option<u64>,
    waits_seconds: Vec<f64>,
    backoff: String,
    outcome: String,
}

#[derive(Deserialize, Serialize)]
struct Victim {
    client: Option<String>,
    impact: String,
}

#[derive(Deserialize, Serialize)]
struct Evidence {
    line: u64,
    signature: String,
}

#[test]
fn reports_are_as_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for case in cases(&["incidents", "signatures", "quiet"]) {
        let actual = reduced(&case);
        let path = case.input.with_file_name("expected.json");
        if bless {
            fs::write(&path, &actual).expect("a fixture can be written");
            continue;
        }
        match fs::read_to_string(&path) {
            Ok(expected) if expected == actual => {}
            Ok(expected) => wrong.push(format!("{}\n{}", case.name, diff::diff(&expected, &actual))),
            Err(_) => wrong.push(format!("{}: there is no expected.json", case.name)),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} reports are not as expected (- expected, + reported); if the new ones are right,\n\
         `BLESS=1 cargo test --test fixtures` writes them down\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn quiet_logs_have_no_incident() {
    for case in cases(&["quiet"]) {
        let report: Reduced = read(&case);
        assert!(report.coverage.lines > 0, "{}: nothing was read", case.name);
        let causes: Vec<&str> = report.incidents.iter().map(|incident| incident.cause.as_str()).collect();
        assert!(causes.is_empty(), "{}: nothing is broken, but it reports {causes:?}", case.name);
    }
}

fn read(case: &Case) -> Reduced {
    let report = report::report(std::slice::from_ref(&case.input), report::settings());
    serde_json::from_str(&report).expect("the report has the keys of the contract")
}

/// The reduced report on a case, as its file holds it; a remark in the file is kept.
fn reduced(case: &Case) -> String {
    let mut reduced = read(case);
    let blessed = fs::read(case.input.with_file_name("expected.json")).unwrap_or_default();
    reduced.fixme = serde_json::from_slice::<Reduced>(&blessed).ok().and_then(|blessed| blessed.fixme);
    let value = serde_json::to_value(reduced).expect("the reduced form is plain data");
    let mut text = String::new();
    render(&value, 0, &mut text);
    text.push('\n');
    text
}

/// JSON with sorted keys, one line for whatever fits in one: a request, a series, a piece of evidence.
fn render(value: &Value, indent: usize, out: &mut String) {
    const WIDTH: usize = 110;
    let short = flat(value);
    let (open, close, items) = match value {
        Value::Array(items) => ('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
        Value::Object(map) => ('{', '}', sorted(map)),
        _ => return out.push_str(&short),
    };
    if items.is_empty() || indent > 0 && indent + short.len() <= WIDTH {
        return out.push_str(&short);
    }
    out.push(open);
    for (index, (key, item)) in items.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&" ".repeat(indent + 2));
        out.push_str(key);
        render(item, indent + 2, out);
    }
    out.push('\n');
    out.push_str(&" ".repeat(indent));
    out.push(close);
}

fn sorted(map: &serde_json::Map<String, Value>) -> Vec<(String, &Value)> {
    let mut items: Vec<_> = map.iter().map(|(key, value)| (format!("\"{key}\": "), value)).collect();
    items.sort_by(|a, b| a.0.cmp(&b.0));
    items
}

fn flat(value: &Value) -> String {
    let join = |items: Vec<String>| items.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", join(items.iter().map(flat).collect())),
        Value::Object(map) => {
            let items = sorted(map).into_iter().map(|(key, value)| format!("{key}{}", flat(value)));
            format!("{{ {} }}", join(items.collect()))
        }
        scalar => scalar.to_string(),
    }
}
