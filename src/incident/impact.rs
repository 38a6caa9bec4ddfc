//! What an incident did to a program: whether it died of it, went on, or never noticed.

use super::Impact;
use super::build::Item;
use super::series::{Outcome, Series};
use crate::time::SECOND;

/// How long before a death a failure may lie to be its reason.
const BEFORE_DEATH: i64 = 180 * SECOND;

/// Whether the process died of it: it died, the failure was not long before, and its attempts had not
/// recovered.
pub(super) fn dies(items: &[&Item<'_>], retries: &[Series]) -> bool {
    items.iter().any(|(source, key, tally)| {
        source.deaths.iter().filter(|death| death.writer == key.writer).any(|death| {
            let of_source: Vec<&Series> = retries
                .iter()
                .filter(|series| {
                    series.explicit && series.source == source.name && series.writer == death.writer
                })
                .filter(|series| series.last.zip(death.at).is_none_or(|(last, at)| last <= at))
                .collect();
            let last = of_source.iter().max_by_key(|series| series.last);
            let gave_up = last.is_none_or(|series| series.outcome != Outcome::Recovered);
            let shortly_before = death.at.is_none_or(|at| {
                tally.windows.list().is_empty()
                    || tally
                        .windows
                        .list()
                        .iter()
                        .any(|window| window.from <= at + SECOND && window.to >= at - BEFORE_DEATH)
            });
            gave_up && shortly_before
        })
    })
}

pub(super) fn impact(died: bool, items: &[&Item<'_>], retries: &[Series], failures: u64) -> Impact {
    let of_party = |series: &&Series| {
        let wrote =
            |(source, key, _): &&&Item<'_>| source.name == series.source && key.writer == series.writer;
        series.explicit && items.iter().any(|item| wrote(&item))
    };
    let mut of_source = retries.iter().filter(of_party).peekable();
    if died {
        Impact::Fatal
    } else if of_source.peek().is_some() {
        let mut outcomes: Vec<Outcome> = of_source.map(|series| series.outcome).collect();
        outcomes.dedup();
        if outcomes.iter().all(|outcome| *outcome == Outcome::Recovered) {
            Impact::Tolerated
        } else {
            Impact::Degraded
        }
    } else if failures > 1 {
        Impact::Degraded
    } else {
        Impact::Unknown
    }
}
