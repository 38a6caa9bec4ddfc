//! What is said, one file per output. Nothing here decides anything.
//!
//! Log text is hostile: every output escapes it for its own medium, and secrets in it are masked
//! ([`safe`]).

mod json;
pub mod safe;
mod text;

pub use json::json;
pub use text::text;

use crate::coverage::Coverage;
use crate::diagnosis::Diagnosis;

/// Everything that a report says.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was read.
    pub coverage: Coverage,
    /// The incidents, worst first.
    pub incidents: Vec<Diagnosis>,
}

/// How the text report looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Show all evidence and more.
    pub verbose: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { width: 100, verbose: false }
    }
}
