//! Where in the input something stands.

use std::fmt;

/// A line of a source: what every claim in a report points to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The source's name: a path, a path inside an archive (`must-gather.tar.gz!a/b.log`), or `-`.
    pub source: String,
    /// Line number, from 1.
    pub line: u64,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.line)
    }
}
