//! Exceptions that hold a status and a body on lines of their own, and no URL: `ApiException: (503)`,
//! `HTTP-Code: 503`, .NET's and kube-rs' forms.
//!
//! The group must come from elsewhere in the record: the arguments of the call in the traceback
//! (`list_cluster_custom_object("metrics.k8s.io", "v1beta1", "nodes")`), or what the program said
//! before it.

use super::atoms::Atom;
use super::context;
use super::read::Reader;
use super::{Subject, Told, webhook};
use crate::k8s::GroupVersion;
use crate::knowledge::signatures::ErrorKind;

/// .NET writes the status as a word.
#[rustfmt::skip]
const NAMES: &[(&str, u16)] = &[
    ("ServiceUnavailable", 503), ("GatewayTimeout", 504), ("InternalServerError", 500), ("BadGateway", 502),
    ("TooManyRequests", 429), ("Unauthorized", 401), ("Forbidden", 403), ("NotFound", 404),
];

/// Reads the whole record: status, body, and a group if one is told.
pub(super) fn status_body(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let rest = &text[atom.end..];
    let (error, quiet) = reader.errors_within(0, text.len());
    let status = status_of(text, atom, rest);
    if error == Some(ErrorKind::Forbidden) && status == Some(403) {
        reader.at += 1;
        return; // the Status in the body says whom and what, and is read by its own text
    }
    let Some(status) = status else { return reader.skip_to(text.len()) };
    let by_webhook = webhook::within(reader, 0, |failure| {
        failure.client = atom.row.client;
        failure.status = Some(status);
    });
    reader.skip_to(text.len());
    if by_webhook {
        return;
    }
    let body_says = text.find("ody: ").map_or("", |at| &text[at..]);
    // A Status in the body says more than the code: a missing object is no failure.
    let object = quiet && (status == 404 || status == 409);
    let kind = match error {
        Some(ErrorKind::ShuttingDown) => Some(ErrorKind::ShuttingDown),
        _ => ErrorKind::of_status(status),
    };
    let Some(kind) = kind.filter(|_| !object) else { return };
    let gv = call(text).or_else(|| told(text));
    // 401 and 404 without a group: nothing can be said of the API, unless it is the server's own page.
    if gv.is_none()
        && !text.contains("404 page not found")
        && matches!(kind, ErrorKind::NotServed | ErrorKind::Unauthorized)
    {
        return;
    }
    let mut failure = reader.blank(atom.row, kind);
    failure.status = Some(status);
    failure.told = Told::FirstHand;
    if body_says.contains("trying to reach service") {
        failure.kind = ErrorKind::ProxyFailed;
    }
    if let Some(gv) = gv {
        failure.subject = Subject::GroupVersion(gv);
    }
    reader.push(failure);
}

fn status_of(text: &str, atom: Atom, rest: &str) -> Option<u16> {
    let number = match atom.row.id {
        "PY-01b" => text.rfind("(").and_then(|_| {
            let head = &text[..atom.start];
            let at = head.rfind("(4").or_else(|| head.rfind("(5"))?;
            context::number(&head[at + 1..])
        }),
        "PY-04" => Some(503),
        "KRS-03" if atom.row.phrase.contains("404") => Some(404),
        "KRS-03" => Some(503),
        "KRS-01" => rest.find("code: ").and_then(|at| context::number(&rest[at + 6..])),
        "NODE-01" => context::number(rest).map(|n| 500 + n % 100),
        "DOT-01" => NAMES.iter().find(|(name, _)| rest.starts_with(name)).map(|(_, code)| u32::from(*code)),
        _ => context::number(rest),
    };
    number.and_then(|n| u16::try_from(n).ok())
}

/// `list_cluster_custom_object("metrics.k8s.io", "v1beta1", …)` in a frame of the traceback; frames of the
/// package itself hand on variables, and say nothing.
fn call(text: &str) -> Option<GroupVersion> {
    const CALL: &str = "_custom_object(";
    text.match_indices(CALL).find_map(|(at, _)| {
        let args = &text[at + CALL.len()..];
        let args = &args[..args.find(')')?];
        let mut quoted = args.split(['"', '\'']).skip(1).step_by(2);
        let (first, second) = (quoted.next()?, quoted.next()?);
        let named = |key: &str| context::field(args, key).map(|value| value.trim_matches('\''));
        let gv = match named("group=").zip(named("version=")) {
            Some((group, version)) => format!("{group}/{version}"),
            None => format!("{first}/{second}"),
        };
        GroupVersion::parse(&gv)
    })
}

/// Whether an exception comes out of an HTTP client, by the frames of its traceback or its own package: it
/// is the failure of a request, though the program did not say which.
pub(super) fn is_of_http_client(text: &str) -> bool {
    let packages = ["aiohttp", "urllib3", "httpx", "requests"];
    let frame = |package: &&str| text.contains(&format!("{package}/"));
    let class = |package: &&str| text.contains(&format!("{package}.exceptions."));
    packages.iter().any(class)
        || text.contains("aiohttp.client_exceptions.")
        || text.contains("Traceback (most recent call last)") && packages.iter().any(frame)
}

/// Whether a frame of a traceback is in a client for Kubernetes: whatever address it called was the API
/// server's, behind a tunnel or a port of its own.
pub(super) fn is_of_kubernetes_client(text: &str) -> bool {
    [
        "/kubernetes/client/",
        "/kubernetes_asyncio/client/",
        "/pykube/",
        "/kr8s/",
        "/lightkube/",
        "/kopf/_cogs/clients/",
    ]
    .iter()
    .any(|frames| text.contains(frames))
}

/// The only group/version that the record names.
fn told(text: &str) -> Option<GroupVersion> {
    let found = context::group_versions(text);
    match &found[..] {
        [only] => Some(only.clone()),
        _ => None,
    }
}
