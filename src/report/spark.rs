//! When an incident was felt, as a line of blocks: its window from the first failure to the last, each
//! column a share of it, as high as the share of the column that lies within an outage.
//!
//! It is drawn only if it tells something: more than one outage, over more than a minute. A single outage
//! would be a full line.

use crate::incident::Window;
use crate::time::SECOND;

const LEVELS: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The line, of at most `columns` columns.
pub(super) fn sparkline(outages: &[Window], columns: usize) -> Option<String> {
    let (first, last) = (outages.first()?, outages.last()?);
    let span = last.to.saturating_sub(first.from);
    if outages.len() < 2 || span <= 60 * SECOND || columns < 10 {
        return None;
    }
    let wide = span as f64 / columns as f64;
    let column = |n: usize| {
        let (from, to) = (n as f64 * wide, (n + 1) as f64 * wide);
        let within = |window: &Window| {
            let start = window.from.saturating_sub(first.from) as f64;
            let end = window.to.saturating_sub(first.from) as f64;
            let touched = start < to && end >= from || end >= span as f64 && n + 1 == columns;
            touched.then(|| (end.min(to) - start.max(from)).max(0.0) / wide)
        };
        let felt: Vec<f64> = outages.iter().filter_map(within).collect();
        match felt.is_empty() {
            true => LEVELS[0],
            // A moment is seen, too.
            false => LEVELS[((felt.iter().sum::<f64>() * 8.0).round() as usize).clamp(1, 8)],
        }
    };
    Some((0..columns).map(column).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(list: &[(i64, i64)]) -> Vec<Window> {
        list.iter().map(|(from, to)| Window { from: from * SECOND, to: to * SECOND }).collect()
    }

    #[test]
    fn outages_are_blocks_and_pauses_are_dots() {
        let line = sparkline(&windows(&[(0, 20), (50, 50), (80, 100)]), 10);
        let line = line.unwrap_or_default();
        assert!(line.starts_with("██") && line.ends_with("██") && line.contains('·'), "{line}");
    }

    #[test]
    fn it_is_left_out_where_it_tells_nothing() {
        assert_eq!(sparkline(&windows(&[(0, 500)]), 40), None);
        assert_eq!(sparkline(&windows(&[(0, 1), (40, 50)]), 40), None);
        assert_eq!(sparkline(&[], 40), None);
    }
}
