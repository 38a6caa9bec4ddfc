//! From the bytes of a file to the objects in it, leniently.
//!
//! A file may hold one object, a list, or several documents; JSON or YAML. One item that cannot be
//! read does not lose the others: where a file is broken (an archive cut off in the middle, a disk that
//! was full), its items are cut at their column-0 dashes and read one by one. What was lost is said.
//! So is a large file: YAML takes a hundred times its length in memory where it is made of crumbs.

use std::borrow::Cow;

use memchr::memmem;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::thin::{bare, thin};
use crate::bounded::{Budget, MULTIPLIED};

/// Objects of a file, each with the line that it starts at, and what could not be read.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) items: Vec<(Value, u64)>,
    pub(super) error: Option<String>,
}

/// Reads all objects of a file, YAML without what is not read of their kind; `said` is the kind of those that do
/// not tell, `aliases` is how much YAML's aliases may add.
pub(super) fn parse(bytes: &[u8], said: Option<&str>, aliases: u64) -> Parsed {
    parse_with(bytes, said, aliases, |text| thin(text, said))
}

/// The same of a text of which nothing else is left.
pub(super) fn parse_thin(bytes: &[u8], said: Option<&str>, aliases: u64) -> Parsed {
    parse_with(bytes, said, aliases, |text| Cow::Borrowed(text))
}

