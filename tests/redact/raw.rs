//! The hosts, addresses, users and namespaces of a raw input.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r#"[a-z]+://(?:[^\s/@"'<>]*@)?([A-Za-z0-9][A-Za-z0-9._-]*)"#,
        r"\b((?:[a-z0-9-]+\.)+svc(?:\.cluster\.local)?)\b",
        r"lookup ([A-Za-z0-9.-]+)[: ]",
        r#"[nN]ode(?:s/| \\*"|Name\\*":\s*\\*"|=")([a-z0-9][a-z0-9.-]*)"#,
        r#"[uU]ser \\*"([^"\\]+)\\*""#,
        r"(system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]*[a-z0-9])",
        r#"username\\*":\s*\\*"([^"\\]+)"#,
        r"\bnamespaces/([a-z0-9][a-z0-9-]*)",
        r"\bns/([a-z0-9][a-z0-9-]*)",
        r#"namespace\\*"?(?:=|:\s*)\\*["']([a-z0-9][a-z0-9-]*)"#,
        r#"in the namespace \\*"([a-z0-9][a-z0-9-]*)"#,
        r"system:serviceaccount:([a-z0-9-]+):",
        r"([A-Za-z0-9.]+@[a-z0-9-]+\.[a-z]+)",
    ]
    .into_iter()
    .map(|pattern| Regex::new(pattern).expect(pattern))
    .collect()
});

/// What these patterns take for names, and what is none: sites that programs carry in themselves (import
/// paths, links to documentation), resources and subresources behind `nodes/`, words of messages.
const NO_NAMES: &[&str] = &[
    "github.com",
    "kubernetes.io",
    "status",
    "nodes",
    "resource",
    "host",
    "true",
    "false",
    "node",
    "k8s",
    "oauth-openshift",
];

/// All of them.
pub(crate) fn names(path: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("it is a folder").flatten() {
            names.extend(self::names(&entry.path()));
        }
        return names;
    }
    let name = path.display().to_string();
    let file = BufReader::new(File::open(path).expect("it is there"));
    match name.rsplit_once(".tar") {
        Some((_, ".gz")) => archive(flate2::read::GzDecoder::new(file), &mut names),
        Some((_, ".xz")) => archive(liblzma::read::XzDecoder::new(file), &mut names),
        _ => {
            let mut head = fs::read(path).expect("it can be read");
            if head.starts_with(b"\x1f\x8b") {
                let mut text = Vec::new();
                flate2::read::MultiGzDecoder::new(&head[..]).read_to_end(&mut text).expect("it is gzip");
                head = text;
            }
            find(&String::from_utf8_lossy(&head), &mut names);
        }
    }
    names
}

fn archive(reader: impl Read, names: &mut BTreeSet<String>) {
    let mut archive = tar::Archive::new(reader);
    for mut entry in archive.entries().expect("it is a tarball").flatten() {
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        find(&path, names);
        if !path.ends_with(".log") {
            continue; // an object's names reach a report by its logs, or by the pipeline, which knows them
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("it can be read");
        find(&String::from_utf8_lossy(&bytes), names);
    }
}

fn find(text: &str, names: &mut BTreeSet<String>) {
    for pattern in PATTERNS.iter() {
        for found in pattern.captures_iter(text) {
            names.insert(found[1].trim_end_matches(['.', '-', '_']).to_owned());
        }
    }
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || ".:".contains(c))) {
        let word = word.trim_matches(['.']);
        if word.parse::<Ipv4Addr>().is_ok() || word.len() > 3 && word.parse::<Ipv6Addr>().is_ok() {
            names.insert(word.to_owned());
        }
    }
    names.retain(|name| name.len() > 1 && !NO_NAMES.contains(&name.as_str()));
}
