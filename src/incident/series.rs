//! Retry series: attempts of the same request by the same source, in order.
//!
//! Explicit ones have numbers (`#3/9`); a number that does not grow starts a new series. Others are
//! inferred from repetition. The outcome is read from what comes after: an escalation exhausts a
//! series; silence means recovery only if the process is known to have lived well beyond the time of
//! the next attempt. A process that died, or was stopped, before that leaves it unknown.

use serde::{Deserialize, Serialize};

use super::state;
use crate::failure::{Attempt, Phase};
use crate::knowledge::signatures::Client;
use crate::record::Writer;
use crate::time::SECOND;

/// How many attempts' times are kept of a series.
const MOST_TIMES: usize = 64;

/// How the waits grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    /// No wait: a hot loop.
    None,
    /// Always the same.
    Fixed,
    /// Each a multiple of the one before.
    Exponential,
    /// Each the sum of the two before (Kopf's 1, 1, 2, 3, 5, 8, 13, 21).
    Fibonacci,
    /// None of these, or too few to tell.
    Irregular,
}

impl Backoff {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Backoff::None => "none",
            Backoff::Fixed => "fixed",
            Backoff::Exponential => "exponential",
            Backoff::Fibonacci => "fibonacci",
            Backoff::Irregular => "irregular",
        }
    }

    /// Judges the shape of waits in seconds.
    pub fn of(waits: &[f64]) -> Backoff {
        let near = |a: f64, b: f64| (a - b).abs() <= 0.15 * b.abs().max(1.0);
        if waits.is_empty() {
            return Backoff::Irregular;
        }
        if waits.iter().all(|&wait| wait < 0.05) {
            return Backoff::None;
        }
        if waits.len() >= 3 && waits.windows(3).all(|w| near(w[2], w[0] + w[1])) {
            return Backoff::Fibonacci;
        }
        if waits.len() >= 3 && waits.iter().all(|&wait| near(wait, waits[0])) {
            return Backoff::Fixed;
        }
        let ratio = |w: &[f64]| if w[0] > 0.0 { w[1] / w[0] } else { 0.0 };
        if waits.len() >= 3 {
            let first = ratio(&waits[..2]);
            if first > 1.3 && waits.windows(2).all(|w| (ratio(w) - first).abs() < 0.35 * first) {
                return Backoff::Exponential;
            }
        }
        Backoff::Irregular
    }
}

/// How a series ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The last attempt failed, and the client gave up.
    Exhausted,
    /// A later attempt succeeded, or the client went on.
    Recovered,
    /// The source ends among the attempts.
    Ongoing,
    /// The process ended before the next attempt.
    Unknown,
}

impl Outcome {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Exhausted => "exhausted",
            Outcome::Recovered => "recovered",
            Outcome::Ongoing => "ongoing",
            Outcome::Unknown => "unknown",
        }
    }
}

/// Attempts of one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The source that tells it; in a partial, that which it stands below.
    #[serde(skip)]
    pub source: String,
    /// The client library.
    pub client: Client,
    /// Verb in lower case.
    #[serde(deserialize_with = "state::verb")]
    pub verb: Option<state::Word>,
    /// Path without host and query.
    pub path: Option<String>,
    /// How many attempts the source shows.
    pub attempts: u64,
    /// The number of the last one, as the client counts; else `attempts`.
    pub last_attempt: u64,
    /// How many there may be, where the client says so.
    pub max_attempts: Option<u32>,
    /// Times of the attempts, in nanoseconds since 1970; the first ones of a long series.
    pub times: Vec<i64>,
    /// Whether the client numbers its attempts.
    pub explicit: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Who wrote of it, by the envelope: one of several in a source that comes from a log store.
    #[serde(default, skip_serializing_if = "Writer::is_unknown")]
    pub writer: Writer,
    /// The first and the last attempt.
    pub first: Option<i64>,
    /// The last attempt.
    pub last: Option<i64>,
}

impl Series {
    /// Seconds between attempts, to the hundredth.
    pub fn waits(&self) -> Vec<f64> {
        self.times.windows(2).map(|pair| (wait(pair) as f64 / 1e7).round() / 100.0).collect()
    }
}

/// Nanoseconds between two attempts; none, where the clock was set back between them.
fn wait(pair: &[i64]) -> i64 {
    pair[1].saturating_sub(pair[0]).max(0)
}

/// A series that is still being read.
#[derive(Clone, Debug)]
pub(super) struct Open {
    attempts: u64,
    last_attempt: u64,
    max: Option<u32>,
    times: Vec<i64>,
    first: Option<i64>,
    last: Option<i64>,
    escalated: bool,
    succeeded: bool,
    client: Client,
    explicit: bool,
}

impl Open {
    /// The first attempt of a series.
    pub(super) fn new(attempt: Option<Attempt>, at: Option<i64>, client: Client) -> Open {
        let mut open = Open {
            attempts: 0,
            last_attempt: 0,
            max: None,
            times: Vec::new(),
            first: at,
            last: None,
            escalated: false,
            succeeded: false,
            client,
            explicit: attempt.is_some(),
        };
        open.add(attempt, at);
        open
    }

    /// Whether `attempt` cannot belong to this series: its number does not grow.
    pub(super) fn is_over_for(&self, attempt: Option<Attempt>) -> bool {
        match attempt {
            Some(attempt) => self.escalated || self.succeeded || u64::from(attempt.n) <= self.last_attempt,
            None => false,
        }
    }

