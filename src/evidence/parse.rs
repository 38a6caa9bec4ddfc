//! From the bytes of a file to the objects in it, leniently.
//!
//! A file may hold one object, a list, or several documents; JSON or YAML. One item that cannot be
//! read does not lose the others: where a file is broken (an archive cut off in the middle, a disk that
//! was full), its items are cut at their column-0 dashes and read one by one. What was lost is said.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Objects of a file, each with the line that it starts at, and what could not be read.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) items: Vec<(Value, u64)>,
    pub(super) error: Option<String>,
}

/// Reads all objects of a file. `managers` keeps `managedFields`, which are half of most files.
pub(super) fn parse(bytes: &[u8], managers: bool) -> Parsed {
    // Checked first: `from_utf8` passes over ASCII by words, `from_utf8_lossy` does not.
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    if text.trim_start().starts_with('{') {
        return match serde_json::from_str::<Value>(&text) {
            Ok(value) => Parsed { items: items(value), error: None },
            Err(error) => Parsed { items: Vec::new(), error: Some(error.to_string()) },
        };
    }
    let thin = if managers { text.into_owned() } else { without_managed_fields(&text) };
    let mut parsed = match documents(&thin) {
        Ok(items) => Parsed { items, error: None },
        Err(error) => salvage(&thin, &error),
    };
    number(&mut parsed.items, bytes);
    parsed
}

/// A value as an object of a kind; `null` counts as left out.
pub(super) fn shaped<T: DeserializeOwned>(mut value: Value) -> Result<T, String> {
    drop_nulls(&mut value);
    T::deserialize(value).map_err(|error| error.to_string())
}

/// Any YAML or JSON document as `T`.
pub(super) fn document<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    yaml_serde::from_slice(bytes).map_err(|error| error.to_string())
}

fn documents(text: &str) -> Result<Vec<(Value, u64)>, String> {
    let mut all = Vec::new();
    for document in yaml_serde::Deserializer::from_str(text) {
        let value = Value::deserialize(document).map_err(|error| error.to_string())?;
        all.extend(items(value));
    }
    Ok(all)
}

/// The items of a list, or the object itself.
fn items(value: Value) -> Vec<(Value, u64)> {
    match value {
        Value::Object(mut map) if map.contains_key("items") => match map.remove("items") {
            Some(Value::Array(items)) => items.into_iter().map(|item| (item, 0)).collect(),
            _ => Vec::new(),
        },
        Value::Object(map) => vec![(Value::Object(map), 0)],
        _ => Vec::new(),
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let kept = std::mem::take(map).into_iter().filter(|(_, value)| !value.is_null());
            *map = kept.collect::<Map<String, Value>>();
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Drops `managedFields` and all that is indented below them, line by line: parsing them costs as much as
/// all the rest.
fn without_managed_fields(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut below: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(key) = below {
            let inside = indent > key || indent == key && line[indent..].starts_with("- ");
            if inside || line.trim().is_empty() {
                continue;
            }
            below = None;
        }
        if line[indent..].trim_end() == "managedFields:" {
            below = Some(indent);
            continue;
        }
        out.push_str(line);
    }
    out
}

/// Reads the items of a broken list one by one.
fn salvage(text: &str, error: &str) -> Parsed {
    let Some(start) = text.find("items:\n").filter(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n') else {
        return Parsed { items: Vec::new(), error: Some(error.to_owned()) };
    };
    let mut parsed = Parsed::default();
    let (mut item, mut lost) = (String::new(), 0u64);
    let mut finish = |item: &mut String| {
        match documents(item) {
            Ok(values) => parsed.items.extend(values),
            Err(_) => lost += 1,
        }
        item.clear();
    };
    for line in text[start + "items:\n".len()..].split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("- ") {
            if !item.is_empty() {
                finish(&mut item);
            }
            item.push_str("  ");
            item.push_str(rest);
        } else if line.starts_with(' ') || line.trim().is_empty() {
            item.push_str(line);
        } else {
            break;
        }
    }
    if !item.is_empty() {
        finish(&mut item);
    }
    parsed.error = Some(format!("{lost} of its items cannot be read: {error}"));
    parsed
}

/// Gives every item the line that names it, by one walk over the file.
fn number(items: &mut [(Value, u64)], bytes: &[u8]) {
    let mut lines = bytes.split(|b| *b == b'\n').zip(1u64..);
    for (item, line) in items.iter_mut() {
        let Some(name) = item.pointer("/metadata/name").and_then(Value::as_str) else { continue };
        let found = lines.find(|(text, _)| {
            if !text.trim_ascii_start().starts_with(b"name:") {
                return false;
            }
            let text = String::from_utf8_lossy(text);
            let text = text.trim();
            text.strip_prefix("name:").is_some_and(|value| value.trim().trim_matches(['"', '\'']) == name)
        });
        match found {
            Some((_, at)) => *line = at,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "---\napiVersion: v1\nitems:\n- kind: Pod\n  metadata:\n    managedFields:\n    - manager: kubelet\n      time: t\n    name: a\n- kind: Pod\n  metadata:\n    name: b\n  status:\n    message: 'x\nkind: PodList\n";

    #[test]
    fn a_broken_item_does_not_lose_the_others() {
        let parsed = parse(LIST.as_bytes(), false);
        assert_eq!(parsed.items.len(), 1);
        assert_eq!(parsed.items[0].0["metadata"]["name"], "a");
        assert_eq!(parsed.items[0].1, 9);
        assert!(parsed.error.unwrap().starts_with("1 of its items cannot be read"));
    }

    #[test]
    fn managed_fields_are_left_out_unless_wanted() {
        let whole = LIST.replace("'x", "x");
        let parsed = parse(whole.as_bytes(), false);
        assert!(parsed.error.is_none());
        assert!(parsed.items[0].0["metadata"].get("managedFields").is_none());
        let parsed = parse(whole.as_bytes(), true);
        assert_eq!(parsed.items[0].0["metadata"]["managedFields"][0]["manager"], "kubelet");
    }

    #[test]
    fn json_and_empty_files() {
        assert_eq!(parse(br#"{"items":[{"a":1},{"b":null}]}"#, false).items.len(), 2);
        assert!(parse(b"", false).items.is_empty() && parse(b"---\n", false).error.is_none());
        assert!(parse(b"{\"a\":", false).error.is_some());
        assert!(parse(b"a: [", false).error.is_some());
    }
}
