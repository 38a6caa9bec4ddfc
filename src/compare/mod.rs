//! Two reports, held against each other: what is new, worse, the same, better or gone, and which versions
//! changed between them. It is the check of an upgrade: one report from before it, one from after.
//!
//! An incident is known again by the APIService that it blames, whatever became of the cause, else by its id.
//! It is worse if more is broken than before: a graver cause, an APIService that is down when the archive
//! was gathered, more programs that died, more that suffer; and only if all of that is equal, and the
//! requests that failed have at least doubled, by their number. Logs are not equally long, so that numbers
//! alone tell little. Not for judging: both sides have been judged when they come here.

mod document;
pub mod render;
mod side;

use std::collections::BTreeMap;

pub use side::{Brief, Side};

/// What became of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It was not there before.
    New,
    /// It was, and more is broken now.
    Worse,
    /// It is as it was.
    Same,
    /// Less is broken now.
    Better,
    /// It is not there any more.
    Gone,
}

impl Verdict {
    /// Every verdict, in the order of reports.
    pub const ALL: [Verdict; 5] =
        [Verdict::New, Verdict::Worse, Verdict::Same, Verdict::Better, Verdict::Gone];

    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::New => "new",
            Verdict::Worse => "worse",
            Verdict::Same => "same",
            Verdict::Better => "better",
            Verdict::Gone => "gone",
        }
    }
}

/// A version that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `OpenShift`, `Kubernetes`, or an operator by its OLM package.
    pub what: String,
    /// The version before; `None` for an operator that was not there.
    pub before: Option<String>,
    /// The version after; `None` for one that was removed.
    pub after: Option<String>,
}

/// One incident on both sides.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What became of it.
    pub verdict: Verdict,
    /// Why it is called so.
    pub why: String,
    /// Before.
    pub before: Option<Brief>,
    /// After.
    pub after: Option<Brief>,
    /// The change that goes with it, where one does: that of its owner, or of the cluster.
    pub change: Option<Change>,
}

impl Pair {
    /// The side that there is; the later one if there are two.
    pub fn brief(&self) -> Option<&Brief> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Before.
    pub before: Side,
    /// After.
    pub after: Side,
    /// Versions that differ.
    pub changes: Vec<Change>,
    /// The incidents: by verdict, then by severity and name.
    pub pairs: Vec<Pair>,
}

impl Difference {
    /// Holds two sides against each other.
    pub fn of(before: Side, after: Side) -> Difference {
        let changes = changes(&before, &after);
        let mut sides: BTreeMap<String, (Option<Brief>, Option<Brief>)> = BTreeMap::new();
        for brief in &before.incidents {
            sides.entry(brief.key()).or_default().0 = Some(brief.clone());
        }
        for brief in &after.incidents {
            let key = known_as(brief, &before).unwrap_or_else(|| brief.key());
            sides.entry(key).or_default().1 = Some(brief.clone());
        }
        let mut pairs: Vec<Pair> = sides.into_values().filter_map(|sides| pair(sides, &changes)).collect();
        pairs.sort_by(|a, b| {
            let order = |pair: &Pair| pair.brief().map(|brief| (brief.cause, brief.key()));
            a.verdict.cmp(&b.verdict).then_with(|| order(a).cmp(&order(b)))
        });
        Difference { before, after, changes, pairs }
    }

    /// How many have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.pairs.iter().filter(|pair| pair.verdict == verdict).count()
    }

    /// Whether anything is new or worse.
    pub fn is_worse(&self) -> bool {
        self.pairs.iter().any(|pair| matches!(pair.verdict, Verdict::New | Verdict::Worse))
    }
}

/// The key that an incident has before, where one side tells the version of its group and the other does not.
fn known_as(brief: &Brief, before: &Side) -> Option<String> {
    let (version, group) = brief.apiservice.as_deref()?.split_once('.')?;
    let mut of_group = before.incidents.iter().filter(|one| {
        let other = one.apiservice.as_deref().and_then(|name| name.split_once('.'));
        other.is_some_and(|(other, of)| of == group && (other == version || other == "*" || version == "*"))
    });
    match (of_group.next(), of_group.next()) {
        (Some(one), None) => Some(one.key()),
        _ => None,
    }
}

fn pair((before, after): (Option<Brief>, Option<Brief>), changes: &[Change]) -> Option<Pair> {
    let (verdict, why) = match (&before, &after) {
        (Some(before), Some(after)) => judge(before, after),
        (None, Some(_)) => (Verdict::New, String::new()),
        (Some(_), None) => (Verdict::Gone, String::new()),
        (None, None) => return None,
    };
    let brief = after.as_ref().or(before.as_ref())?;
    let change = (verdict != Verdict::Same).then(|| goes_with(brief, changes)).flatten();
    Some(Pair { verdict, why, change, before, after })
}

/// What became of an incident that both sides have.
fn judge(before: &Brief, after: &Brief) -> (Verdict, String) {
    let words = |what: &str, a: usize, b: usize| format!("{what}: {a} before, {b} after");
    // A cause that comes earlier in the list is graver.
    if before.cause != after.cause {
        let verdict = if after.cause < before.cause { Verdict::Worse } else { Verdict::Better };
        return (verdict, format!("{} before, {} after", before.cause, after.cause));
    }
    if let (Some(was), Some(is)) = (before.available, after.available)
        && was != is
    {
        return match is {
            false => (Verdict::Worse, "it was available when the first was gathered, and is not now".into()),
            true => (Verdict::Better, "it was not available when the first was gathered, and is now".into()),
        };
    }
    let counts = [
        ("programs that died", before.fatal(), after.fatal()),
        ("programs that suffer", before.victims.len(), after.victims.len()),
    ];
    if let Some((what, a, b)) = counts.into_iter().find(|(_, a, b)| a != b) {
        return (if b > a { Verdict::Worse } else { Verdict::Better }, words(what, a, b));
    }
    let (a, b) = (before.failures, after.failures);
    let failures = || format!("failing requests: {a} before, {b} after");
    if b >= a.saturating_mul(2) && b > a + 5 {
        (Verdict::Worse, failures())
    } else if a >= b.saturating_mul(2) && a > b + 5 {
        (Verdict::Better, failures())
    } else {
        (Verdict::Same, String::new())
    }
}

/// Versions that differ; where a side does not know one, nothing is said of it.
fn changes(before: &Side, after: &Side) -> Vec<Change> {
    let mut changes = Vec::new();
    let cluster = [
        ("OpenShift", &before.openshift, &after.openshift),
        ("Kubernetes", &before.kubernetes, &after.kubernetes),
    ];
    for (what, a, b) in cluster {
        if a.is_some() && b.is_some() && a != b {
            changes.push(Change { what: what.into(), before: a.clone(), after: b.clone() });
        }
    }
    if let (Some(a), Some(b)) = (&before.operators, &after.operators) {
        let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
        names.sort();
        names.dedup();
        for name in names.into_iter().filter(|name| a.get(*name) != b.get(*name)) {
            let change =
                Change { what: name.clone(), before: a.get(name).cloned(), after: b.get(name).cloned() };
            changes.push(change);
        }
    }
    changes
}

/// The change of the operator that serves the APIService; for what belongs to the cluster itself, and for an
/// operator that is the same as before, that of the cluster.
fn goes_with(brief: &Brief, changes: &[Change]) -> Option<Change> {
    let of_owner = changes.iter().find(|change| Some(&change.what) == brief.owner.as_ref());
    of_owner
        .or_else(|| changes.iter().find(|change| change.what == "OpenShift" || change.what == "Kubernetes"))
        .cloned()
}

#[cfg(test)]
mod tests;
