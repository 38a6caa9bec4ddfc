//! An APIService, or a group: who serves it, whether it can be blamed at all, and what is known to
//! break it.

use std::collections::BTreeSet;

use super::{Page, known, near};
use crate::incident::{Standing, standing};
use crate::k8s::{GroupVersion, is_group};
use crate::knowledge::known as incidents;
use crate::knowledge::local_groups::{ALWAYS_LOCAL_RESOURCES, BUILT_IN, CRD_GROUPS};
use crate::knowledge::owners::{self as table, Evidence, FAMILIES, Owner};
use crate::knowledge::removed::REMOVED;

/// What was asked for.
struct Asked {
    group: String,
    /// `None` for all of the group's versions.
    version: Option<String>,
}

/// The page of `version.group`, `group/version`, `group.version`, `*.group` or a group.
pub(super) fn explain(word: &str) -> Option<String> {
    let asked = parse(word)?;
    let standing = standing(&asked.group);
    let known_versions = versions(&asked.group);
    // A single label that no table has is a word, not a group.
    if standing == Standing::Unknown && asked.version.is_none() && !asked.group.contains('.') {
        return None;
    }
    let mut out =
        Page::new(word, if asked.version.is_some() { "an APIService" } else { "the APIServices of a group" });
    out.line("name", &format!("{}.{}", asked.version.as_deref().unwrap_or("*"), asked.group));
    out.line("served", &served(&asked.group, standing));
    if !known_versions.is_empty() {
        out.line("versions", &format!("{} (by the table of owners)", known_versions.join(", ")));
    }
    if let Some((_, version)) = FAMILIES.iter().find(|(prefix, _)| asked.group.starts_with(prefix)) {
        out.line(
            "family",
            &format!("groups of this kind are served in {version}, which their library fixes"),
        );
    }
    for (resource, _) in ALWAYS_LOCAL_RESOURCES.iter().filter(|(_, group)| *group == asked.group) {
        out.line("except", &format!("{resource}: kube-apiserver answers them itself, their 503 is its own"));
    }
    owners(&mut out, &asked);
    removed(&mut out, &asked);
    for row in incidents::all().filter(|row| row.apiservices.iter().any(|name| asked.means(name))) {
        out.part(&format!("known incident {}", row.id));
        known(&mut out, row);
    }
    if standing == Standing::Unknown {
        strange(&mut out, &asked.group);
    }
    Some(out.finish())
}

fn parse(word: &str) -> Option<Asked> {
    let all = |group: &str| is_group(group).then(|| Asked { group: group.into(), version: None });
    if let Some(group) = word.strip_prefix("*.") {
        return all(group);
    }
    GroupVersion::parse_apiservice(word)
        .or_else(|| GroupVersion::parse(word))
        .or_else(|| GroupVersion::parse_reversed(word))
        .map(|gv| Asked { group: gv.group, version: Some(gv.version) })
        .or_else(|| all(word))
}

impl Asked {
    /// Whether the name of an APIService is asked for.
    fn means(&self, name: &str) -> bool {
        let (version, group) = name.split_once('.').unwrap_or((name, ""));
        group == self.group && self.version.as_deref().is_none_or(|asked| asked == version)
    }
}

/// Versions of the group in the table of owners.
fn versions(group: &str) -> Vec<&'static str> {
    let names = table::all().flat_map(|row| row.apiservices).filter_map(|name| name.split_once('.'));
    let versions: BTreeSet<&str> = names.filter(|(_, of)| *of == group).map(|(version, _)| version).collect();
    versions.into_iter().collect()
}

fn served(group: &str, standing: Standing) -> String {
    match standing {
        Standing::Local if BUILT_IN.contains(&group) => {
            "Local: built into kube-apiserver (staging/src/k8s.io/api), so it is never blamed".into()
        }
        Standing::Local => {
            let row =
                CRD_GROUPS.iter().find(|row| group == **row || row.starts_with('.') && group.ends_with(*row));
            let row = row.copied().unwrap_or(group);
            format!("Local: CustomResourceDefinitions (row {row} of the Local groups), so it is never blamed")
        }
        Standing::Aggregated => {
            "aggregated: a Service answers for it (table of owners), so it can be blamed".into()
        }
        Standing::Unknown => "unknown: no table has this group".into(),
    }
}

fn owners(out: &mut Page, asked: &Asked) {
    let of_group = |row: &&Owner| {
        row.apiservices.iter().any(|name| name.split_once('.').is_some_and(|(_, group)| group == asked.group))
    };
    let rows: Vec<&Owner> = table::all().filter(of_group).collect();
    for (index, row) in rows.iter().enumerate() {
        out.part(&match rows.len() {
            1 => "owner".into(),
            n => format!("owner {} of {n} that are known; an archive or the log says which it is", index + 1),
        });
        out.line("name", row.name);
        out.line("backend", &format!("Service {}", row.service));
        if !row.package.is_empty() {
            out.line("package", &format!("{} (OLM)", row.package));
        }
        out.line("serves", &row.apiservices.join(", "));
        if asked.version.is_some() && !row.apiservices.iter().any(|name| asked.means(name)) {
            out.line("but", "not in this version, as far as the table knows");
        }
        let how = match row.evidence {
            Evidence::Source => "read in its manifest or source",
            Evidence::Thread => "seen in a thread or repository",
            Evidence::Known => "not verified",
            Evidence::Own => "your own",
        };
        out.line("known from", &format!("{} ({how})", row.source));
    }
}

fn removed(out: &mut Page, asked: &Asked) {
    let rows = REMOVED.iter().filter_map(|row| Some((row, row.group_version.split_once('/')?)));
    for (row, (_, version)) in rows
        .filter(|(_, (group, _))| *group == asked.group)
        .filter(|(_, (_, version))| asked.version.as_deref().is_none_or(|asked| asked == *version))
    {
        let what = if row.resources.is_empty() { "all of it".into() } else { row.resources.join(", ") };
        out.line(
            "removed",
            &format!(
                "{version} in Kubernetes {} and OpenShift {}: {what} (Kubernetes deprecation guide); clients that ask \
                 for it get 404, api-not-served",
                row.kubernetes, row.openshift
            ),
        );
    }
}

/// A group that no table has.
fn strange(out: &mut Page, group: &str) {
    out.line(
        "judged",
        "a 503 in its name blames its APIService, but as likely, not as certain: CRDs hardly ever",
    );
    out.more("answer 503. The objects of an archive, or a line of the server side, make it certain.");
    let groups =
        table::all().flat_map(|row| row.apiservices).filter_map(|name| Some(name.split_once('.')?.1));
    let near = near::nearest(group, groups.collect::<BTreeSet<_>>());
    if !near.is_empty() {
        out.line("near to it", &near.join(", "));
    }
}
