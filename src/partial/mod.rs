//! Work that is half done: what inputs told, folded and not yet judged.
//!
//! A [`Part`] is what was read of some inputs. Parts of one cluster are put together by a [`Joiner`], in
//! any order, and only then judged, because what one log tells of a group may explain another one: the
//! report over all of them is that of one run over all inputs. A [`Unit`] is the part of one input under its
//! name, which is written as one line of JSON ([`Unit::to_line`]), so that any engine that moves lines
//! can carry it: `cat` of two partials is a partial. Two units with the same name and the same content are
//! one that was met twice.
//!
//! Not for judging, and not for reading inputs: that is `incident`'s and `pipeline`'s.

mod crowd;
mod join;
mod line;
mod years;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use twox_hash::{XxHash3_64, XxHash3_128};

use crate::coverage::Unreadable;
use crate::evidence::Cluster;
use crate::incident::SourceTally;
use crate::limits::Reached;
use crate::time;

pub use crowd::{Crowd, Told};
pub use join::{Joined, Joiner};
pub use line::{MARK, NONE, VERSION, is_line};
pub use years::Years;

/// A log that was read and folded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Log {
    /// What it told.
    pub tally: Box<SourceTally>,
    /// A hash of its bytes.
    #[serde(with = "line::hex")]
    pub digest: u128,
    /// What it is in a known layout (see [`crate::source::Name::identity`]).
    #[serde(skip)]
    pub identity: Option<String>,
}

/// What was read of some inputs of one cluster.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// What was not read.
    pub passed: Passed,
    /// How often which limit was reached on the way; those of the logs are in their tallies.
    pub reached: Reached,
    /// The logs.
    pub logs: Vec<Log>,
    /// Logs beyond the limit of those that are told apart: how many, and their sums.
    pub folded: u64,
    /// Their sums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<SourceTally>,
    /// What tells the year of logs that do not.
    pub years: Years,
    /// The files of cluster objects.
    pub files: Files,
    /// What the objects say; not settled yet.
    pub cluster: Cluster,
    /// What those of hosted clusters say, by the folder above and by their own.
    #[serde(with = "line::pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub hosted: BTreeMap<(String, String), Cluster>,
    /// Namespaces of objects that nobody asked for, which were not read; none where the part is to be kept.
    #[serde(skip)]
    pub unasked: BTreeSet<String>,
}

/// More than any inputs have bytes: the sum of all counts of a part.
const MOST_COUNTED: u128 = 1 << 52;

impl Part {
    /// Whether its counts and times can be those of inputs; then no sum of a few thousand parts overflows.
    fn is_possible(&self) -> bool {
        let Passed { left_out, binary, duplicates, .. } = self.passed;
        let own = [left_out, binary, duplicates, self.folded, self.reached.most()];
        let mut logs = self.logs.iter().map(|log| &*log.tally).chain(&self.others);
        let of_logs = logs.try_fold(0, |sum: u128, log| Some(sum + log.counted()?));
        let clusters = self.hosted.values().chain([&self.cluster]);
        let mut times = clusters
            .filter_map(|one| one.gathered)
            .flat_map(|(from, to)| [from, to])
            .chain(self.years.times());
        let sum = of_logs.map(|sum| sum + own.map(u128::from).iter().sum::<u128>());
        sum.is_some_and(|sum| sum <= MOST_COUNTED) && times.all(time::is_possible)
    }
}

/// What was not read, or not to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Passed {
    /// Files that were left out for their place.
    pub left_out: u64,
    /// Files that hold no text.
    pub binary: u64,
    /// Logs and objects that were met before.
    pub duplicates: u64,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: Vec<Unreadable>,
}

/// Files of cluster objects, told apart by the place in their tree and by their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Files {
    /// Hashes of those that were read.
    #[serde(with = "line::hashes")]
    pub read: BTreeSet<u64>,
    /// Those of them that could not be read, or not to their end.
    pub unreadable: BTreeMap<u64, Unreadable>,
}

/// The hash by which a file of objects is known, by its path in its tree: of a copy in another tree it is the same.
pub fn file_key(part: &str, bytes: &[u8]) -> u64 {
    let mut hash = XxHash3_64::new();
    hash.write(part.as_bytes());
    hash.write(&XxHash3_128::oneshot(bytes).to_le_bytes());
    hash.finish()
}

/// The part of one input.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The input, as it was named.
    pub path: String,
    /// A hash of what was read of it, whatever its name.
    pub content: u128,
    /// What was read.
    pub part: Part,
}

impl Unit {
    /// The part of an input.
    pub fn new(path: String, mut part: Part) -> Unit {
        part.logs.sort_by(|a, b| (&a.tally.name, a.digest).cmp(&(&b.tally.name, b.digest)));
        part.passed.unreadable.sort();
        part.passed.unreadable.dedup();
        let content = content(&path, &part);
        Unit { path, content, part }
    }

    /// Whether nothing of the input could be read.
    pub fn is_unread(&self) -> bool {
        self.part.logs.is_empty() && self.part.folded == 0 && self.part.files.read.is_empty()
    }
}

/// Hashes the logs and objects of a part under the names that they have in their input.
fn content(path: &str, part: &Part) -> u128 {
    let mut hash = XxHash3_128::new();
    let mut add = |name: &str, bytes: &[u8]| {
        hash.write(name.strip_prefix(path).unwrap_or(name).as_bytes());
        hash.write(b"\0");
        hash.write(bytes);
    };
    for log in &part.logs {
        add(&log.tally.name, &log.digest.to_le_bytes());
    }
    for file in &part.files.read {
        add("", &file.to_le_bytes());
    }
    for one in &part.passed.unreadable {
        add(&one.path, one.error.as_bytes());
    }
    hash.finish_128()
}
