//! What stands around a phrase.
//!
//! Readers of the shapes that programs share: a group/version before the error, `(verb
//! resource.group name)` behind it, the URL in quotes, a Go type, a quoted value. Each takes the
//! text and a place, and gives `None` when the shape is not there.

use crate::k8s::{ApiPath, GroupVersion, Verb};

/// Kinds of the groups that kube-apiserver serves itself, as cluster-version-operator writes them
/// (`Could not update clusterrole "x"`).
#[rustfmt::skip]
pub(super) const LOCAL_KINDS: &[&str] = &[
    "namespace", "configmap", "secret", "service", "serviceaccount", "role", "rolebinding", "clusterrole",
    "clusterrolebinding", "deployment", "daemonset", "job", "cronjob", "customresourcedefinition",
    "validatingwebhookconfiguration", "mutatingwebhookconfiguration", "priorityclass", "storageclass",
];

/// The URL that stands last in a text, and the verb before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Url<'t> {
    pub(super) text: &'t str,
    pub(super) verb: Option<Verb>,
    /// Where it starts in the text it was found in.
    pub(super) start: usize,
}

impl<'t> Url<'t> {
    /// Host and port.
    pub(super) fn host(&self) -> &'t str {
        let rest = self.text.find("://").map_or(self.text, |at| &self.text[at + 3..]);
        &rest[..rest.find(['/', '?']).unwrap_or(rest.len())]
    }

    pub(super) fn path(&self) -> Option<ApiPath> {
        ApiPath::parse(self.text)
    }

    /// A watch is a GET with `watch=true`.
    pub(super) fn is_watch(&self) -> bool {
        self.text.contains("watch=true") || self.text.contains("watch=1") || self.text.contains("/watch/")
    }
}

/// What ends a URL in a text.
fn ends_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ')' | '>' | '<' | '`' | '|' | '“' | '”' | ']')
}

/// The last URL in `text`.
pub(super) fn last_url(text: &str) -> Option<Url<'_>> {
    let scheme = text.rfind("://")?;
    url_at(text, scheme)
}

/// The first URL in `text`.
pub(super) fn first_url(text: &str) -> Option<Url<'_>> {
    let scheme = text.find("://")?;
    url_at(text, scheme)
}

fn url_at(text: &str, scheme: usize) -> Option<Url<'_>> {
    let head = &text[..scheme];
    let start = head.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| at + char_len(head, at));
    let url = &text[start..];
    // The brackets of an IPv6 host belong to the URL, and so do those of `https://<redacted>:443/apis`.
    let host = &url[(scheme - start + 3).min(url.len())..];
    let close = match host.bytes().next() {
        Some(b'[') => host.find(']'),
        Some(b'<') => host.find('>').filter(|&close| !host[..close].contains([' ', '/', '"'])),
        _ => None,
    };
    let behind_host = close.map_or(0, |close| url.len() - host.len() + close + 1);
    let end = url[behind_host..].find(ends_url).map_or(url.len(), |at| behind_host + at);
    let url = &url[..end];
    // Before Go 1.14 the URL is not quoted, and `: ` ends it.
    let url = url.trim_end_matches([':', ';', '.']);
    if !url.starts_with("http") {
        return None;
    }
    let before = text[..start].trim_end_matches(['"', '\'', ' ', ':', '\n', '(']);
    let word = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    Some(Url { text: url, verb: Verb::parse(word), start })
}

fn char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

/// `group/version` that ends right before the error: `g/v: err`, `"g/v":"err"`, `map[g/v:err`.
pub(super) fn group_version_before(left: &str) -> Option<GroupVersion> {
    let left = left.trim_end();
    let left = left.strip_suffix("the").or_else(|| left.strip_suffix("an")).map_or(left, str::trim_end);
    let left = left.trim_end_matches(['"', '\'', ' ']).strip_suffix(':')?;
    let left = left.trim_end_matches(['"', '\'']);
    last_group_version(left)
}

