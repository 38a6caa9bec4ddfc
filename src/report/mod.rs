//! What is said, one file per output. Nothing here decides anything.
//!
//! Log text is hostile: every output escapes it for its own medium, and secrets in it are masked
//! ([`safe`]).

mod filter;
mod html;
mod json;
mod live;
mod markdown;
mod ndjson;
mod overview;
pub mod safe;
mod schema;
mod secrets;
mod spark;
mod text;
mod view;
mod words;

pub use filter::Filtered;
pub use html::html;
pub use json::{json, json_line};
pub use live::{Moment, Ticker};
pub use markdown::markdown;
pub use ndjson::ndjson;
pub use schema::schema;
pub use text::text;

use std::collections::BTreeSet;

use crate::coverage::Coverage;
use crate::diagnosis::Diagnosis;

/// Everything that a report says.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was read.
    pub coverage: Coverage,
    /// The cluster, for an archive that holds its objects.
    pub cluster: Option<ClusterFacts>,
    /// What was asked for, if not all; the rest has been left out.
    pub filter: Option<Filtered>,
    /// The incidents, worst first.
    pub incidents: Vec<Diagnosis>,
    /// Names that the inputs told as what they are. They are not printed.
    pub names: Names,
}

/// Names by what they are of, wherever they were met: what `--redact` replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Namespaces of logs and of objects.
    pub namespaces: BTreeSet<String>,
    /// Nodes.
    pub hosts: BTreeSet<String>,
}

/// The cluster that an archive was gathered from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterFacts {
    /// As its ClusterVersion says.
    pub openshift_version: Option<String>,
    /// As its nodes say, or as it follows from OpenShift's.
    pub kubernetes_version: Option<String>,
    /// When the gathering ended, in nanoseconds since 1970.
    pub gathered_at: Option<i64>,
    /// The archive has the marks of a gathering but no objects: a dead APIService may have emptied it.
    pub hollow: bool,
}

/// How the text report looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Show all evidence and more.
    pub verbose: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { width: 100, verbose: false }
    }
}
