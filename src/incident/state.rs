//! How the state of a fold is written down, so that another process can go on with it.
//!
//! What a key names of the tables (the id of a row, a verb) is written as its word and looked up again:
//! a state that names a row which this version does not know cannot be read.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::SourceTally;
use crate::k8s::Verb;
use crate::knowledge::signatures;
use crate::source::Origin;
use crate::time;

impl SourceTally {
    /// Supplies what its name says and is therefore not written down.
    pub fn restore(&mut self) {
        self.origin = Origin::of_path(&self.name);
        self.series.iter_mut().for_each(|series| series.source.clone_from(&self.name));
    }
}

impl SourceTally {
    /// The sum of all its counts; `None` if they, or its times, cannot be those of a log. What another program
    /// wrote may say anything.
    pub fn counted(&self) -> Option<u128> {
        let SourceTally { tallies, series, changes, deaths, lines, bytes, .. } = self;
        let SourceTally { records, failures, set_aside, undated, reached, last_seen, .. } = self;
        let own = [*lines, *bytes, *records, *failures, *set_aside, *undated];
        let attempts = series.iter().flat_map(|one| [one.attempts, one.last_attempt]);
        let kinds = tallies.values().flat_map(|one| [one.count, one.folded]);
        let samples = || tallies.values().flat_map(|one| &one.samples);
        let places = samples().map(|one| one.line).chain(deaths.iter().map(|one| one.line));
        let counts = own.into_iter().chain(attempts).chain(kinds).chain(places).chain([reached.most()]);
        let windows = tallies.values().flat_map(|one| one.windows.list()).flat_map(|one| [one.from, one.to]);
        let of_series =
            series.iter().flat_map(|one| one.times.iter().copied().chain(one.first).chain(one.last));
        let others = changes.iter().map(|one| one.at).chain(deaths.iter().filter_map(|one| one.at));
        let mut times = windows
            .chain(of_series)
            .chain(others)
            .chain(samples().filter_map(|one| one.at))
            .chain(*last_seen);
        let possible = times.all(time::is_possible) && tallies.values().all(|one| one.folded <= one.count);
        possible.then(|| counts.map(u128::from).sum())
    }
}

/// A word of a table. (serde would want to borrow a plain `&'static str` from its input.)
pub(super) type Word = &'static str;

/// The ids of all rows.
static IDS: LazyLock<HashMap<Word, Word>> =
    LazyLock::new(|| signatures::all().map(|row| (row.id, row.id)).collect());

pub(super) fn signature<'de, D: Deserializer<'de>>(from: D) -> Result<Word, D::Error> {
    let id = String::deserialize(from)?;
    let known = IDS.get(id.as_str()).copied();
    known.ok_or_else(|| Error::custom(format!("the signature {id} is not known to this version")))
}

pub(super) fn verb<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'static str>, D::Error> {
    let Some(word) = Option::<String>::deserialize(from)? else { return Ok(None) };
    let verb = Verb::parse(&word).ok_or_else(|| Error::custom(format!("{word} is no verb")))?;
    Ok(Some(verb.as_str()))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A map whose keys are no strings, as pairs.
pub(super) mod pairs {
    use super::{BTreeMap, Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}
