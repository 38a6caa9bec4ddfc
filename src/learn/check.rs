//! What a row must be like.

use regex::{Regex, RegexBuilder};
use toml::Spanned;

use super::{Fault, fault};
use crate::k8s::GroupVersion;
use crate::knowledge::own::Own;
use crate::knowledge::{known, objects, signatures};

/// A shorter text stands in too many lines that have nothing to do with it.
const LEAST_ANCHOR: usize = 8;
/// Bytes that a compiled pattern may take.
const PATTERN_SIZE: usize = 1 << 20;

/// Names of groups in a pattern, and what they say.
pub(crate) const GROUPS: &[&str] =
    &["apiservice", "group", "version", "resource", "path", "verb", "status", "host", "attempt", "attempts"];

/// New, and of the letters that ids are made of.
pub(super) fn signature_id(own: &Own, id: &Spanned<String>) -> Result<(), Fault> {
    let text = id.get_ref();
    word(id)?;
    let taken = own.signatures.iter().any(|row| row.id.eq_ignore_ascii_case(text))
        || signatures::all().any(|row| row.id.eq_ignore_ascii_case(text))
        || objects::ROWS.iter().any(|row| row.id.eq_ignore_ascii_case(text));
    if taken { Err(fault(id, format!("the id {text} is taken"))) } else { Ok(()) }
}

/// The same, for a known incident.
pub(super) fn incident_id(own: &Own, id: &Spanned<String>) -> Result<(), Fault> {
    let text = id.get_ref();
    word(id)?;
    let taken = own.known.iter().any(|row| row.id.eq_ignore_ascii_case(text))
        || known::all().any(|row| row.id.eq_ignore_ascii_case(text));
    if taken { Err(fault(id, format!("the id {text} is taken"))) } else { Ok(()) }
}

fn word(id: &Spanned<String>) -> Result<(), Fault> {
    let letters = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    match id.get_ref() {
        text if !text.is_empty() && text.len() <= 40 && text.chars().all(letters) => Ok(()),
        _ => Err(fault(id, "an id is made of up to 40 letters, digits, dashes, dots and underscores")),
    }
}

/// A phrase is one line, and no other row's.
pub(super) fn phrase(own: &Own, phrase: &Spanned<String>) -> Result<(), Fault> {
    let text = phrase.get_ref();
    if text.contains('\n') {
        return Err(fault(phrase, "a phrase stands on one line"));
    }
    let of_own = own.signatures.iter().find(|row| row.phrase == text);
    match of_own.or_else(|| signatures::all().find(|row| row.phrase == text)) {
        Some(row) => Err(fault(phrase, format!("{} has this phrase already", row.id))),
        None => Ok(()),
    }
}

/// What the search looks for: a part of the phrase.
pub(super) fn anchor(anchor: &Spanned<String>, phrase: &str) -> Result<String, Fault> {
    let text = anchor.get_ref();
    if !phrase.contains(text.as_str()) {
        return Err(fault(anchor, "the anchor is no part of the phrase"));
    }
    if text.len() < LEAST_ANCHOR {
        return Err(fault(anchor, format!("an anchor has {LEAST_ANCHOR} bytes or more")));
    }
    Ok(text.clone())
}

/// The longest part of a phrase that no logger writes in another way: quotes and backslashes are escaped.
pub(super) fn longest_anchor(phrase: &Spanned<String>) -> Result<String, Fault> {
    let parts = phrase.get_ref().split(['"', '\'', '\\', '\t', '<', '>', '&']);
    let longest = parts.max_by_key(|part| part.len()).unwrap_or_default();
    if longest.len() < LEAST_ANCHOR {
        let what =
            format!("{LEAST_ANCHOR} bytes of a phrase must stand together without quotes and backslashes");
        return Err(fault(phrase, what));
    }
    Ok(longest.to_owned())
}

/// A pattern whose groups have names that are known.
pub(super) fn pattern(pattern: &Spanned<String>) -> Result<Regex, Fault> {
    let built = RegexBuilder::new(pattern.get_ref()).size_limit(PATTERN_SIZE).build();
    let regex = built.map_err(|error| {
        let text = error.to_string();
        let what = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        fault(pattern, format!("the pattern is wrong: {what}"))
    })?;
    match regex.capture_names().flatten().find(|name| !GROUPS.contains(name)) {
        Some(name) => Err(fault(pattern, format!("the group {name:?} is none of {}", GROUPS.join(", ")))),
        None => Ok(regex),
    }
}

/// `version.group`.
pub(super) fn apiservice(name: &Spanned<String>) -> Result<(), Fault> {
    match GroupVersion::parse_apiservice(name.get_ref()) {
        Some(_) => Ok(()),
        None => Err(fault(name, "an APIService is called version.group, such as v1.metrics.k8s.io")),
    }
}

/// `namespace/name`.
pub(super) fn service(service: &Spanned<String>) -> Result<(), Fault> {
    match service.get_ref().split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => Ok(()),
        _ => Err(fault(service, "a Service is written namespace/name")),
    }
}

/// `4.17`, or nothing.
pub(super) fn version(version: &Spanned<String>) -> Result<(), Fault> {
    let text = version.get_ref();
    let numbers = text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if text.is_empty() || numbers {
        Ok(())
    } else {
        Err(fault(version, "a version is made of numbers, such as 4.17; \"\" means no bound"))
    }
}
