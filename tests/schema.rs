//! `apiblame schema`: real reports are held to it, and no key of theirs is missing in it; and `--quiet`.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/program.rs"]
mod program;

use cases::cases;
use serde_json::Value;

fn run(args: &[&str]) -> (Option<i32>, String) {
    let (status, stdout, stderr) = program::run(args);
    assert!(stderr.is_empty(), "{stderr}");
    (status, stdout)
}

/// Holds a value to a schema, as far as ours goes: `$ref`, `anyOf`, `type`, `enum`, `const`, `required`,
/// `properties`, `items`. Stricter than a reader has to be: a key that the schema does not know fails.
fn hold(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).ok_or(format!("{name} leads nowhere"))?;
        return hold(root, target, value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let all: Vec<_> = any.iter().map(|one| hold(root, one, value, at)).collect();
        return if all.iter().any(Result::is_ok) { Ok(()) } else { Err(format!("{at}: {all:?}")) };
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return Err(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        return Err(format!("{at}: {value} is not {}", schema["const"]));
    }
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|one| is(one, value)) {
        return Err(format!("{at}: {value} is no {types:?}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        hold(root, &schema["items"], item, &format!("{at}/{index}"))?;
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        object.get(key).ok_or(format!("{at}/{key} is missing"))?;
    }
    for (key, inner) in object {
        let known = schema["properties"].get(key).ok_or(format!("{at}/{key} is not in the schema"))?;
        hold(root, known, inner, &format!("{at}/{key}"))?;
    }
    Ok(())
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the schema names a type {other}"),
    }
}

#[test]
fn reports_hold_to_the_schema() {
    let (status, text) = run(&["schema"]);
    assert_eq!(status, Some(0));
    let schema: Value = serde_json::from_str(&text).expect("it is JSON");
    let mut incidents = 0;
    for case in cases(&["incidents", "signatures", "quiet"]) {
        let input = case.input.display().to_string();
        for options in [&["-o", "json"][..], &["-o", "json", "--since", "1d", "-n", "x", "--cause", "dns"]] {
            let report: Value =
                serde_json::from_str(&run(&[options, &[input.as_str()]].concat()).1).expect("it is JSON");
            incidents += report["incidents"].as_array().map_or(0, Vec::len);
            if let Err(wrong) = hold(&schema, &schema, &report, "") {
                panic!("{}: {wrong}", case.name);
            }
        }
    }
    assert!(incidents > 0, "no incident was held to the schema");
}

#[test]
fn the_schema_requires_every_key_that_it_knows() {
    let schema: Value = serde_json::from_str(&run(&["schema"]).1).expect("it is JSON");
    let mut objects = vec![&schema];
    objects.extend(schema["$defs"].as_object().expect("there are definitions").values());
    for object in objects.into_iter().filter(|one| one["type"] == "object") {
        let keys: Vec<&String> = object["properties"].as_object().expect("it has keys").keys().collect();
        let mut required: Vec<&str> =
            object["required"].as_array().expect("it requires").iter().filter_map(Value::as_str).collect();
        required.sort_unstable();
        assert_eq!(keys, required);
    }
    let causes = &schema["$defs"]["cause"]["enum"];
    assert_eq!(causes.as_array().map(Vec::len), Some(apiblame::k8s::Cause::all().count()));
}

#[test]
fn quiet() {
    let all = cases(&["incidents", "quiet"]);
    let input = |kind: &str| {
        let case = all.iter().find(|case| case.name.starts_with(kind)).expect("there is one");
        case.input.display().to_string()
    };
    let (healthy, broken) = (input("quiet/"), input("incidents/"));
    assert_eq!(run(&["-q", &healthy]), (Some(0), String::new()));
    assert_eq!(run(&["-q", &broken]), run(&[&broken]), "what is found is told");
    assert_eq!(run(&["-q", "--cause", "etcd", &broken]), (Some(0), String::new()));
    assert_eq!(
        run(&["-q", "-o", "json", &healthy]),
        run(&["-o", "json", &healthy]),
        "programs want a report"
    );
    let (status, stdout, stderr) = program::run(&["-q", &healthy, "missing.log"]);
    assert_eq!((status, stdout.len()), (Some(3), 0));
    assert!(stderr.contains("missing.log"), "what is unreadable is named");
}
