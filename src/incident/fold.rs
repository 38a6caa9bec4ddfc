//! The fold over one source: what is distinct is kept, the rest is counted.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::narrow::{clip, clip_subject};
use super::series::{Open, Outcome, Series};
use super::window::Windows;
use crate::failure::{Change, Failure, Subject, Told, Witnessed};
use crate::knowledge::signatures::{Client, ErrorKind, Life};
use crate::record::Writer;
use crate::scan::Findings;
use crate::source::Origin;
use crate::time::{self, Stamp};

/// How many kinds of failure are told apart in one source; beyond it paths and reasons are dropped,
/// and beyond twice as many also subjects: those are [`Subject::Others`]. All of them are counted.
/// Whoever can write to a log can invent a group on every line.
const MOST_KEYS: usize = 4096;
/// How many series are kept of one source.
const MOST_SERIES: usize = 512;
/// How many samples are kept of one kind of failure.
pub(super) const SAMPLES: usize = 3;

/// What makes failures of one source the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TallyKey {
    /// Id of the row.
    pub signature: &'static str,
    /// Client of the row.
    pub client: Client,
    /// What the error says.
    pub kind: ErrorKind,
    /// What the request was about.
    pub subject: Subject,
    /// Verb in lower case.
    pub verb: Option<&'static str>,
    /// Path.
    pub path: Option<String>,
    /// Status.
    pub status: Option<u16>,
    /// The condition's reason.
    pub reason: Option<String>,
    /// First hand or not.
    pub told: Told,
    /// Who wrote it, by the envelope.
    pub writer: Writer,
}

/// How often, when, and where first.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Records.
    pub count: u64,
    /// Windows in time.
    pub windows: Windows,
    /// The first records.
    pub samples: Vec<Sample>,
    /// How many of the records were not told apart from others.
    pub(super) folded: u64,
}

/// A record that is kept as evidence.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Line in the source, from 1.
    pub line: u64,
    /// When, in nanoseconds since 1970.
    pub at: Option<i64>,
    /// Its text, cut.
    pub text: String,
}

/// An APIService was created or deleted.
#[derive(Clone, Debug)]
pub struct Changed {
    /// What and by whom.
    pub change: Change,
    /// When, in nanoseconds since 1970.
    pub at: i64,
}

/// The death of a process.
#[derive(Clone, Debug)]
pub struct Death {
    /// Who died.
    pub writer: Writer,
    /// When.
    pub at: Option<i64>,
    /// Line in the source, from 1.
    pub line: u64,
}

/// Everything that one source told.
#[derive(Clone, Debug, Default)]
pub struct SourceTally {
    /// The source's name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Failures by kind.
    pub tallies: BTreeMap<TallyKey, Tally>,
    /// Retry series.
    pub series: Vec<Series>,
    /// APIServices that were created or deleted.
    pub changes: Vec<Changed>,
    /// Deaths of the process.
    pub deaths: Vec<Death>,
    /// Lines.
    pub lines: u64,
    /// Bytes.
    pub bytes: u64,
    /// Records that were read.
    pub records: u64,
    /// Records that report a failing request, first hand.
    pub failures: u64,
    /// Records that were read and told of no failure.
    pub set_aside: u64,
    /// Failures without a time.
    pub undated: u64,
    /// Lines that were cut or left out for their length.
    pub truncated_lines: u64,
    /// Failures that were counted, but not told apart.
    pub folded: u64,
    /// The year that was assumed, if the source says none.
    pub assumed_year: Option<i16>,
}

