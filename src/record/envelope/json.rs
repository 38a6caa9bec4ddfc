//! Envelopes that are a JSON object around the line.
//!
//! A row names the keys that give a wrapper away, and where it keeps its text, time and writer.
//! An object in no row's shape is the program's own JSON log and is left as it is.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::Unwrapped;
use crate::record::Writer;
use crate::time::{self, Stamp};

/// A transport that wraps each line in a JSON object.
struct Wrapper {
    /// Keys that must all be there.
    keys: &'static [&'static str],
    /// Where the text is.
    text: &'static str,
    /// Where the time is; empty if nowhere.
    time: &'static str,
    /// JSON pointers to namespace, pod, container, unit; of several between bars the first that is there.
    writer: [&'static str; 4],
}

/// Evidence: kubelet pkg/kubelet/kuberuntime/logs (docker); stern/tail_utils.go; systemd-journald;
/// loki pkg/logcli/output; cluster-logging-operator hack/logsamples; kail writers/json.go; splunk
/// export; CloudWatch and Cloud Logging exports.
#[rustfmt::skip]
const WRAPPERS: &[Wrapper] = &[
    Wrapper { keys: &["log", "stream", "time"], text: "/log", time: "/time", writer: ["", "", "", ""] },
    Wrapper { keys: &["message", "podName", "containerName"], text: "/message", time: "/timestamp", writer: ["/namespace", "/podName", "/containerName", ""] },
    Wrapper { keys: &["pod", "container", "message"], text: "/message", time: "", writer: ["/namespace", "/pod", "/container", ""] },
    Wrapper { keys: &["__REALTIME_TIMESTAMP", "MESSAGE"], text: "/MESSAGE", time: "/__REALTIME_TIMESTAMP", writer: ["", "", "", "/SYSLOG_IDENTIFIER"] },
    Wrapper { keys: &["labels", "line", "timestamp"], text: "/line", time: "/timestamp", writer: ["/labels/kubernetes_namespace_name|/labels/k8s_namespace_name|/labels/namespace", "/labels/kubernetes_pod_name|/labels/k8s_pod_name|/labels/pod", "/labels/kubernetes_container_name|/labels/k8s_container_name|/labels/container", "/labels/unit"] },
    Wrapper { keys: &["kubernetes", "message"], text: "/message", time: "/@timestamp", writer: ["/kubernetes/namespace_name", "/kubernetes/pod_name", "/kubernetes/container_name", "/systemd/u/SYSLOG_IDENTIFIER"] },
    Wrapper { keys: &["kubernetes", "log"], text: "/log", time: "/@timestamp", writer: ["/kubernetes/namespace_name", "/kubernetes/pod_name", "/kubernetes/container_name", ""] },
    Wrapper { keys: &["kubernetes", "structured"], text: "/structured", time: "/@timestamp", writer: ["/kubernetes/namespace_name", "/kubernetes/pod_name", "/kubernetes/container_name", ""] },
    Wrapper { keys: &["log_type", "message"], text: "/message", time: "/@timestamp", writer: ["", "", "", "/systemd/u/SYSLOG_IDENTIFIER"] },
    Wrapper { keys: &["container", "message", "name", "namespace"], text: "/message", time: "", writer: ["/namespace", "/name", "/container", ""] },
    Wrapper { keys: &["_source", "_index"], text: "/_source", time: "", writer: ["", "", "", ""] },
    Wrapper { keys: &["preview", "result"], text: "/result/_raw", time: "/result/_time", writer: ["/result/namespace|/result/kubernetes.namespace_name", "/result/pod|/result/kubernetes.pod_name", "/result/container_name|/result/kubernetes.container_name", ""] },
    Wrapper { keys: &["@message", "@logStream"], text: "/@message", time: "/@timestamp", writer: ["", "", "", ""] },
    Wrapper { keys: &["insertId", "textPayload"], text: "/textPayload", time: "/timestamp", writer: ["/resource/labels/namespace_name", "/resource/labels/pod_name", "/resource/labels/container_name", ""] },
    Wrapper { keys: &["insertId", "jsonPayload"], text: "/jsonPayload", time: "/timestamp", writer: ["/resource/labels/namespace_name", "/resource/labels/pod_name", "/resource/labels/container_name", ""] },
    Wrapper { keys: &["category", "properties"], text: "/properties/log", time: "/time", writer: ["", "/properties/pod", "", ""] },
];

