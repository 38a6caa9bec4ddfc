//! The fold over one source: what is distinct is kept, the rest is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::{Deserialize, Serialize};

use super::ledger::Ledger;
use super::narrow::{clip_change, clip_writer};
use super::plans::{Places, Plans};
use super::retries::Retries;
use super::series::Series;
use super::state;
use super::window::Windows;
use crate::failure::{Change, Failure, Subject, Told};
use crate::knowledge::signatures::{Client, ErrorKind, Life};
use crate::limits::{Limit, Reached};
use crate::record::Writer;
use crate::scan::Findings;
use crate::source::Origin;
use crate::time::{self, Stamp};

/// The number of the next fold.
static FOLDS: AtomicU64 = AtomicU64::new(1);
/// How many deaths are kept of one source; a program that crashes every minute for a day has 1,440.
const MOST_DEATHS: usize = 4096;
/// How many series, and how many changes, are kept of one source.
pub(super) const MOST_SERIES: usize = 512;
/// How many samples are kept of one kind of failure.
pub(super) const SAMPLES: usize = crate::scan::SAMPLES as usize;

/// What makes failures of one source the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TallyKey {
    /// Id of the row.
    #[serde(deserialize_with = "state::signature")]
    pub signature: state::Word,
    /// Client of the row.
    pub client: Client,
    /// What the error says.
    pub kind: ErrorKind,
    /// What the request was about.
    pub subject: Subject,
    /// Verb in lower case.
    #[serde(default, deserialize_with = "state::verb", skip_serializing_if = "Option::is_none")]
    pub verb: Option<state::Word>,
    /// Path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The condition's reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// First hand or not.
    pub told: Told,
    /// Who wrote it, by the envelope.
    #[serde(default, skip_serializing_if = "Writer::is_unknown")]
    pub writer: Writer,
}

/// How often, when, and where first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Records.
    pub count: u64,
    /// Windows in time.
    pub windows: Windows,
    /// The first records.
    pub samples: Vec<Sample>,
    /// How many of the records were not told apart from others.
    #[serde(skip_serializing_if = "state::is_zero")]
    pub(super) folded: u64,
}

/// A record that is kept as evidence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Line in the source, from 1.
    pub line: u64,
    /// When, in nanoseconds since 1970.
    pub at: Option<i64>,
    /// Its text, cut.
    pub text: String,
}

/// An APIService was created or deleted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// What and by whom.
    pub change: Change,
    /// When, in nanoseconds since 1970.
    pub at: i64,
}

/// The death of a process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Death {
    /// Who died.
    #[serde(default, skip_serializing_if = "Writer::is_unknown")]
    pub writer: Writer,
    /// When.
    pub at: Option<i64>,
    /// Line in the source, from 1.
    pub line: u64,
}

/// Everything that one source told.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceTally {
    /// The source's name.
    pub name: String,
    /// Where it comes from: what its name says.
    #[serde(skip)]
    pub origin: Origin,
    /// Failures by kind.
    #[serde(with = "state::pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub tallies: BTreeMap<TallyKey, Tally>,
    /// Retry series.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<Series>,
    /// APIServices that were created or deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Changed>,
    /// Deaths of the process.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deaths: Vec<Death>,
    /// Lines.
    pub lines: u64,
    /// Bytes.
    pub bytes: u64,
    /// Records that were read.
    #[serde(skip_serializing_if = "state::is_zero")]
    pub records: u64,
    /// Records that report a failing request, first hand.
    #[serde(skip_serializing_if = "state::is_zero")]
    pub failures: u64,
    /// Records that were read and told of no failure.
    #[serde(skip_serializing_if = "state::is_zero")]
    pub set_aside: u64,
    /// Failures without a time.
    #[serde(skip_serializing_if = "state::is_zero")]
    pub undated: u64,
    /// How often which limit was reached.
    pub reached: Reached,
    /// The year that was assumed, if the source says none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed_year: Option<i16>,
    /// The last time that any record told, in nanoseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<i64>,
}

/// Reads the findings of one source, in their order.
#[derive(Clone, Debug)]
pub struct Fold {
    /// Its number, which no other fold has.
    id: u64,
    tally: SourceTally,
    ledger: Ledger,
    retries: Retries,
    plans: Plans,
    /// The last time any record of the source was seen, as far as it was read.
    alive: Option<i64>,
    year: Option<i16>,
    yearless: Option<i64>,
    /// Programs that were asked to end. A source tells of several if it comes from a log store.
    stopped: BTreeSet<Writer>,
    /// When a program died, if it did and no other has begun in its place.
    died: BTreeMap<Writer, Option<i64>>,
}

impl Fold {
    /// Nothing read yet; so many kinds of failure are told apart at least ([`Limit::Kinds`]).
    pub fn new(name: &str, origin: Origin, kinds: usize) -> Fold {
        Fold {
            id: FOLDS.fetch_add(1, Relaxed),
            tally: SourceTally { name: name.to_owned(), origin, ..SourceTally::default() },
            ledger: Ledger::new(kinds),
            retries: Retries::default(),
            plans: Plans::default(),
            alive: None,
            year: None,
            yearless: None,
            stopped: BTreeSet::new(),
            died: BTreeMap::new(),
        }
    }

