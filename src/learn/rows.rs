//! The file as it is written, and the rows that are made of it.

use serde::Deserialize;
use toml::Spanned;

use super::{Fault, check, fault};
use crate::knowledge::known::{Known, KnownStep, Range, When};
use crate::knowledge::own::Own;
use crate::knowledge::owners::{Evidence, Owner};
use crate::knowledge::signatures::{Client, ErrorKind, Shape, Signature};

/// A file of one's own knowledge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    signature: Vec<SignatureRow>,
    #[serde(default)]
    owner: Vec<OwnerRow>,
    #[serde(default)]
    incident: Vec<IncidentRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureRow {
    id: Spanned<String>,
    phrase: Spanned<String>,
    anchor: Option<Spanned<String>>,
    pattern: Option<Spanned<String>>,
    error: Spanned<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnerRow {
    apiservices: Vec<Spanned<String>>,
    service: Spanned<String>,
    name: String,
    #[serde(default)]
    package: String,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IncidentRow {
    id: Spanned<String>,
    apiservices: Vec<Spanned<String>>,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    services: Vec<Spanned<String>>,
    openshift: Option<[Spanned<String>; 2]>,
    kubernetes: Option<[Spanned<String>; 2]>,
    operator: Option<[Spanned<String>; 2]>,
    story: String,
    source: Option<String>,
    steps: Vec<StepRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRow {
    step: String,
    why: String,
    #[serde(default)]
    command: String,
    #[serde(default)]
    lasting: bool,
}

/// Makes rows of a file, one after the other, so that each is held against those before it.
pub(super) fn add(own: &mut Own, name: &str, file: File) -> Result<(), Fault> {
    for row in file.signature {
        signature(own, name, row)?;
    }
    for row in file.owner {
        check::service(&row.service)?;
        own.owners.push(Owner {
            apiservices: apiservices(row.apiservices)?,
            service: kept(row.service.into_inner()),
            package: kept(row.package),
            name: kept(row.name),
            source: known_from(row.source, name),
            evidence: Evidence::Own,
        });
    }
    for row in file.incident {
        let row = incident(own, name, row)?;
        own.known.push(row);
    }
    Ok(())
}

fn signature(own: &mut Own, name: &str, row: SignatureRow) -> Result<(), Fault> {
    check::signature_id(own, &row.id)?;
    check::phrase(own, &row.phrase)?;
    let kind = match row.error.get_ref().as_str() {
        "quiet" => None,
        word => Some(error_kind(word).ok_or_else(|| fault(&row.error, no_error(word)))?),
    };
    let shape = match (kind, &row.pattern) {
        (None, Some(pattern)) => return Err(fault(pattern, "a quiet wording needs no pattern")),
        (None, None) => Shape::Quiet,
        (Some(kind), None) => Shape::Error(kind),
        (Some(kind), Some(pattern)) => {
            own.patterns.push(check::pattern(pattern)?);
            Shape::Pattern(kind, own.patterns.len() - 1)
        }
    };
    let anchor = match row.anchor {
        Some(anchor) => check::anchor(&anchor, row.phrase.get_ref())?,
        None => check::longest_anchor(&row.phrase)?,
    };
    own.signatures.push(Signature {
        id: kept(row.id.into_inner()),
        phrase: kept(row.phrase.into_inner()),
        anchor: kept(anchor),
        shape,
        client: Client::Unknown,
        evidence: known_from(row.source, name),
    });
    Ok(())
}

fn error_kind(word: &str) -> Option<ErrorKind> {
    ErrorKind::ALL.iter().copied().find(|kind| kind.as_str() == word)
}

fn no_error(word: &str) -> String {
    let words: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    format!("there is no error {word:?}; it is one of {}, quiet", words.join(", "))
}

fn incident(own: &Own, name: &str, row: IncidentRow) -> Result<Known, Fault> {
    check::incident_id(own, &row.id)?;
    if row.steps.is_empty() {
        return Err(fault(&row.id, "a known incident needs a step"));
    }
    row.services.iter().try_for_each(check::service)?;
    let step = |step: StepRow| KnownStep {
        step: kept(step.step),
        why: kept(step.why),
        command: kept(step.command),
        lasting: step.lasting,
    };
    Ok(Known {
        id: kept(row.id.into_inner()),
        apiservices: apiservices(row.apiservices)?,
        when: When {
            reasons: kept_all(row.reasons),
            services: kept_all(row.services.into_iter().map(Spanned::into_inner)),
            openshift: range(row.openshift)?,
            kubernetes: range(row.kubernetes)?,
            operator: range(row.operator)?,
        },
        story: kept(row.story),
        sources: known_from(row.source, name),
        steps: row.steps.into_iter().map(step).collect::<Vec<_>>().leak(),
    })
}

fn apiservices(names: Vec<Spanned<String>>) -> Result<&'static [&'static str], Fault> {
    names.iter().try_for_each(check::apiservice)?;
    Ok(kept_all(names.into_iter().map(Spanned::into_inner)))
}

fn range(versions: Option<[Spanned<String>; 2]>) -> Result<Range, Fault> {
    let Some(versions) = versions else { return Ok(("", "")) };
    versions.iter().try_for_each(check::version)?;
    let [from, before] = versions.map(|version| kept(version.into_inner()));
    Ok((from, before))
}

fn known_from(source: Option<String>, file: &str) -> &'static str {
    kept(source.map_or_else(|| file.to_owned(), |source| format!("{source} ({file})")))
}

/// Rows live as long as the program, as those of its own tables do.
fn kept(text: String) -> &'static str {
    text.leak()
}

fn kept_all(texts: impl IntoIterator<Item = String>) -> &'static [&'static str] {
    texts.into_iter().map(kept).collect::<Vec<_>>().leak()
}
