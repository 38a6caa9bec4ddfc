//! From judged failures to incidents.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::attribute::{Facts, OTHERS, Target, Verdict, judge};
use super::fold::{Sample, SourceTally, Tally, TallyKey};
use super::impact::{dies, impact};
use super::series::Series;
use super::window::Windows;
use super::{Confidence, Evidence, Impact, Incident, Party, Request, hang, restart, unnamed};
use crate::failure::{Subject, Told};
use crate::k8s::Cause;
use crate::knowledge::signatures::{Client, ErrorKind};
use crate::location::Location;
use crate::record::Writer;

/// What an incident is about whose APIService no line tells.
pub const UNNAMED: &str = "the logs do not say which APIService";
/// How many victims, witnesses and requests are listed of an incident; all are counted in its failures.
const MOST_LISTED: usize = 1000;
/// How much evidence is kept of an incident.
const MOST_EVIDENCE: usize = 12;
/// How many retry series are kept of an incident.
const MOST_SERIES: usize = 60;
/// One kind of failure of one source.
pub(super) type Item<'a> = (&'a SourceTally, &'a TallyKey, &'a Tally);

/// What groups failures: the cause, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    pub(super) cause: Cause,
    pub(super) target: Option<Target>,
    pub(super) about: String,
}

/// The failures of each group, and how sure its blame is.
pub(super) type Groups<'a> = BTreeMap<Group, (Confidence, Vec<Item<'a>>)>;

