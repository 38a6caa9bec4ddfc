//! JSON logs: zap, logrus, kopf, slog, klog's JSON form, pino, tracing, ECS. One reader; the
//! dialects differ only in their keys (hl's config-k8s.toml collects the same lists).

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Map, Value};

use super::Head;
use crate::record::Level;
use crate::record::envelope::{first, stamp};

const MESSAGE: &[&str] = &["msg", "message", "Message", "log"];
const ERROR: &[&str] = &["error", "err", "Error", "exception", "error.message"];
const TIME: &[&str] = &["ts", "time", "timestamp", "@timestamp", "T", "datetime"];
const LEVEL: &[&str] = &["level", "severity", "log.level", "lvl", "L"];
const LOGGER: &[&str] = &["logger", "name", "caller", "log.logger", "target", "loggerName", "logName"];
/// Text after the message: a traceback.
const TRACE: &[&str] = &["exc_info", "error.stack_trace", "traceback"];
/// Stacks of Go and copies of the error with its stack: they name no request, and are long.
const LEFT_OUT: &[&str] = &["stacktrace", "stack", "errorVerbose", "stack_trace", "errorCauses"];

/// Reads a JSON record. `text` is the line itself, which an audit event keeps.
pub(super) fn read<'a>(object: &Map<String, Value>, text: &'a str) -> Head<'a> {
    let at = first(object, TIME).and_then(stamp);
    if object.get("kind").and_then(Value::as_str) == Some("Event")
        && object.get("apiVersion").and_then(Value::as_str).is_some_and(|v| v.starts_with("audit.k8s.io/"))
    {
        let at = first(object, &["stageTimestamp", "requestReceivedTimestamp"]).and_then(stamp);
        return Head { format: "audit", at, body: Cow::Borrowed(text), audit: true, ..Head::default() };
    }
    let level = first(object, LEVEL).map_or(Level::Unknown, level_of);
    let logger = first(object, LOGGER).and_then(Value::as_str).unwrap_or("").to_owned();
    let mut body = String::with_capacity(text.len());
    let fields = object.get("fields").and_then(Value::as_object);
    let message = first(object, MESSAGE).or_else(|| first(fields?, MESSAGE));
    if let Some(message) = message {
        push_value(&mut body, message);
    }
    for (key, value) in object.iter().chain(fields.into_iter().flatten()) {
        let known =
            MESSAGE.contains(&key.as_str()) || TIME.contains(&key.as_str()) || LEVEL.contains(&key.as_str());
        if known
            || LEFT_OUT.contains(&key.as_str())
            || TRACE.contains(&key.as_str())
            || ERROR.contains(&key.as_str())
        {
            continue;
        }
        push_field(&mut body, key, value);
    }
    for key in ERROR {
        if let Some(value) = object.get(*key) {
            push_field(&mut body, key, value);
        }
    }
    for key in TRACE {
        if let Some(Value::String(trace)) = object.get(*key) {
            let _ = write!(body, "\n{trace}");
        }
    }
    Head { format: "json", at, level, logger: Cow::Owned(logger), body: Cow::Owned(body), audit: false }
}

/// pino and bunyan write levels as numbers: 30 info, 40 warn, 50 error, 60 fatal.
fn level_of(value: &Value) -> Level {
    match value {
        Value::String(word) => Level::parse(word),
        Value::Number(number) => match number.as_u64().unwrap_or(0) {
            60.. => Level::Fatal,
            50..=59 => Level::Error,
            40..=49 => Level::Warning,
            30..=39 => Level::Info,
            _ => Level::Debug,
        },
        _ => Level::Unknown,
    }
}

fn push_value(body: &mut String, value: &Value) {
    match value {
        Value::String(text) => body.push_str(text),
        Value::Null => {}
        other => {
            let _ = write!(body, "{other}");
        }
    }
}

fn push_field(body: &mut String, key: &str, value: &Value) {
    match value {
        Value::String(text) => {
            let _ = write!(body, " {key}=\"{text}\"");
        }
        Value::Null => {}
        other => {
            let _ = write!(body, " {key}={other}");
        }
    }
}
