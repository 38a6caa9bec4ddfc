//! What can go wrong at the edge. The core does not fail; it counts (see [`crate::coverage`]).

use std::io;
use std::path::PathBuf;

/// Why an input could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system said no.
    #[error("{}: {}", path.display(), reason(source))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder holds no file that could be a log.
    #[error("{}: no logs in this folder", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// The folders hold more files than are read.
    #[error("{}: {TOO_MANY}", path.display())]
    TooMany {
        /// The first file that is not read.
        path: PathBuf,
    },
}

const TOO_MANY: &str = "it and what follows in its folder is not read: more files than --max-entries allows";

impl Error {
    /// What could not be read.
    pub fn path(&self) -> String {
        match self {
            Error::Io { path, .. } | Error::Empty { path } | Error::TooMany { path } => {
                path.display().to_string()
            }
        }
    }

    /// What went wrong, without the path.
    pub fn message(&self) -> String {
        match self {
            Error::Io { source, .. } => reason(source),
            Error::Empty { .. } => "no logs in this folder".into(),
            Error::TooMany { .. } => TOO_MANY.into(),
        }
    }
}

/// The system's words without its number (`No such file or directory (os error 2)`), to go on a sentence:
/// its first word is not capitalised, unless it is an abbreviation.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let cut = text.find(" (os error").unwrap_or(text.len());
    let mut words = text[..cut].chars();
    match (words.next(), words.as_str()) {
        (Some(first), rest) if rest.starts_with(|c: char| c.is_lowercase() || c == ' ') => {
            format!("{}{rest}", first.to_lowercase())
        }
        _ => text[..cut].to_owned(),
    }
}
