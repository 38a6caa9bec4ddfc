//! The path of a request to a Kubernetes API server.
//!
//! Not every URL that holds `/api/v1` is one: Prometheus, Grafana and many web applications use
//! the same prefix. A path of the core group therefore counts only when its resource is one of
//! the closed list of core resources.

use super::{GroupVersion, is_group, is_version};

/// What a path asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// `/api`, `/apis`, `/version`, `/openapi/v2`, `/healthz`: the server itself.
    Root,
    /// `/apis/<group>` or `/apis/<group>/<version>`: a discovery document.
    Discovery,
    /// A resource of a group/version.
    Resource,
}

/// A path without scheme, host and query, and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiPath {
    /// The path as reports print it: no scheme, host, query or trailing slash.
    pub path: String,
    /// Discovery, resource or the server itself.
    pub kind: PathKind,
    /// The group, where the path names one; the core group is `""`.
    pub group: Option<String>,
    /// The version, where the path names one.
    pub version: Option<String>,
    /// The resource in the plural (`pods`), where the path names one.
    pub resource: Option<String>,
}

/// The resources of the core group (`/api/v1`), Kubernetes 1.0 to 1.36, and `watch`/`proxy`/`namespaces` prefixes.
const CORE_RESOURCES: &[&str] = &[
    "bindings",
    "componentstatuses",
    "configmaps",
    "endpoints",
    "events",
    "limitranges",
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "pods",
    "podtemplates",
    "proxy",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "serviceaccounts",
    "services",
    "watch",
];

/// Paths of the server itself, without what may follow them.
const ROOTS: &[&str] = &[
    "/api",
    "/apis",
    "/version",
    "/openapi/v2",
    "/openapi/v3",
    "/swagger.json",
    "/healthz",
    "/livez",
    "/readyz",
];

impl ApiPath {
    /// Reads a path or URL. A prefix before `/api` or `/apis` (a proxy such as
    /// `/k8s/clusters/c-m-abc12`) is kept in `path`. `None` if it is no path of a Kubernetes API.
    pub fn parse(url: &str) -> Option<ApiPath> {
        let path = strip_host(url);
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let path = path.trim_end_matches(['/', ':', ',', ';', '.']);
        if !path.starts_with('/') || path.bytes().any(|b| b <= b' ' || b == b'"') {
            return None;
        }
        grouped(path).or_else(|| core(path)).or_else(|| root(path))
    }

    /// The group/version, where the path names both.
    pub fn group_version(&self) -> Option<GroupVersion> {
        Some(GroupVersion { group: self.group.clone()?, version: self.version.clone()? })
    }
}

/// The part after `scheme://host`, or the text itself; a path may hold what looks like a URL.
fn strip_host(url: &str) -> &str {
    match url.find("://") {
        Some(at) if at <= 5 && !url.starts_with('/') => {
            let rest = &url[at + 3..];
            rest.find('/').map_or("", |slash| &rest[slash..])
        }
        _ => url,
    }
}

fn grouped(path: &str) -> Option<ApiPath> {
    let at = path.find("/apis/")?;
    let mut parts = path[at + 6..].split('/');
    let group = parts.next().filter(|group| is_group(group))?;
    let version = parts.next();
    if version.is_some_and(|version| !is_version(version)) {
        return None;
    }
    let rest: Vec<&str> = parts.collect();
    let resource = resource_of(&rest);
    Some(ApiPath {
        path: path.into(),
        kind: if resource.is_some() { PathKind::Resource } else { PathKind::Discovery },
        group: Some(group.into()),
        version: version.map(Into::into),
        resource,
    })
}

fn core(path: &str) -> Option<ApiPath> {
    let at =
        path.find("/api/v1").filter(|at| path[at + 7..].is_empty() || path[at + 7..].starts_with('/'))?;
    let rest: Vec<&str> = path[at + 7..].split('/').filter(|part| !part.is_empty()).collect();
    if rest.first().is_some_and(|first| !CORE_RESOURCES.contains(first)) {
        return None;
    }
    Some(ApiPath {
        path: path.into(),
        kind: if rest.is_empty() { PathKind::Discovery } else { PathKind::Resource },
        group: Some(String::new()),
        version: Some("v1".into()),
        resource: resource_of(&rest),
    })
}

fn root(path: &str) -> Option<ApiPath> {
    let is_root =
        ROOTS.iter().any(|root| path == *root || path.ends_with(root) && path.contains("/clusters/"))
            || ["/openapi/v3/", "/healthz/", "/livez/", "/readyz/", "/.well-known/"]
                .iter()
                .any(|p| path.starts_with(p));
    is_root.then(|| ApiPath {
        path: path.into(),
        kind: PathKind::Root,
        group: None,
        version: None,
        resource: None,
    })
}

/// The resource among the segments that follow the version.
fn resource_of(rest: &[&str]) -> Option<String> {
    let rest = if rest.first() == Some(&"watch") { &rest[1..] } else { rest };
    let segment = match rest {
        ["namespaces", _, resource, ..] if !matches!(*resource, "status" | "finalize") => resource,
        [resource, ..] => resource,
        [] => return None,
    };
    (!segment.is_empty()).then(|| (*segment).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_every_kind() {
        let path = ApiPath::parse("https://172.30.0.1:443/apis/metrics.k8s.io/v1beta1?timeout=32s").unwrap();
        assert_eq!((path.path.as_str(), path.kind), ("/apis/metrics.k8s.io/v1beta1", PathKind::Discovery));
        let path = ApiPath::parse("/api/v1/namespaces/a/configmaps?limit=500").unwrap();
        assert_eq!(path.resource.as_deref(), Some("configmaps"));
        let path = ApiPath::parse("http://h/k8s/clusters/c-m-abc12/apis/a.b/v1").unwrap();
        assert_eq!(path.path, "/k8s/clusters/c-m-abc12/apis/a.b/v1");
        assert_eq!(ApiPath::parse("https://h:1/api").unwrap().kind, PathKind::Root);
    }

    #[test]
    fn paths_of_other_programs() {
        for path in ["/api/v1/series", "/api/v1/users", "/apis/x", "/v2/x/manifests", "/api/v1beta3x"] {
            let parsed = ApiPath::parse(path);
            assert!(parsed.is_none() || parsed.unwrap().kind == PathKind::Discovery, "{path}");
        }
        assert_eq!(ApiPath::parse("/api/v1/query?query=up"), None);
    }
}
