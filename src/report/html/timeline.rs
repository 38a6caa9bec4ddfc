//! When it happened, as bars: one row per incident, its outages as bars, its retries as dots.
//!
//! Places are percentages, so that the drawing can be made wider (zoomed) without being distorted. A log
//! is often silent for much longer than anything lasts, or holds a stray date: pauses that are longer
//! than a share of what happened are squeezed to that share, and marked. Times between marks are in
//! proportion. An incident without a time has no row.

use crate::diagnosis::Diagnosis;
use crate::incident::Window;
use crate::report::safe::field;
use crate::report::words::duration;
use crate::report::{Report, overview};
use crate::time::{SECOND, rfc3339};

/// The least that a bar is wide, in percent: a moment must be seen.
const LEAST: f64 = 0.3;
/// How much of all that happened a pause may take, at most.
const PAUSE_SHARE: f64 = 0.08;
/// Dots of one incident, at most.
const MOST_DOTS: usize = 300;

/// The drawing.
pub(super) struct Timeline {
    /// One per incident that has a time.
    pub(super) rows: Vec<Row>,
    /// Where pauses were squeezed: place, and how long.
    pub(super) pauses: Vec<(String, String)>,
    /// Times along the axis: place, and the time.
    pub(super) ticks: Vec<(String, String)>,
}

/// One incident.
pub(super) struct Row {
    /// The incident's number in the report.
    pub(super) number: usize,
    /// Whom to blame, or the cause.
    pub(super) name: String,
    /// The cause's word, for the colour and the filter.
    pub(super) cause: &'static str,
    /// The whole row in words, for those who do not see it.
    pub(super) words: String,
    /// Its outages.
    pub(super) bars: Vec<Bar>,
    /// Places of attempts.
    pub(super) dots: Vec<String>,
}

/// One outage.
pub(super) struct Bar {
    pub(super) from: String,
    pub(super) wide: String,
    pub(super) words: String,
}

/// Draws the incidents.
pub(super) fn timeline(report: &Report) -> Timeline {
    let axis = Axis::of(&report.incidents);
    let rows = report.incidents.iter().enumerate();
    Timeline {
        rows: rows.filter_map(|(index, one)| row(index + 1, one, &axis)).collect(),
        pauses: axis.pauses(),
        ticks: axis.ticks(),
    }
}

fn windows(diagnosis: &Diagnosis) -> Vec<Window> {
    let incident = &diagnosis.incident;
    if !incident.outages.is_empty() {
        return incident.outages.clone();
    }
    let whole = incident.first_seen.zip(incident.last_seen.or(incident.first_seen));
    whole.map(|(from, to)| Window { from, to }).into_iter().collect()
}

fn row(number: usize, diagnosis: &Diagnosis, axis: &Axis) -> Option<Row> {
    let windows = windows(diagnosis);
    let (first, last) = (windows.first()?, windows.last()?);
    let cause = diagnosis.incident.cause.as_str();
    let name = diagnosis.incident.apiservice.as_deref().map_or_else(|| overview::about(diagnosis), field);
    let times = diagnosis.incident.retries.iter().flat_map(|series| &series.times);
    Some(Row {
        number,
        words: format!(
            "{name}: {} outage(s) from {} to {}",
            windows.len(),
            rfc3339(first.from),
            rfc3339(last.to)
        ),
        name,
        cause,
        bars: windows.iter().map(|window| bar(window, axis)).collect(),
        dots: times.take(MOST_DOTS).map(|&at| percent(axis.place(at))).collect(),
    })
}

fn bar(window: &Window, axis: &Axis) -> Bar {
    let (from, to) = (axis.place(window.from), axis.place(window.to));
    Bar {
        from: percent(from.min(100.0 - LEAST)),
        wide: percent((to - from).max(LEAST)),
        words: format!(
            "{} to {} ({})",
            rfc3339(window.from),
            rfc3339(window.to),
            duration(window.to.saturating_sub(window.from))
        ),
    }
}

fn percent(place: f64) -> String {
    format!("{place:.2}%")
}

/// Stretches of time in which something happened, and the places that they have.
struct Axis {
    /// From, to, place of from, place of to.
    stretches: Vec<(i64, i64, f64, f64)>,
}

