//! `-f`: what happens while a log is being written, in lines.
//!
//! [`Ticker`] is shown one report after the other, each of all that was read so far, and says what has
//! changed: an incident begins, escalates, recovers, begins again. [`Ticker::panel`] says how things stand, for a
//! terminal that is drawn over. Both are made of fields that are safe to print, like every report; a state
//! is told by a word and a sign, and by its colour last.

use std::collections::BTreeMap;

use colored::{Color, Colorize};

use super::safe::field;
use super::words::{cut, duration, plural};
use super::{Report, view};
use crate::diagnosis::Diagnosis;
use crate::incident::{Impact, Incident, Outcome};
use crate::time::{SECOND, rfc3339};

/// An incident has recovered if nothing of it was seen for so long, while the log went on: the pause that
/// ends an outage.
const PAUSE: i64 = 45 * SECOND;
/// How many incidents are remembered; those that the report no longer names are forgotten first.
const MOST: usize = 2000;

/// The moment at which a report was made.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The time of the last line that has one, in nanoseconds since 1970.
    pub until: Option<i64>,
    /// The clock's time, in nanoseconds since 1970.
    pub now: i64,
}

/// How an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Failing,
    Recovered,
}

impl State {
    fn sign(self, impact: Impact) -> (&'static str, &'static str, Color) {
        match (self, impact) {
            (State::Recovered, _) => ("✓", "recovered", Color::Green),
            (State::Failing, Impact::Fatal) => ("✗", "failing", Color::Red),
            (State::Failing, _) => ("!", "failing", Color::Yellow),
        }
    }
}

/// What was told of an incident.
#[derive(Debug)]
struct Told {
    state: State,
    impact: Impact,
    exhausted: bool,
    /// The power of ten of its failing requests.
    size: u32,
    failures: u64,
    /// When it last grew, by the clock.
    grown: i64,
}

/// Remembers what was told, so that only what is new is told.
#[derive(Debug, Default)]
pub struct Ticker {
    told: BTreeMap<String, Told>,
}

impl Ticker {
    /// The lines to append: what is new in `report` at this moment.
    pub fn news(&mut self, report: &Report, moment: Moment) -> Vec<String> {
        if self.told.len() > MOST {
            let named = |id: &String| report.incidents.iter().any(|one| one.incident.id == *id);
            self.told.retain(|id, _| named(id));
        }
        report.incidents.iter().flat_map(|one| self.about(one, moment)).collect()
    }

    fn about(&mut self, one: &Diagnosis, moment: Moment) -> Vec<String> {
        let incident = &one.incident;
        let impact = view::worst(incident);
        let exhausted = exhausted(incident);
        let now = |state, grown| Told {
            state,
            impact,
            exhausted: exhausted.is_some(),
            size: size(incident.failures),
            failures: incident.failures,
            grown,
        };
        let Some(before) = self.told.get(&incident.id) else {
            let state = state(incident, moment, moment.now);
            self.told.insert(incident.id.clone(), now(state, moment.now));
            let mut lines = vec![line(incident, State::Failing, "begins", &began(one), moment)];
            lines.extend(worse(incident, None, exhausted.as_deref(), moment));
            if state == State::Recovered {
                lines.push(line(incident, state, "recovers", &view::summary(incident), moment));
            }
            return lines;
        };
        let grown = if incident.failures > before.failures { moment.now } else { before.grown };
        let state = state(incident, moment, grown);
        let mut lines = Vec::new();
        if before.state == State::Recovered && state == State::Failing {
            lines.push(line(incident, state, "is back", &view::summary(incident), moment));
        }
        lines.extend(worse(incident, Some(before), exhausted.as_deref(), moment));
        if before.state == State::Failing && state == State::Recovered {
            lines.push(line(incident, state, "recovers", &view::summary(incident), moment));
        }
        self.told.insert(incident.id.clone(), now(state, grown));
        lines
    }

    /// How things stand, in at most `rows` lines of `columns`: what fails first, and a line of counts.
    pub fn panel(&self, report: &Report, rows: usize, columns: usize) -> Vec<String> {
        let state =
            |one: &Diagnosis| self.told.get(&one.incident.id).map_or(State::Failing, |told| told.state);
        let (failing, recovered): (Vec<_>, Vec<_>) =
            report.incidents.iter().partition(|one| state(one) == State::Failing);
        let room = rows.saturating_sub(1);
        let shown = failing.iter().chain(&recovered).take(room);
        let mut lines: Vec<String> = shown.map(|one| row(one, state(one), columns)).collect();
        let more = report.incidents.len().saturating_sub(lines.len());
        let more = if more > 0 { format!(" ({more} not shown)") } else { String::new() };
        let count = format!(
            "{} failing, {} recovered{more}; {} line{} read; Ctrl-C ends with the report",
            failing.len(),
            recovered.len(),
            report.coverage.lines,
            plural(report.coverage.lines)
        );
        lines.push(cut(&count, columns).dimmed().to_string());
        lines
    }
}

