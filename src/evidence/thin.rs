//! Cuts out of a file of objects what is not read (see `fields`), line by line, before it is parsed: parsing is
//! most of what an archive costs, and most of an object is read by nobody.
//!
//! Only the block style that `oc` and `kubectl` print is understood: one key a line, what is below it indented more.
//! A text in another style keeps all it has, and so does one that was cut off, so that its end is still found to
//! be missing. Of a text in which something is broken that would have been cut out, more can be read than before.

use std::borrow::Cow;

use super::fields::{Fields, is_annotation};

/// Keys below which other names stand than a shape's: all of them are kept.
const MAPS: &[&str] = &["labels", "selector"];

/// The text without what is not read; `said` is the kind of its objects where they do not tell.
pub(super) fn thin<'t>(text: &'t str, said: Option<&str>) -> Cow<'t, str> {
    if !text.ends_with('\n') {
        return Cow::Borrowed(text);
    }
    let said = said.map(Fields::of);
    let mut cutter = Cutter {
        said,
        out: String::with_capacity(text.len() / 2),
        skipped: None,
        kept: None,
        annotations: None,
        items: Items::None,
        item: Item { fields: said, ..Item::default() },
    };
    let mut next = 0;
    for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
        let line = &text[std::mem::replace(&mut next, newline + 1)..=newline];
        if cutter.line(line).is_none() {
            return Cow::Borrowed(text);
        }
    }
    cutter.ends();
    Cow::Owned(cutter.out)
}

/// Where the items of a document stand.
#[derive(Clone, Copy, Debug)]
enum Items {
    /// It has none so far.
    None,
    /// Below the line that was seen last.
    Follow,
    /// Behind dashes that are indented so much.
    At(usize),
}

/// An item of a list, or what stands beside all items, as far as it was seen.
#[derive(Debug, Default)]
struct Item {
    /// Where in the output it begins.
    start: usize,
    /// How much its keys are indented.
    level: usize,
    is_item: bool,
    /// What is read of it; everything, while its kind is not known.
    fields: Option<&'static Fields>,
    is_normal: bool,
    /// Whether something was cut out of it.
    is_cut: bool,
}

struct Cutter {
    said: Option<&'static Fields>,
    out: String,
    /// The indent of a key whose value is cut out.
    skipped: Option<usize>,
    /// The indent of a key whose value is kept as it is.
    kept: Option<usize>,
    /// The indent of `annotations:`.
    annotations: Option<usize>,
    items: Items,
    item: Item,
}

impl Cutter {
    /// Takes a line; `None` if what was cut out before should not have been.
    fn line(&mut self, line: &str) -> Option<()> {
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        let rest = line[indent..].trim_ascii_end();
        if let Some(key) = self.skipped {
            if rest.is_empty() || indent > key || indent == key && is_dash(rest) {
                return Some(());
            }
            self.skipped = None;
        }
        if self.kept.is_some_and(|key| indent > key) || rest.is_empty() {
            self.out.push_str(line);
            return Some(());
        }
        self.kept = None;
        self.bounds(indent, rest);
        let mut key = rest;
        while let Some(behind) = key.strip_prefix("- ") {
            key = behind.trim_ascii_start();
        }
        let at = indent + rest.len() - key.len();
        match pair(key) {
            Some((key, value)) => self.key(line, at, key, value, at > indent)?,
            None => {
                self.out.push_str(line);
                self.kept = (rest != "-").then_some(indent);
            }
        }
        Some(())
    }

    /// Whether an item begins or ends with a line.
    fn bounds(&mut self, indent: usize, rest: &str) {
        if matches!(self.items, Items::Follow) {
            self.items = if is_dash(rest) { Items::At(indent) } else { Items::None };
        }
        let is_item = is_dash(rest) && matches!(self.items, Items::At(dash) if dash == indent);
        if is_item || indent == 0 && (self.item.is_item || rest == "---") {
            self.ends();
            let level = if is_item { indent + 2 } else { 0 };
            self.item = Item { start: self.out.len(), level, is_item, fields: self.said, ..Item::default() };
        }
        if indent == 0 && rest == "items:" {
            self.items = Items::Follow;
        } else if indent == 0 && rest == "---" {
            self.items = Items::None;
        }
    }

    /// The end of an item: an event of type `Normal` is cut out as a whole, for all say the same, that something
    /// works.
    fn ends(&mut self) {
        let is_event = self.item.fields.is_some_and(|fields| fields.kind == "Event");
        if self.item.is_item && is_event && self.item.is_normal {
            self.out.truncate(self.item.start);
        }
    }

