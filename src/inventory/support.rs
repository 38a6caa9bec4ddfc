//! The versions that an operator declares, held against the cluster's.
//!
//! Sources: `olm.maxOpenShiftVersion`, as annotation or in `olm.properties` (operator-framework/api and
//! openshift/operator-framework-olm: it blocks updates beyond it); `com.redhat.openshift.versions`, the
//! catalogs that a bundle is published to (`v4.12` from 4.12 on, `=v4.12` only that, `v4.12-v4.14` a range);
//! `spec.minKubeVersion`. An operator that declares nothing is unknown, not supported.

use serde::{Deserialize, Serialize};

use crate::evidence::openshift::Csv;
use crate::evidence::{Object, numbers};
use crate::knowledge::releases::RELEASES;

/// The versions that an operator declares; `None` for what it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// `olm.maxOpenShiftVersion`: the last minor release that it runs on.
    pub max_openshift: Option<String>,
    /// `com.redhat.openshift.versions`.
    pub openshift: Option<String>,
    /// `spec.minKubeVersion`.
    pub min_kubernetes: Option<String>,
}

/// Whether the operator supports the cluster's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// It says so.
    Supported,
    /// It says that it does not.
    Unsupported,
    /// It does not say, or the cluster's version is not known.
    Unknown,
}

impl Support {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Support::Supported => "supported",
            Support::Unsupported => "unsupported",
            Support::Unknown => "unknown",
        }
    }
}

impl Declared {
    /// What a CSV declares.
    pub fn of(csv: &Object<Csv>) -> Declared {
        let annotations = &csv.meta.annotations;
        let said = |key: &str| annotations.get(key).filter(|value| !value.trim().is_empty()).cloned();
        let properties = ["olm.properties", "operatorframework.io/properties"];
        let property = properties.iter().find_map(|key| max_of_properties(annotations.get(*key)?));
        let min = &csv.body.spec.min_kube_version;
        Declared {
            max_openshift: said("olm.maxOpenShiftVersion").or(property),
            openshift: said("com.redhat.openshift.versions"),
            min_kubernetes: (!min.is_empty()).then(|| min.clone()),
        }
    }

    /// Whether versions of OpenShift and Kubernetes are supported.
    pub fn support(&self, openshift: Option<&str>, kubernetes: Option<&str>) -> Support {
        let minor = openshift.map(minor).filter(|minor| minor.len() == 2);
        let checks = [
            minor.as_ref().zip(self.max_openshift.as_ref()).map(|(now, max)| *now <= self::minor(max)),
            minor.as_ref().zip(self.openshift.as_ref()).and_then(|(now, range)| within(now, range)),
            kubernetes.zip(self.min_kubernetes.as_ref()).map(|(now, min)| numbers(now) >= numbers(min)),
        ];
        if checks.contains(&Some(false)) {
            Support::Unsupported
        } else if checks.contains(&Some(true)) {
            Support::Supported
        } else {
            Support::Unknown
        }
    }

    /// Whether it forbids an update of OpenShift to a minor release.
    pub fn blocks(&self, next: &str) -> bool {
        self.max_openshift.as_deref().is_some_and(|max| minor(max) < minor(next))
    }
}

/// `[{"type":"olm.maxOpenShiftVersion","value":"4.14"}]`, or an object with such a list.
fn max_of_properties(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let list = value.as_array().or_else(|| value.get("properties")?.as_array())?;
    let max =
        list.iter().find(|one| one.get("type").is_some_and(|kind| kind == "olm.maxOpenShiftVersion"))?;
    match max.get("value")? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a minor release lies in `v4.12`, `=v4.12`, `v4.12-v4.14`, or a list of releases; `None` where
/// the text is none of these.
fn within(now: &[u64], range: &str) -> Option<bool> {
    let range = range.trim().trim_matches(['"', '\'']);
    if let Some(only) = range.strip_prefix('=') {
        return Some(minor(only) == now);
    }
    if let Some((from, to)) = range.split_once('-') {
        return Some(minor(from).as_slice() <= now && now <= minor(to).as_slice());
    }
    if range.contains(',') {
        let releases: Vec<Vec<u64>> = range.split(',').map(|one| minor(one.trim())).collect();
        return Some(releases.iter().any(|release| release == now));
    }
    let from = minor(range);
    (from.len() == 2).then(|| from.as_slice() <= now)
}

/// Major and minor.
pub(super) fn minor(version: &str) -> Vec<u64> {
    let mut numbers = numbers(version);
    numbers.truncate(2);
    numbers
}

/// The minor release after a version, `4.18` for `4.17.22`.
pub(super) fn next_minor(version: &str) -> Option<String> {
    match minor(version)[..] {
        [major, minor] => Some(format!("{major}.{}", minor + 1)),
        _ => None,
    }
}

/// The Kubernetes minor release that an OpenShift version is built on.
pub(super) fn kubernetes_of(openshift: &str) -> Option<&'static str> {
    let wanted = minor(openshift);
    RELEASES.iter().find(|row| minor(row.0) == wanted).map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(max: &str, openshift: &str, kubernetes: &str) -> Declared {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Declared { max_openshift: some(max), openshift: some(openshift), min_kubernetes: some(kubernetes) }
    }

    #[test]
    fn declared_versions_against_the_cluster() {
        let support = |d: Declared| d.support(Some("4.17.22"), Some("1.30.10"));
        assert_eq!(support(declared("4.16", "", "")), Support::Unsupported);
        assert_eq!(support(declared("4.17", "", "")), Support::Supported);
        assert_eq!(support(declared("", "v4.12-v4.16", "")), Support::Unsupported);
        assert_eq!(support(declared("", "v4.12", "1.20.0")), Support::Supported);
        assert_eq!(support(declared("", "=v4.17", "")), Support::Supported);
        assert_eq!(support(declared("", "v4.15,v4.16", "")), Support::Unsupported);
        assert_eq!(support(declared("", "", "1.31.0")), Support::Unsupported);
        assert_eq!(support(Declared::default()), Support::Unknown);
        assert_eq!(declared("4.17", "", "").support(None, None), Support::Unknown);
    }

    #[test]
    fn properties_and_releases() {
        let max = r#"[{"type":"olm.package","value":{}},{"type":"olm.maxOpenShiftVersion","value":"4.14"}]"#;
        assert_eq!(max_of_properties(max).as_deref(), Some("4.14"));
        assert_eq!(next_minor("4.17.22").as_deref(), Some("4.18"));
        assert_eq!(kubernetes_of("4.17.22"), Some("1.30"));
        assert!(declared("4.17", "", "").blocks("4.18") && !declared("4.18", "", "").blocks("4.18"));
    }
}
