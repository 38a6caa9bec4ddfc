//! The outside world: standard input, files, folders, compression.
//!
//! A [`Source`] is one log. This is, with `cli`, the only stage that touches anything outside the
//! program, and the only one that can fail; what cannot be read is handed on as
//! [`Unreadable`](crate::coverage::Unreadable) and the rest goes on.

mod decode;
mod find;
mod origin;

use std::fs::File;
use std::io::Read;

pub use decode::{Content, open};
pub use find::{Input, find};
pub use origin::{Generation, Origin};

/// One log, ready to be read.
pub struct Source {
    /// Its name: a path, or `-`.
    pub name: String,
    /// Where it comes from, as far as the name says.
    pub origin: Origin,
    /// Its bytes.
    pub body: Body,
}

/// The bytes of a source.
pub enum Body {
    /// A plain file, which several threads may read at different places.
    File(File, u64),
    /// Anything that is read from front to back.
    Stream(Box<dyn Read + Send>),
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({})", self.name)
    }
}
