//! The outside world: standard input, files, folders, archives, compression.
//!
//! [`read_all`] finds everything that the arguments hold and hands it to a [`Visitor`]: a
//! [`Source`] is one log, an object is what a cluster said about itself. Archives are read as they
//! stream by, also inside each other; nothing is unpacked to disk, and no name out of an archive
//! reaches the file system. This is, with `cli`, the only stage that touches anything outside the
//! program, and the only one that can fail; what cannot be read is handed on as
//! [`Unreadable`] and the rest goes on.

mod apart;
mod buffer;
mod content;
mod decode;
mod export;
mod find;
mod found;
pub mod layout;
mod limits;
mod open;
mod origin;
pub(crate) mod pages;
mod progress;
mod tarball;
mod utf16;
mod walk;
mod zipped;

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::coverage::Unreadable;
use crate::error::Error;
use crate::limits::{Limit, Limits};
use find::find;
use found::Found;
use walk::Walker;

pub use apart::Packed;
pub use buffer::Bytes;
pub use open::open;
pub use origin::{Generation, Origin};
pub use progress::Progress;

/// A path, a path inside an archive (`must-gather.tar.gz!a/b.log`), or `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// All of it.
    pub path: String,
    /// Where the part begins that a known layout describes.
    part: Option<usize>,
}

impl Name {
    fn of(found: &Found<'_>) -> Name {
        let part = found.fit.part.map(|part| found.name.len() - part.len());
        Name { path: found.name.to_owned(), part }
    }

    /// The part that a known layout describes, wherever that stands.
    pub fn part(&self) -> Option<&str> {
        self.path.get(self.part?..)
    }

    /// Where what has this name comes from, as far as the name says.
    pub fn origin(&self) -> Origin {
        Origin::of_path(&self.path)
    }

    /// What a log of this origin is in a known layout: two logs with the same identity and the same bytes are one log
    /// met twice. `None` where the layout is unknown.
    pub fn identity(&self, origin: &Origin) -> Option<String> {
        layout::identity(self.part(), origin)
    }
}

/// One log, ready to be read.
pub struct Source<'a> {
    /// Its name.
    pub name: Name,
    /// Its bytes.
    pub body: Body<'a>,
}

/// The bytes of a source, decompressed and in UTF-8 or near it.
pub enum Body<'a> {
    /// All of them, below 8 MiB.
    Bytes(Bytes),
    /// A plain file and its length, which several threads may read at different places.
    File(File, u64),
    /// Anything that is read from front to back. It must be read before the visitor returns.
    Stream(Box<dyn Read + 'a>),
}

impl<'a> Source<'a> {
    fn new(found: &Found<'_>, body: Body<'a>) -> Source<'a> {
        Source { name: Name::of(found), body }
    }
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({})", self.name.path)
    }
}

/// Why something was left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The layout says that it holds neither a log nor evidence, or only what is told elsewhere too.
    Layout,
    /// It holds no text.
    Binary,
}

/// Takes what is found. It is called by several threads, in no particular order.
pub trait Visitor: Sync {
    /// A log. Its name is unique, unless an archive holds two entries of the same name.
    fn log(&self, source: Source<'_>);
    /// A file of cluster objects (YAML or JSON) and its name, as that of a source.
    fn object(&self, name: Name, bytes: Bytes);
    /// Something that could not be read, or not to its end.
    fn unreadable(&self, what: Unreadable);
    /// Something that was not read, on purpose.
    fn left_out(&self, path: &str, why: LeftOut);
    /// What lies behind a limit. What was not read for it is told by [`Visitor::unreadable`] too.
    fn reached(&self, limit: Limit, times: u64);
    /// A thread begins to read. All that it finds is told by itself.
    fn begin(&self) {}
    /// It has nothing more to read.
    fn end(&self) {}
    /// The same bytes, read and decompressed ahead by another thread if one is to spare.
    fn ahead<'a>(&'a self, reader: Box<dyn Packed + Send>) -> Box<dyn Packed + 'a> {
        reader
    }
    /// Where it is counted how far the reading is.
    fn progress(&self) -> Arc<Progress> {
        Arc::default()
    }
}

/// Whether the first bytes are those of plain text, which can be read line by line while it is written.
pub fn is_plain(head: &[u8]) -> bool {
    matches!(content::Content::of(head), content::Content::Text | content::Content::Export)
}

/// Reads everything that the arguments name with up to this many threads, the largest input first.
/// An archive is read by one of them.
pub fn read_all(paths: &[PathBuf], threads: usize, limits: &Limits, visitor: &dyn Visitor) {
    let (mut inputs, errors) = find(paths, limits.size(Limit::Entries), threads);
    for error in errors {
        visitor.reached(Limit::Entries, u64::from(matches!(error, Error::TooMany { .. })));
        visitor.unreadable(Unreadable { path: error.path(), error: error.message() });
    }
    inputs.sort_by_key(|input| std::cmp::Reverse(input.length));
    let known = inputs.iter().map(|input| input.length).filter(|&length| length < u64::MAX);
    visitor.progress().expect(known.sum());
    let next = AtomicUsize::new(0);
    let work = || {
        visitor.begin();
        while let Some(input) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
            Walker::new(visitor, limits).input(input);
        }
        visitor.end();
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(inputs.len()) {
            // Without further threads this one does all the work.
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
}
