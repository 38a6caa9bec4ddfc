//! Which files are meant by the arguments.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::Error;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file, under the name that reports give it.
    File(PathBuf),
}

impl Input {
    /// The name in reports.
    pub fn name(&self) -> String {
        match self {
            Input::Stdin => "-".into(),
            Input::File(path) => path.display().to_string(),
        }
    }
}

/// Files that hold no text, by their ending: they are left out of a folder, and counted.
const NOT_TEXT: &[&str] =
    &["png", "jpg", "jpeg", "gif", "ico", "pdf", "so", "o", "a", "exe", "bin", "db", "pyc", "woff", "woff2"];

/// Resolves the arguments, in their order; a folder gives its files, sorted by name. What cannot be
/// found is an error of its own, and the rest goes on.
pub fn find(paths: &[PathBuf]) -> (Vec<Input>, Vec<Error>) {
    let mut inputs = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::Stdin);
        } else if path.is_dir() {
            folder(path, &mut inputs, &mut errors);
        } else if let Err(source) = path.metadata() {
            errors.push(Error::Io { path: path.clone(), source });
        } else {
            inputs.push(Input::File(path.clone()));
        }
    }
    let mut seen = std::collections::HashSet::new();
    inputs.retain(|input| seen.insert(input.clone()));
    (inputs, errors)
}

fn folder(path: &Path, inputs: &mut Vec<Input>, errors: &mut Vec<Error>) {
    let before = inputs.len();
    for entry in WalkDir::new(path).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let ending = entry.path().extension().and_then(|ending| ending.to_str()).unwrap_or("");
                if !NOT_TEXT.contains(&ending) {
                    inputs.push(Input::File(entry.into_path()));
                }
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
