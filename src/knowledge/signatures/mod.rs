//! How programs word a failing API request: one row a wording, one file a family.
//!
//! A row is a literal `phrase` as it stands in the *normalised* text (escapes resolved, folds
//! joined), the [`Shape`] that says how to read what stands around it, and the evidence. `anchor`
//! is the part of the phrase that the block search looks for in the raw bytes; a row without
//! anchor is only met next to another row's.
//!
//! Adding a wording is one row here and one folder in `fixtures/signatures`.

mod aggregator;
mod apiserver;
mod client;
mod client_go;
mod clients;
mod controllers;
mod errors;
mod kopf;
mod negatives;
mod objects;
mod openshift;
mod tools;
mod transport;
mod webhooks;

pub use client::Client;

use serde::{Deserialize, Serialize};

/// A row of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The wording's id; several rows may share one (spellings of different versions).
    pub id: &'static str,
    /// What the program prints, after normalisation.
    pub phrase: &'static str,
    /// The part of it that the block search looks for; empty if it is only met beside another row.
    pub anchor: &'static str,
    /// How to read what stands around the phrase.
    pub shape: Shape,
    /// Which client library or program prints it.
    pub client: Client,
    /// Program, file and versions, or the thread where it was seen.
    pub evidence: &'static str,
}

/// The shapes that rows can take: each is read by one function in `failure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The text of an error. Its subject is what stands beside it: `(get routes.route.openshift.io)`,
    /// `group/version: `, `Get "URL": `.
    Error(ErrorKind),
    /// Says what the program was doing when the error that follows met it.
    Doing(Doing),
    /// `<apiservice> failed with: <error>`.
    NamedBefore,
    /// The APIService's name follows, quoted or not; the error behind it.
    NamedAfter(ErrorKind),
    /// `"changing APIService availability" name=".." newStatus=".."`.
    Availability,
    /// `failing or missing response from <URL>`: the aggregation layer's own check.
    Check,
    /// `"<group>.<version>" is not ready: …`, group first.
    Reversed,
    /// A Service that backs an APIService: `<namespace>/<service>` follows.
    Service,
    /// A component whose APIServices are all meant, by the name of its backend.
    Component(&'static str),
    /// `Request attempt #n/m …` of Kopf.
    KopfAttempt,
    /// The start, stop or death of the program.
    Life(Life),
    /// kube-apiserver's request log: verb, path and status in fields or in a row.
    HttpLog,
    /// `<METHOD> <URL> <status> …` in a client's own words.
    UrlStatus,
    /// A status code and a body, without URL: multi-line exceptions.
    StatusBody,
    /// `Failure executing: GET at: <URL>. Message: …` (fabric8).
    Executing,
    /// The retry of a request, with its number or delay.
    Retry,
    /// A webhook could not be called.
    Webhook(ErrorKind),
    /// An audit.k8s.io event.
    Audit,
    /// An APIService was created, by the operator that says so.
    Created,
    /// A row of `oc get apiservices`, or a condition of an APIService.
    Condition,
    /// The user's own pattern, by its place among them: its named groups say what it is about.
    Pattern(ErrorKind, usize),
    /// Names an APIService without saying that it fails: a command, the head of an object.
    Mention,
    /// A status that programs print of many servers: a failure only where the source names the API beside it.
    Weak(ErrorKind),
    /// Something that is no API server was asked, and an API suffers from it: a route, with the error
    /// behind it.
    Elsewhere,
    /// Known, and no incident: nothing is reported.
    Quiet,
}

/// What a program was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Reading the discovery document of a group/version.
    Discovery,
    /// Reading `/api` or `/apis`.
    Groups,
    /// Listing (and then watching) a type.
    List,
    /// Watching a type.
    Watch,
    /// Getting one object.
    Get,
    /// Writing.
    Write,
    /// Anything, told by a controller that only passes the error on.
    Reporting,
}

/// The life of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It begins.
    Start,
    /// It was asked to end.
    Stop,
    /// It dies of an error.
    Death,
}

/// What an error says. The rules of `incident` turn it, with its subject, into a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// 503, by the aggregation layer or in the name of a group.
    Unavailable,
    /// Aggregated discovery marks the group/version stale.
    Stale,
    /// The aggregation layer could not reach the backend.
    ProxyFailed,
    /// The aggregation layer's availability check failed.
    CheckFailed,
    /// 5xx other than 503 and 504.
    ServerError,
    /// 503 by a kube-apiserver that stops or starts.
    ShuttingDown,
    /// 429 by a kube-apiserver that fills the cache of a resource: after its start, or after a CRD was changed.
    Initializing,
    /// 429.
    Overloaded,
    /// 504, or a handler that ran into its limit.
    TimedOut,
    /// 404 on a path.
    NotServed,
    /// No match for a kind.
    NoMatch,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// The connection was refused.
    Refused,
    /// The connection ended.
    Ended,
    /// No answer within the time of the network.
    NoAnswer,
    /// No route.
    NoRoute,
    /// The connection was reset.
    Reset,
    /// The name does not resolve.
    Lookup,
    /// The client's time limit ran out.
    Deadline,
    /// x509 or TLS.
    Certificate,
    /// The proxy on the way.
    Proxy,
    /// etcd.
    Etcd,
    /// An admission webhook.
    Admission,
    /// A conversion webhook.
    Conversion,
    /// The backend answers but fails in part.
    Degraded,
    /// Given up by the client itself; no failure.
    Canceled,
}

