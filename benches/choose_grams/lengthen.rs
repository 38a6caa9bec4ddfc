//! From four bytes to as many as all anchors share that hold them, and then apart, where that saves the
//! most and a bucket has room: the search compares all bytes before it ends.

use crate::statistics::Statistics;
use crate::table::{Table, shared};
use crate::{DEPTH, EXIT, PER_GRAM};

/// The rests of anchors that begin with the same bytes.
type Group<'a> = Vec<&'a [u8]>;

/// The buckets of a table, lengthened.
pub(crate) fn lengthened(table: &Table<'_>, logs: &Statistics<'_>) -> Vec<Vec<Vec<u8>>> {
    let mut buckets: Vec<Vec<Vec<u8>>> = Vec::new();
    for bucket in table.buckets() {
        let mut groups: Vec<Group<'_>> = bucket.iter().map(|gram| table.rests(*gram)).collect();
        while let Some((at, parts)) = best_split(&groups, logs) {
            groups.swap_remove(at);
            groups.extend(parts);
        }
        buckets.push(groups.iter().map(|group| shared(group).to_vec()).collect());
    }
    buckets
}

/// The group whose division by the next byte saves the most, and its parts.
fn best_split<'a>(groups: &[Group<'a>], logs: &Statistics<'_>) -> Option<(usize, Vec<Group<'a>>)> {
    let mut best: Option<(f64, usize, Vec<Group<'a>>)> = None;
    for (at, group) in groups.iter().enumerate() {
        let Some(parts) = split(group) else { continue };
        if groups.len() - 1 + parts.len() > DEPTH {
            continue;
        }
        let after: f64 = parts.iter().map(|part| logs.of_text(shared(part))).sum();
        let saved = EXIT * (logs.of_text(shared(group)) - after) - PER_GRAM * (parts.len() - 1) as f64;
        if saved > best.as_ref().map_or(0.0, |(saved, ..)| *saved) {
            best = Some((saved, at, parts));
        }
    }
    best.map(|(_, at, parts)| (at, parts))
}

/// The group by the byte behind what all share; `None` where one ends there.
fn split<'a>(group: &Group<'a>) -> Option<Vec<Group<'a>>> {
    let length = shared(group).len();
    let mut parts: Vec<(u8, Group<'a>)> = Vec::new();
    for rest in group {
        let next = *rest.get(length)?;
        match parts.iter_mut().find(|(byte, _)| *byte == next) {
            Some((_, part)) => part.push(rest),
            None => parts.push((next, vec![rest])),
        }
    }
    Some(parts.into_iter().map(|(_, part)| part).collect())
}
