//! Counts over archives. Sums, smallest and largest times, sets: the order of the archives does not matter.

use std::collections::{BTreeMap, HashMap};

use super::{Archive, Seen};
use crate::coverage::{Coverage, Unreadable};
use crate::incident::Impact;
use crate::inventory::{self, Cell};
use crate::k8s::Cause;

/// How many names are listed: of archives at each place, and of victims.
const MOST_NAMES: usize = 5;
/// How many programs are listed of those that suffer.
const MOST_VICTIMS: usize = 20;

/// What many archives tell together.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    /// Archives that were read, each counted once.
    pub archives: u64,
    /// Archives that were met before under another name.
    pub copies: u64,
    /// Archives of which nothing could be read.
    pub unread: u64,
    /// Archives with an incident.
    pub with_incidents: u64,
    /// What was read, and what could not be.
    pub coverage: Coverage,
    /// By version of OpenShift, in their order; those that do not tell come last.
    pub releases: Vec<Release>,
    /// What went wrong, in most clusters first.
    pub groups: Vec<Group>,
    /// How each operator fares on each version.
    pub matrix: Vec<Cell>,
}

/// Archives of one version of OpenShift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// `4.17.22`.
    pub openshift: Option<String>,
    /// Clusters.
    pub clusters: u64,
    /// Those in which an APIService is to blame.
    pub blamed: u64,
}

/// One kind of incident in all archives.
#[derive(Clone, Debug)]
pub struct Group {
    /// The id of the incidents.
    pub id: String,
    /// Their cause.
    pub cause: Cause,
    /// The APIService to blame.
    pub apiservice: Option<String>,
    /// In how many clusters, how often, when.
    pub sum: Sum,
    /// Who suffers, those in most clusters first.
    pub victims: Vec<Victim>,
    /// How many programs suffer.
    pub programs: usize,
    /// By version of OpenShift and of the operator that serves it.
    pub places: Vec<Place>,
}

/// Sums over the same incident in several clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Clusters.
    pub clusters: u64,
    /// Clusters in which a program died of it.
    pub fatal: u64,
    /// Records that report a failing request.
    pub failures: u64,
    /// The first failure of all, in nanoseconds since 1970.
    pub first_seen: Option<i64>,
    /// The last failure of all.
    pub last_seen: Option<i64>,
}

/// A program that suffers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Victim {
    /// `namespace/workload`.
    pub program: String,
    /// In how many clusters.
    pub clusters: u64,
    /// In how many it died of it.
    pub fatal: u64,
}

/// One version of OpenShift and one of the operator.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// OpenShift's version.
    pub openshift: Option<String>,
    /// The operator's OLM package, else its name.
    pub owner: Option<String>,
    /// The operator's version.
    pub owner_version: Option<String>,
    /// In how many clusters, how often, when.
    pub sum: Sum,
    /// How many programs suffer.
    pub programs: usize,
    /// The first archives by name.
    pub archives: Vec<String>,
}

impl Sum {
    fn add(&mut self, seen: &Seen) {
        self.clusters += 1;
        self.fatal += u64::from(seen.victims.iter().any(|(_, impact)| *impact == Impact::Fatal));
        self.failures += seen.failures;
        self.first_seen = [self.first_seen, seen.first_seen].into_iter().flatten().min();
        self.last_seen = self.last_seen.max(seen.last_seen);
    }
}

/// OpenShift's version, the operator, its version.
type Key = [Option<String>; 3];

/// A group while it is counted.
struct Counting {
    cause: Cause,
    apiservice: Option<String>,
    sum: Sum,
    victims: HashMap<String, Victim>,
    places: BTreeMap<Key, (Place, std::collections::HashSet<String>)>,
}