fn size(failures: u64) -> u32 {
    failures.checked_ilog10().unwrap_or(0)
}

/// Whether it goes on. A log without times is held against the clock.
fn state(incident: &Incident, moment: Moment, grown: i64) -> State {
    let numbered: Vec<Outcome> =
        incident.retries.iter().filter(|series| series.explicit).map(|series| series.outcome).collect();
    let all_back = !numbered.is_empty() && numbered.iter().all(|&outcome| outcome == Outcome::Recovered);
    let quiet = match (incident.last_seen, moment.until) {
        (Some(last), Some(until)) => until.saturating_sub(last) > PAUSE,
        _ => moment.now.saturating_sub(grown) > PAUSE,
    };
    if all_back || quiet { State::Recovered } else { State::Failing }
}

/// A series that used up its attempts, in words.
fn exhausted(incident: &Incident) -> Option<String> {
    let series =
        incident.retries.iter().find(|series| series.explicit && series.outcome == Outcome::Exhausted)?;
    let of = series.max_attempts.map_or(String::new(), |max| format!(" of {max}"));
    Some(format!("attempt {}{of} failed, no other follows", series.last_attempt))
}

/// What has become worse since `before`; of an incident that is new, what is worse than failing.
fn worse(
    incident: &Incident,
    before: Option<&Told>,
    exhausted: Option<&str>,
    moment: Moment,
) -> Option<String> {
    let impact = view::worst(incident);
    let mut news: Vec<String> = Vec::new();
    // That something is degraded by what begins just now goes without saying.
    let known = before.map_or(Impact::Degraded, |before| before.impact);
    if impact >= Impact::Degraded && impact > known {
        news.push(if impact == Impact::Fatal { "fatal, the process died".into() } else { "degraded".into() });
    }
    if let Some(words) = exhausted.filter(|_| before.is_none_or(|before| !before.exhausted)) {
        news.push(words.to_owned());
    }
    if before.is_some_and(|before| size(incident.failures) > before.size) {
        news.push(format!("{} failing requests", incident.failures));
    }
    (!news.is_empty()).then(|| line(incident, State::Failing, "escalates", &news.join("; "), moment))
}

/// Cause, first request, whom it meets.
fn began(one: &Diagnosis) -> String {
    let incident = &one.incident;
    let request = incident.requests.first().map_or(String::new(), |request| {
        let status = request.status.map_or(String::new(), |status| format!(" {status}"));
        format!(": {} →{status} {}", view::called(request.verb, request.path.as_deref()), request.error)
    });
    format!("{}, {}{request}", incident.cause.as_str(), incident.confidence.as_str())
}

/// Time, sign, what happens, whom to blame, and more.
fn line(incident: &Incident, state: State, what: &str, more: &str, moment: Moment) -> String {
    let at = match what {
        "begins" => incident.first_seen,
        "recovers" => moment.until,
        _ => incident.last_seen,
    };
    let at = rfc3339(at.or(moment.until).unwrap_or(moment.now).div_euclid(SECOND) * SECOND);
    let (sign, _, color) = state.sign(view::worst(incident));
    let whom = incident.apiservice.as_deref().unwrap_or(&incident.id);
    let more = more.replace('\n', " ");
    format!("{} {sign} {:<9} {}: {more}", at.dimmed(), what.color(color), field(whom).bold())
}

/// An incident in the panel.
fn row(one: &Diagnosis, state: State, columns: usize) -> String {
    let incident = &one.incident;
    let impact = view::worst(incident);
    let (sign, word, color) = state.sign(impact);
    let whom = field(incident.apiservice.as_deref().unwrap_or(&incident.id));
    let attempt = incident.retries.iter().filter(|series| series.explicit).max_by_key(|series| series.last);
    let attempt = attempt.map_or(String::new(), |series| {
        let of = series.max_attempts.map_or(String::new(), |max| format!(" of {max}"));
        format!(", attempt {}{of}", series.last_attempt)
    });
    let lasts = match (incident.first_seen, incident.last_seen) {
        (Some(from), Some(to)) if to > from => format!(" in {}", duration(to.saturating_sub(from))),
        _ => String::new(),
    };
    let dead = if impact == Impact::Fatal { ", the process died" } else { "" };
    let failures = incident.failures;
    let text =
        format!("{sign} {word:<9} {whom}  {failures} request{}{lasts}{attempt}{dead}", plural(failures));
    let text = cut(&text, columns);
    match text.split_once(word) {
        Some((before, after)) => format!("{before}{}{after}", word.color(color)),
        None => text,
    }
}