/// Takes a JSON wrapper off, or keeps the object for the grammar.
pub(super) fn peel(all: &mut Unwrapped<'_>) -> bool {
    if all.json.is_some() {
        return false;
    }
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(all.text.trim()) else { return false };
    let Some(wrapper) = WRAPPERS.iter().find(|row| row.keys.iter().all(|key| object.contains_key(*key)))
    else {
        all.json = Some(object);
        return false;
    };
    let value = Value::Object(object);
    let string = |pointers: &str| {
        let found = pointers.split('|').find_map(|pointer| value.pointer(pointer)?.as_str());
        found.map(ToOwned::to_owned)
    };
    let text = match value.pointer(wrapper.text) {
        Some(Value::String(text)) => text.clone(),
        // journald writes what is not UTF-8 as an array of bytes
        Some(Value::Array(bytes)) => {
            let bytes: Vec<u8> = bytes.iter().filter_map(|b| u8::try_from(b.as_u64()?).ok()).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        Some(object @ Value::Object(_)) => object.to_string(),
        _ => return keep(all, value),
    };
    let [namespace, pod, container, unit] = wrapper.writer;
    all.writer.fill(Writer {
        namespace: string(namespace),
        pod: string(pod),
        container: string(container),
        unit: string(unit),
    });
    all.at = all.at.or_else(|| value.pointer(wrapper.time).and_then(stamp));
    all.partial |= wrapper.text == "/log" && wrapper.keys.contains(&"stream") && !text.ends_with('\n');
    all.text = Cow::Owned(text.trim_end_matches(['\n', '\r']).to_owned());
    true
}

/// Whether a line is a JSON object from its first byte on, and no envelope: then nothing is taken off it. Only
/// its keys are read.
pub(crate) fn is_object(text: &str) -> bool {
    text.starts_with('{')
        && serde_json::from_str::<Keys<'_>>(text.trim_end()).is_ok_and(|Keys(keys)| {
            let has = |key: &&str| keys.iter().any(|one| one == key);
            !WRAPPERS.iter().any(|row| row.keys.iter().all(has))
        })
}

/// The keys of an object.
struct Keys<'a>(Vec<Cow<'a, str>>);

impl<'de> Deserialize<'de> for Keys<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys(Vec::with_capacity(16)))
    }
}

impl<'de> Visitor<'de> for Keys<'de> {
    type Value = Keys<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            self.0.push(key);
            map.next_value::<Passed>()?;
        }
        Ok(self)
    }
}

/// A value that is passed over; it is one if, and only if, `Value` reads it too (`IgnoredAny` is less strict).
struct Passed;

impl<'de> Deserialize<'de> for Passed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Passed)
    }
}

impl<'de> Visitor<'de> for Passed {
    type Value = Passed;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Passed, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Passed, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Passed, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Passed, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Passed, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Passed, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Passed, A::Error> {
        while list.next_element::<Passed>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Passed, A::Error> {
        while map.next_entry::<Passed, Passed>()?.is_some() {}
        Ok(self)
    }
}

/// A key, as it stands in the text if it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

fn keep(all: &mut Unwrapped<'_>, value: Value) -> bool {
    if let Value::Object(object) = value {
        all.json = Some(object);
    }
    false
}

/// A time in a JSON value: RFC 3339, or a number (also as a string) of seconds or finer.
pub(crate) fn stamp(value: &Value) -> Option<Stamp> {
    match value {
        Value::String(text) => {
            time::dated(text).map(|(at, _)| at).or_else(|| time::epoch(text.parse().ok()?))
        }
        Value::Number(number) => time::epoch(number.as_f64()?),
        _ => None,
    }
}

/// The first of several keys that holds a value.
pub(crate) fn first<'a>(object: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| object.get(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_what_a_value_would_be() {
        for text in [
            r#"{"level":"error","msg":"it \u00e4 \"failed\"","n":[1,-2.5e3,null,true,{"a":{}}]}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":1e999}"#,
            r#"{"\u0061":1,"a":2} "#,
            r#"{"a":1"#,
            r#"{"a":1}x"#,
            r#"{"log":"it","stream":"stdout","time":"2026-11-23T13:47:26Z"}"#,
            "{}",
        ] {
            let mut read = Unwrapped { text: Cow::Borrowed(text), ..Unwrapped::default() };
            let peeled = peel(&mut read);
            assert_eq!(is_object(text), !peeled && read.json.is_some(), "{text}");
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200));
        assert!(!is_object(&deep) && serde_json::from_str::<Value>(&deep).is_err());
    }
}
