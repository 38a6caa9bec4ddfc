//! What all logs told, kept small however many there are.
//!
//! Kinds of failure are told apart up to a number in all logs together, and logs up to a number; what
//! lies behind is folded into one log without a name, of which only the sums are kept. Which logs are told
//! apart does not depend on the order in which they were read: the first by name are. (With more logs than
//! are told apart, two things may: whether a copy that was met twice is counted once, and how narrowly
//! the kinds are cut, if both limits are reached at once.)

use std::collections::HashSet;

use twox_hash::XxHash3_128;

use super::Log;
use crate::incident::SourceTally;
use crate::limits::{Limit, Limits};

/// How many times the kinds of a log may be told apart in all logs.
const WIDTHS: usize = 16;

impl Log {
    fn order(&self) -> (&str, u128) {
        (&self.tally.name, self.digest)
    }

    /// What two copies of one log have in common.
    fn copy(&self) -> Option<(u128, u128)> {
        let identity = self.identity.as_ref().filter(|_| self.tally.bytes > 0)?;
        Some((XxHash3_128::oneshot(identity.as_bytes()), self.digest))
    }
}

/// All logs that were read so far.
#[derive(Debug, Default)]
pub struct Crowd {
    logs: Vec<Log>,
    /// Kinds of failure in `logs`.
    breadth: usize,
    /// The logs that are not told apart.
    others: Option<SourceTally>,
    /// Copies of which are among the others.
    gone: HashSet<(u128, u128)>,
    folded: u64,
    duplicates: u64,
}

/// What is left of a crowd.
#[derive(Debug)]
pub struct Told {
    /// The logs that are told apart, by name.
    pub logs: Vec<Log>,
    /// The sums of those that are not.
    pub others: Option<SourceTally>,
    /// How many those are.
    pub folded: u64,
    /// How many were met before.
    pub duplicates: u64,
}

impl Crowd {
    /// Adds a log.
    pub fn push(&mut self, log: Log, limits: &Limits) {
        self.breadth += log.tally.breadth();
        self.logs.push(log);
        let most = limits.size(Limit::Sources);
        if self.logs.len() > most.saturating_add(most / 4 + 1) {
            self.thin(most);
        }
        let most = breadth(limits);
        if self.breadth > most.saturating_add(most / 4) {
            self.thin(limits.size(Limit::Sources));
            narrow(&mut self.logs, most);
            self.breadth = self.logs.iter().map(|log| log.tally.breadth()).sum();
        }
    }

    /// Sorts, leaves out what was met twice (the first by name is kept), and folds what is too much.
    pub fn settle(mut self, limits: &Limits) -> Told {
        self.thin(limits.size(Limit::Sources));
        narrow(&mut self.logs, breadth(limits));
        Told { logs: self.logs, others: self.others, folded: self.folded, duplicates: self.duplicates }
    }

    fn thin(&mut self, most: usize) {
        self.logs.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut seen = HashSet::new();
        let read = self.logs.len();
        let gone = &self.gone;
        self.logs.retain(|log| log.copy().is_none_or(|copy| !gone.contains(&copy) && seen.insert(copy)));
        self.duplicates += (read - self.logs.len()) as u64;
        for log in self.logs.split_off(most.min(self.logs.len())) {
            self.gone.extend(log.copy());
            self.folded += 1;
            self.others.get_or_insert_default().swallow(*log.tally);
        }
        self.breadth = self.logs.iter().map(|log| log.tally.breadth()).sum();
    }
}

fn breadth(limits: &Limits) -> usize {
    limits.size(Limit::Kinds).saturating_mul(WIDTHS)
}

/// Cuts all sources to one width at which they fit into `breadth` together. The width of some of them
/// is never smaller than that of all, so that it does not matter which were there when it was done first.
fn narrow(logs: &mut [Log], breadth: usize) {
    let widths: Vec<usize> = logs.iter().map(|log| log.tally.breadth()).collect();
    if widths.iter().sum::<usize>() <= breadth {
        return;
    }
    let fits = |most: usize| widths.iter().map(|&width| width.min(most)).sum::<usize>() <= breadth;
    let (mut fitting, mut wide) = (1, widths.iter().copied().max().unwrap_or(1));
    while fitting + 1 < wide {
        let middle = usize::midpoint(fitting, wide);
        *(if fits(middle) { &mut fitting } else { &mut wide }) = middle;
    }
    logs.iter_mut().for_each(|log| log.tally.narrow(fitting));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(name: &str, lines: u64) -> Log {
        let tally = SourceTally { name: name.into(), lines, bytes: 1, ..SourceTally::default() };
        Log { tally: Box::new(tally), identity: Some("same".into()), digest: u128::from(lines) }
    }

    fn told(names: &[(&str, u64)], most: u64) -> (Vec<(String, u64)>, u64, u64, u64) {
        let limits = Limits::default().with(Limit::Sources, most);
        let mut crowd = Crowd::default();
        names.iter().for_each(|(name, lines)| crowd.push(log(name, *lines), &limits));
        let told = crowd.settle(&limits);
        let sources = told.logs.len() as u64 + told.folded;
        let tallies = told.logs.into_iter().map(|log| *log.tally).chain(told.others);
        let lines = tallies.map(|tally| (tally.name, tally.lines)).collect();
        (lines, sources, told.folded, told.duplicates)
    }

    #[test]
    fn the_first_by_name_are_told_apart_and_the_rest_is_counted() {
        let mut names = [("a", 1), ("b", 2), ("c", 4), ("d", 8), ("e", 16), ("f", 32)];
        let expected = (vec![("a".into(), 1), ("b".into(), 2), ("(others)".into(), 60)], 6, 4, 0);
        assert_eq!(told(&names, 2), expected);
        names.reverse();
        assert_eq!(told(&names, 2), expected);
    }

    #[test]
    fn copies_are_counted_once() {
        assert_eq!(told(&[("b", 1), ("a", 1)], 9), (vec![("a".into(), 1)], 1, 0, 1));
    }
}
