//! From failures to incidents: one cause and all that it explains.
//!
//! [`Fold`] takes the findings of a source in order and keeps what is distinct: counts, windows,
//! the first samples, the retry series. [`resolve`] then judges all sources together: which version
//! a group has, whether a group is Local, which failures are only consequences of another. The fold
//! of a source depends on nothing but the source, so that sources may be folded anywhere and in any
//! order.

mod attribute;
mod build;
mod fold;
mod hang;
mod impact;
mod ledger;
mod narrow;
mod plans;
mod restart;
mod retries;
mod rulings;
mod series;
mod state;
mod unnamed;
mod window;

pub use attribute::{Standing, standing};
pub use build::{UNNAMED, resolve};
pub use fold::{Fold, Sample, SourceTally, Tally, TallyKey};
pub use rulings::{Ruling, rulings};
pub use series::{Backoff, Outcome, Series};
pub use window::Window;

use crate::k8s::{Cause, GroupVersion};
use crate::location::Location;
use crate::record::Writer;

/// How sure the blame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Other readings are possible.
    Possible,
    /// The log says it, but not who serves the group.
    Likely,
    /// The server side says it, or a group that is known to be aggregated answers 503.
    Certain,
}

impl Confidence {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Possible => "possible",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

/// What an incident did to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Cannot be told.
    Unknown,
    /// It went on as if nothing had been.
    Tolerated,
    /// It went on, but could not do its work.
    Degraded,
    /// It died.
    Fatal,
}

impl Impact {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Impact::Unknown => "unknown",
            Impact::Tolerated => "tolerated",
            Impact::Degraded => "degraded",
            Impact::Fatal => "fatal",
        }
    }
}

/// One kind of failing request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// Verb in lower case.
    pub verb: Option<&'static str>,
    /// Path without host and query.
    pub path: Option<String>,
    /// HTTP status.
    pub status: Option<u16>,
    /// What the error says, in few words.
    pub error: &'static str,
    /// How many records told of it.
    pub count: u64,
}

/// A program that suffers, or one that only reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The source that it wrote.
    pub source: String,
    /// Namespace, pod and container, by the envelope or the path.
    pub writer: Writer,
    /// Its client library, where it can be told.
    pub client: &'static str,
    /// How many records of its told of a failing request.
    pub failures: u64,
    /// What it did to it.
    pub impact: Impact,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Source and line.
    pub location: Location,
    /// When, in nanoseconds since 1970.
    pub at: Option<i64>,
    /// The row that read it.
    pub signature: &'static str,
    /// The record's text, cut.
    pub text: String,
}

/// One cause and all that it explains.
#[derive(Clone, Debug)]
pub struct Incident {
    /// Stable name: the cause and whom it concerns.
    pub id: String,
    /// What went wrong.
    pub cause: Cause,
    /// In one sentence.
    pub reason: String,
    /// How sure.
    pub confidence: Confidence,
    /// The APIService to blame, `version.group`, or `*.group`.
    pub apiservice: Option<String>,
    /// Its group/version, where the version is known.
    pub group_version: Option<GroupVersion>,
    /// Records that report a failing request.
    pub failures: u64,
    /// Records that only restate it.
    pub restated: u64,
    /// The first failure.
    pub first_seen: Option<i64>,
    /// The last failure.
    pub last_seen: Option<i64>,
    /// Windows without a longer pause.
    pub outages: Vec<Window>,
    /// The failing requests.
    pub requests: Vec<Request>,
    /// The retries.
    pub retries: Vec<Series>,
    /// Who suffers.
    pub victims: Vec<Party>,
    /// Who only reports.
    pub witnesses: Vec<Party>,
    /// Where to look.
    pub evidence: Vec<Evidence>,
}
