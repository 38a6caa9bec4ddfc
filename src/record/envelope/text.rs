//! Envelopes that are a prefix of the line.
//!
//! Each reader gives how many bytes to skip and what the prefix said. They are tried by the first
//! byte of the line, so that a plain line costs one look.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while1};
use nom::combinator::rest;
use nom::sequence::delimited;

use crate::record::Writer;
use crate::time::{self, Stamp};

/// What a prefix said.
#[derive(Debug, Default)]
pub(super) struct Peeled {
    /// Bytes to skip.
    pub(super) skip: usize,
    pub(super) at: Option<Stamp>,
    pub(super) writer: Writer,
    pub(super) partial: bool,
}

type Nom<'a> = nom::error::Error<&'a str>;

/// Reads the prefix of a line whose first byte that is not blank is `first`.
pub(super) fn peel(line: &str, first: u8) -> Option<Peeled> {
    match first {
        b'[' => oc_prefix(line).or_else(|| gather_stdout(line)),
        b'0'..=b'9' => timestamped(line),
        b'A'..=b'Z' => journald(line, line).or_else(|| glog(line)),
        b'a'..=b'z' => stern(line).or_else(|| kail(line)).or_else(|| node_logs(line)),
        b'>' | b'*' | b'`' if line.as_bytes()[0] == first => quoted(line),
        b'|' => quoted(line),
        0x1b => coloured(line),
        0xef => line.strip_prefix('\u{feff}').map(|_| Peeled { skip: 3, ..Peeled::default() }),
        _ => None,
    }
}

fn skip_to(line: &str, rest: &str) -> usize {
    line.len() - rest.len()
}

