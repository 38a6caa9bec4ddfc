//! The retry series of one source while it is read. What a series is, and how it ended, is `series`' business.

use rustc_hash::FxHashMap;

use super::fold::MOST_SERIES;
use super::narrow::{clip, clip_writer};
use super::series::{Open, Outcome, Series};
use crate::failure::{Attempt, Failure, Phase, Subject, Told};
use crate::knowledge::signatures::Client;
use crate::record::Writer;

/// How many series are followed at once in one source.
const MOST_OPEN: usize = 4096;

/// Client, verb, path, writer, and whether attempts are numbered.
type SeriesKey = (Client, Option<&'static str>, Option<String>, Writer, bool);

/// A series in [`Retries`], and how often all had been closed when it was opened.
pub(super) type SeriesPlace = (u32, usize);

/// Series that are open, and those that are closed.
#[derive(Clone, Debug, Default)]
pub(super) struct Retries {
    places: FxHashMap<SeriesKey, usize>,
    open: Vec<(SeriesKey, Open)>,
    /// How often all were closed.
    closings: u32,
    closed: Vec<Series>,
}

impl Retries {
    /// Adds what a failure tells of retries. `place` is where a failure that says the same went before.
    pub(super) fn tell(
        &mut self,
        failure: &Failure,
        writer: &Writer,
        at: Option<i64>,
        place: &mut Option<SeriesPlace>,
    ) {
        let succeeded = failure.attempt.is_some_and(|attempt| attempt.phase == Phase::Succeeded);
        if failure.told != Told::FirstHand && !(failure.told == Told::Marker && succeeded) {
            return;
        }
        let attempt = numbered(failure);
        let known = place.filter(|&(closings, _)| closings == self.closings).map(|(_, at)| at);
        let index = match known {
            Some(index) => index,
            None => {
                let Some(key) = key(failure, writer) else { return };
                match self.places.get(&key) {
                    Some(&index) => index,
                    None if succeeded || self.open.len() >= MOST_OPEN => return,
                    None => {
                        *place = Some((self.closings, self.open.len()));
                        self.places.insert(key.clone(), self.open.len());
                        self.open.push((key, Open::new(attempt, at, failure.client)));
                        return;
                    }
                }
            }
        };
        *place = Some((self.closings, index));
        let (key, open) = &mut self.open[index];
        if open.is_over_for(attempt) {
            let outcome = open.outcome(at, false);
            let old = std::mem::replace(open, Open::new(attempt, at, failure.client));
            close(&mut self.closed, key, old, outcome);
        } else {
            open.add(attempt, at);
        }
    }

    /// Closes the series of a program that has ended; `alive` is until when it is known to have lived.
    pub(super) fn close_of(&mut self, writer: &Writer, alive: Option<i64>) {
        let (ended, others) =
            std::mem::take(&mut self.open).into_iter().partition(|(key, _)| key.3 == *writer);
        self.close(ended, |_| (alive, false));
        self.open = others;
        self.places = self.open.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
    }

    /// Closes all series; `end` tells of a program until when it is known to have lived, and whether the
    /// source ends while it goes on.
    pub(super) fn close_all(&mut self, end: impl Fn(&Writer) -> (Option<i64>, bool)) {
        let open = std::mem::take(&mut self.open);
        self.close(open, end);
    }

    fn close(&mut self, mut open: Vec<(SeriesKey, Open)>, end: impl Fn(&Writer) -> (Option<i64>, bool)) {
        self.closings += 1;
        self.places.clear();
        open.sort_by(|a, b| a.0.cmp(&b.0));
        for (key, open) in open {
            let (alive, source_ends) = end(&key.3);
            let outcome = open.outcome(alive, source_ends);
            close(&mut self.closed, &key, open, outcome);
        }
    }

    /// The series that are closed, in the order in which they were.
    pub(super) fn closed(self) -> Vec<Series> {
        self.closed
    }
}

fn close(closed: &mut Vec<Series>, key: &SeriesKey, open: Open, outcome: Outcome) {
    if closed.len() < MOST_SERIES && (key.4 || open.attempts() >= 2) {
        closed.push(open.close(key.1, key.2.clone(), key.3.clone(), outcome));
    }
}

fn numbered(failure: &Failure) -> Option<Attempt> {
    failure.attempt.filter(|attempt| attempt.n > 0)
}

/// Which series a failure belongs to; none, if nothing tells its request from others.
fn key(failure: &Failure, writer: &Writer) -> Option<SeriesKey> {
    let explicit = numbered(failure).is_some();
    let path = failure.path.as_deref().map(clip).or_else(|| match &failure.subject {
        Subject::GroupVersion(gv) => Some(gv.discovery_path()),
        _ => None,
    });
    let verb = failure.verb.map(crate::k8s::Verb::as_str);
    (path.is_some() || explicit).then(|| (failure.client, verb, path, clip_writer(writer), explicit))
}
