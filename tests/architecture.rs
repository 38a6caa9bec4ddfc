//! The shape of the program, held to ARCHITECTURE.md.
//!
//! The table there says which top-level module may import which; here the sources are read and every
//! `crate::module` outside of comments, strings and unit tests is looked up in it. The rest are the
//! invariants that are absences: no cycle, no outside world in the core, no file that nobody can read
//! in one sitting.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// No file is longer, but for those that ARCHITECTURE.md lists.
const LONGEST: usize = 400;

/// What only the edge may name, and which modules are the edge.
const OUTSIDE: &[(&str, &[&str])] = &[
    (r"\bstd::fs\b", &["source", "pipeline", "cli"]),
    (r"\bstdin\(", &["source", "cli"]),
    (r"\b(stdout|stderr)\(", &["cli"]),
    (r"\bstd::env\b", &["cli"]),
    (r"\b(SystemTime|Instant::now)\b", &["cli"]),
    (r"\bstd::(net|process)\b", &["cli"]),
    (r"\bstd::\{", &[]),
];

/// Module, and the modules that it may import.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn architecture() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md can be read")
}

/// Cells of the table that begins with this header, row by row.
fn table(header: &str) -> Vec<Vec<String>> {
    let text = architecture();
    let lines = text.lines().skip_while(|line| *line != header).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().into()).collect();
    let rows: Vec<_> = rows.map(cells).collect();
    assert!(!rows.is_empty(), "ARCHITECTURE.md has no table `{header}`");
    rows
}

/// Names in backquotes.
fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(Into::into).collect()
}

fn allowed() -> Graph {
    let rows = table("| module | may import |").into_iter();
    rows.map(|row| (names(&row[0]).pop_first().expect("a row names a module"), names(&row[1]))).collect()
}

/// A file below `src`, with the top-level module that it belongs to.
struct Source {
    name: String,
    module: String,
    text: String,
}

impl Source {
    /// What is compiled into the program: no comments, no string literals, no unit tests.
    fn code(&self) -> String {
        let program = self.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let noise = Regex::new(r#"(?m)//.*$|b?"(?:\\.|[^"\\\n])*""#).expect("the pattern is sound");
        noise.replace_all(program, "").into_owned()
    }
}

/// Every file of the library but its root.
fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    files.sort();
    let sources = files.into_iter().map(|path| {
        let inner = path.strip_prefix(root().join("src")).expect("it is below src");
        let module = inner.components().next().expect("it has a name").as_os_str();
        let module = Path::new(module).with_extension("").display().to_string();
        let name = format!("src/{}", inner.display()).replace('\\', "/");
        Source { name, module, text: fs::read_to_string(&path).expect("a source can be read") }
    });
    sources.filter(|source| !["lib", "main"].contains(&source.module.as_str())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// What the sources import, with the file of each import.
fn imported(sources: &[Source]) -> Vec<(&Source, String)> {
    let path = Regex::new(r"\bcrate::(\w+|\{)").expect("the pattern is sound");
    let mut imports = Vec::new();
    for source in sources {
        for found in path.captures_iter(&source.code()) {
            assert_ne!(&found[1], "{", "{}: write one `use crate::module` a module", source.name);
            if found[1] != source.module {
                imports.push((source, found[1].to_string()));
            }
        }
    }
    imports
}

#[test]
fn imports_are_those_of_the_table() {
    let (allowed, sources) = (allowed(), sources());
    let modules: BTreeSet<&str> = sources.iter().map(|source| source.module.as_str()).collect();
    let listed: BTreeSet<&str> = allowed.keys().map(String::as_str).collect();
    assert_eq!(modules, listed, "the modules of src (left) and those of the table (right) differ");
    let imports = imported(&sources);
    assert!(imports.len() > 20, "hardly an import was found: is the reading of the sources broken?");
    let wrong: Vec<String> = imports
        .iter()
        .filter(|(source, import)| !allowed[&source.module].contains(import))
        .map(|(source, import)| format!("{} imports `{import}`, `{}` may not", source.name, source.module))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_allows_nothing_that_is_not_used() {
    let mut unused = allowed();
    for (source, import) in imported(&sources()) {
        unused.get_mut(&source.module).expect("the module is listed").remove(&import);
    }
    unused.retain(|_, imports| !imports.is_empty());
    assert!(unused.is_empty(), "take these imports out of ARCHITECTURE.md: {unused:?}");
}

#[test]
fn there_is_no_cycle() {
    let mut left = allowed();
    while !left.is_empty() {
        let before = left.len();
        let rest: BTreeSet<String> = left.keys().cloned().collect();
        left.retain(|_, imports| imports.iter().any(|import| rest.contains(import)));
        assert!(left.len() < before, "these modules import each other: {:?}", left.keys());
    }
}

#[test]
fn no_module_climbs_out_of_itself() {
    let climb = Regex::new(r"\b(?:super::)+").expect("the pattern is sound");
    for source in sources() {
        let depth = source.name.trim_end_matches("/mod.rs").matches('/').count();
        for found in climb.find_iter(&source.code()) {
            let up = found.as_str().matches("super").count();
            assert!(up < depth, "{}: `{}` leaves the module, write `crate::`", source.name, found.as_str());
        }
    }
}

#[test]
fn only_the_edge_touches_the_outside_world() {
    let mut met = 0;
    for (pattern, edge) in OUTSIDE {
        let pattern = Regex::new(pattern).expect("the pattern is sound");
        for source in sources() {
            let Some(found) = pattern.find(&source.code()).map(|found| found.as_str().to_owned()) else {
                continue;
            };
            met += 1;
            assert!(edge.contains(&source.module.as_str()), "{} names `{found}`: {edge:?} may", source.name);
        }
    }
    assert!(met >= 4, "the edge itself was not recognised: are the patterns broken?");
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for source in sources() {
        assert!(source.text.starts_with("//! "), "{} does not open with `//!`", source.name);
    }
}

#[test]
fn files_can_be_read_in_one_sitting() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines, {LONGEST} are the limit", source.name);
    }
}

#[test]
fn architecture_stays_short() {
    assert!(architecture().lines().count() <= 150, "ARCHITECTURE.md has more than 150 lines");
}