    /// Adds an attempt.
    pub(super) fn add(&mut self, attempt: Option<Attempt>, at: Option<i64>) {
        match attempt {
            Some(attempt) if attempt.phase == Phase::Succeeded => self.succeeded = true,
            attempt => {
                self.attempts += 1;
                let n = attempt.map_or(0, |attempt| u64::from(attempt.n));
                self.last_attempt = n.max(self.last_attempt);
                self.max = attempt.and_then(|attempt| attempt.max).or(self.max);
                self.escalated |= attempt.is_some_and(|attempt| attempt.phase == Phase::Escalating);
                if let Some(at) = at
                    && self.times.len() < MOST_TIMES
                {
                    self.times.push(at);
                }
            }
        }
        self.first = self.first.or(at);
        self.last = at.or(self.last);
    }

    /// When the next attempt is due, with some grace: what Kopf waits, else twice the last wait.
    fn due(&self) -> Option<i64> {
        const KOPF: [f64; 8] = [1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0];
        let waits: Vec<f64> = self.times.windows(2).map(|pair| wait(pair) as f64 / SECOND as f64).collect();
        let like_kopf = waits.iter().zip(KOPF).all(|(wait, usual)| (wait - usual).abs() < 0.5 + 0.1 * usual);
        let next = KOPF.get(usize::try_from(self.last_attempt).unwrap_or(0).saturating_sub(1)).copied();
        let expected = match (self.client, next) {
            (Client::Kopf, Some(next)) if like_kopf => next,
            _ => 2.0 * waits.last().copied().unwrap_or(5.0),
        };
        let grace = (expected * 0.25).max(1.0);
        Some(self.last?.saturating_add(((expected + grace) * SECOND as f64) as i64))
    }

    /// How it ended, if the process is known to have lived until `alive`.
    pub(super) fn outcome(&self, alive: Option<i64>, source_ends: bool) -> Outcome {
        if self.escalated || self.max.is_some_and(|max| self.last_attempt >= u64::from(max)) {
            return Outcome::Exhausted;
        }
        // A source may mix times with and without a year: those are not compared.
        const YEAR: i64 = 300 * crate::time::DAY;
        let lived_on =
            self.due().zip(alive).is_some_and(|(due, alive)| alive > due && alive.saturating_sub(due) < YEAR);
        if self.succeeded || lived_on {
            return Outcome::Recovered;
        }
        if source_ends { Outcome::Ongoing } else { Outcome::Unknown }
    }

    /// The series, finished; the name of its source is still to be filled in.
    pub(super) fn close(
        self,
        verb: Option<&'static str>,
        path: Option<String>,
        writer: Writer,
        outcome: Outcome,
    ) -> Series {
        Series {
            source: String::new(),
            client: self.client,
            verb,
            path,
            attempts: self.attempts,
            last_attempt: if self.last_attempt > 0 { self.last_attempt } else { self.attempts },
            max_attempts: self.max,
            times: self.times,
            explicit: self.explicit,
            outcome,
            writer,
            first: self.first,
            last: self.last,
        }
    }

    /// How many attempts were seen.
    pub(super) fn attempts(&self) -> u64 {
        self.attempts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kopf(n: u32, phase: Phase) -> Option<Attempt> {
        Some(Attempt { n, max: Some(9), phase, delay: None })
    }

    #[test]
    fn shapes_of_waits() {
        assert_eq!(Backoff::of(&[1.03, 1.02, 2.01, 3.02, 5.02, 8.03, 13.02, 21.05]), Backoff::Fibonacci);
        assert_eq!(Backoff::of(&[1.0, 2.0, 4.1, 8.0]), Backoff::Exponential);
        assert_eq!(Backoff::of(&[5.0, 5.1, 4.9]), Backoff::Fixed);
        assert_eq!(Backoff::of(&[0.0, 0.01]), Backoff::None);
        assert_eq!(Backoff::of(&[7.0]), Backoff::Irregular);
        // How Kopf's begins: two waits are too few to tell.
        assert_eq!(Backoff::of(&[1.0, 1.0]), Backoff::Irregular);
    }

    #[test]
    fn silence_is_recovery_only_if_the_process_lived_on() {
        let mut open = Open::new(kopf(1, Phase::WillRetry), Some(0), Client::Kopf);
        open.add(kopf(2, Phase::WillRetry), Some(SECOND));
        assert_eq!(open.outcome(Some(2 * SECOND), false), Outcome::Unknown);
        assert_eq!(open.outcome(Some(10 * SECOND), false), Outcome::Recovered);
        assert_eq!(open.outcome(None, true), Outcome::Ongoing);
        open.add(kopf(3, Phase::Escalating), Some(2 * SECOND));
        assert_eq!(open.outcome(Some(90 * SECOND), true), Outcome::Exhausted);
    }

    #[test]
    fn a_number_that_does_not_grow_is_a_new_series() {
        let open = Open::new(kopf(3, Phase::WillRetry), Some(0), Client::Kopf);
        assert!(open.is_over_for(kopf(1, Phase::WillRetry)));
        assert!(!open.is_over_for(kopf(4, Phase::WillRetry)));
    }
}
