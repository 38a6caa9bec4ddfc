//! A wording of one's own with a pattern: its named groups say what the request was about.

use super::atoms::Atom;
use super::read::Reader;
use super::{Attempt, Phase, Subject};
use crate::k8s::{ApiPath, GroupVersion, Verb};
use crate::knowledge::own::own;
use crate::knowledge::signatures::ErrorKind;

/// Reads the line that holds the phrase. If the pattern does not fit, the line tells nothing: whoever wrote
/// it has said what it must look like.
pub(super) fn read(reader: &mut Reader<'_>, atom: Atom, kind: ErrorKind, index: usize) {
    let text = reader.text;
    let start = text[..atom.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = reader.line_end(atom.end);
    reader.skip_to(end);
    reader.from = end;
    let Some(found) = own().patterns.get(index).and_then(|pattern| pattern.captures(&text[start..end]))
    else {
        return;
    };
    let get = |name: &str| found.name(name).map(|found| found.as_str()).filter(|text| !text.is_empty());
    let mut failure = reader.blank(atom.row, kind);
    let path = get("path").and_then(ApiPath::parse);
    let gv = get("apiservice").and_then(GroupVersion::parse_apiservice).or_else(|| {
        let (group, version) = (get("group")?, get("version")?);
        GroupVersion::parse(&format!("{group}/{version}"))
    });
    failure.subject = match (gv, get("host")) {
        (_, Some(host)) if kind.is_transport() => Subject::Host(host.to_owned()),
        (Some(gv), _) => Subject::GroupVersion(gv),
        (None, _) => match (get("group"), get("resource"), path.as_ref().and_then(ApiPath::group_version)) {
            (Some(group), Some(resource), _) => {
                Subject::Resource { group: group.to_owned(), resource: resource.to_owned(), version: None }
            }
            (Some(group), None, _) => Subject::Group(group.to_owned()),
            (None, _, Some(gv)) => Subject::GroupVersion(gv),
            (None, ..) => Subject::Nothing,
        },
    };
    failure.verb = get("verb").and_then(Verb::parse);
    failure.path = path.map(|path| path.path);
    failure.status = get("status").and_then(|status| status.parse().ok()).or(failure.status);
    failure.attempt = get("attempt").and_then(|n| n.parse().ok()).map(|n| {
        let max = get("attempts").and_then(|max| max.parse().ok());
        let phase = if max == Some(n) { Phase::Escalating } else { Phase::WillRetry };
        Attempt { n, max, phase, delay: None }
    });
    reader.push(failure);
}
