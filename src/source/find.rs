//! Which files are meant by the arguments.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

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

/// Resolves the arguments, in their order; a folder gives its files, in any. What cannot be
/// found is an error of its own, and the rest goes on. What is named twice is meant once. `most` files of
/// folders are read. Folders are walked through by so many threads.
pub(super) fn find(paths: &[PathBuf], most: usize, threads: usize) -> (Vec<Input>, Vec<Error>) {
    let mut inputs = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input { at: At::Stdin, named: true, length: u64::MAX });
            continue;
        }
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => folder(path, most, threads, &mut inputs, &mut errors),
            Ok(metadata) => {
                let length = if metadata.is_file() { metadata.len() } else { u64::MAX };
                inputs.push(Input { at: At::File(path.clone()), named: true, length });
            }
            Err(source) => errors.push(Error::Io { path: path.clone(), source }),
        }
    }
    if paths.len() > 1 {
        inputs.sort_by_key(|input| !input.named); // what is named as well as found counts as named
        let mut seen = std::collections::HashSet::new();
        inputs.retain(|input| seen.insert(input.at.clone()));
    }
    (inputs, errors)
}

fn folder(path: &Path, most: usize, threads: usize, inputs: &mut Vec<Input>, errors: &mut Vec<Error>) {
    let room = most.saturating_sub(inputs.len());
    // Which files are too many, only an order tells.
    let (mut found, failed) = walk(path, room, threads).unwrap_or_else(|| walk_in_order(path, room));
    if found.is_empty() && failed.is_empty() {
        errors.push(Error::Empty { path: path.to_path_buf() });
    }
    inputs.append(&mut found);
    errors.extend(failed);
}

/// Files of a folder, and what could not be read of it.
type Walked = (Vec<Input>, Vec<Error>);

/// Walks with several threads, for asking the system takes most of the time. `None` if there are more files
/// than `room`.
fn walk(path: &Path, room: usize, threads: usize) -> Option<Walked> {
    let walked = Mutex::new(Walked::default());
    walker(path).threads(threads).build_parallel().run(|| {
        Box::new(|entry| {
            let entry = file(path, entry); // before it is locked: it asks the system
            let mut walked = walked.lock().unwrap_or_else(PoisonError::into_inner);
            match entry {
                Ok(input) => walked.0.extend(input),
                Err(error) => walked.1.push(error),
            }
            if walked.0.len() > room { WalkState::Quit } else { WalkState::Continue }
        })
    });
    let (found, mut failed) = walked.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(Error::path);
    (found.len() <= room).then_some((found, failed))
}

/// The first files of a folder as its names are sorted, and the first of those that are too many.
fn walk_in_order(path: &Path, room: usize) -> Walked {
    let (mut found, mut failed) = Walked::default();
    for entry in walker(path).sort_by_file_name(|a, b| a.cmp(b)).build() {
        match file(path, entry) {
            Ok(Some(Input { at: At::File(path), .. })) if found.len() >= room => {
                failed.push(Error::TooMany { path });
                break;
            }
            Ok(input) => found.extend(input),
            Err(error) => failed.push(error),
        }
    }
    (found, failed)
}

/// Hidden and ignored files are files, too.
fn walker(path: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(path);
    walker.standard_filters(false);
    walker
}

/// The entry of a folder, if it is a file.
fn file(folder: &Path, entry: Result<DirEntry, ignore::Error>) -> Result<Option<Input>, Error> {
    let entry = entry.map_err(|error| unread(folder, error))?;
    if !entry.file_type().is_some_and(|kind| kind.is_file()) {
        return Ok(None);
    }
    let length = entry.metadata().map_or(0, |metadata| metadata.len());
    Ok(Some(Input { at: At::File(entry.into_path()), named: false, length }))
}

/// Something in a folder that could not be read.
fn unread(folder: &Path, error: ignore::Error) -> Error {
    let (mut path, mut inner) = (folder.to_path_buf(), error);
    let source = loop {
        inner = match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = at;
                *err
            }
            ignore::Error::WithDepth { err, .. } => *err,
            ignore::Error::Io(source) => break source,
            other => break std::io::Error::other(other.to_string()),
        };
    };
    Error::Io { path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn all_threads_together_find_what_one_finds() {
        let folder = std::env::temp_dir().join(format!("apiblame-find-{}", std::process::id()));
        for inner in ["a", "b/.hidden", "b/c", "empty"] {
            fs::create_dir_all(folder.join(inner)).unwrap();
        }
        for file in ["z", "a/1", "a/2", "b/.hidden/3", "b/c/4", ".gitignore"] {
            fs::write(folder.join(file), "*\n").unwrap();
        }
        let (in_order, failed) = walk_in_order(&folder, 6);
        assert!(failed.is_empty() && in_order.iter().all(|input| input.length == 2));
        let (mut found, failed) = walk(&folder, 6, 3).unwrap();
        found.sort_by(|a, b| a.at.cmp(&b.at));
        assert!(failed.is_empty());
        assert_eq!((found.len(), &found), (6, &in_order));
        assert!(walk(&folder, 5, 3).is_none());
        let (few, errors) = find(std::slice::from_ref(&folder), 2, 3);
        assert_eq!(few, in_order[..2]);
        assert!(matches!(&errors[..], [Error::TooMany { path }] if path.ends_with("a/2")), "{errors:?}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