fn last_group_version(left: &str) -> Option<GroupVersion> {
    let start = left.rfind(|c: char| !is_group_version_char(c)).map_or(0, |at| at + char_len(left, at));
    let token = left[start..].trim_start_matches('.');
    token.contains('/').then(|| GroupVersion::parse(token)).flatten()
}

fn is_group_version_char(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '/')
}

/// `group/version` at the start of `text`, quoted or not.
pub(super) fn group_version_at(text: &str) -> Option<GroupVersion> {
    let text = text.trim_start_matches([' ', '"', '\'', ':', '[']);
    let end = text.find(|c: char| !is_group_version_char(c)).unwrap_or(text.len());
    let token = text[..end].trim_end_matches(['.', '-', '/']);
    token.contains('/').then(|| GroupVersion::parse(token)).flatten()
}

/// Every `group/version` in `text`, in order; paths do not count.
pub(super) fn group_versions(text: &str) -> Vec<GroupVersion> {
    let mut found: Vec<GroupVersion> = Vec::new();
    for token in text.split(|c: char| !is_group_version_char(c)) {
        if token.matches('/').count() == 1
            && !token.starts_with('/')
            && let Some(gv) = GroupVersion::parse(token.trim_end_matches('.'))
            && gv.group.contains('.')
            && !found.contains(&gv)
        {
            found.push(gv);
        }
    }
    found
}

/// `(get routes.route.openshift.io name)` behind an error text.
pub(super) struct Suffix {
    pub(super) verb: Option<Verb>,
    pub(super) resource: String,
    pub(super) group: String,
    /// A name behind the resource; `https:console:` is one of a proxied Service.
    pub(super) name: Option<String>,
}

/// Reads the suffix that client-go appends when the body was no Status.
pub(super) fn suffix(right: &str) -> Option<Suffix> {
    let open = right.find('(')?;
    let between = &right[..open];
    if between.len() > 90
        || between.contains(['\n', '"', ':'])
        || between.contains(", ") && between.contains('/')
    {
        return None;
    }
    let inner = &right[open + 1..];
    let inner = &inner[..inner.find([')', '\n', '"']).unwrap_or(inner.len())];
    let mut words = inner.split_whitespace();
    let verb = words.next()?;
    let gr = words.next()?;
    let verb = Verb::parse(verb)?;
    let name = words.next().map(ToOwned::to_owned);
    let (resource, group) = gr.split_once('.').unwrap_or((gr, ""));
    let plausible =
        |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    if resource.is_empty() || !plausible(resource) || !plausible(group) {
        return None;
    }
    // `(get s0.rabbitmq.orders.external.metrics.k8s.io)`: a metric's name takes the resource's place.
    let group = ["external.metrics.k8s.io", "custom.metrics.k8s.io"]
        .into_iter()
        .find(|known| gr.ends_with(&format!(".{known}")))
        .map_or(group, |known| known);
    Some(Suffix { verb: Some(verb), resource: resource.into(), group: group.into(), name })
}

/// The version in a Go type, `*v1.Route`, unless it is a type of meta/v1, whose version says nothing.
pub(super) fn typed_version(text: &str) -> Option<String> {
    const META: &[&str] = &["PartialObjectMetadata", "Unstructured", "Table", "Status", "APIResourceList"];
    let at = text.find("*v")?;
    let rest = &text[at + 1..];
    let (version, kind) = rest.split_once('.')?;
    let kind = &kind[..kind.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(kind.len())];
    (crate::k8s::is_version(version) && !META.iter().any(|meta| kind.starts_with(meta)))
        .then(|| version.to_owned())
}

/// The APIService whose object a text is in the middle of: the last `"name":"v1.route.openshift.io"`.
///
/// Behind the name the object goes on to its Service, which has a name too. A loop, because a hostile line has as
/// many names as it likes.
pub(super) fn object_name(left: &str) -> Option<GroupVersion> {
    const NAME: &str = "\"name\":";
    left.rmatch_indices(NAME)
        .map_while(|(at, _)| left[at + NAME.len()..].trim_start().strip_prefix('"')?.split('"').next())
        .find_map(GroupVersion::parse_apiservice)
        .filter(|gv| !gv.group.is_empty())
}

