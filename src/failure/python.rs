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
    let Some(status) = status_of(text, atom, rest) else { return reader.skip_to(text.len()) };
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
        Some(ErrorKind::Forbidden) if status == 403 => None, // read by its own text
        _ => ErrorKind::of_status(status),
    };
    let Some(kind) = kind.filter(|_| !object) else { return };
    let gv = call(text).or_else(|| told(text));
    // 401, 403 and 404 without a group: nothing can be said of the API.
    if gv.is_none() && matches!(kind, ErrorKind::NotServed | ErrorKind::Unauthorized) {
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
        "PY-04" | "JAV-01" => Some(503),
        "KRS-03" => Some(503),
        "KRS-01" => rest.find("code: ").and_then(|at| context::number(&rest[at + 6..])),
        "NODE-01" => context::number(rest).map(|n| 500 + n % 100),
        "DOT-01" => NAMES.iter().find(|(name, _)| rest.starts_with(name)).map(|(_, code)| u32::from(*code)),
        _ => context::number(rest),
    };
    number.and_then(|n| u16::try_from(n).ok())
}

/// `list_cluster_custom_object("metrics.k8s.io", "v1beta1", …)` in a frame of the traceback.
fn call(text: &str) -> Option<GroupVersion> {
    let at = text.find("_custom_object")?;
    let args = &text[at..];
    let args = &args[args.find('(')? + 1..];
    let mut quoted = args.split(['"', '\'']).skip(1).step_by(2);
    GroupVersion::parse(&format!("{}/{}", quoted.next()?, quoted.next()?))
}

/// The only group/version that the record names.
fn told(text: &str) -> Option<GroupVersion> {
    let found = context::group_versions(text);
    match &found[..] {
        [only] => Some(only.clone()),
        _ => None,
    }
}
