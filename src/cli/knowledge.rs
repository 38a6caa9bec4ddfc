//! `--knowledge`, and the folder of settings: which files are read for knowledge of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use crate::knowledge::own::Own;
use crate::learn;
use crate::report::safe::field;

/// Reads the files of the folder of settings, by name, and those that were named.
///
/// # Errors
/// Which file cannot be read, or what is wrong in it and in which line.
pub(super) fn load(named: &[PathBuf]) -> Result<(), String> {
    let files: Vec<PathBuf> = settings().into_iter().chain(named.iter().cloned()).collect();
    if files.is_empty() {
        return Ok(());
    }
    let mut own = Own::default();
    for path in files {
        let name = field(&path.display().to_string());
        let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        learn::add(&mut own, &name, &text)
            .map_err(|wrong| format!("{name}:{}: {}", wrong.line, field(&wrong.what)))?;
    }
    learn::use_everywhere(own).map_err(|_| "knowledge was read twice".to_owned())
}

/// `apiblame/*.toml` below `XDG_CONFIG_HOME`, or `~/.config`.
fn settings() -> Vec<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let home = || set("HOME").map(|home| Path::new(&home).join(".config"));
    let folder = set("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute()).or_else(home);
    let Some(entries) = folder.and_then(|folder| fs::read_dir(folder.join("apiblame")).ok()) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}
