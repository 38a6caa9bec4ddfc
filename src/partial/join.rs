//! Parts of one cluster, put together: the same whatever their order and however they were divided.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use twox_hash::XxHash3_128;

use super::{Crowd, Files, Part, Passed, Told, Years};
use crate::coverage::Coverage;
use crate::evidence::{Cluster, is_multiplied};
use crate::incident::SourceTally;
use crate::limits::{Limit, Limits, Reached};

/// Everything that the inputs of one cluster told, in an order that depends on nothing but them.
#[derive(Debug, Default)]
pub struct Joined {
    /// What was read; complete but for the limits.
    pub coverage: Coverage,
    /// How often which limit was reached.
    pub reached: Reached,
    /// The limits.
    pub limits: Limits,
    /// The logs, by name; those that are not told apart come last.
    pub tallies: Vec<SourceTally>,
    /// What the objects say.
    pub cluster: Cluster,
    /// What those of hosted clusters say, by their folders.
    pub hosted: Vec<(String, Cluster)>,
    /// Namespaces of objects that nobody asked for.
    pub unasked: BTreeSet<String>,
}

/// Puts parts together.
#[derive(Debug, Default)]
pub struct Joiner {
    limits: Limits,
    passed: Passed,
    reached: Reached,
    crowd: Crowd,
    folded: u64,
    others: Option<SourceTally>,
    years: Years,
    files: Files,
    cluster: Cluster,
    hosted: BTreeMap<(String, String), Cluster>,
    unasked: BTreeSet<String>,
    /// How often a log of this name and these bytes was met in one part.
    met: HashMap<u128, usize>,
}

impl Joiner {
    /// Keeps to these limits, as the parts were made with.
    pub fn new(limits: Limits) -> Joiner {
        Joiner { limits, ..Joiner::default() }
    }

    /// Adds a part. A log that is in another part too, under the same name and with the same bytes, is the
    /// same; a part that holds two of them has read two.
    pub fn push(&mut self, part: Part) {
        let Part { passed, reached, logs, folded, others, years, files, cluster, hosted, unasked } = part;
        self.passed.add(passed);
        self.reached.add(reached);
        let mut here: HashMap<u128, usize> = HashMap::new();
        for log in logs {
            let name = key(log.tally.name.as_bytes(), log.digest);
            let nth = here.entry(name).or_default();
            *nth += 1;
            let met = self.met.entry(name).or_default();
            if *nth > *met {
                *met = *nth;
                self.crowd.push(log, &self.limits);
            }
        }
        self.folded += folded;
        if let Some(others) = others {
            self.others.get_or_insert_default().swallow(others);
        }
        self.years.add(years);
        self.files(files);
        self.unasked.extend(unasked);
        self.cluster.merge(cluster);
        for (name, cluster) in hosted {
            self.hosted.entry(name).or_default().merge(cluster);
        }
    }

    fn files(&mut self, files: Files) {
        for file in files.read {
            self.passed.duplicates += u64::from(!self.files.read.insert(file));
        }
        for (file, what) in files.unreadable {
            // Of two copies the last by name is told of, as it is the one whose objects count.
            let told = self.files.unreadable.entry(file).or_insert_with(|| what.clone());
            if *told < what {
                *told = what;
            }
        }
    }

    /// Everything that was added.
    pub fn finish(mut self) -> Joined {
        let told = std::mem::take(&mut self.crowd).settle(&self.limits);
        self.told(told)
    }

    /// All of one part that was made with the same limits: its logs are settled.
    pub fn only(mut part: Part, limits: Limits) -> Joined {
        let logs = std::mem::take(&mut part.logs);
        let mut joiner = Joiner::new(limits);
        joiner.push(part);
        joiner.told(Told { logs, others: None, folded: 0, duplicates: 0 })
    }

    fn told(self, told: Told) -> Joined {
        let Joiner { limits, passed, mut reached, files, mut cluster, .. } = self;
        let Told { logs, others, folded, duplicates } = told;
        reached.count(Limit::Sources, folded);
        let multiplied = files.unreadable.values().filter(|one| is_multiplied(&one.error));
        reached.count(Limit::Aliases, multiplied.count() as u64);
        let mut coverage = Coverage {
            left_out: passed.left_out,
            binary: passed.binary,
            duplicates: passed.duplicates + duplicates,
            sources: logs.len() as u64 + folded + self.folded,
            objects: files.read.len() as u64,
            unreadable: passed.unreadable.into_iter().chain(files.unreadable.into_values()).collect(),
            ..Coverage::default()
        };
        let mut tallies: Vec<SourceTally> = logs.into_iter().map(|log| *log.tally).collect();
        self.years.date(&mut tallies);
        let mut sums = self.others;
        if let Some(others) = others {
            sums.get_or_insert_default().swallow(others);
        }
        tallies.extend(sums);
        tallies.iter().for_each(|tally| count(&mut coverage, &mut reached, tally));
        coverage.assumptions = assumed_years(&tallies);
        coverage.settle();
        cluster.settle();
        let settled = |((_, name), mut cluster): ((String, String), Cluster)| {
            cluster.settle();
            (name, cluster)
        };
        let hosted = self.hosted.into_iter().map(settled).collect();
        Joined { coverage, reached, limits, tallies, cluster, hosted, unasked: self.unasked }
    }
}

impl Passed {
    fn add(&mut self, other: Passed) {
        self.left_out += other.left_out;
        self.binary += other.binary;
        self.duplicates += other.duplicates;
        self.unreadable.extend(other.unreadable);
    }
}

fn key(name: &[u8], digest: u128) -> u128 {
    let mut hash = XxHash3_128::new();
    hash.write(&XxHash3_128::oneshot(name).to_le_bytes());
    hash.write(&digest.to_le_bytes());
    hash.finish_128()
}

fn count(coverage: &mut Coverage, reached: &mut Reached, tally: &SourceTally) {
    reached.add(tally.reached);
    coverage.lines += tally.lines;
    coverage.bytes += tally.bytes;
    coverage.records += tally.records;
    coverage.failures += tally.failures;
    coverage.undated += tally.undated;
    coverage.set_aside += tally.set_aside;
}

/// Which years were assumed: an archive holds a dozen logs of nodes that tell none.
fn assumed_years(tallies: &[SourceTally]) -> Vec<String> {
    let mut years: BTreeMap<i16, Vec<&str>> = BTreeMap::new();
    for tally in tallies {
        if let Some(year) = tally.assumed_year {
            years.entry(year).or_default().push(&tally.name);
        }
    }
    let told = years.into_iter().map(|(year, names)| match names[..] {
        [name] => format!("the year {year} was assumed for {name}, whose log tells none"),
        _ => format!(
            "the year {year} was assumed for {} logs that tell none, {} the first",
            names.len(),
            names[0]
        ),
    });
    told.collect()
}
