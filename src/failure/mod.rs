//! From records to failures: one failing API request, told by one record.
//!
//! A record can tell several (a list of dead groups), or none (a look-alike). The text is searched
//! once for the phrases of all signatures (`atoms`); the atoms, read from left to right, give the
//! failures (`read`). What a phrase needs from its surroundings (the group before it, the
//! `(get resource.group)` behind it, the URL in quotes) is read by the functions of `context`.
//!
//! This stage says *what was told*, not who is to blame: that is `incident`'s.

mod atoms;
mod audit;
mod beside;
mod context;
mod denied;
mod host;
mod http;
mod kopf;
mod mention;
mod named;
mod pattern;
mod python;
mod read;
mod settle;
mod transport;
mod webhook;

pub use atoms::{anchors, has_own_rows, phrases};
pub use read::read;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::{Deserialize, Serialize};

use crate::k8s::{GroupVersion, Verb};
use crate::knowledge::signatures::{ErrorKind, Life, Signature};
use crate::record::Writer;
use crate::time::Stamp;

/// What a failing request was about, as far as the record says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The record names the APIService: the server side speaks.
    ApiService(GroupVersion),
    /// The record names a group and a version.
    GroupVersion(GroupVersion),
    /// The record names a group and a resource, and sometimes the version (from a Go type).
    Resource {
        /// The group; empty for the core group.
        group: String,
        /// The resource in the plural.
        resource: String,
        /// The version, if a Go type beside it tells.
        version: Option<String>,
    },
    /// Only a group is known (a webhook's name without its first label).
    Group(String),
    /// No HTTP answer: the host and port of the URL, or what was dialled.
    Host(String),
    /// A webhook, by its name or the kind it converts.
    Webhook(String),
    /// The backend of APIServices: `namespace/service`.
    Service(String),
    /// The record names nothing.
    Nothing,
    /// The record may be about any server: it counts only if the source names an APIService beside it.
    Mentioned,
    /// One of too many to be told apart; only `incident` says so.
    Others,
}

/// How a record tells of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// The program's own request failed.
    FirstHand,
    /// It repeats what it or another program has told: a traceback, an Event, a condition.
    Restated,
    /// It only counts attempts or waits; it is never a cause.
    Marker,
    /// The APIService is available again.
    Recovered,
}

/// Where in its retries a client is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// The number of this attempt, from 1.
    pub n: u32,
    /// How many there will be at most, if the client says so.
    pub max: Option<u32>,
    /// What comes next.
    pub phase: Phase,
    /// Seconds until the next one, if the client says so.
    pub delay: Option<f64>,
}

/// What comes after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The next attempt.
    WillRetry,
    /// The error goes up: no attempt is left.
    Escalating,
    /// The attempt succeeded after all.
    Succeeded,
}

/// One failing request, told by one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The row that read it.
    pub signature: &'static Signature,
    /// The client library or program, as far as the wording tells.
    pub client: crate::knowledge::signatures::Client,
    /// What the error says.
    pub kind: ErrorKind,
    /// What the request was about.
    pub subject: Subject,
    /// What it wanted to do.
    pub verb: Option<Verb>,
    /// Its path, without host and query.
    pub path: Option<String>,
    /// The HTTP status, said or implied by the wording.
    pub status: Option<u16>,
    /// The condition's reason, where one is told (`MissingEndpoints`).
    pub reason: Option<String>,
    /// Retry number and limit.
    pub attempt: Option<Attempt>,
    /// First hand or not.
    pub told: Told,
}

/// What a record says: failures, or a word about the life of the process.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The failing requests.
    pub failures: Vec<Failure>,
    /// The start, stop or death of the process.
    pub life: Option<Life>,
    /// APIServices that were created or deleted.
    pub changes: Vec<Change>,
}

impl Reading {
    /// Whether the record says nothing of interest.
    pub fn is_empty(&self) -> bool {
        self.failures.is_empty() && self.life.is_none() && self.changes.is_empty()
    }
}

/// An APIService was created or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its name.
    pub apiservice: String,
    /// `true` for a creation, `false` for a deletion.
    pub created: bool,
    /// Who did it: a user, a service account, or the program that says so of itself.
    pub by: String,
}

/// What a record says, and who. Many records of a log say the same; they may share one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// Who wrote it, by the envelope.
    pub writer: Writer,
    /// What it says.
    pub reading: Reading,
    /// Who wants no more texts of records that say it.
    pub sated: Sated,
}

/// Who has enough texts of records that say the same: a hint for those who would make another one. Those who
/// take texts have numbers, which are not zero.
#[derive(Default)]
pub struct Sated(AtomicU64);

impl Sated {
    /// Notes that somebody has enough of them for good.
    pub fn note(&self, taker: u64) {
        self.0.store(taker, Relaxed);
    }

    /// Whether somebody is known to have enough. Who has no number never has.
    pub fn is(&self, taker: u64) -> bool {
        taker != 0 && self.0.load(Relaxed) == taker
    }
}

impl Clone for Sated {
    fn clone(&self) -> Sated {
        Sated::default()
    }
}

/// No part of what a statement says.
impl PartialEq for Sated {
    fn eq(&self, _: &Sated) -> bool {
        true
    }
}

/// As little of it can be seen.
impl std::fmt::Debug for Sated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sated")
    }
}

/// A record that says something: where and when it stood, for those who count.
#[derive(Clone, Debug, Default)]
pub struct Witnessed {
    /// Line, from 0, relative to the core of the block; negative if the record begins before it.
    pub line: i64,
    /// When.
    pub at: Option<Stamp>,
    /// What it says.
    pub said: Arc<Statement>,
    /// The first part of the record's text. Left out where more records say the same than anybody keeps the
    /// texts of.
    pub excerpt: Option<String>,
}
