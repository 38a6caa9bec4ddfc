//! Many incidents at a glance: what belongs together, and a row for each.
//!
//! Incidents of one outage of a backend tell the same story under several names. They are one group, which
//! stands where its first member stood; the order is that of the report otherwise. Text and Markdown show
//! a group by its first member, and count the others.

use std::collections::BTreeSet;

use super::safe::field;
use super::view;
use super::words::{plural, who};
use crate::diagnosis::Diagnosis;
use crate::incident::Impact;

/// Incidents that are one story, in the order of the report.
pub(super) struct Group<'r> {
    /// From 1.
    pub(super) number: usize,
    /// The incidents; there is at least one.
    pub(super) members: Vec<&'r Diagnosis>,
}

/// A group in a line.
pub(super) struct Row {
    /// Whom to blame, or the cause.
    pub(super) name: String,
    /// The cause, where the name does not say it.
    pub(super) cause: &'static str,
    /// Failing requests of all members.
    pub(super) failures: u64,
    /// Programs that suffer, and how many of them died.
    pub(super) suffering: Suffering,
}

/// Programs that suffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Suffering {
    pub(super) all: usize,
    pub(super) died: usize,
}

impl Suffering {
    /// Of several incidents; a program that suffers from two of them is one.
    pub(super) fn of<'r>(incidents: impl IntoIterator<Item = &'r Diagnosis>) -> Suffering {
        let (mut all, mut died) = (BTreeSet::new(), BTreeSet::new());
        for victim in incidents.into_iter().flat_map(|one| &one.incident.victims) {
            let name = (who(victim), victim.writer.container.clone());
            if victim.impact == Impact::Fatal {
                died.insert(name.clone());
            }
            all.insert(name);
        }
        Suffering { all: all.len(), died: died.len() }
    }

    /// In few words; empty if nobody suffers.
    pub(super) fn short(self) -> String {
        match self {
            Suffering { all: 0, .. } => String::new(),
            Suffering { all, died: 0 } => format!("{all} suffer{}", if all == 1 { "s" } else { "" }),
            Suffering { all: 1, .. } => "1 died".into(),
            Suffering { all, died } => format!("{all} suffer, {died} died"),
        }
    }

    /// In a sentence; empty if nobody suffers.
    pub(super) fn words(self) -> String {
        let died = match (self.all, self.died) {
            (_, 0) => String::new(),
            (1, _) => ": it died".into(),
            (_, died) => format!(", {died} of them died"),
        };
        match self.all {
            0 => String::new(),
            1 => format!("1 program suffers{died}"),
            all => format!("{all} programs suffer{died}"),
        }
    }
}

/// The groups, in the order of their first members.
pub(super) fn groups(incidents: &[Diagnosis]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in incidents {
        let outage = one.outage.as_deref().filter(|_| one.incident.apiservice.is_some());
        let known = outage.and_then(|outage| {
            groups.iter_mut().find(|group| {
                let first = group.members[0];
                first.outage.as_deref() == Some(outage) && first.incident.apiservice.is_some()
            })
        });
        match known {
            Some(group) => group.members.push(one),
            None => groups.push(Group { number: groups.len() + 1, members: vec![one] }),
        }
    }
    groups
}

impl Group<'_> {
    /// The group in a line.
    pub(super) fn row(&self) -> Row {
        let first = &self.members[0];
        let (name, cause) = match (&first.incident.apiservice, &first.outage, self.members.len()) {
            (Some(_), Some(outage), 2..) => (
                format!("{} APIServices of {}", self.members.len(), field(outage)),
                first.incident.cause.as_str(),
            ),
            (Some(name), ..) => (field(name), first.incident.cause.as_str()),
            (None, ..) => (about(first), ""),
        };
        Row {
            name,
            cause,
            failures: self.members.iter().map(|one| one.incident.failures).sum(),
            suffering: Suffering::of(self.members.iter().copied()),
        }
    }

    /// The worst that any of them did.
    pub(super) fn worst(&self) -> Impact {
        self.members.iter().map(|one| view::worst(&one.incident)).max().unwrap_or(Impact::Unknown)
    }
}

/// The cause, and what it is about if that says more.
pub(super) fn about(one: &Diagnosis) -> String {
    let cause = one.incident.cause.as_str();
    match one.incident.id.split_once('/') {
        Some((_, about)) if about != cause => format!("{cause}: {}", field(about)),
        _ => cause.into(),
    }
}

/// All of it in a sentence: how many APIServices, who suffers, how many incidents.
pub(super) fn headline(incidents: &[Diagnosis]) -> String {
    let names: BTreeSet<&str> =
        incidents.iter().filter_map(|one| one.incident.apiservice.as_deref()).collect();
    let blamed = match names.len() {
        0 => "no APIService is to blame".into(),
        1 => format!("{} is to blame", field(names.first().copied().unwrap_or_default())),
        n => format!("{n} APIServices are to blame"),
    };
    let suffering = match Suffering::of(incidents).words() {
        words if words.is_empty() => words,
        words => format!("; {words}"),
    };
    let count = incidents.len() as u64;
    format!("{count} incident{}: {blamed}{suffering}", plural(count))
}
