//! Cuts out of a file of objects what no diagnosis reads, line by line, before it is parsed: parsing is most of
//! what an archive costs, and most of an object is settings.
//!
//! Only the block style that `oc` and `kubectl` print is understood; a text in another style keeps all it has,
//! and so does one that was cut off, so that its end is still found to be missing. Of a text in which
//! something is broken that would have been cut out, more can be read than before.

use std::borrow::Cow;

/// Keys that stand alone on their line, below which nothing is of interest: `managedFields` are half of most
/// objects, containers and volumes half of the rest (k8s.io/api core/v1 types.go), what an operator installs
/// most of a CSV (operator-framework/api operators/v1alpha1 clusterserviceversion_types.go).
const SUBTREES: &[&[u8]] = &[
    b"managedFields:",
    b"containers:",
    b"initContainers:",
    b"volumes:",
    b"volumeClaimTemplates:",
    b"tolerations:",
    b"affinity:",
    b"install:",
    b"customresourcedefinitions:",
    b"icon:",
    b"relatedImages:",
];

/// The one of them that is kept where somebody asks who wrote an object.
const MANAGERS: &[u8] = b"managedFields:";

/// What is cut out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knife<'k> {
    /// Whether it is kept who wrote which field.
    pub(super) managers: bool,
    /// The annotations that are kept.
    pub(super) annotations: &'k [&'k str],
}

impl Knife<'_> {
    /// The text without what is cut out.
    pub(super) fn thin<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !text.ends_with('\n') {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut below: Option<usize> = None; // the indent of a key whose subtree is cut out
        let mut annotations: Option<usize> = None; // the indent of `annotations:`
        let mut item = Item::default();
        let mut next = 0;
        for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
            let line = &text[std::mem::replace(&mut next, newline + 1)..=newline];
            let indent = line.bytes().take_while(|byte| *byte == b' ').count();
            let rest = line.as_bytes()[indent..].trim_ascii_end();
            if let Some(key) = below {
                if rest.is_empty() || indent > key || indent == key && rest.starts_with(b"- ") {
                    continue;
                }
                below = None;
            }
            if indent == 0 && !rest.is_empty() {
                item.begins(&mut out, rest);
            }
            item.sees(indent, rest);
            if annotations.is_some_and(|key| indent <= key && !rest.is_empty()) {
                annotations = None;
            }
            if annotations.is_some_and(|key| indent == key + 2 && !self.keeps(rest))
                || SUBTREES.contains(&rest) && !(self.managers && rest == MANAGERS)
            {
                below = Some(indent);
                continue;
            }
            if rest == b"annotations:" {
                annotations = Some(indent);
            }
            out.push_str(line);
        }
        item.begins(&mut out, b"");
        Cow::Owned(out)
    }

    /// Whether an annotation is kept; what is no simple key is.
    fn keeps(&self, rest: &[u8]) -> bool {
        let key = rest.split(|byte| *byte == b':').next().unwrap_or(rest);
        let simple = key.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(byte));
        !simple || self.annotations.iter().any(|kept| kept.as_bytes() == key)
    }
}

/// An item of a list, as far as it was seen: an event of type `Normal` is cut out as a whole, for all say the
/// same, that something works.
#[derive(Debug, Default)]
struct Item {
    /// Where in the output it begins.
    start: usize,
    is_item: bool,
    is_event: bool,
    is_normal: bool,
}

impl Item {
    /// A line that is not indented: the item before it ends.
    fn begins(&mut self, out: &mut String, rest: &[u8]) {
        if self.is_item && self.is_event && self.is_normal {
            out.truncate(self.start);
        }
        *self = Item { start: out.len(), is_item: rest.starts_with(b"- "), ..Item::default() };
    }

    /// A line of it.
    fn sees(&mut self, indent: usize, rest: &[u8]) {
        let key = if indent == 0 { rest.strip_prefix(b"- ").unwrap_or(rest) } else { rest };
        if indent == 2 || indent == 0 {
            self.is_event |= key == b"kind: Event";
            self.is_normal |= key == b"type: Normal";
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNIFE: Knife<'_> = Knife { managers: false, annotations: &["olm.properties"] };

    const PODS: &str = "\
---
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    annotations:
      acme.example.com/applied: |
        type: Normal

        containers: [a]
      olm.properties: |
        kept
      'quoted: key': kept
    managedFields:
    - manager: kubelet
    name: a
  spec:
    containers:
    - name: a
      command:
      - b
    nodeName: n
  status:
    containerStatuses:
    - name: a
kind: PodList
";

    const THIN: &str = "\
---
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    annotations:
      olm.properties: |
        kept
      'quoted: key': kept
    name: a
  spec:
    nodeName: n
  status:
    containerStatuses:
    - name: a
kind: PodList
";

    #[test]
    fn what_nobody_reads_is_cut_out() {
        assert_eq!(KNIFE.thin(PODS), THIN);
        assert_eq!(KNIFE.thin(THIN), THIN);
        let managers = Knife { managers: true, ..KNIFE }.thin(PODS);
        assert!(managers.contains("    managedFields:\n    - manager: kubelet\n    name: a\n"));
    }

    /// No shape of an object reads what is cut out, but for the managers, which are asked for.
    #[test]
    fn no_field_is_cut_out() {
        let shapes = concat!(include_str!("core.rs"), include_str!("openshift.rs"), include_str!("meta.rs"));
        let fields =
            shapes.lines().filter_map(|line| line.trim().trim_start_matches("pub ").split_once(": "));
        let names: Vec<String> = fields.map(|(name, _)| name.replace('_', "").to_lowercase()).collect();
        assert!(
            names.contains(&"containerstatuses".to_owned()) && names.contains(&"managedfields".to_owned())
        );
        for key in SUBTREES.iter().filter(|key| **key != MANAGERS) {
            let key = String::from_utf8_lossy(key).trim_end_matches(':').to_lowercase();
            assert!(!names.contains(&key), "{key}");
        }
    }

    #[test]
    fn what_is_cut_off_keeps_all() {
        let cut = &PODS[..PODS.find("command").unwrap()];
        assert_eq!(KNIFE.thin(cut), cut);
    }

    #[test]
    fn normal_events_are_cut_out() {
        let event = |kind: &str, of: &str| {
            format!("- apiVersion: v1\n  kind: {kind}\n  message: |-\n    type: Normal\n  type: {of}\n")
        };
        let list = |items: &str| format!("---\nitems:\n{items}kind: EventList\n");
        let all = [event("Event", "Normal"), event("Event", "Warning"), event("Pod", "Normal")];
        assert_eq!(KNIFE.thin(&list(&all.concat())), list(&all[1..].concat()));
        let last = [event("Event", "Warning"), event("Event", "Normal")];
        assert_eq!(KNIFE.thin(&last.concat()), last[0]);
    }
}
