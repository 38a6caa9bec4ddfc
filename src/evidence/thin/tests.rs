//! What is cut out of objects, and what is not.

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
fn of_what_may_be_wrong_nothing_is_cut_out() {
    let broken = PODS.replacen("      - b\n", "      - [b\n", 1);
    assert_eq!(thin(&broken, Some("Pod")), broken.replace("  selfLink: s\n", ""));
    let second = PODS.replace("kind: PodList", "- kind: Pod\n  spec:\n    hostIP: a\nkind: PodList");
    let broken = second.replace("hostIP: a", "hostIP: a: b");
    let thinned = THIN.replace("kind: PodList", "- kind: Pod\n  spec:\nkind: PodList");
    assert_eq!(thin(&second, Some("Pod")), thinned);
    assert_eq!(
        thin(&broken, Some("Pod")),
        THIN.replace("kind: PodList", "- kind: Pod\n  spec:\n    hostIP: a: b\nkind: PodList"),
        "the others lose nothing by it"
    );
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
fn what_may_be_wrong_is_not_plain() {
    let is_plain = |text: &str| plain(text, "Pod", "n").is_some();
    assert!(is_plain(PODS) && is_plain(&PODS.replace("    name: a", "    name: a\n    namespace: n")));
    let broken = [
        ("    name: a\n", "    name: a\n    namespace: other\n"),
        ("    name: a\n", "    name: a\n     uid: b\n"),
        ("    name: a\n", "    name: 'a\n"),
        ("    name: a\n", "    name: [a\n"),
        ("    name: a\n", "    name: a: b\n"),
        ("    name: a\n", "  <<<<<<< HEAD\n    name: a\n"),
        ("    name: a\n", "\tname: a\n"),
        ("    name: a\n", "    name: a\0\n"),
        ("      app: a\n", "      app: *a\n"),
        ("message: 'hostIP: one", "message: |+\n        'hostIP: one"),
        ("kind: Pod\n", "kind: Service\n"),
        ("selfLink: s\n", "selfLink: s"),
    ];
    for (right, wrong) in broken {
        assert!(PODS.contains(right) && !is_plain(&PODS.replacen(right, wrong, 1)), "{wrong}");
    }
}

#[test]
fn what_is_plain_keeps_its_lines() {
    let events =
        "---\nitems:\n- kind: Event\n  type: Normal\n- kind: Event\n  type: Warning\nkind: EventList\n";
    for (text, kind) in [(PODS, "Pod"), (events, "Event")] {
        let plain = plain(text, kind, "n").unwrap();
        assert!(plain.lines().zip(text.lines()).all(|(line, was)| line.is_empty() || line == was), "{plain}");
        assert_eq!(plain.lines().count(), text.lines().count());
        let full = |text: &str| text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
        assert_eq!(full(&plain), full(&thin(text, Some(kind))), "{plain}");
        assert_eq!(full(&thin(&plain, Some(kind))), full(&plain), "it is thin already");
    }
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

#[test]
fn a_control_character_anywhere_keeps_all_of_a_text() {
    let one = "kind: Pod\nmetadata:\n  name: a\n  managedFields: b\n";
    assert!(matches!(thin(one, None), Cow::Owned(_)));
    for control in ["\u{1}", "\u{7f}", "\u{c}"] {
        for line in
            [format!("c: d{control}\n"), format!("{control}\n"), format!("c: {}{control}\n", "d".repeat(90))]
        {
            let text = format!("{one}---\n{one}{line}{one}");
            assert!(matches!(thin(&text, None), Cow::Borrowed(_)), "{text:?}");
            assert!(plain(&text, "Pod", "n").is_none() && bare(&text, None).unwrap().len() < text.len());
        }
    }
}