type SeriesKey = (Client, Option<&'static str>, Option<String>, Writer, bool);

/// Reads the findings of one source, in their order.
#[derive(Debug)]
pub struct Fold {
    tally: SourceTally,
    open: FxHashMap<SeriesKey, Open>,
    tallies: FxHashMap<TallyKey, Tally>,
    /// The last time any record of the source was seen, as far as it was read.
    alive: Option<i64>,
    year: Option<i16>,
    yearless: Option<i64>,
    stopped: bool,
    /// When the process died, if it did and no other has begun.
    died: Option<i64>,
}

impl Fold {
    /// Nothing read yet.
    pub fn new(name: &str, origin: Origin) -> Fold {
        Fold {
            tally: SourceTally { name: name.to_owned(), origin, ..SourceTally::default() },
            open: FxHashMap::default(),
            tallies: FxHashMap::default(),
            alive: None,
            year: None,
            yearless: None,
            stopped: false,
            died: None,
        }
    }

    /// Adds the findings of the next block.
    pub fn push(&mut self, findings: Findings) {
        for (witnessed, reading) in findings.told {
            let line = self.tally.lines.saturating_add_signed(witnessed.line) + 1;
            let at = self.time(witnessed.at);
            let mut counted = false;
            for failure in &reading.failures {
                counted |= failure.told == Told::FirstHand;
                self.failure(failure, &witnessed, line, at);
            }
            for change in &reading.changes {
                if let Some(at) = at.filter(|_| self.tally.changes.len() < MOST_SERIES) {
                    self.tally.changes.push(Changed { change: change.clone(), at });
                }
            }
            self.tally.failures += u64::from(counted);
            self.tally.undated += u64::from(counted && at.is_none());
            if let Some(life) = reading.life {
                self.life(life, &witnessed.writer, line, at);
            }
        }
        self.tally.lines += findings.lines;
        self.tally.bytes += findings.bytes;
        self.tally.records += findings.records;
        self.tally.set_aside += findings.set_aside;
        self.tally.truncated_lines += findings.truncated_lines;
        let seen = self.time(findings.last_seen);
        self.alive = self.alive.max(seen);
    }

    fn time(&mut self, stamp: Option<Stamp>) -> Option<i64> {
        let stamp = stamp?;
        match stamp.year() {
            Some(year) => self.year = Some(self.year.map_or(year, |known| known.max(year))),
            None => self.yearless = self.yearless.max(Some(stamp.nanos())),
        }
        Some(stamp.nanos())
    }

    fn failure(&mut self, failure: &Failure, witnessed: &Witnessed, line: u64, at: Option<i64>) {
        self.alive = self.alive.max(at);
        self.series(failure, &witnessed.writer, at);
        // A dying client closes its connections: what they then say is no failure of anybody else.
        if self.died.is_some() && failure.kind.is_transport() && failure.attempt.is_some() {
            return;
        }
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
            writer: witnessed.writer.clone(),
        };
        clip_subject(&mut key.subject);
        let mut folded = 0;
        if self.tallies.len() >= MOST_KEYS && !self.tallies.contains_key(&key) {
            folded = 1;
            key.path = None;
            key.reason = None;
            if self.tallies.len() >= 2 * MOST_KEYS && !self.tallies.contains_key(&key) {
                key = key.of_others();
            }
        }
        let tally = self.tallies.entry(key).or_default();
        tally.count += 1;
        tally.folded += folded;
        self.tally.folded += folded;
        if let Some(at) = at {
            tally.windows.add(at);
        }
        if tally.samples.len() < SAMPLES {
            tally.samples.push(Sample { line, at, text: witnessed.excerpt.clone() });
        }
    }

    fn series(&mut self, failure: &Failure, writer: &Writer, at: Option<i64>) {
        let marker = failure.told == Told::Marker;
        let succeeded = failure.attempt.is_some_and(|a| a.phase == crate::failure::Phase::Succeeded);
        if marker && !succeeded || !matches!(failure.told, Told::FirstHand | Told::Marker) {
            return;
        }
        let attempt = failure.attempt.filter(|attempt| attempt.n > 0);
        let path = failure.path.as_deref().map(clip).or_else(|| match &failure.subject {
            Subject::GroupVersion(gv) => Some(gv.discovery_path()),
            _ => None,
        });
        if path.is_none() && attempt.is_none() {
            return;
        }
        let verb = failure.verb.map(crate::k8s::Verb::as_str);
        let client = failure.client;
        let key = (client, verb, path, writer.clone(), attempt.is_some());
        let room = self.open.len() < MOST_KEYS;
        match self.open.get_mut(&key) {
            Some(open) if open.is_over_for(attempt) => {
                let outcome = open.outcome(at, false);
                let old = std::mem::replace(open, Open::new(attempt, at, client));
                self.close(&key, old, outcome);
            }
            Some(open) => open.add(attempt, at),
            None if succeeded => {}
            None if room => {
                self.open.insert(key, Open::new(attempt, at, client));
            }
            None => {}
        }
    }

    fn close(&mut self, key: &SeriesKey, open: Open, outcome: Outcome) {
        if self.tally.series.len() >= MOST_SERIES || !key.4 && open.attempts() < 2 {
            return;
        }
        let series = open.close(&self.tally.name, key.1, key.2.clone(), outcome);
        self.tally.series.push(series);
    }

    fn life(&mut self, life: Life, writer: &Writer, line: u64, at: Option<i64>) {
        let before = self.alive;
        self.alive = self.alive.max(at);
        match life {
            Life::Death => {
                // The last lines of a dying process may still tell of attempts: its series stay open,
                // but nothing after its death proves that it lived on.
                self.died = self.died.or(self.alive);
                self.tally.deaths.push(Death { writer: writer.clone(), at: at.or(before), line });
            }
            Life::Start => {
                // A new process: what the old one had open ended with the last that was seen of it.
                let end = self.died.take().or(before);
                self.close_all(end, false);
                self.stopped = false;
            }
            Life::Stop => self.stopped = true,
        }
    }

    fn close_all(&mut self, alive: Option<i64>, source_ends: bool) {
        let mut open: Vec<(SeriesKey, Open)> = self.open.drain().collect();
        open.sort_by(|a, b| a.0.cmp(&b.0));
        for (key, open) in open {
            let outcome = open.outcome(alive, source_ends);
            self.close(&key, open, outcome);
        }
    }

    /// The source is at its end. `now` supplies the year of a log that tells none.
    pub fn finish(mut self, now: i64) -> SourceTally {
        let end = self.died.or(self.alive);
        self.close_all(end, !self.stopped && self.died.is_none());
        self.tally.tallies = self.tallies.into_iter().collect();
        if let Some(yearless) = self.yearless {
            let year = self.year.unwrap_or_else(|| time::assumed_year(yearless, now));
            if self.year.is_none() {
                self.tally.assumed_year = Some(year);
            }
            date(&mut self.tally, year);
        }
        self.tally
    }
}

/// Supplies the year to every time that lacks it: those that lie in 2000, before Kubernetes was.
fn date(tally: &mut SourceTally, year: i16) {
    let shift = |at: i64| {
        let stamp =
            if Stamp::Dated(at).year() == Some(2000) { Stamp::Yearless(at) } else { Stamp::Dated(at) };
        stamp.in_year(year)
    };
    for tally in tally.tallies.values_mut() {
        tally.windows.shift(shift);
        for sample in &mut tally.samples {
            sample.at = sample.at.map(shift);
        }
    }
    for series in &mut tally.series {
        series.times.iter_mut().for_each(|at| *at = shift(*at));
        series.first = series.first.map(shift);
        series.last = series.last.map(shift);
    }
    for changed in &mut tally.changes {
        changed.at = shift(changed.at);
    }
    for death in &mut tally.deaths {
        death.at = death.at.map(shift);
    }
}