impl Fleet {
    /// Counts. Archives with the same content count once, under the first of their names.
    pub fn of(archives: &mut Vec<Archive>) -> Fleet {
        let mut fleet = Fleet { copies: without_copies(archives), ..Fleet::default() };
        let mut groups: BTreeMap<String, Counting> = BTreeMap::new();
        let mut releases: BTreeMap<Option<String>, Release> = BTreeMap::new();
        let mut matrix: BTreeMap<(String, String, String), Cell> = BTreeMap::new();
        for archive in archives.iter() {
            fleet.coverage.add(&archive.coverage);
            if archive.unread {
                fleet.unread += 1;
                continue;
            }
            fleet.archives += 1;
            fleet.with_incidents += u64::from(!archive.incidents.is_empty());
            let release = releases.entry(archive.openshift.clone()).or_default();
            release.clusters += 1;
            release.blamed += u64::from(archive.incidents.iter().any(|seen| seen.cause.blames_apiservice()));
            archive.incidents.iter().for_each(|seen| add(&mut groups, archive, seen));
            inventory::add(&mut matrix, &archive.operators);
        }
        fleet.coverage.settle();
        fleet.releases = ordered(releases);
        fleet.matrix = matrix.into_values().collect();
        fleet.groups = groups.into_iter().map(|(id, counting)| counting.finish(id)).collect();
        fleet.groups.sort_by(|a, b| {
            let order =
                |group: &Group| (!group.cause.blames_apiservice(), std::cmp::Reverse(group.sum.clusters));
            order(a).cmp(&order(b)).then_with(|| (a.cause, &a.id).cmp(&(b.cause, &b.id)))
        });
        fleet
    }

    /// What could not be read.
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.coverage.unreadable
    }
}

/// Sorts by name, and leaves out what has the same content as one before; how many.
fn without_copies(archives: &mut Vec<Archive>) -> u64 {
    archives.sort_by(|a, b| (&a.path, a.content).cmp(&(&b.path, b.content)));
    let mut seen = std::collections::HashSet::new();
    let mut paths = std::collections::HashSet::new();
    let before = archives.len();
    let mut repeated = 0;
    archives.retain(|archive| {
        // The same archive in two partials is no copy, and neither is anything that could not be read.
        let new = paths.insert((archive.path.clone(), archive.content));
        repeated += u64::from(!new);
        new && (archive.unread || seen.insert(archive.content))
    });
    (before - archives.len()) as u64 - repeated
}

fn add(groups: &mut BTreeMap<String, Counting>, archive: &Archive, seen: &Seen) {
    let group = groups.entry(seen.id.clone()).or_insert_with(|| Counting {
        cause: seen.cause,
        apiservice: seen.apiservice.clone(),
        sum: Sum::default(),
        victims: HashMap::new(),
        places: BTreeMap::new(),
    });
    group.sum.add(seen);
    let key = [archive.openshift.clone(), seen.owner.clone(), seen.owner_version.clone()];
    let (place, programs) = group.places.entry(key).or_default();
    place.sum.add(seen);
    if place.archives.len() < MOST_NAMES {
        place.archives.push(archive.path.clone()); // archives come by name
    }
    for (program, impact) in &seen.victims {
        let victim = group.victims.entry(program.clone()).or_default();
        victim.clusters += 1;
        victim.fatal += u64::from(*impact == Impact::Fatal);
        programs.insert(program.clone());
    }
}

impl Counting {
    fn finish(self, id: String) -> Group {
        let Counting { cause, apiservice, sum, victims, places } = self;
        let programs = victims.len();
        let mut victims: Vec<Victim> =
            victims.into_iter().map(|(program, victim)| Victim { program, ..victim }).collect();
        victims.sort_by(|a, b| (b.clusters, b.fatal, &a.program).cmp(&(a.clusters, a.fatal, &b.program)));
        victims.truncate(MOST_VICTIMS);
        let mut places: Vec<Place> = places
            .into_iter()
            .map(|([openshift, owner, owner_version], (place, programs))| Place {
                openshift,
                owner,
                owner_version,
                programs: programs.len(),
                ..place
            })
            .collect();
        places.sort_by(|a, b| {
            let release = release_key(a.openshift.as_deref()).cmp(&release_key(b.openshift.as_deref()));
            release.then_with(|| (&a.owner, &a.owner_version).cmp(&(&b.owner, &b.owner_version)))
        });
        Group { id, cause, apiservice, sum, victims, programs, places }
    }
}

/// Versions by their numbers; what is unknown comes last.
fn release_key(version: Option<&str>) -> (bool, Vec<u64>, &str) {
    let text = version.unwrap_or_default();
    (version.is_none(), crate::evidence::numbers(text), text)
}

fn ordered(releases: BTreeMap<Option<String>, Release>) -> Vec<Release> {
    let mut releases: Vec<Release> =
        releases.into_iter().map(|(openshift, release)| Release { openshift, ..release }).collect();
    releases.sort_by(|a, b| release_key(a.openshift.as_deref()).cmp(&release_key(b.openshift.as_deref())));
    releases
}
