//! A folder for the files of one test, below cargo's own, emptied when the test begins.

use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder; no two tests may ask for the same name.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("cargo's folder for tests can be written");
    folder
}

/// Writes a file into a folder and names it.
pub(crate) fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("the scratch folder can be written");
    path
}
