//! Outages: points in time, joined where no longer pause lies between them.

use serde::{Deserialize, Serialize};

/// A pause longer than this ends an outage: Kopf's longest wait is 21 s, the aggregation layer checks
/// every 30 s at the latest.
pub(super) const PAUSE: i64 = 45 * crate::time::SECOND;
/// How many windows are kept apart; beyond it, the two that lie closest are joined.
const MOST: usize = 64;

/// From the first to the last failure of an outage, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// The first failure.
    pub from: i64,
    /// The last one.
    pub to: i64,
}

/// Points in time, joined to windows. Adding is commutative as long as fewer than the most windows
/// are needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Windows {
    list: Vec<Window>,
}

impl Windows {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds a point.
    pub fn add(&mut self, at: i64) {
        self.join(Window { from: at, to: at });
    }

    /// Adds all of another's.
    pub fn extend(&mut self, other: &Windows) {
        for window in &other.list {
            self.join(*window);
        }
    }

    /// The windows, in order.
    pub fn list(&self) -> &[Window] {
        &self.list
    }

    /// Moves every window, for sources whose year was unknown.
    pub fn shift(&mut self, shift: impl Fn(i64) -> i64) {
        for window in &mut self.list {
            *window = Window { from: shift(window.from), to: shift(window.to) };
        }
    }

    fn join(&mut self, mut new: Window) {
        // The usual case: time goes on, and the last window grows.
        if let Some(last) = self.list.last_mut()
            && new.from >= last.from
            && new.from <= last.to + PAUSE
        {
            last.to = last.to.max(new.to);
            return;
        }
        let first = self.list.partition_point(|window| window.to + PAUSE < new.from);
        let mut end = first;
        while self.list.get(end).is_some_and(|window| window.from <= new.to + PAUSE) {
            new.from = new.from.min(self.list[end].from);
            new.to = new.to.max(self.list[end].to);
            end += 1;
        }
        self.list.splice(first..end, [new]);
        if self.list.len() > MOST {
            let closest = (1..self.list.len()).min_by_key(|&i| self.list[i].from - self.list[i - 1].to);
            if let Some(at) = closest {
                self.list[at - 1].to = self.list[at].to;
                self.list.remove(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter() {
        let points = [0, 50, 100, 30, 400, 390].map(|s| s * crate::time::SECOND);
        let mut forward = Windows::default();
        let mut backward = Windows::default();
        points.iter().for_each(|&at| forward.add(at));
        points.iter().rev().for_each(|&at| backward.add(at));
        assert_eq!(forward, backward);
        assert_eq!(forward.list().len(), 3);
    }
}
