//! What keeps the fold small when a log is written by an attacker: texts are cut, and kinds of failure
//! beyond a number become one that is only counted.

use super::fold::{SAMPLES, SourceTally, Tally, TallyKey};
use crate::failure::{Change, Subject};
use crate::limits::Limit;
use crate::record::Writer;

/// Bytes of a path, or of any other text that a key holds. Real paths reach 388.
const MOST_TEXT: usize = 1024;

impl TallyKey {
    /// The key of all that are not told apart: nothing in it can be invented.
    pub(super) fn of_others(self) -> TallyKey {
        TallyKey {
            subject: Subject::Others,
            path: None,
            status: None,
            reason: None,
            writer: Writer::default(),
            ..self
        }
    }
}

pub(super) fn clip(text: &str) -> String {
    if text.len() <= MOST_TEXT {
        return text.to_owned();
    }
    let mut cut = MOST_TEXT;
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}…", &text[..cut])
}

pub(super) fn clip_subject(subject: &mut Subject) {
    match subject {
        Subject::Resource { resource: text, .. }
        | Subject::Group(text)
        | Subject::Host(text)
        | Subject::Webhook(text)
        | Subject::Service(text)
            if text.len() > MOST_TEXT =>
        {
            *text = clip(text);
        }
        _ => {}
    }
}

pub(super) fn clip_writer(writer: &Writer) -> Writer {
    let clipped = |text: &Option<String>| text.as_deref().map(clip);
    Writer {
        namespace: clipped(&writer.namespace),
        pod: clipped(&writer.pod),
        container: clipped(&writer.container),
        unit: clipped(&writer.unit),
    }
}

pub(super) fn clip_change(change: &Change) -> Change {
    Change { apiservice: clip(&change.apiservice), by: clip(&change.by), ..*change }
}

impl SourceTally {
    /// How many kinds of failure it tells apart; what is not told apart is none of them, so that one that
    /// was cut counts as what it was cut to.
    pub fn breadth(&self) -> usize {
        self.tallies.keys().filter(|key| key.subject != Subject::Others).count()
    }

    /// Keeps the kinds of failure that were met first, and the series that were over first; of the rest
    /// only the sums. What is left of a small `most` does not depend on whether it was cut to a larger one
    /// before.
    pub fn narrow(&mut self, most: usize) {
        self.series.truncate(most);
        if self.breadth() <= most {
            return;
        }
        let tallies = std::mem::take(&mut self.tallies);
        let (others, mut told): (Vec<_>, Vec<_>) =
            tallies.into_iter().partition(|(key, _)| key.subject == Subject::Others);
        told.sort_by(|a, b| (a.1.first_line(), &a.0).cmp(&(b.1.first_line(), &b.0)));
        let rest = told.split_off(most.min(told.len()));
        let folded = rest.iter().map(|(_, tally)| tally.count - tally.folded).sum::<u64>();
        self.reached.count(Limit::Kinds, folded);
        self.tallies = told.into_iter().chain(others).collect();
        for (key, tally) in rest {
            self.tallies.entry(key.of_others()).or_default().merge(tally);
        }
    }
}

impl SourceTally {
    /// Adds the sums of a source that is not told apart from others. Its samples go: they would have no place.
    pub fn swallow(&mut self, other: SourceTally) {
        "(others)".clone_into(&mut self.name);
        self.lines += other.lines;
        self.bytes += other.bytes;
        self.records += other.records;
        self.failures += other.failures;
        self.set_aside += other.set_aside;
        self.undated += other.undated;
        self.reached.add(other.reached);
        for (key, mut tally) in other.tallies {
            self.reached.count(Limit::Kinds, tally.count - tally.folded);
            tally.folded = tally.count;
            tally.samples.clear();
            self.tallies.entry(key.of_others()).or_default().merge(tally);
        }
    }
}

impl Tally {
    fn first_line(&self) -> u64 {
        self.samples.first().map_or(u64::MAX, |sample| sample.line)
    }

    fn merge(&mut self, other: Tally) {
        self.count += other.count;
        self.folded += other.folded;
        self.windows.extend(&other.windows);
        self.samples.extend(other.samples);
        self.samples.sort_by_key(|sample| sample.line);
        self.samples.truncate(SAMPLES);
    }
}