fn parse_with(
    bytes: &[u8],
    said: Option<&str>,
    aliases: u64,
    thin: impl for<'t> FnOnce(&'t str) -> Cow<'t, str>,
) -> Parsed {
    // Checked first: `from_utf8` passes over ASCII by words, `from_utf8_lossy` does not.
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    if text.trim_start().starts_with('{') {
        if text.len() > WHOLE && is_crumbs(&text) {
            return Parsed { items: Vec::new(), error: Some(CRUMBS.to_owned()) };
        }
        return match serde_json::from_str::<Value>(&text) {
            Ok(value) => Parsed { items: items(value), error: None },
            Err(error) => Parsed { items: Vec::new(), error: Some(error.to_string()) },
        };
    }
    let thin = thin(&text);
    let mut parsed = match documents(&thin, aliases) {
        Err(error) if error == LARGE => pieces(&thin, said, aliases),
        Ok(items) => Parsed { items, error: None },
        Err(error) if error.contains(MULTIPLIED) => Parsed { items: Vec::new(), error: Some(error) },
        Err(error) => match documents(&text, aliases) {
            // What was cut out only seemed to be a key.
            Ok(items) => Parsed { items, error: None },
            // The line that it names is that of the file.
            Err(whole) => salvage(&thin, said, if whole == LARGE { &error } else { &whole }, aliases),
        },
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
pub(super) fn document<T: DeserializeOwned>(bytes: &[u8], aliases: u64) -> Result<T, String> {
    let text = String::from_utf8_lossy(bytes);
    if text.len() > WHOLE && is_crumbs(&text) {
        return Err(CRUMBS.to_owned());
    }
    let document = yaml_serde::Deserializer::from_str(&text);
    let value = Budget::new(bytes.len(), aliases).read(document).map_err(|error| error.to_string())?;
    T::deserialize(value).map_err(|error| error.to_string())
}

/// Up to this length a file is read as a whole, whatever it is made of.
const WHOLE: usize = 256 << 10;
/// The largest object; etcd takes 1.5 MiB, and YAML is longer than what is stored.
const MOST: usize = 4 << 20;
const LARGE: &str = "an object larger than 4 MiB";
const CRUMBS: &str = "its values are too many for its length";

/// Whether a text holds more values than an object can have: one for each six bytes. Real objects have
/// one for each thirty, aggregated discovery one for each ten.
fn is_crumbs(text: &str) -> bool {
    let bytes = text.as_bytes();
    // An empty line is no value.
    let value = |at: &usize| bytes[*at] != b'\n' || bytes.get(at + 1) != Some(&b'\n');
    let values = memchr::memchr3_iter(b'\n', b',', b'[', bytes).filter(value).count()
        + memchr::memchr_iter(b'{', bytes).count();
    values > bytes.len() / 6
}

/// Reads a large file: document by document, and lists item by item.
fn pieces(text: &str, said: Option<&str>, aliases: u64) -> Parsed {
    let mut parsed = Parsed::default();
    for document in text.split("\n---\n") {
        let part = match documents(document, aliases) {
            Ok(items) => Parsed { items, error: None },
            Err(error) if error.contains(MULTIPLIED) => Parsed { items: Vec::new(), error: Some(error) },
            Err(error) => salvage(document, said, &error, aliases),
        };
        parsed.items.extend(part.items);
        parsed.error = parsed.error.or(part.error);
    }
    parsed
}

fn documents(text: &str, aliases: u64) -> Result<Vec<(Value, u64)>, String> {
    if text.len() > MOST {
        return Err(LARGE.to_owned());
    }
    if text.len() > WHOLE && is_crumbs(text) {
        return Err(CRUMBS.to_owned());
    }
    let mut all = Vec::new();
    let budget = Budget::new(text.len(), aliases);
    for document in yaml_serde::Deserializer::from_str(text) {
        let value = budget.read(document).map_err(|error| error.to_string())?;
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
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Reads the items of a broken or large list one by one. An item that is too large is lost like one that is
/// broken, unless it is broken where nothing is read; that the list was large is no error.
fn salvage(text: &str, said: Option<&str>, error: &str, aliases: u64) -> Parsed {
    let bare = |text: &str| documents(&bare(text, said)?, aliases).ok().filter(|items| !items.is_empty());
    let Some(start) = text.find("items:\n").filter(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n') else {
        return Parsed { items: bare(text).unwrap_or_default(), error: Some(error.to_owned()) };
    };
    let mut parsed = Parsed::default();
    let (mut item, mut lost, mut broken) = (String::new(), 0u64, error != LARGE);
    let mut finish = |item: &mut String| {
        let values = documents(item, aliases).or_else(|_| {
            broken = true;
            bare(item).ok_or(())
        });
        match values {
            Ok(values) => parsed.items.extend(values),
            Err(()) => lost += 1,
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
    if lost > 0 {
        parsed.error = Some(format!("{lost} of its items cannot be read: {error}"));
    } else if broken {
        parsed.error = Some(error.to_owned());
    }
    parsed
}

/// Gives every item the line that names it, by one walk over the file.
fn number(items: &mut [(Value, u64)], bytes: &[u8]) {
    let mut names = memmem::find_iter(bytes, b"name:");
    let (mut counted, mut line) = (0, 1);
    for (item, at) in items.iter_mut() {
        let Some(name) = item.pointer("/metadata/name").and_then(Value::as_str) else { continue };
        let Some(found) = names.find(|place| is_named(bytes, *place, name)) else { return };
        line += memchr::memchr_iter(b'\n', &bytes[counted..found]).count() as u64;
        (counted, *at) = (found, line);
    }
}

/// Whether a line is a name, and this one, of which the key stands at `place`.
fn is_named(bytes: &[u8], place: usize, name: &str) -> bool {
    let start = memchr::memrchr(b'\n', &bytes[..place]).map_or(0, |newline| newline + 1);
    let end = memchr::memchr(b'\n', &bytes[place..]).map_or(bytes.len(), |newline| place + newline);
    let value = String::from_utf8_lossy(&bytes[place + "name:".len()..end]);
    bytes[start..place].trim_ascii().is_empty() && value.trim().trim_matches(['"', '\'']) == name
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: Option<&str> = Some("Pod");
    const LIST: &str = "---\napiVersion: v1\nitems:\n- kind: Pod\n  metadata:\n    managedFields:\n    - manager: kubelet\n      time: t\n    name: a\n- kind: Pod\n  metadata:\n    name: b\n  status:\n    message: 'x\nkind: PodList\n";

    #[test]
    fn a_broken_item_does_not_lose_the_others() {
        let parsed = parse(LIST.as_bytes(), POD, 0);
        assert_eq!(parsed.items.len(), 1);
        assert_eq!(parsed.items[0].0["metadata"]["name"], "a");
        assert_eq!(parsed.items[0].1, 9);
        assert!(parsed.error.unwrap().starts_with("1 of its items cannot be read"));
    }

    #[test]
    fn what_is_not_read_is_left_out() {
        let whole = LIST.replace("'x", "x");
        let managers = |said| {
            let parsed = parse(whole.replace("kind: Pod", "label: a").as_bytes(), Some(said), 0);
            assert!(parsed.error.is_none());
            parsed.items[0].0["metadata"].get("managedFields").cloned()
        };
        assert_eq!(managers("APIService").unwrap()[0]["manager"], "kubelet");
        assert!(managers("Pod").is_none());
    }

    #[test]
    fn an_error_names_a_line_of_the_file_and_text_is_no_key() {
        let cut = "metadata:\n  name: a\nspec:\n  containers:\n  - name: a\n  message: 'x\n";
        let error = parse(cut.as_bytes(), POD, 0).error.unwrap();
        assert!(error.contains("line 6") || error.contains("line 7"), "{error}");
        let text = "metadata:\n  name: a\nspec:\n  message: 'no\n    containers:\n      at all'\n";
        let parsed = parse(text.as_bytes(), POD, 0);
        assert_eq!(parsed.items[0].0["spec"]["message"], "no containers: at all");
    }

    #[test]
    fn what_is_broken_where_nothing_is_read_is_told_and_nothing_lost() {
        let broken = LIST.replace("    - manager: kubelet", "    - manager: [kubelet").replace("'x", "x");
        let parsed = parse(broken.as_bytes(), POD, 0);
        assert_eq!((parsed.items.len(), parsed.items[0].1), (2, 9));
        let error = parsed.error.unwrap();
        assert!(error.contains("line 7") || error.contains("line 8"), "{error}");
        let one = "kind: Pod\nmetadata:\n  name: a\nspec:\n  containers: [\n  nodeName: b\n";
        let parsed = parse(one.as_bytes(), POD, 0);
        assert_eq!(parsed.items[0].0["spec"]["nodeName"], "b");
        assert!(parsed.error.is_some());
    }

    #[test]
    fn a_large_list_is_read_item_by_item() {
        let item =
            |n| format!("- kind: Pod\n  metadata:\n    name: p{n}\n    namespace: {}\n", "x".repeat(2000));
        let list = format!("---\nitems:\n{}kind: PodList\n", (0..3000).map(item).collect::<String>());
        let parsed = parse(list.as_bytes(), POD, 0);
        assert_eq!((parsed.items.len(), parsed.error), (3000, None));
        assert_eq!(
            (parsed.items[2999].0["metadata"]["name"].as_str(), parsed.items[1].1),
            (Some("p2999"), 9)
        );
        let two = format!("{list}---\n{list}");
        assert_eq!(parse(two.as_bytes(), POD, 0).items.len(), 6000);
        let with_a_giant =
            list.replace("name: p7\n", &format!("name: p7\n    labels: {}\n", "y".repeat(MOST)));
        let parsed = parse(with_a_giant.as_bytes(), POD, 0);
        assert_eq!(parsed.items.len(), 2999);
        assert!(parsed.error.unwrap().starts_with("1 of its items cannot be read"));
    }

    #[test]
    fn crumbs_are_not_read() {
        for text in [
            format!("items: [{}]", "a,".repeat(WHOLE)),
            format!("spec:\n{}", "- a\n".repeat(WHOLE)),
            format!("{{\"a\":[{}0]}}", "0,".repeat(WHOLE)),
        ] {
            assert_eq!(parse(text.as_bytes(), POD, 0).error.as_deref(), Some(CRUMBS));
        }
    }

    #[test]
    fn json_and_empty_files() {
        assert_eq!(parse(br#"{"items":[{"a":1},{"b":null}]}"#, POD, 0).items.len(), 2);
        assert!(parse(b"", POD, 0).items.is_empty() && parse(b"---\n", POD, 0).error.is_none());
        assert!(parse(b"{\"a\":", POD, 0).error.is_some());
        assert!(parse(b"a: [", POD, 0).error.is_some());
    }
}