    /// A line with a key; `first` of those of an item, if it stands behind a dash.
    fn key(&mut self, line: &str, at: usize, key: &str, value: &str, first: bool) -> Option<()> {
        if at == self.item.level && key == "kind" {
            let fields = Fields::of(value.trim_matches(['"', '\'']));
            if self.item.is_cut && self.item.fields.is_none_or(|known| known.kind != fields.kind) {
                return None;
            }
            self.item.fields = Some(fields);
        }
        self.item.is_normal |= at == self.item.level && key == "type" && value == "Normal";
        if self.annotations.is_some_and(|annotations| at <= annotations) {
            self.annotations = None;
        }
        let read = match self.annotations {
            Some(annotations) => at != annotations + 2 || is_annotation(key),
            None => self.item.fields.is_none_or(|fields| fields.has(key)),
        };
        if !read && !first {
            self.skipped = Some(at);
            self.item.is_cut = true;
            return Some(());
        }
        self.out.push_str(line);
        if !value.is_empty() || read && MAPS.contains(&key) {
            self.kept = Some(at);
        } else if !read {
            self.skipped = Some(at); // the dash is needed
            self.item.is_cut = true;
        } else if key == "annotations" {
            self.annotations = Some(at);
        }
        Some(())
    }
}

fn is_dash(rest: &str) -> bool {
    rest == "-" || rest.starts_with("- ")
}

/// A simple key and what stands behind it on its line.
fn pair(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_./".contains(&byte))?;
    let value = text[end..].strip_prefix(':')?;
    (end > 0 && (value.is_empty() || value.starts_with(' '))).then(|| (&text[..end], value.trim_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    creationTimestamp: t
    labels:
      app: a
      uid: b
    managedFields:
    - manager: kubelet
    name: a
    ownerReferences:
    - blockOwnerDeletion: true
      kind: ReplicaSet
      name: r
  spec:
    containers:
    - name: a
      command:
      - b
    nodeName: n
  status:
    conditions:
    - lastProbeTime: null
      message: 'hostIP: one

        uid: two'
      observedGeneration: 1
    - probes:
      - a
      type: Ready
    hostIP: 10.0.0.1
kind: PodList
metadata:
  resourceVersion: \"1\"
  selfLink: s
";

    const THIN: &str = "\
---
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    labels:
      app: a
      uid: b
    name: a
    ownerReferences:
    - blockOwnerDeletion: true
      kind: ReplicaSet
      name: r
  spec:
    nodeName: n
  status:
    conditions:
    - lastProbeTime: null
      message: 'hostIP: one

        uid: two'
    - probes:
      type: Ready
kind: PodList
metadata:
  resourceVersion: \"1\"
";

    #[test]
    fn what_nobody_reads_is_cut_out() {
        assert_eq!(thin(PODS, Some("Pod")), THIN);
        assert_eq!(thin(PODS, None), THIN.replace("  selfLink: s\n", ""), "they say their kind themselves");
        assert_eq!(thin(THIN, Some("Pod")), THIN);
        let indented = |text: &str| -> String {
            let (head, rest) = text.split_once("items:\n").unwrap();
            let (items, tail) = rest.split_once("kind: PodList").unwrap();
            let items: String = items.lines().map(|line| format!("  {line}\n")).collect();
            format!("{head}items:\n{items}kind: PodList{tail}")
        };
        assert_eq!(thin(&indented(PODS), Some("Pod")), indented(THIN));
    }

    #[test]
    fn annotations_are_chosen_by_name() {
        let csv = "kind: ClusterServiceVersion\nmetadata:\n  annotations:\n    a: |\n      b\n    olm.properties: |\n      c: d\n    'e f': g\n  name: h\n";
        assert_eq!(thin(csv, None), csv.replace("    a: |\n      b\n", ""));
    }

    #[test]
    fn an_object_of_another_kind_is_read_as_what_it_is() {
        let service = "metadata:\n  name: a\nspec:\n  ports:\n  - port: 1\n    protocol: TCP\n";
        let first = format!("kind: Service\n{service}");
        assert_eq!(thin(&first, Some("Pod")), first.replace("    protocol: TCP\n", ""));
        let last = format!("{service}kind: Service\n");
        assert_eq!(thin(&last, Some("Pod")), last, "what was cut out of a Pod is needed");
        let secret = "kind: List\nitems:\n- kind: Secret\n  data:\n    a: b\n  metadata:\n    name: c\n";
        assert_eq!(thin(secret, None), secret.replace("  data:\n    a: b\n", ""));
    }

    #[test]
    fn what_is_cut_off_keeps_all() {
        let cut = &PODS[..PODS.find("command").unwrap()];
        assert_eq!(thin(cut, Some("Pod")), cut);
    }

    #[test]
    fn normal_events_are_cut_out() {
        let event = |kind: &str, of: &str| {
            format!("- apiVersion: v1\n  kind: {kind}\n  message: |-\n    type: Normal\n  type: {of}\n")
        };
        let list = |items: &str| format!("---\nitems:\n{items}kind: EventList\n");
        let all = [event("Event", "Normal"), event("Event", "Warning"), event("Pod", "Normal")];
        assert_eq!(thin(&list(&all.concat()), Some("Event")), list(&all[1..].concat()));
    }
}
