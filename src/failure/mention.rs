//! APIServices that a text names without saying that they fail: the command before its output, the
//! object whose condition follows, a title.
//!
//! People paste `$ kubectl get --raw /apis/metrics.k8s.io/v1beta1` with the error under it, and an object
//! whose name stands ten lines above its condition. What is read here is a [`Told::Marker`]: it blames
//! nobody, and only gives a name to failures of the same source that have none (`incident::build`).

use std::collections::BTreeSet;

use super::atoms::Atom;
use super::read::Reader;
use super::{Subject, Told};
use crate::k8s::{ApiPath, GroupVersion};
use crate::knowledge::signatures::ErrorKind;

/// Reads the names on the line; none of them is a failure.
pub(super) fn mention(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let start = text[..atom.start].rfind('\n').map_or(0, |nl| nl + 1);
    let line = &text[start..reader.line_end(atom.end)];
    reader.at += 1;
    let Some(gv) = only(line) else { return };
    let mut failure = reader.blank(atom.row, ErrorKind::CheckFailed);
    failure.subject = Subject::ApiService(gv);
    failure.status = None;
    failure.told = Told::Marker;
    reader.push(failure);
}

/// The only APIService that a line names: a table or a list names many, and none of them in particular.
pub(super) fn only(line: &str) -> Option<GroupVersion> {
    let names: BTreeSet<GroupVersion> = words(line).filter_map(named).collect();
    names.first().filter(|_| names.len() == 1).cloned()
}

/// The words of a line, without the quotes and brackets that prose and commands put around them.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | ',' | ';' | '*' | '|')
    })
}

/// An APIService, or the path of an aggregated group/version.
fn named(word: &str) -> Option<GroupVersion> {
    let gv = match word.find("/apis/") {
        // `/apis/apiregistration.k8s.io/v1/apiservices/<name>` is the object, not a path of its group.
        Some(_) if word.contains("/apiservices/") => {
            GroupVersion::parse_apiservice(word.rsplit('/').next().unwrap_or(""))
        }
        Some(_) => ApiPath::parse(word).and_then(|path| path.group_version()),
        None => {
            let name = word.rsplit_once(['/', ':']).map_or(word, |(_, name)| name);
            GroupVersion::parse_apiservice(name.trim_end_matches(['.', ':', '?']))
        }
    };
    gv.filter(|gv| gv.group.contains('.'))
}
