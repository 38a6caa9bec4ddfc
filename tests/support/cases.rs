//! The cases below `fixtures/`: a folder with an `input.log` is one.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of `fixtures/<kind>/`.
pub(crate) struct Case {
    /// `<kind>/<folder>`, as test failures name it.
    pub(crate) name: String,
    /// The log.
    pub(crate) input: PathBuf,
}

/// The folder `fixtures` of this repository.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The cases of these kinds, sorted by name. A kind without a case is a mistake of the test.
pub(crate) fn cases(kinds: &[&str]) -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in kinds {
        let before = cases.len();
        for entry in fs::read_dir(fixtures().join(kind)).expect("the kind is a folder").flatten() {
            let input = entry.path().join("input.log");
            if input.is_file() {
                let name = format!("{kind}/{}", entry.file_name().to_string_lossy());
                cases.push(Case { name, input });
            }
        }
        assert!(cases.len() > before, "fixtures/{kind} holds no case");
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}
