//! How large the terminal is.

use terminal_size::{Height, Width, terminal_size, terminal_size_of};

/// Columns of a report that goes to no terminal.
const COLUMNS: usize = 110;
/// Fewer columns than these are not kept to: nothing would fit.
const LEAST: usize = 40;

/// Columns and rows: of the terminal that standard output is, else standard error; what `COLUMNS` says
/// outweighs it, so that a test, or a pager's user, can choose.
pub(super) fn size() -> (usize, usize) {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let (columns, rows) = terminal_size()
        .or_else(|| terminal_size_of(std::io::stderr()))
        .map_or((COLUMNS, 24), |(Width(columns), Height(rows))| (usize::from(columns), usize::from(rows)));
    (said.unwrap_or(columns).max(LEAST), rows.max(4))
}

/// Columns of a report on standard output.
pub(super) fn columns(terminal: bool) -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.filter(|&columns: &usize| columns >= LEAST)
        .unwrap_or_else(|| if terminal { size().0 } else { COLUMNS })
}
