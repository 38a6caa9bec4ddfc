//! The tools of the comparison, as rows: what each is called with for which container.
//!
//! Every command line runs in `sh`, apiblame's too, so that all pay for the same shell (about a millisecond),
//! and a pipeline is one tool. `$1` is the corpus, `$2` the file of phrases, `$3` apiblame, `$4` this program. Output goes
//! through a pipe or is counted: grep stops at the first hit when it sees that nobody reads on.

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::corpora::{Container, Made};
use crate::generator::Corpus;
use crate::options::Options;

/// Phrases of failing requests, for the tools that search. About as many as a person would think of.
const ANCHORS: [&str; 10] = [
    "the server is currently unable to handle the request",
    "couldn't get resource list for",
    "unable to retrieve the complete list of server APIs",
    "stale GroupVersion discovery",
    "failing or missing response from",
    "failed with: no response from",
    "Request attempt #",
    "error trying to reach service",
    "\"code\":503",
    "resp=503",
];

/// A command line to time.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) script: &'static str,
    /// Programs that must be installed.
    needs: &'static [&'static str],
    /// `$1` to `$4` of the script.
    pub(crate) args: [PathBuf; 4],
    /// How often the corpus goes through it.
    pub(crate) rounds: u32,
}

impl Tool {
    /// The first program that is not installed.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        self.needs.iter().copied().find(|program| !installed(program))
    }
}

type Row = (&'static str, &'static str, &'static [&'static str]);

const APIBLAME: [Row; 2] = [
    ("apiblame -o json", r#""$3" -o json "$1""#, &[]),
    ("apiblame --threads 1", r#""$3" --threads 1 -o json "$1""#, &[]),
];

const FILE: &[Row] = &[
    ("wc -l", r#"wc -l "$1""#, &["wc"]),
    ("rg -c -a -F -f anchors", r#"rg -c -a -F -f "$2" "$1""#, &["rg"]),
    ("grep -c -a -F -f anchors", r#"LC_ALL=C grep -c -a -F -f "$2" "$1""#, &["grep"]),
    (
        "agrind, one phrase",
        r#"agrind -f "$1" '"currently unable to handle the request" | count'"#,
        &["agrind"],
    ),
];

const AUDIT: &[Row] = &[
    (
        "jq, code 503",
        r#"jq -c 'select(.responseStatus.code == 503) | .requestURI' "$1" | wc -l"#,
        &["jq", "wc"],
    ),
    (
        "agrind, code 503",
        r#"agrind -f "$1" '* | json | where responseStatus.code == 503 | count'"#,
        &["agrind"],
    ),
];

const GZIP: &[Row] = &[
    ("igzip -dc", r#"igzip -dc "$1" > /dev/null"#, &["igzip"]),
    // What apiblame decompresses with: nothing that is built on it takes less.
    ("zlib-rs, to nothing", r#""$4" --inflate "$1""#, &[]),
    ("gzip -dc | wc -l", r#"gzip -dc "$1" | wc -l"#, &["gzip", "wc"]),
    ("gzip -dc | rg -c", r#"gzip -dc "$1" | rg -c -a -F -f "$2" -"#, &["gzip", "rg"]),
    ("gzip -dc | grep -c", r#"gzip -dc "$1" | LC_ALL=C grep -c -a -F -f "$2""#, &["gzip", "grep"]),
];

/// The corpus through a pipe, once and many times over.
const PIPE: &[(Row, u32)] = &[
    (("cat | wc -l", r#"cat "$1" | wc -l"#, &["cat", "wc"]), 1),
    (("apiblame, once", r#"cat "$1" | "$3" -o json -"#, &["cat"]), 1),
    (
        (
            "apiblame, 10 times",
            r#"for i in 0 1 2 3 4 5 6 7 8 9; do cat "$1"; done | "$3" -o json -"#,
            &["cat"],
        ),
        10,
    ),
    (
        (
            "apiblame, 100 times",
            r#"for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6 7 8 9; do cat "$1"; done; done | "$3" -o json -"#,
            &["cat"],
        ),
        100,
    ),
];

const DIRECTORY: &[Row] = &[
    ("rg -c -a -F -f anchors", r#"rg -c -a -F -uu -f "$2" "$1" | wc -l"#, &["rg", "wc"]),
    ("find, cat | wc -l", r#"find "$1" -type f -exec cat {} + | wc -l"#, &["find", "cat", "wc"]),
    ("grep -rc -a -F -f anchors", r#"LC_ALL=C grep -rc -a -F -f "$2" "$1" | wc -l"#, &["grep", "wc"]),
];

/// The tools for a corpus; the first is the unit of the ratios. Writes the file of phrases if there is none.
pub(crate) fn for_corpus(made: &Made, options: &Options) -> io::Result<Vec<Tool>> {
    let anchors = match &options.anchors {
        Some(anchors) => anchors.clone(),
        None => {
            let anchors = options.dir.join("anchors");
            fs::write(&anchors, ANCHORS.join("\n") + "\n")?;
            anchors
        }
    };
    let others = match made.container {
        Container::File => FILE,
        Container::Gzip | Container::TarGzip => GZIP,
        Container::Directory => DIRECTORY,
        Container::Pipe => &[],
    };
    let own = env::current_exe()?;
    let args = || [made.path.clone(), anchors.clone(), options.binary.clone(), own.clone()];
    let audit = if made.corpus == Corpus::Audit { AUDIT } else { &[] };
    let tool = |&(name, script, needs): &Row| Tool { name, script, needs, args: args(), rounds: 1 };
    if made.container == Container::Pipe {
        return Ok(PIPE.iter().map(|(row, rounds)| Tool { rounds: *rounds, ..tool(row) }).collect());
    }
    Ok(others.iter().chain(audit).chain(&APIBLAME).map(tool).collect())
}

/// Whether a program of that name is in `PATH`.
pub(crate) fn installed(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}
