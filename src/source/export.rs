//! Answers of log stores: one JSON document that holds many lines.
//!
//! Loki's query API, an OTLP export and an Elasticsearch search give a single document, often newest
//! first. It is turned into a log again: one JSON line for each entry, oldest first, in forms that the
//! record stage knows as envelopes (logcli's and Elasticsearch's). Line numbers in a report on such a
//! document count its entries. Exports with one object a line are no business of this module.

use serde_json::{Map, Value, json};

/// What the beginning of such a document holds, blanks left out.
///
/// Sources: Loki HTTP API `/loki/api/v1/query_range`; opentelemetry-proto `logs.proto` as JSON;
/// Elasticsearch search API.
const MARKS: &[&str] = &["\"resultType\":\"streams\"", "\"resourceLogs\":[", "\"hits\":{"];

/// Whether the first bytes are those of such a document.
pub(super) fn is_export(head: &[u8]) -> bool {
    if !head.trim_ascii_start().starts_with(b"{") {
        return false;
    }
    let text: String = head
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take(1024)
        .map(|&byte| char::from(byte))
        .collect();
    MARKS.iter().any(|mark| text.contains(mark))
}

/// The entries of a document, one a line, oldest first; `None` if it is not what it seems.
pub(super) fn lines(document: &[u8]) -> Option<Vec<u8>> {
    let document = parsed(document)?;
    let mut entries = loki(&document).or_else(|| otlp(&document)).or_else(|| elasticsearch(&document))?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let mut out = Vec::new();
    for (_, entry) in entries {
        out.extend_from_slice(entry.to_string().as_bytes());
        out.push(b'\n');
    }
    Some(out)
}

/// The document, if it has no more values than a log can have: one for each eight bytes of it. A value takes
/// more memory than two bytes of text.
fn parsed(document: &[u8]) -> Option<Value> {
    let commas = memchr::memchr2_iter(b',', b'[', document).count();
    if commas > 1000 + document.len() / 8 {
        return None;
    }
    serde_json::from_slice(document).ok()
}

/// Sort key and entry. Keys of one document have one form, so that text order is time order.
type Entries = Vec<(String, Value)>;

fn entry(nanos: &str, line: &str, labels: &Value) -> (String, Value) {
    (format!("{nanos:0>24}"), json!({ "labels": labels, "line": line, "timestamp": nanos }))
}

fn loki(document: &Value) -> Option<Entries> {
    let mut entries = Entries::new();
    for stream in document.pointer("/data/result")?.as_array()? {
        let labels = named(stream.get("stream").and_then(Value::as_object));
        for value in stream.get("values")?.as_array()? {
            if let (Some(at), Some(line)) = (value.get(0)?.as_str(), value.get(1)?.as_str()) {
                entries.push(entry(at, line, &labels));
            }
        }
    }
    Some(entries)
}

fn otlp(document: &Value) -> Option<Entries> {
    let mut entries = Entries::new();
    for resource in document.get("resourceLogs")?.as_array()? {
        let mut attributes = Map::new();
        for attribute in
            resource.pointer("/resource/attributes").and_then(Value::as_array).into_iter().flatten()
        {
            if let Some(key) = attribute.get("key").and_then(Value::as_str) {
                let value = attribute.pointer("/value/stringValue").cloned().unwrap_or(Value::Null);
                attributes.insert(key.to_owned(), value);
            }
        }
        let labels = named(Some(&attributes));
        let scopes = resource.get("scopeLogs").and_then(Value::as_array).into_iter().flatten();
        for record in scopes.filter_map(|scope| scope.get("logRecords")?.as_array()).flatten() {
            let at =
                ["timeUnixNano", "observedTimeUnixNano"].iter().find_map(|key| record.get(*key)?.as_str());
            let Some(body) = record.get("body") else { continue };
            let line =
                body.get("stringValue").and_then(Value::as_str).map_or_else(|| body.to_string(), Into::into);
            entries.push(entry(at.unwrap_or("0"), &line, &labels));
        }
    }
    Some(entries)
}

fn elasticsearch(document: &Value) -> Option<Entries> {
    let hits = document.pointer("/hits/hits")?.as_array()?;
    let entries = hits.iter().filter_map(|hit| {
        let source = hit.get("_source")?;
        let at = source.get("@timestamp").and_then(Value::as_str).unwrap_or("");
        Some((at.to_owned(), json!({ "_index": "", "_source": source })))
    });
    Some(entries.collect())
}

/// Namespace, pod and container under the names that logcli's envelope has them.
fn named(labels: Option<&Map<String, Value>>) -> Value {
    #[rustfmt::skip]
    const NAMES: &[(&str, &[&str])] = &[
        ("kubernetes_namespace_name", &["kubernetes_namespace_name", "k8s_namespace_name", "k8s.namespace.name", "namespace"]),
        ("kubernetes_pod_name", &["kubernetes_pod_name", "k8s_pod_name", "k8s.pod.name", "pod"]),
        ("kubernetes_container_name", &["kubernetes_container_name", "k8s_container_name", "k8s.container.name", "container"]),
    ];
    let found = NAMES.iter().filter_map(|(name, keys)| {
        let value = keys.iter().find_map(|key| labels?.get(*key))?;
        Some(((*name).to_owned(), value.clone()))
    });
    Value::Object(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(document: &Value) -> Vec<String> {
        let text = document.to_string();
        assert!(is_export(text.as_bytes()));
        let lines = lines(text.as_bytes()).unwrap();
        String::from_utf8(lines).unwrap().lines().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn loki_comes_oldest_first_with_its_labels() {
        let document = json!({"status": "success", "data": {"resultType": "streams", "result": [
            {"stream": {"namespace": "n", "pod": "p"}, "values": [["1631628927000000000", "b"], ["1631628926000000000", "a"]]}]}});
        let lines = told(&document);
        assert!(
            lines[0].contains("\"line\":\"a\"") && lines[0].contains("\"kubernetes_pod_name\":\"p\""),
            "{lines:?}"
        );
        assert!(lines[1].contains("\"line\":\"b\""));
    }

    #[test]
    fn otlp_and_elasticsearch() {
        let document = json!({"resourceLogs": [{"resource": {"attributes": [{"key": "k8s.pod.name", "value": {"stringValue": "p"}}]},
            "scopeLogs": [{"logRecords": [{"timeUnixNano": "1", "body": {"stringValue": "m"}}]}]}]});
        assert!(told(&document)[0].contains("\"kubernetes_pod_name\":\"p\""));
        let document =
            json!({"took": 1, "hits": {"hits": [{"_source": {"@timestamp": "2", "message": "m"}}]}});
        assert!(told(&document)[0].contains("\"message\":\"m\""));
        assert!(!is_export(b"{\"level\":\"info\",\"msg\":\"x\"}\n"));
    }
}