/// `[pod/<pod>/<container>] `: `oc logs --prefix` (kubectl pkg/cmd/logs/logs.go).
fn oc_prefix(line: &str) -> Option<Peeled> {
    let inner =
        delimited(tag::<_, _, Nom<'_>>("[pod/"), take_until("] "), tag("] ")).parse(line.trim_start());
    let (rest, inner) = inner.ok()?;
    let (pod, container) = inner.rsplit_once('/')?;
    let writer = Writer { pod: Some(pod.into()), container: Some(container.into()), ..Writer::default() };
    Some(Peeled { skip: skip_to(line, rest), writer, ..Peeled::default() })
}

/// `[must-gather-x5sdz] POD 2024-…Z `, `[must-gather      ] OUT …` (oc pkg/cli/admin/mustgather).
fn gather_stdout(line: &str) -> Option<Peeled> {
    let (rest, _) =
        delimited(tag::<_, _, Nom<'_>>("[must-gather"), take_until("] "), tag("] ")).parse(line).ok()?;
    let (rest, _) = alt((tag::<_, _, Nom<'_>>("POD "), tag("OUT "), tag("ERR "))).parse(rest).ok()?;
    let (at, rest) = time::dated(rest).map_or((None, rest), |(at, rest)| (Some(at), rest.trim_start()));
    Some(Peeled { skip: skip_to(line, rest), at, ..Peeled::default() })
}

/// `<rfc3339> ` of `oc logs --timestamps`, of the kubelet and of must-gather; with `stderr F `, CRI.
fn timestamped(line: &str) -> Option<Peeled> {
    let Some((at, rest)) = time::dated(line) else { return epoch_host(line) };
    let rest = rest.strip_prefix(' ')?;
    if let Some(peeled) =
        cri(line, rest, at).or_else(|| fluentd(line, rest, at)).or_else(|| logcli(line, rest, at))
    {
        return Some(peeled);
    }
    // A time alone is an envelope only in the kubelet's form (nanoseconds, `T`, a zone) or before
    // something that has a header of its own: else it is the logger's own time.
    let head = &line[..skip_to(line, rest)];
    let kubelet = head.as_bytes().get(10) == Some(&b'T') && head.len() > 28;
    if kubelet {
        return Some(Peeled { skip: skip_to(line, rest), at: Some(at), ..Peeled::default() });
    }
    if head.as_bytes().get(10) == Some(&b'T') {
        return journald_tail(line, rest, at);
    }
    None
}

/// `stdout F `, `stderr P `: containerd and CRI-O files (cri-client pkg/logs/logs.go).
fn cri(line: &str, rest: &str, at: Stamp) -> Option<Peeled> {
    let (tags, _) = alt((tag::<_, _, Nom<'_>>("stdout "), tag("stderr "))).parse(rest).ok()?;
    let (tags, text) = tags.split_once(' ').unwrap_or((tags, ""));
    let partial = match tags.split(':').next() {
        Some("F") => false,
        Some("P") => true,
        _ => return None,
    };
    Some(Peeled { skip: skip_to(line, text), at: Some(at), partial, ..Peeled::default() })
}

/// `2021-09-14 14:15:26.124001002 +0000 tag: {json}` (fluentd's stdout output).
fn fluentd(line: &str, rest: &str, at: Stamp) -> Option<Peeled> {
    let rest = rest.strip_prefix("+0000 ")?;
    let (_, text) = rest.split_once(": ")?;
    text.starts_with('{').then(|| Peeled { skip: skip_to(line, text), at: Some(at), ..Peeled::default() })
}

/// `<ts> {label="value", …} ` (loki pkg/logcli/output/default.go).
fn logcli(line: &str, rest: &str, at: Stamp) -> Option<Peeled> {
    let labels = rest.strip_prefix('{')?;
    let close = labels.find('}')?;
    let (labels, text) = (&labels[..close], labels[close + 1..].trim_start_matches([' ', '\t']));
    if !labels.contains("=\"") {
        return None;
    }
    Some(Peeled { skip: skip_to(line, text), at: Some(at), writer: labelled(labels), ..Peeled::default() })
}

/// Loki's labels, by the names that promtail, Vector and the operators give them.
fn labelled(labels: &str) -> Writer {
    let value = |names: &[&str]| {
        names.iter().find_map(|name| {
            let at = labels.find(&format!("{name}=\""))?;
            let value = &labels[at + name.len() + 2..];
            Some(value[..value.find('"')?].to_owned())
        })
    };
    Writer {
        namespace: value(&["kubernetes_namespace_name", "k8s_namespace_name", "namespace"]),
        pod: value(&["kubernetes_pod_name", "k8s_pod_name", "pod"]),
        container: value(&["kubernetes_container_name", "k8s_container_name", "container"]),
        unit: value(&["systemd_unit", "unit"]),
    }
}

/// `Mon DD hh:mm:ss[.frac] host unit[pid]: ` (journald short and short-precise, syslog).
fn journald(line: &str, text: &str) -> Option<Peeled> {
    let (at, rest) = time::syslog(text)?;
    journald_tail(line, rest.strip_prefix(' ')?, at)
}

/// `1631628926.124001 host unit[pid]: ` (journald short-unix).
fn epoch_host(line: &str) -> Option<Peeled> {
    let (rest, number) =
        take_while1::<_, _, Nom<'_>>(|c: char| c.is_ascii_digit() || c == '.').parse(line).ok()?;
    let at = time::epoch(number.parse().ok()?)?;
    journald_tail(line, rest.strip_prefix(' ')?, at)
}

fn journald_tail(line: &str, rest: &str, at: Stamp) -> Option<Peeled> {
    let (_, rest) = rest.split_once(' ')?; // the host
    let (unit, text) = rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, "")))?;
    let name = unit.split('[').next().unwrap_or(unit);
    let plausible = !name.is_empty() && name.len() < 64 && !unit.contains([' ', '"', '/', '=', '\t']);
    let has_pid = unit.ends_with(']');
    if !plausible || !has_pid && line.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let writer = Writer { unit: Some(name.into()), ..Writer::default() };
    Some(Peeled { skip: skip_to(line, text), at: Some(at), writer, ..Peeled::default() })
}

/// `ERROR: logging before flag.Parse: E1118 …` (glog before its flags were read).
fn glog(line: &str) -> Option<Peeled> {
    let (rest, _) =
        (take_until::<_, _, Nom<'_>>(": "), tag(": logging before flag.Parse: ")).parse(line).ok()?;
    Some(Peeled { skip: skip_to(line, rest), ..Peeled::default() })
}

/// Whether the text starts like a record of a known logger; what separates a prefix from prose.
fn starts_record(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'{' | b'[') => true,
        Some(b'I' | b'W' | b'E' | b'F') => bytes.len() > 5 && bytes[1..5].iter().all(u8::is_ascii_digit),
        Some(b'0'..=b'9') => time::dated(text).is_some(),
        Some(b't' | b'l') => {
            text.starts_with("time=") || text.starts_with("level=") || text.starts_with("ts=")
        }
        _ => false,
    }
}

fn dns_name(word: &str) -> bool {
    word.len() > 1
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.')
}

/// `<pod> <container> `, with several namespaces `<ns> <pod> <container> ` (stern cmd/cmd.go).
fn stern(line: &str) -> Option<Peeled> {
    let words: Vec<&str> = line.splitn(4, ' ').collect();
    let (namespace, pod, container, text) = match words[..] {
        [ns, pod, container, text] if pod.contains('-') && starts_record(text) => {
            (Some(ns), pod, container, text)
        }
        [pod, container, ..] if pod.contains('-') => {
            let text = line.get(pod.len() + container.len() + 2..)?;
            let known = starts_record(text) || pod_shaped(pod) && dns_name(container);
            (None, pod, container, if known { text } else { return None })
        }
        _ => return None,
    };
    if !dns_name(pod) || !dns_name(container) || namespace.is_some_and(|ns| !dns_name(ns)) {
        return None;
    }
    let writer = Writer {
        namespace: namespace.map(Into::into),
        pod: Some(pod.into()),
        container: Some(container.into()),
        ..Writer::default()
    };
    Some(Peeled { skip: skip_to(line, text), writer, ..Peeled::default() })
}

/// The name of a ReplicaSet's or DaemonSet's pod ends in a hash of five characters.
fn pod_shaped(word: &str) -> bool {
    word.rsplit_once('-').is_some_and(|(stem, hash)| {
        hash.len() == 5
            && stem.contains('-')
            && hash.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && hash.bytes().any(|b| b.is_ascii_digit() || !b"aeiou".contains(&b))
    })
}

/// `ns/pod[container]: ` (kail writers/default.go).
fn kail(line: &str) -> Option<Peeled> {
    let (rest, (namespace, _, pod, container, _)) = (
        take_until::<_, _, Nom<'_>>("/"),
        tag("/"),
        take_until("["),
        delimited(tag("["), take_until("]"), tag("]")),
        tag(": "),
    )
        .parse(line)
        .ok()?;
    if ![namespace, pod, container].into_iter().all(dns_name) {
        return None;
    }
    let writer = Writer {
        namespace: Some(namespace.into()),
        pod: Some(pod.into()),
        container: Some(container.into()),
        ..Writer::default()
    };
    Some(Peeled { skip: skip_to(line, rest), writer, ..Peeled::default() })
}

/// `<node> ` before a journald line (`oc adm node-logs` of several nodes).
fn node_logs(line: &str) -> Option<Peeled> {
    let (node, text) = line.split_once(' ')?;
    if !dns_name(node) {
        return None;
    }
    if let Some(peeled) = journald(line, text) {
        return Some(peeled);
    }
    starts_record(text).then(|| Peeled { skip: skip_to(line, text), ..Peeled::default() })
}

/// Marks of a quotation: `> `, `* `, backticks, `  | ` of a pasted viewer.
fn quoted(line: &str) -> Option<Peeled> {
    let text = line.trim_start_matches([' ', '>', '*', '`', '|']);
    let (text, _) = rest::<_, Nom<'_>>.parse(text).map(|(_, text)| (text, ())).ok()?;
    (text.len() < line.len() && !text.is_empty())
        .then(|| Peeled { skip: skip_to(line, text), ..Peeled::default() })
}

/// ANSI colour at the start of a line.
fn coloured(line: &str) -> Option<Peeled> {
    let end = line.find(|c: char| c.is_ascii_alphabetic())?;
    (end < 12).then(|| Peeled { skip: end + 1, ..Peeled::default() })
}