impl Axis {
    fn of(incidents: &[Diagnosis]) -> Axis {
        let mut all: Vec<(i64, i64)> = incidents
            .iter()
            .flat_map(windows)
            .map(|window| (window.from, window.to.max(window.from)))
            .collect();
        all.sort_unstable();
        let total: f64 = all.iter().map(|(from, to)| to.saturating_sub(*from) as f64).sum();
        let longest = all.iter().map(|(from, to)| to.saturating_sub(*from)).max().unwrap_or(0) as f64;
        let squeeze = ((longest.max(total / 8.0)) * PAUSE_SHARE * 2.0).max(SECOND as f64);
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (from, to) in all {
            match joined.last_mut() {
                Some(last) if from.saturating_sub(last.1) as f64 <= squeeze => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        Axis { stretches: placed(&joined) }
    }

    /// The place of a time, in percent.
    fn place(&self, at: i64) -> f64 {
        let after = self.stretches.partition_point(|stretch| stretch.0 <= at);
        let Some(&(from, to, start, end)) = self.stretches.get(after.saturating_sub(1)) else { return 0.0 };
        let share = at.saturating_sub(from) as f64 / to.saturating_sub(from).max(1) as f64;
        start + share.clamp(0.0, 1.0) * (end - start)
    }

    fn pauses(&self) -> Vec<(String, String)> {
        let pairs = self.stretches.windows(2);
        let pause = |a: &(i64, i64, f64, f64), b: &(i64, i64, f64, f64)| {
            (percent((a.3 + b.2) / 2.0), format!("a pause of {}", duration(b.0.saturating_sub(a.1))))
        };
        pairs.map(|pair| pause(&pair[0], &pair[1])).collect()
    }

    /// The beginning of every stretch, and times within long ones, none too near to another.
    fn ticks(&self) -> Vec<(String, String)> {
        let mut ticks: Vec<(f64, i64)> = Vec::new();
        for &(from, to, start, end) in &self.stretches {
            let steps = ((end - start) / 22.0).floor().max(1.0) as i64;
            for step in 0..steps {
                let at = from + (to - from) / steps * step;
                let place = start + (end - start) * step as f64 / steps as f64;
                if ticks.last().is_none_or(|last| place - last.0 >= 14.0) && place < 90.0 {
                    ticks.push((place, at));
                }
            }
        }
        let mut ticks: Vec<(String, String)> = ticks
            .into_iter()
            .map(|(place, at)| (percent(place), rfc3339(at.div_euclid(SECOND) * SECOND)))
            .collect();
        ticks.dedup_by(|one, before| one.1 == before.1);
        ticks
    }
}

/// Gives each stretch its share of 0 to 100, with a gap between two.
fn placed(joined: &[(i64, i64)]) -> Vec<(i64, i64, f64, f64)> {
    let gaps = joined.len().saturating_sub(1) as f64;
    let gap = if gaps > 0.0 { (100.0 * PAUSE_SHARE / 2.0).min(40.0 / gaps) } else { 0.0 };
    let least = (100.0 - gaps * gap) / joined.len().max(1) as f64 * 0.1;
    let room = 100.0 - gaps * gap - least * joined.len() as f64;
    let total = joined.iter().map(|(from, to)| to.saturating_sub(*from) as f64).sum::<f64>().max(1.0);
    let mut place = 0.0;
    let mut stretches = Vec::new();
    for &(from, to) in joined {
        let end = place + least + room * to.saturating_sub(from) as f64 / total;
        stretches.push((from, to, place, end));
        place = end + gap;
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_squeezed_and_order_is_kept() {
        let day = crate::time::DAY;
        let axis = Axis { stretches: placed(&[(0, 60 * SECOND), (900 * day, 900 * day + 60 * SECOND)]) };
        let times = [0, 30 * SECOND, 60 * SECOND, 900 * day, 900 * day + 60 * SECOND];
        let places: Vec<f64> = times.iter().map(|&at| axis.place(at)).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
        assert!((places[4] - 100.0).abs() < 0.01 && places[3] - places[2] < 5.0, "{places:?}");
        assert_eq!(axis.pauses().len(), 1);
    }

    #[test]
    fn nothing_happened() {
        let axis = Axis::of(&[]);
        assert!(axis.ticks().is_empty() && axis.place(7) == 0.0);
    }
}
