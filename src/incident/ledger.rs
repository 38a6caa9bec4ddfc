//! The kinds of failure of one source, each with its count: the part of the fold that must stay small whatever
//! a log holds. Not for deciding what makes two failures the same; [`TallyKey`] says that.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::fold::{Tally, TallyKey};
use super::narrow::{clip, clip_subject, clip_writer};
use crate::failure::Failure;
use crate::record::Writer;

/// Kinds of failure and their tallies; a kind keeps its place.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    /// How many kinds of failure are told apart; beyond it paths and reasons are dropped, and beyond twice as
    /// many also subjects: those are `Subject::Others`. All of them are counted. Whoever can write to a
    /// log can invent a group on every line.
    most: usize,
    places: FxHashMap<TallyKey, usize>,
    tallies: Vec<Tally>,
}

impl Ledger {
    /// Tells so many kinds of failure apart.
    pub(super) fn new(most: usize) -> Ledger {
        Ledger { most, places: FxHashMap::default(), tallies: Vec::new() }
    }

    /// The place of a kind of failure, and whether it was not told apart from others. Where it was, its place
    /// stays the same.
    pub(super) fn place(&mut self, failure: &Failure, writer: &Writer) -> (usize, bool) {
        let mut key = key(failure, writer);
        let mut folded = false;
        if self.places.len() >= self.most && !self.places.contains_key(&key) {
            folded = true;
            key.path = None;
            key.reason = None;
            if self.places.len() >= 2 * self.most && !self.places.contains_key(&key) {
                key = key.of_others();
            }
        }
        let next = self.tallies.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.tallies.push(Tally::default());
        }
        self.tallies[place].folded += u64::from(folded);
        (place, folded)
    }

    /// The tally of a place.
    pub(super) fn at(&mut self, place: usize) -> &mut Tally {
        &mut self.tallies[place]
    }

    /// All kinds.
    pub(super) fn close(mut self) -> BTreeMap<TallyKey, Tally> {
        let mut take = |place: usize| std::mem::take(&mut self.tallies[place]);
        self.places.into_iter().map(|(key, place)| (key, take(place))).collect()
    }
}

fn key(failure: &Failure, writer: &Writer) -> TallyKey {
    let mut key = TallyKey {
        signature: failure.signature.id,
        client: failure.client,
        kind: failure.kind,
        subject: failure.subject.clone(),
        verb: failure.verb.map(crate::k8s::Verb::as_str),
        path: failure.path.as_deref().map(clip),
        status: failure.status,
        reason: failure.reason.as_deref().map(clip),
        told: failure.told,
        writer: clip_writer(writer),
    };
    clip_subject(&mut key.subject);
    key
}
