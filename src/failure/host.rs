//! Whose host a URL or an address is: the API server's, a kubelet's, a webhook's, or one of somebody
//! else, whose failure is none of ours.

use super::context::{Url, number};
use crate::k8s::ApiPath;
use crate::knowledge::signatures::ErrorKind;

/// Whether a host is an API server, as far as a name and port tell: a port that only API servers
/// use, the name `kubernetes`, or port 443 of the first address of a Service network.
pub(super) fn is_api_server(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, port),
        _ => (host, ""),
    };
    let first = name.split('.').next().unwrap_or(name);
    let first_of_network = name.ends_with(".1") && name.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        || name.starts_with('[') && name.ends_with(":1]");
    match port {
        "6443" | "8443" | "16443" => true,
        "8080" => matches!(name, "localhost" | "127.0.0.1" | "[::1]"),
        "443" | "" => first_of_network || matches!(first, "kubernetes" | "api" | "api-int"),
        _ => first == "kubernetes",
    }
}

/// A path of the core group on a public host without a port: an API of somebody else
/// (`https://api.example.com/api/v1/events`).
pub(super) fn is_foreign_core(url: &Url<'_>, path: &ApiPath) -> bool {
    let host = url.host();
    let named = host.bytes().any(|b| b.is_ascii_alphabetic()) && host.contains('.') && !host.starts_with('[');
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let in_cluster = host.starts_with("kubernetes.default");
    path.group.as_deref() == Some("") && named && !has_port && !in_cluster
}

/// `dial tcp 10.0.0.1:443`, `('127.0.0.1', 443)`, `server h:6443 was`, `ECONNREFUSED 10.0.0.1:443`.
pub(super) fn dialled(text: &str) -> Option<String> {
    for key in [
        "dial tcp ",
        "he connection to the server ",
        "Unable to connect to the server: ",
        "ECONNREFUSED ",
        "ETIMEDOUT ",
        "connect to host ",
        "connect to /",
        "Timeout, server ",
    ] {
        if let Some(at) = text.rfind(key) {
            let host = &text[at + key.len()..];
            let host =
                host[..host.find([' ', '\n', ')', '"']).unwrap_or(host.len())].trim_end_matches([':', ',']);
            if host.contains(':') || host.contains('.') {
                return Some(host.to_owned());
            }
        }
    }
    pooled(text).or_else(|| {
        let at = text.find("('")?;
        let (host, rest) = text[at + 2..].split_once("', ")?;
        let port = number(rest)?;
        Some(format!("{host}:{port}"))
    })
}

/// urllib3's `HTTPSConnectionPool(host='172.30.0.1', port=443)`.
fn pooled(text: &str) -> Option<String> {
    let at = text.find("ConnectionPool(host='")?;
    let (host, rest) = text[at..].split_once("='")?.1.split_once("', port=")?;
    Some(format!("{host}:{}", number(rest)?))
}

/// A Service that is a webhook, by its name: `longhorn-conversion-webhook.longhorn-system.svc:9501`.
pub(super) fn webhook_service(host: &str) -> Option<ErrorKind> {
    let service = host.split(':').next().and_then(|name| name.split_once(".svc")).map(|(name, _)| name)?;
    let service = service.split('.').next().unwrap_or(service);
    service
        .contains("webhook")
        .then(|| if service.contains("conversion") { ErrorKind::Conversion } else { ErrorKind::Admission })
}

/// The kubelet's own API behind `oc logs` and `oc exec`.
pub(super) fn is_kubelet_proxy(url: &Url<'_>) -> bool {
    let host = url.host();
    host.ends_with(":10250")
        && ["/containerLogs/", "/exec/", "/attach/", "/portForward/", "/run/"]
            .iter()
            .any(|path| url.text.contains(path))
}

/// `https://10.0.0.1:6443` and nothing more.
pub(super) fn is_bare_api_server(url: &Url<'_>) -> bool {
    let rest = url.text.find("://").map_or("", |at| &url.text[at + 3..]);
    !rest.contains('/') && is_api_server(rest)
}
