//! Files of objects that can wait until somebody asks for what is in them.
//!
//! Most objects of an archive are asked for by nobody: a pod or a Service matters if it stands behind an
//! APIService, or if its log tells of failures, and both name the namespace. A file whose objects are all in one
//! namespace may therefore lie unparsed until everything else is known. Not if something may be wrong with it, which
//! has to be told (see `plain`).

use super::Cluster;
use super::choose::{Holds, holds};
use super::store::note_namespace;
use super::thin::plain;

/// Kinds of objects that are only ever asked for by their namespace: [`Cluster::chain`], [`Cluster::pod`], the events
/// around a backend.
const KINDS: &[&str] =
    &["Service", "Endpoints", "EndpointSlice", "Pod", "Deployment", "DaemonSet", "StatefulSet", "Event"];

/// A file that can wait.
#[derive(Debug)]
pub struct Waits<'p> {
    /// The namespace of all its objects.
    pub namespace: &'p str,
    /// Their kind.
    pub kind: &'static str,
    /// What its path alone says, if that is anything.
    pub said: Option<Box<Cluster>>,
    /// What is read of it, each line where it was.
    pub text: String,
}

/// Whether a file can wait.
pub fn waits<'p>(path: &'p str, bytes: &[u8]) -> Option<Waits<'p>> {
    let namespace = namespace(path).filter(|_| path.ends_with(".yaml"))?;
    let Some(Holds::Objects(kind)) = holds(path, bytes) else { return None };
    if !KINDS.contains(&kind) {
        return None;
    }
    let text = plain(std::str::from_utf8(bytes).ok()?, kind, namespace)?;
    let mut said = Cluster::default();
    note_namespace(&mut said, path);
    let said = (!said.is_empty()).then(|| Box::new(said));
    Some(Waits { namespace, kind, said, text })
}

/// A text that waits, with empty lines for those items of its list that nobody wants by their name. Where the items
/// are no list at the left edge, as `oc` and `kubectl` print it, all are kept.
pub fn only(text: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next_item(rest) {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = item.match_indices('\n').map(|(at, _)| at + 1).find(|end| !goes_on(&item[*end..]));
        let (item, behind) = item.split_at(end.unwrap_or(item.len()));
        if name(item).is_none_or(&is_wanted) {
            kept.push_str(item);
        } else {
            kept.extend(item.matches('\n'));
        }
        rest = behind;
    }
    kept + rest
}

/// Where the next line begins that is the first of an item.
fn next_item(text: &str) -> Option<usize> {
    if text.starts_with("- ") { Some(0) } else { text.find("\n- ").map(|at| at + 1) }
}

/// Whether a line belongs to the item above it; a comment may stand anywhere.
fn goes_on(text: &str) -> bool {
    text.starts_with([' ', '\n', '\r', '#'])
}

/// The name in an item's metadata.
fn name(item: &str) -> Option<&str> {
    let mut lines = item.lines().skip_while(|line| line.get(2..) != Some("metadata:"));
    lines.next()?;
    let mut below = lines.take_while(|line| line.is_empty() || line.starts_with("    "));
    below.find_map(|line| line.strip_prefix("    name: ")).map(|name| name.trim_matches(['"', '\'']))
}

/// The namespace in whose folder a file lies.
fn namespace(path: &str) -> Option<&str> {
    const FOLDER: &str = "namespaces/";
    let begins = |at: usize| at == 0 || matches!(path.as_bytes()[at - 1], b'/' | b'!');
    let (at, _) = path.rmatch_indices(FOLDER).find(|(at, _)| begins(*at))?;
    path[at + FOLDER.len()..].split_once('/').map(|(namespace, _)| namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_can_wait() {
        let pod = b"---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: a\n";
        let of = |path: &str, bytes: &[u8]| waits(path, bytes).map(|one| one.namespace.to_owned());
        assert_eq!(of("mg/namespaces/a/pods/p/p.yaml", pod).as_deref(), Some("a"));
        assert_eq!(of("namespaces/a/core/pods.yaml", pod).as_deref(), Some("a"));
        assert_eq!(of("x.tar.gz!namespaces/a/core/pods.yaml", pod).as_deref(), Some("a"));
        assert_eq!(of("x-namespaces/a/core/pods.yaml", pod), None);
        assert_eq!(of("mg/namespaces/b/pods/p/p.yaml", pod), None, "it is in another one");
        assert_eq!(of("mg/pods/p.yaml", pod), None);
        assert_eq!(of("mg/namespaces/a/core/pods.json", b"{}"), None);
        assert_eq!(of("mg/namespaces/a/core/pods.yaml", &pod[..pod.len() - 1]), None, "it is cut off");
        let subscription = String::from_utf8_lossy(pod).replace("Pod", "Subscription");
        let path = "mg/namespaces/a/operators.coreos.com/subscriptions/p.yaml";
        assert_eq!(of(path, subscription.as_bytes()), None, "all of them are asked for");
        let services = b"---\napiVersion: v1\nitems: []\nkind: ServiceList\n";
        let waits = waits("mg/namespaces/a/core/services.yaml", services).unwrap();
        assert!(waits.said.unwrap().has_namespace("a"));
    }

    #[test]
    fn only_what_is_wanted_is_kept_of_a_list() {
        let list = "---\nitems:\n- kind: Pod\n  metadata:\n    labels:\n      name: b\n    name: a\n  spec:\n    name: c\n- metadata:\n    name: \"b\"\n\n- kind: Pod\nkind: PodList\nmetadata:\n  name: a\n";
        let kept = only(list, |name| name == "b");
        assert_eq!(kept.lines().count(), list.lines().count());
        assert!(
            !kept.contains("spec")
                && kept.ends_with("\n\n- kind: Pod\nkind: PodList\nmetadata:\n  name: a\n")
        );
        assert!(kept.starts_with("---\nitems:\n\n") && kept.contains("- metadata:\n    name: \"b\"\n"));
        assert_eq!(only(list, |_| true), list);
        let strange = list.replace("  spec:\n", "\r\n# a comment\n  spec:\n");
        assert!(!only(&strange, |name| name == "b").contains("spec"));
        let one = "kind: Pod\nmetadata:\n  name: a\n";
        let inside = list.replace("\n- ", "\n  - ").replace("\n  ", "\n    ");
        assert_eq!((only(one, |_| false), only(&inside, |_| false)), (one.to_owned(), inside.clone()));
    }
}