/// `group/version, Kind=K` or `group/version, Resource=r`.
pub(super) fn group_version_kind(text: &str) -> Option<GroupVersion> {
    let at = text.find(", Kind=").or_else(|| text.find(", Resource="))?;
    last_group_version(&text[..at])
}

/// The value of `key="value"` or `key=value`; `key` includes the `=`.
pub(super) fn field<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut from = 0;
    while let Some(at) = text[from..].find(key) {
        let at = from + at;
        let starts_word =
            at == 0 || matches!(text.as_bytes()[at - 1], b' ' | b'\t' | b'\n' | b'{' | b',' | b'"');
        let rest = &text[at + key.len()..];
        if starts_word {
            return Some(match rest.strip_prefix('"') {
                Some(quoted) => &quoted[..quoted.find('"').unwrap_or(quoted.len())],
                None => &rest[..rest.find([' ', '\n', '\t', ',']).unwrap_or(rest.len())],
            });
        }
        from = at + key.len();
    }
    None
}

/// A number right at the start of `text`.
pub(super) fn number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// A Go duration (`1m2.5s`, `400ms`) at the start of `text`, in seconds.
pub(super) fn duration(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut rest = text;
    let mut any = false;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let Ok(number) = rest[..end].parse::<f64>() else { break };
        rest = &rest[end..];
        let units =
            [("ms", 0.001), ("µs", 1e-6), ("us", 1e-6), ("ns", 1e-9), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
        let Some((unit, factor)) = units.into_iter().find(|(unit, _)| rest.starts_with(unit)) else { break };
        seconds += number * factor;
        rest = &rest[unit.len()..];
        any = true;
    }
    any.then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let url = last_url(r#"Failed: Get "https://h:6443/apis/a.b/v1?x=1": "#).unwrap();
        assert_eq!((url.host(), url.verb), ("h:6443", Some(Verb::Get)));
        assert_eq!(last_url("Get https://10.97.14.20:443: ").unwrap().host(), "10.97.14.20:443");
    }

    #[test]
    fn group_versions_before_an_error() {
        for left in [
            "list for a.b/v1: the ",
            "map[a.b/v1:the ",
            "map[\"a.b/v1\":\"the ",
            "APIs: x/v1: e, a.b/v1: the ",
        ] {
            assert_eq!(group_version_before(left).unwrap().to_string(), "a.b/v1", "{left}");
        }
        assert_eq!(group_version_before("failed: the "), None);
    }

    #[test]
    fn names_of_objects() {
        let object = r#"{"name":"v1.a.b"},"spec":{"service":{"name": "api","port":443}}"#;
        assert_eq!(object_name(object).unwrap().to_string(), "a.b/v1");
        assert_eq!(object_name(r#"{"name":"api"}"#), None);
        assert_eq!(object_name(&r#""name":"x","#.repeat(100_000)), None);
    }

    #[test]
    fn suffixes() {
        let s = suffix(" the request (get routes.route.openshift.io)").unwrap();
        assert_eq!((s.resource.as_str(), s.group.as_str()), ("routes", "route.openshift.io"));
        assert_eq!(suffix(" the request (get secrets)").unwrap().group, "");
        assert!(suffix(" the request, a.b/v1: x (get y)").is_none());
        let s = suffix(" (get s0-x.orders.external.metrics.k8s.io)").unwrap();
        assert_eq!(s.group, "external.metrics.k8s.io");
    }

    #[test]
    fn durations() {
        assert_eq!(duration("1m47s x"), Some(107.0));
        assert_eq!(duration("400ms"), Some(0.4));
        assert_eq!(duration("x"), None);
    }
}
