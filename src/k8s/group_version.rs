//! Group and version, in the three orders that programs write them in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An API group and one of its versions. The core group is `""`.
///
/// ```
/// use apiblame::k8s::GroupVersion;
/// let gv = GroupVersion::parse("metrics.k8s.io/v1beta1").unwrap();
/// assert_eq!(gv.apiservice_name(), "v1beta1.metrics.k8s.io");
/// assert_eq!(GroupVersion::parse_apiservice("v1beta1.metrics.k8s.io").unwrap(), gv);
/// assert_eq!(GroupVersion::parse_reversed("metrics.k8s.io.v1beta1").unwrap(), gv);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroupVersion {
    /// `route.openshift.io`; the core group is empty.
    pub group: String,
    /// `v1`, `v1beta1`.
    pub version: String,
}

impl GroupVersion {
    /// `group/version`, as clients write it; a bare `v1` is the core group.
    pub fn parse(text: &str) -> Option<GroupVersion> {
        match text.split_once('/') {
            Some((group, version)) => GroupVersion::checked(group, version),
            None => is_version(text).then(|| GroupVersion { group: String::new(), version: text.into() }),
        }
    }

    /// `version.group`, the name of an APIService; the legacy core one is `v1.`.
    pub fn parse_apiservice(text: &str) -> Option<GroupVersion> {
        let (version, group) = text.split_once('.')?;
        if group.is_empty() && is_version(version) {
            return Some(GroupVersion { group: String::new(), version: version.into() });
        }
        GroupVersion::checked(group, version)
    }

    /// `group.version`, as OpenShift's library-go writes it (`"apps.openshift.io.v1" is not ready`).
    pub fn parse_reversed(text: &str) -> Option<GroupVersion> {
        let (group, version) = text.rsplit_once('.')?;
        GroupVersion::checked(group, version)
    }

    /// The name of the APIService that registers this group/version.
    pub fn apiservice_name(&self) -> String {
        format!("{}.{}", self.version, self.group)
    }

    /// The path of its discovery document.
    pub fn discovery_path(&self) -> String {
        if self.group.is_empty() {
            format!("/api/{}", self.version)
        } else {
            format!("/apis/{}/{}", self.group, self.version)
        }
    }

    fn checked(group: &str, version: &str) -> Option<GroupVersion> {
        (is_group(group) && is_version(version))
            .then(|| GroupVersion { group: group.into(), version: version.into() })
    }
}

impl fmt::Display for GroupVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() {
            f.write_str(&self.version)
        } else {
            write!(f, "{}/{}", self.group, self.version)
        }
    }
}

/// `v` and digits, then optionally `alpha` or `beta` and digits (Kubernetes' own convention; other
/// version names are legal but no aggregated API uses one).
pub fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 4 {
        return false;
    }
    let tail = &rest[digits..];
    let Some(number) = tail.strip_prefix("alpha").or_else(|| tail.strip_prefix("beta")) else {
        return tail.is_empty();
    };
    number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit())
}

/// A DNS subdomain in lower case. A single label is legal (`apps`, and aggregated ones exist), a
/// version alone is not a group.
pub fn is_group(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && !is_version(text)
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_orders() {
        let gv = GroupVersion::parse("apps.openshift.io/v1").unwrap();
        assert_eq!(GroupVersion::parse_apiservice("v1.apps.openshift.io"), Some(gv.clone()));
        assert_eq!(GroupVersion::parse_reversed("apps.openshift.io.v1"), Some(gv.clone()));
        assert_eq!(gv.discovery_path(), "/apis/apps.openshift.io/v1");
        assert_eq!(GroupVersion::parse("v1").unwrap().discovery_path(), "/api/v1");
        assert_eq!(GroupVersion::parse_apiservice("v1.").unwrap().group, "");
    }

    #[test]
    fn what_is_none_of_them() {
        for text in ["a/b", "HelmRelease/vmks", "v1/v1", "/v1", "Group/v1", "a..b/v1", "x/v1beta1x"] {
            assert_eq!(GroupVersion::parse(text), None, "{text}");
        }
        assert!(!is_version("v1.30"));
        assert!(is_version("v1alpha1"));
    }
}
