//! A difference of two texts, line by line, as a person wants to read it.

use std::fmt::Write;

/// How many equal lines are shown around a difference.
const AROUND: usize = 3;

/// The lines of both texts: ` ` in both, `-` only in `expected`, `+` only in `actual`. Long runs of
/// equal lines are left out.
pub(crate) fn diff(expected: &str, actual: &str) -> String {
    let old: Vec<&str> = expected.lines().collect();
    let new: Vec<&str> = actual.lines().collect();
    let lines = merge(&old, &new, &common(&old, &new));
    let shown = |at: usize| {
        let near = at.saturating_sub(AROUND)..(at + AROUND + 1).min(lines.len());
        lines[near].iter().any(|(mark, _)| *mark != ' ')
    };
    let mut out = String::new();
    let mut skipped = false;
    for (at, (mark, line)) in lines.iter().enumerate() {
        if shown(at) {
            let _ = writeln!(out, "{mark} {line}");
        } else if !skipped {
            out.push_str("  …\n");
        }
        skipped = !shown(at);
    }
    out
}

/// `table[i][j]`: how many lines `old[i..]` and `new[j..]` have in common, in order.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] =
                if old[i] == new[j] { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    table
}

fn merge<'t>(old: &[&'t str], new: &[&'t str], table: &[Vec<usize>]) -> Vec<(char, &'t str)> {
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && table[i + 1][j] >= table[i][j + 1] {
            lines.push(('-', old[i]));
            i += 1;
        } else {
            lines.push(('+', new[j]));
            j += 1;
        }
    }
    lines
}
