//! Which files are meant by the arguments.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::Error;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    /// Where it is.
    pub(super) at: At,
    /// Whether the user named it, or it was found in a folder.
    pub(super) named: bool,
    /// Its size in bytes, where it is known; the largest are read first.
    pub(super) length: u64,
}

/// Where an input is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum At {
    /// Standard input.
    Stdin,
    /// A file, under the name that reports give it.
    File(PathBuf),
}

impl Input {
    /// The name in reports.
    pub(super) fn name(&self) -> String {
        match &self.at {
            At::Stdin => "-".into(),
            At::File(path) => path.display().to_string(),
        }
    }
}

/// Resolves the arguments, in their order; a folder gives its files, sorted by name. What cannot be
/// found is an error of its own, and the rest goes on. What is named twice is meant once. `most` files of
/// folders are read.
pub(super) fn find(paths: &[PathBuf], most: usize) -> (Vec<Input>, Vec<Error>) {
    let mut inputs = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input { at: At::Stdin, named: true, length: u64::MAX });
            continue;
        }
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => folder(path, most, &mut inputs, &mut errors),
            Ok(metadata) => {
                let length = if metadata.is_file() { metadata.len() } else { u64::MAX };
                inputs.push(Input { at: At::File(path.clone()), named: true, length });
            }
            Err(source) => errors.push(Error::Io { path: path.clone(), source }),
        }
    }
    inputs.sort_by_key(|input| !input.named); // what is named as well as found counts as named
    let mut seen = std::collections::HashSet::new();
    inputs.retain(|input| seen.insert(input.at.clone()));
    (inputs, errors)
}

fn folder(path: &Path, most: usize, inputs: &mut Vec<Input>, errors: &mut Vec<Error>) {
    let before = inputs.len();
    for entry in WalkDir::new(path).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() && inputs.len() >= most => {
                errors.push(Error::TooMany { path: entry.into_path() });
                return;
            }
            Ok(entry) if entry.file_type().is_file() => {
                let length = entry.metadata().map_or(0, |metadata| metadata.len());
                inputs.push(Input { at: At::File(entry.into_path()), named: false, length });
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(path).to_path_buf();
                let source =
                    error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links"));
                errors.push(Error::Io { path, source });
            }
        }
    }
    if inputs.len() == before {
        errors.push(Error::Empty { path: path.to_path_buf() });
    }
}