/// Judges all sources together. Incidents come by severity, then first seen, then id. `most` of them are
/// told apart, of all causes: whoever invents a group on every line must not bury the report. The rest
/// is one incident per cause, `others`; how many went into them is counted.
pub fn resolve(sources: &[SourceTally], most: usize) -> (Vec<Incident>, u64) {
    let facts = Facts::of(sources);
    let mut groups = Groups::new();
    let mut unnamed: Vec<Item<'_>> = Vec::new();
    let mut backends: Vec<(String, Item<'_>)> = Vec::new();
    for source in sources {
        for (key, tally) in &source.tallies {
            let item = (source, key, tally);
            let (group, confidence) = match judge(key, &facts) {
                Verdict::Blame { cause, target, confidence } => {
                    (Group { cause, target: Some(target), about: String::new() }, confidence)
                }
                Verdict::Other { cause, about, confidence } => {
                    (Group { cause, target: None, about }, confidence)
                }
                Verdict::SomeApiservice => {
                    unnamed.push(item);
                    continue;
                }
                Verdict::IfMentioned => {
                    if unnamed::mentioned(source).is_some() {
                        unnamed.push(item);
                    }
                    continue;
                }
                Verdict::Backend(service) => {
                    backends.push((service, item));
                    continue;
                }
                Verdict::Nobody => continue,
            };
            let entry = groups.entry(group).or_insert((confidence, Vec::new()));
            entry.0 = entry.0.max(confidence);
            entry.1.push(item);
        }
    }
    merge(&mut groups);
    unnamed::attach(&mut groups, unnamed, backends);
    hang::attach(&mut groups);
    restart::absorb(&mut groups);
    let folded = fold_rest(&mut groups, most);
    let mut incidents: Vec<Incident> =
        groups.into_iter().map(|(group, (confidence, items))| incident(&group, confidence, &items)).collect();
    incidents.sort_by(|a, b| {
        (a.cause, a.first_seen.unwrap_or(i64::MAX), &a.id).cmp(&(
            b.cause,
            b.first_seen.unwrap_or(i64::MAX),
            &b.id,
        ))
    });
    (incidents, folded)
}

/// One incident where the logs make several of it: a version that one line tells and another does
/// not, a degraded APIService that is down, the 404 of an APIService that is down.
fn merge(groups: &mut Groups<'_>) {
    let blamed: Vec<Target> = groups
        .keys()
        .filter(|group| group.cause == Cause::ApiserviceUnavailable)
        .filter_map(|group| group.target.clone())
        .collect();
    let with_version =
        |group: &str| blamed.iter().find(|target| target.group == group && target.version.is_some());
    let moves: Vec<(Group, Group)> = groups
        .keys()
        .filter_map(|from| {
            let to = match (&from.target, from.cause) {
                (Some(target), Cause::ApiserviceUnavailable) if target.version.is_none() => {
                    with_version(&target.group)
                }
                (Some(target), Cause::ApiserviceDegraded) => blamed
                    .iter()
                    .find(|b| *b == target)
                    .or_else(|| with_version(&target.group).filter(|_| target.version.is_none())),
                (None, Cause::ApiNotServed) => blamed.iter().find(|b| b.name() == from.about),
                _ => None,
            }?;
            let to =
                Group { cause: Cause::ApiserviceUnavailable, target: Some(to.clone()), about: String::new() };
            (to != *from).then(|| (from.clone(), to))
        })
        .collect();
    for (from, to) in moves {
        if let Some((_, items)) = groups.remove(&from)
            && let Some(entry) = groups.get_mut(&to)
        {
            entry.1.extend(items);
        }
    }
}

/// Beyond `most` the surest and most frequent are kept, and the rest of each cause is one.
fn fold_rest(groups: &mut Groups<'_>, most: usize) -> u64 {
    if groups.len() <= most {
        return 0;
    }
    let count = |items: &[Item<'_>]| items.iter().map(|(_, _, tally)| tally.count).sum::<u64>();
    let mut order: Vec<_> = groups
        .iter()
        .map(|(group, (confidence, items))| (Reverse((*confidence, count(items))), group.clone()))
        .collect();
    order.sort();
    let rest = order.split_off(most);
    let folded = rest.len() as u64;
    for (_, group) in rest {
        if let Some((_, items)) = groups.remove(&group) {
            let others = Group { cause: group.cause, target: None, about: OTHERS.into() };
            groups.entry(others).or_insert((Confidence::Possible, Vec::new())).1.extend(items);
        }
    }
    folded
}

fn incident(group: &Group, confidence: Confidence, items: &[Item<'_>]) -> Incident {
    let mut windows = Windows::default();
    let leading = restart::leading(group.cause, items);
    leading.iter().for_each(|(_, _, tally)| windows.extend(&tally.windows));
    let outages = windows.list().to_vec();
    let (first_hand, restated) = counts(items);
    let apiservice = group.target.as_ref().map(Target::name);
    let about = apiservice.clone().unwrap_or_else(|| group.about.clone());
    let id = if about.is_empty() { group.cause.as_str().into() } else { format!("{}/{about}", group.cause) };
    let retries = retries(items);
    let (victims, witnesses) = parties(items, &retries);
    Incident {
        id,
        cause: group.cause,
        reason: reason(group, &leading) + &restart::aftermath(group.cause, items),
        confidence,
        group_version: group.target.as_ref().and_then(Target::group_version),
        apiservice,
        failures: if first_hand > 0 { first_hand } else { restated },
        restated: if first_hand > 0 { restated } else { 0 },
        first_seen: outages.first().map(|window| window.from),
        last_seen: outages.last().map(|window| window.to),
        outages,
        requests: requests(items),
        retries,
        victims,
        witnesses,
        evidence: evidence(items),
    }
}

fn counts(items: &[Item<'_>]) -> (u64, u64) {
    let sum = |told: Told| {
        items.iter().filter(|(_, key, _)| key.told == told).map(|(_, _, tally)| tally.count).sum()
    };
    (sum(Told::FirstHand), sum(Told::Restated))
}

/// The cause in words, with the most telling reason that a line gave.
fn reason(group: &Group, items: &[Item<'_>]) -> String {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, key, tally) in items {
        let word = key.reason.as_deref().unwrap_or(key.kind.as_str());
        *reasons.entry(word).or_default() += tally.count;
    }
    let said = |(_, key, _): &&Item<'_>| key.reason.is_some();
    let told = items.iter().filter(said).max_by_key(|(_, key, tally)| (tally.count, key.reason.clone()));
    let main = told.and_then(|(_, key, _)| key.reason.clone()).or_else(|| {
        reasons.iter().max_by_key(|(word, count)| (**count, **word)).map(|(word, _)| (*word).to_owned())
    });
    let about = if group.target.is_none() && group.about == OTHERS {
        let mut subjects: Vec<_> = items.iter().map(|(_, key, _)| &key.subject).collect();
        subjects.sort();
        subjects.dedup();
        format!(" (others: {} or more, beyond the limit of what is told apart)", subjects.len())
    } else if group.target.is_none() && !group.about.is_empty() {
        format!(" ({})", group.about)
    } else {
        String::new()
    };
    match main {
        Some(main) => format!("{}{about}: {main}", group.cause.describe()),
        None => format!("{}{about}", group.cause.describe()),
    }
}

/// Requests by verb, path, status and error. A path whose status only a traceback tells gets it.
fn requests(items: &[Item<'_>]) -> Vec<Request> {
    let first_hand = items.iter().any(|(_, key, _)| key.told == Told::FirstHand);
    let mut statuses: BTreeMap<&str, u16> = BTreeMap::new();
    for (_, key, _) in items {
        if let (Some(path), Some(status)) = (key.path.as_deref(), key.status) {
            statuses.entry(path).or_insert(status);
        }
    }
    let mut counts: BTreeMap<Request, u64> = BTreeMap::new();
    for (_, key, tally) in items {
        if first_hand && key.told != Told::FirstHand {
            continue;
        }
        let status = key.status.or_else(|| statuses.get(key.path.as_deref()?).copied());
        let request =
            Request { verb: key.verb, path: key.path.clone(), status, error: key.kind.as_str(), count: 0 };
        *counts.entry(request).or_default() += tally.count;
    }
    let mut requests: Vec<Request> =
        counts.into_iter().map(|(request, count)| Request { count, ..request }).collect();
    requests.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.cmp(b)));
    requests.truncate(MOST_LISTED);
    requests
}

/// The series of the incident's requests, the explicit ones first.
fn retries(items: &[Item<'_>]) -> Vec<Series> {
    let mut series = Vec::new();
    let mut seen: BTreeSet<(&str, usize)> = BTreeSet::new();
    for (source, key, _) in items {
        for (index, one) in source.series.iter().enumerate() {
            let same_path = one.path == key.path || one.path == discovery_path(key);
            if same_path
                && one.verb == key.verb
                && one.client == key.client
                && seen.insert((&source.name, index))
            {
                series.push(one.clone());
            }
        }
    }
    series.sort_by(|a, b| {
        (!a.explicit, a.first, &a.source, &a.path).cmp(&(!b.explicit, b.first, &b.source, &b.path))
    });
    series.truncate(MOST_SERIES);
    series
}

fn discovery_path(key: &TallyKey) -> Option<String> {
    match (&key.path, &key.subject) {
        (None, Subject::GroupVersion(gv)) => Some(gv.discovery_path()),
        _ => key.path.clone(),
    }
}

/// Victims, worst first, and witnesses: kube-apiserver, and those that only restate.
fn parties(items: &[Item<'_>], retries: &[Series]) -> (Vec<Party>, Vec<Party>) {
    let mut by_writer: BTreeMap<(&str, Writer), Vec<&Item<'_>>> = BTreeMap::new();
    for item in items {
        let mut writer = item.1.writer.clone();
        let origin = &item.0.origin;
        writer.fill(Writer {
            namespace: origin.namespace.clone(),
            pod: origin.pod.clone(),
            container: origin.container.clone(),
            unit: None,
        });
        by_writer.entry((&item.0.name, writer)).or_default().push(item);
    }
    let (mut victims, mut witnesses) = (Vec::new(), Vec::new());
    for ((source, writer), items) in by_writer {
        let of = |told: Told| {
            items.iter().filter(|(_, key, _)| key.told == told).map(|(_, _, tally)| tally.count).sum::<u64>()
        };
        let (first_hand, restated) = (of(Told::FirstHand), of(Told::Restated));
        let server_side = items.iter().all(|(_, key, _)| key.client == Client::Apiserver);
        let client = items.iter().map(|(_, key, _)| key.client).max_by_key(|client| client.telling());
        let died = dies(&items, retries);
        let party = Party {
            source: source.to_owned(),
            writer,
            client: client.map_or("", Client::as_str),
            failures: if first_hand > 0 { first_hand } else { restated },
            impact: impact(died, &items, retries, first_hand),
        };
        if server_side || first_hand == 0 && !died {
            witnesses.push(Party { impact: Impact::Unknown, ..party });
        } else {
            victims.push(party);
        }
    }
    victims.sort_by(|a: &Party, b| {
        b.impact.cmp(&a.impact).then(b.failures.cmp(&a.failures)).then(a.source.cmp(&b.source))
    });
    victims.truncate(MOST_LISTED);
    witnesses.truncate(MOST_LISTED);
    (victims, witnesses)
}

/// The first record of each row, the server side first; then more, in order.
fn evidence(items: &[Item<'_>]) -> Vec<Evidence> {
    let mut all: Vec<(bool, usize, &str, &Sample, &str)> = items
        .iter()
        .flat_map(|(source, key, tally)| {
            let server = key.client == Client::Apiserver && key.kind == ErrorKind::CheckFailed;
            tally
                .samples
                .iter()
                .enumerate()
                .map(move |(i, sample)| (!server, i, source.name.as_str(), sample, key.signature))
        })
        .collect();
    all.sort_by(|a, b| (a.2, a.3.line).cmp(&(b.2, b.3.line)));
    all.dedup_by(|a, b| (a.2, a.3.line) == (b.2, b.3.line));
    let mut rows: BTreeSet<&str> = BTreeSet::new();
    let (mut first, more): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| rows.insert(one.4));
    first.sort_by_key(|one| one.0);
    let mut evidence: Vec<Evidence> = first
        .into_iter()
        .chain(more)
        .take(MOST_EVIDENCE)
        .map(|(_, _, source, sample, signature)| Evidence {
            location: Location { source: source.to_owned(), line: sample.line },
            at: sample.at,
            signature,
            text: sample.text.clone(),
        })
        .collect();
    evidence.sort_by(|a, b| a.location.cmp(&b.location));
    evidence
}