    /// The number by which statements know it (see [`Sated`](crate::failure::Sated)).
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Adds the findings of the next block.
    pub fn push(&mut self, findings: Findings) {
        let mut plans = std::mem::take(&mut self.plans);
        for witnessed in findings.told {
            let line = self.tally.lines.saturating_add_signed(witnessed.line) + 1;
            let at = self.time(witnessed.at);
            let said = &*witnessed.said;
            let plan = plans.of(&witnessed.said);
            let mut counted = false;
            for (failure, places) in said.reading.failures.iter().zip(&mut *plan) {
                counted |= failure.told == Told::FirstHand;
                let sample = witnessed.excerpt.as_deref().map(|text| (line, text));
                self.failure(failure, &said.writer, at, sample, places);
            }
            if witnessed.excerpt.is_some() && self.has_samples(plan) {
                said.sated.note(self.id);
            }
            for change in &said.reading.changes {
                if let Some(at) = at.filter(|_| self.tally.changes.len() < MOST_SERIES) {
                    self.tally.changes.push(Changed { change: clip_change(change), at });
                }
            }
            self.tally.failures += u64::from(counted);
            self.tally.undated += u64::from(counted && at.is_none());
            if let Some(life) = said.reading.life {
                self.life(life, &said.writer, line, at);
            }
        }
        self.plans = plans;
        self.tally.lines += findings.lines;
        self.tally.bytes += findings.bytes;
        self.tally.records += findings.records;
        self.tally.set_aside += findings.set_aside;
        self.tally.reached.add(findings.reached);
        let seen = self.time(findings.last_seen);
        self.alive = self.alive.max(seen);
    }

    /// Whether all places of a statement hold as many samples as they ever will.
    fn has_samples(&mut self, plan: &[Places]) -> bool {
        let mut tallies = plan.iter().map(|places| places.tally);
        tallies.all(|place| place.is_some_and(|place| self.ledger.at(place).samples.len() >= SAMPLES))
    }

    fn time(&mut self, stamp: Option<Stamp>) -> Option<i64> {
        let stamp = stamp?;
        match stamp.year() {
            Some(year) => self.year = Some(self.year.map_or(year, |known| known.max(year))),
            None => self.yearless = self.yearless.max(Some(stamp.nanos())),
        }
        Some(stamp.nanos())
    }

    fn failure(
        &mut self,
        failure: &Failure,
        writer: &Writer,
        at: Option<i64>,
        sample: Option<(u64, &str)>,
        places: &mut Places,
    ) {
        self.alive = self.alive.max(at);
        self.retries.tell(failure, writer, at, &mut places.series);
        // A dying client closes its connections: what they then say is no failure of anybody else.
        let dying = !self.died.is_empty() && failure.kind.is_transport() && failure.attempt.is_some();
        if dying && self.died.contains_key(writer) {
            return;
        }
        let place = match places.tally {
            Some(place) => place,
            None => {
                let (place, folded) = self.ledger.place(failure, writer);
                places.tally = (!folded).then_some(place);
                self.tally.reached.count(Limit::Kinds, u64::from(folded));
                place
            }
        };
        let tally = self.ledger.at(place);
        tally.count += 1;
        if let Some(at) = at {
            tally.windows.add(at);
        }
        if let Some((line, text)) = sample.filter(|_| tally.samples.len() < SAMPLES) {
            tally.samples.push(Sample { line, at, text: text.to_owned() });
        }
    }

    fn life(&mut self, life: Life, writer: &Writer, line: u64, at: Option<i64>) {
        let before = self.alive;
        self.alive = self.alive.max(at);
        match life {
            Life::Death => {
                // The last lines of a dying process may still tell of attempts: its series stay open,
                // but nothing after its death proves that it lived on.
                let died = self.died.entry(clip_writer(writer)).or_default();
                *died = died.or(self.alive);
                if self.tally.deaths.len() < MOST_DEATHS {
                    let death = Death { writer: clip_writer(writer), at: at.or(before), line };
                    self.tally.deaths.push(death);
                }
            }
            Life::Start => {
                // A new process: what the old one had open ended with the last that was seen of it.
                let end = self.died.remove(writer).flatten().or(before);
                self.retries.close_of(writer, end);
                self.stopped.remove(writer);
            }
            Life::Stop => {
                self.stopped.insert(writer.clone());
            }
        }
    }

    /// The source is at its end. `now` supplies the year of a log that tells none.
    pub fn finish(mut self, now: i64) -> SourceTally {
        let (alive, died, stopped) = (self.alive, &self.died, &self.stopped);
        self.retries.close_all(|writer| match died.get(writer) {
            Some(died) => (died.or(alive), false),
            None => (alive, !stopped.contains(writer)),
        });
        self.tally.series = self.retries.closed();
        self.tally.series.iter_mut().for_each(|series| series.source.clone_from(&self.tally.name));
        self.tally.tallies = self.ledger.close();
        self.tally.last_seen = self.alive;
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

impl SourceTally {
    /// Takes another time for the present, where the year had to be assumed: what was read beside this log
    /// may tell better than the clock when it was written.
    pub fn assume_before(&mut self, now: i64) {
        let (Some(assumed), Some(last)) = (self.assumed_year, self.last_seen) else { return };
        let year = time::assumed_year(last, now);
        if year != assumed {
            self.assumed_year = Some(year);
            shift(self, |at| Stamp::Yearless(at).in_year(year));
        }
    }
}

/// Supplies the year to every time that lacks it: those that lie in 2000, before Kubernetes was.
fn date(tally: &mut SourceTally, year: i16) {
    shift(tally, |at| {
        let stamp =
            if Stamp::Dated(at).year() == Some(2000) { Stamp::Yearless(at) } else { Stamp::Dated(at) };
        stamp.in_year(year)
    });
}

fn shift(tally: &mut SourceTally, shift: impl Fn(i64) -> i64 + Copy) {
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
    tally.last_seen = tally.last_seen.map(shift);
}