impl ErrorKind {
    /// Every kind, in the order of their definition.
    #[rustfmt::skip]
    pub const ALL: &[ErrorKind] = &[
        Self::Unavailable, Self::Stale, Self::ProxyFailed, Self::CheckFailed, Self::ServerError, Self::ShuttingDown, Self::Initializing,
        Self::Overloaded, Self::TimedOut, Self::NotServed, Self::NoMatch, Self::Unauthorized, Self::Forbidden,
        Self::Refused, Self::Ended, Self::NoAnswer, Self::NoRoute, Self::Reset, Self::Lookup, Self::Deadline,
        Self::Certificate, Self::Proxy, Self::Etcd, Self::Admission, Self::Conversion, Self::Degraded, Self::Canceled,
    ];

    /// The word that reports print in `requests[].error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Unavailable => "service unavailable",
            ErrorKind::Stale => "stale discovery",
            ErrorKind::ProxyFailed => "backend not reached",
            ErrorKind::CheckFailed => "availability check failed",
            ErrorKind::ServerError => "server error",
            ErrorKind::ShuttingDown => "shutting down",
            ErrorKind::Initializing => "storage initializing",
            ErrorKind::Overloaded => "too many requests",
            ErrorKind::TimedOut => "timed out",
            ErrorKind::NotServed => "not found",
            ErrorKind::NoMatch => "no match for kind",
            ErrorKind::Unauthorized => "unauthorized",
            ErrorKind::Forbidden => "forbidden",
            ErrorKind::Refused => "connection refused",
            ErrorKind::Ended => "connection ended",
            ErrorKind::NoAnswer => "no answer",
            ErrorKind::NoRoute => "no route",
            ErrorKind::Reset => "connection reset",
            ErrorKind::Lookup => "name not resolved",
            ErrorKind::Deadline => "deadline exceeded",
            ErrorKind::Certificate => "certificate",
            ErrorKind::Proxy => "proxy",
            ErrorKind::Etcd => "etcd",
            ErrorKind::Admission => "admission webhook",
            ErrorKind::Conversion => "conversion webhook",
            ErrorKind::Degraded => "degraded",
            ErrorKind::Canceled => "canceled",
        }
    }

    /// The HTTP status that the wording stands for, where it stands for one.
    pub const fn status(self) -> Option<u16> {
        Some(match self {
            ErrorKind::Unavailable | ErrorKind::ProxyFailed | ErrorKind::ShuttingDown => 503,
            ErrorKind::Initializing | ErrorKind::Overloaded => 429,
            ErrorKind::TimedOut => 504,
            ErrorKind::NotServed => 404,
            ErrorKind::Unauthorized => 401,
            ErrorKind::Forbidden => 403,
            ErrorKind::ServerError | ErrorKind::Admission => 500,
            _ => return None,
        })
    }

    /// Whether no HTTP answer came: the URL's host is at fault, never the group in its path.
    pub const fn is_transport(self) -> bool {
        matches!(
            self,
            ErrorKind::Refused
                | ErrorKind::Ended
                | ErrorKind::NoAnswer
                | ErrorKind::NoRoute
                | ErrorKind::Reset
                | ErrorKind::Lookup
                | ErrorKind::Deadline
                | ErrorKind::Certificate
                | ErrorKind::Proxy
        )
    }

    /// The kind that an HTTP status stands for; `None` for those that are no failure of an API.
    pub const fn of_status(status: u16) -> Option<ErrorKind> {
        Some(match status {
            401 => ErrorKind::Unauthorized,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotServed,
            429 => ErrorKind::Overloaded,
            503 => ErrorKind::Unavailable,
            504 => ErrorKind::TimedOut,
            500..=599 => ErrorKind::ServerError,
            _ => return None,
        })
    }
}

/// A row, for the tables of the families.
const fn row(
    id: &'static str,
    phrase: &'static str,
    anchor: &'static str,
    shape: Shape,
    client: Client,
    evidence: &'static str,
) -> Signature {
    Signature { id, phrase, anchor, shape, client, evidence }
}

/// Every row, family by family, and the user's own.
pub fn all() -> impl Iterator<Item = &'static Signature> {
    [
        aggregator::ROWS,
        apiserver::ROWS,
        client_go::ROWS,
        clients::ROWS,
        controllers::ROWS,
        errors::ROWS,
        kopf::ROWS,
        negatives::ROWS,
        objects::ROWS,
        openshift::ROWS,
        tools::ROWS,
        transport::ROWS,
        webhooks::ROWS,
    ]
    .into_iter()
    .flatten()
    .chain(&super::own::own().signatures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_well_formed() {
        for row in all() {
            assert!(row.phrase.contains(row.anchor), "{}: the anchor is not part of the phrase", row.id);
            assert!(row.anchor.is_empty() || row.anchor.len() >= 4, "{}: the anchor is too short", row.id);
            assert!(!row.evidence.is_empty() && !row.phrase.is_empty(), "{}: no evidence", row.id);
        }
    }

    #[test]
    fn no_phrase_twice() {
        let mut phrases: Vec<_> = all().map(|row| row.phrase).collect();
        phrases.sort_unstable();
        let all = phrases.len();
        phrases.dedup();
        assert_eq!(phrases.len(), all, "a phrase stands in two rows: the second is never reached");
    }
}
