//! Incidents of logs, held against small clusters.

use super::*;
use crate::evidence::meta::nanos;
use crate::evidence::tests::{APISERVICES, apiservice, cluster, things};
use crate::incident::{Confidence, Impact, Party, Request, Window};
use crate::k8s::{Cause, GroupVersion};

fn at(time: &str) -> i64 {
    nanos(&format!("2026-03-01T{time}Z")).unwrap()
}

fn incident(cause: Cause, apiservice: Option<&str>, from: &str, to: &str) -> Incident {
    let window = Window { from: at(from), to: at(to) };
    Incident {
        id: format!("{cause}/{}", apiservice.unwrap_or("")),
        cause,
        reason: String::new(),
        confidence: Confidence::Likely,
        apiservice: apiservice.map(Into::into),
        group_version: apiservice.and_then(GroupVersion::parse_apiservice),
        failures: 9,
        restated: 0,
        first_seen: Some(window.from),
        last_seen: Some(window.to),
        outages: vec![window],
        requests: vec![Request {
            verb: None,
            path: None,
            status: Some(503),
            error: "service unavailable",
            count: 9,
        }],
        retries: Vec::new(),
        victims: Vec::new(),
        witnesses: Vec::new(),
        evidence: Vec::new(),
    }
}

fn victim(pod: &str, impact: Impact) -> Party {
    let writer = Default::default();
    let mut party = Party { source: format!("{pod}.log"), writer, client: "kopf", failures: 9, impact };
    party.writer.namespace = Some("things".into());
    party.writer.pod = Some(pod.into());
    party
}

#[test]
fn what_no_log_tells_becomes_an_incident() {
    let found = diagnose(Vec::new(), Some(&cluster(&things())));
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!(one.incident.id, "apiservice-unavailable/v1.things.example.com");
    assert!(one.incident.reason.ends_with("the pods behind the Service things/things crash"));
    assert_eq!(one.outage.as_deref(), Some("things/things"));
    let state = one.backend.as_ref().and_then(|backend| backend.state.as_deref());
    assert_eq!(
        state,
        Some(
            "0 ready and 1 unready endpoints, 1 pod: 1 CrashLoopBackOff (7 restarts, last exit code 1, Error)"
        )
    );
    let deletion = one.remedy.iter().find(|step| step.step.contains("Deleting the APIService")).unwrap();
    assert!(!deletion.lasting && deletion.why.contains("creates it again"));
}

#[test]
fn logs_and_objects_tell_of_one_incident() {
    let incidents =
        vec![incident(Cause::ApiserviceUnavailable, Some("*.things.example.com"), "10:00:00", "10:01:00")];
    let found = diagnose(incidents, Some(&cluster(&things())));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].incident.apiservice.as_deref(), Some("v1.things.example.com"));
    assert_eq!(found[0].incident.failures, 9);
    assert_eq!(found[0].incident.confidence, Confidence::Certain);
    assert_eq!(found[0].incident.evidence[0].signature, "EV-APISERVICE");
}

#[test]
fn what_is_over_is_told_by_the_logs() {
    let name = "v1.things.example.com";
    let files = [(format!("{APISERVICES}/{name}.yaml"), apiservice(name, "True", "Passed", ""))];
    let mut one = incident(Cause::ApiserviceUnavailable, Some(name), "09:00:00", "09:59:00");
    one.evidence.push(crate::incident::Evidence {
        location: crate::location::Location { source: "kube-apiserver.log".into(), line: 1 },
        at: Some(at("09:00:00")),
        signature: "AGG-01",
        text: format!("\"Unhandled Error\" err=\"{name} failed with: failing or missing response from https://10.0.0.1:443/apis/things.example.com/v1: Get \"https://10.0.0.1:443/apis/things.example.com/v1\": dial tcp 10.0.0.1:443: connect: connection refused\" logger=\"UnhandledError\""),
    });
    let found = diagnose(vec![one], Some(&cluster(&files))).remove(0);
    assert!(
        found.incident.reason.ends_with("nobody listens where the endpoints of things/things point to (dial tcp 10.0.0.1:443: connect: connection refused), until 2026-03-01T10:00:00Z"),
        "{}",
        found.incident.reason
    );
    assert!(found.remedy[0].step.contains("was available when the archive was gathered"));
}

#[test]
fn logs_alone_tell_why_too() {
    let name = "v1beta1.metrics.k8s.io";
    let mut one = incident(Cause::ApiserviceUnavailable, Some(name), "09:00:00", "09:59:00");
    one.evidence.push(crate::incident::Evidence {
        location: crate::location::Location { source: "kube-apiserver.log".into(), line: 1 },
        at: Some(at("09:00:00")),
        signature: "AGG-01",
        text: format!("{name} failed with: failing or missing response from https://10.0.0.1:443/apis/metrics.k8s.io/v1beta1: Get \"https://10.0.0.1:443/apis/metrics.k8s.io/v1beta1\": context deadline exceeded"),
    });
    let found = diagnose(vec![one], None).remove(0);
    assert!(
        found.incident.reason.contains("does not answer in time (context deadline exceeded)"),
        "{}",
        found.incident.reason
    );
    assert!(found.remedy.iter().any(|step| step.step.contains("a NetworkPolicy")));
}

#[test]
fn what_was_deleted_before_the_gathering_is_said() {
    let local = "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.apps}\nspec: {group: apps, version: v1}\n";
    let files = [(format!("{APISERVICES}/v1.apps.yaml"), local.to_owned())];
    let one = incident(Cause::ApiserviceUnavailable, Some("v1.things.example.com"), "09:00:00", "09:59:00");
    let found = diagnose(vec![one], Some(&cluster(&files))).remove(0);
    assert!(found.incident.reason.ends_with("it did not exist any more"), "{}", found.incident.reason);
}

#[test]
fn an_installation_that_is_stuck_is_told() {
    let olm = "mg/namespaces/things/operators.coreos.com";
    let object = |kind: &str, rest: &str| {
        format!(
            "apiVersion: operators.coreos.com/v1alpha1\nkind: {kind}\nmetadata:\n  name: x\n  namespace: things\n{rest}"
        )
    };
    let mut files = things();
    files[0].1 = apiservice(
        "v1.things.example.com",
        "False",
        "MissingEndpoints",
        "  labels:\n    olm.owner: things.v2\n",
    );
    files.push((format!("{olm}/subscriptions/x.yaml"), object("Subscription", "spec:\n  name: things\nstatus:\n  currentCSV: things.v2\n  installedCSV: things.v1\n  state: UpgradePending\n  conditions:\n  - type: CatalogSourcesUnhealthy\n    status: \"True\"\n    reason: Unhealthy\n    message: m\n")));
    files.push((
        format!("{olm}/installplans/x.yaml"),
        object(
            "InstallPlan",
            "spec:\n  clusterServiceVersionNames: [things.v2]\nstatus:\n  phase: RequiresApproval\n",
        ),
    ));
    let found = diagnose(Vec::new(), Some(&cluster(&files))).remove(0);
    assert_eq!(
        found.warnings,
        [
            "Subscription x: UpgradePending, things.v1 is installed, things.v2 is wanted",
            "Subscription x: CatalogSourcesUnhealthy Unhealthy: m",
            "InstallPlan x: RequiresApproval"
        ]
    );
    let commands: Vec<&str> = found.remedy.iter().filter_map(|step| step.command.as_deref()).collect();
    assert!(
        commands[0].contains("patch installplan x") && commands[1].contains("get subscription x"),
        "{commands:?}"
    );
}

#[test]
fn exits_of_pods_settle_who_died() {
    let cluster = cluster(&things());
    let mut one =
        incident(Cause::ApiserviceUnavailable, Some("v1.things.example.com"), "10:00:00", "10:01:30");
    one.victims = vec![victim("things-7d5f-abcde", Impact::Unknown), victim("unknown", Impact::Fatal)];
    settle_victims(&mut one, &cluster);
    assert!(one.victims.iter().all(|victim| victim.impact == Impact::Fatal));
    let mut earlier =
        incident(Cause::ApiserviceUnavailable, Some("v1.things.example.com"), "10:05:00", "10:06:00");
    earlier.victims = vec![victim("things-7d5f-abcde", Impact::Fatal)];
    settle_victims(&mut earlier, &cluster);
    assert_eq!(earlier.victims[0].impact, Impact::Degraded);
}

#[test]
fn an_apiservice_that_stayed_available_is_acquitted() {
    let name = "v1.things.example.com";
    let files = [(format!("{APISERVICES}/{name}.yaml"), apiservice(name, "True", "Passed", ""))];
    let cluster = cluster(&files);
    let restart = || incident(Cause::ApiserverUnavailable, None, "11:00:00", "11:01:00");
    let during = incident(Cause::ApiserviceUnavailable, Some(name), "11:00:10", "11:01:20");
    let found = diagnose(vec![restart(), during], Some(&cluster));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].incident.cause, found[0].incident.failures), (Cause::ApiserverUnavailable, 18));
    // What names nobody is left with the only other one that is down.
    let nobody = || {
        let mut one = incident(Cause::ApiserviceUnavailable, None, "11:00:10", "11:01:20");
        one.id = format!("apiservice-unavailable/{}", crate::incident::UNNAMED);
        one
    };
    let other =
        || incident(Cause::ApiserviceUnavailable, Some("v1.other.example.com"), "11:00:00", "11:05:00");
    let during = incident(Cause::ApiserviceUnavailable, Some(name), "11:00:10", "11:01:20");
    let found = diagnose(vec![restart(), during, other(), nobody()], Some(&cluster));
    let counts: Vec<_> = found.iter().map(|one| (one.incident.cause, one.incident.failures)).collect();
    assert_eq!(counts, [(Cause::ApiserverUnavailable, 18), (Cause::ApiserviceUnavailable, 18)]);
    // It may be True and yet fail for hours: its certificate is not part of the check.
    let long = incident(Cause::ApiserviceUnavailable, Some(name), "12:00:00", "14:00:00");
    let found = diagnose(vec![restart(), long], Some(&cluster));
    assert_eq!(found.len(), 2);
    // It was down when the failures began.
    let before = incident(Cause::ApiserviceUnavailable, Some(name), "09:59:50", "09:59:55");
    assert!(diagnose(vec![before], Some(&cluster))[0].incident.cause.blames_apiservice());
}

#[test]
fn owners_by_what_the_object_says() {
    let name = "v1.things.example.com";
    let csv = "apiVersion: operators.coreos.com/v1alpha1\nkind: ClusterServiceVersion\nmetadata:\n  name: things-operator.v1.2.3\n  namespace: things\nspec:\n  version: 1.2.3\n";
    let subscription = "apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nmetadata:\n  name: s\n  namespace: things\nspec:\n  name: things-operator\nstatus:\n  installedCSV: things-operator.v1.2.3\n";
    let olm = [
        (
            "mg/namespaces/things/operators.coreos.com/clusterserviceversions/c.yaml".to_owned(),
            csv.to_owned(),
        ),
        (
            "mg/namespaces/things/operators.coreos.com/subscriptions/s.yaml".to_owned(),
            subscription.to_owned(),
        ),
    ];
    let label = "  labels:\n    olm.owner: things-operator.v1.2.3\n";
    let reference = "  ownerReferences:\n  - apiVersion: example.com/v1\n    controller: true\n    kind: Thing\n    name: main\n";
    let managed = "  managedFields:\n  - manager: service-ca-operator\n    operation: Update\n  - manager: things-controller\n    operation: Update\n";
    for (metadata, with_olm, owner, how) in [
        (label, true, "things-operator.v1.2.3", "label olm.owner"),
        (reference, true, "things-operator.v1.2.3", "ownerReference of the APIService to Thing main"),
        (reference, false, "Thing/main", "ownerReference of the APIService to Thing main"),
        (managed, false, "things-controller", "managedFields: things-controller"),
        ("", true, "things-operator.v1.2.3", "is the only operator that OLM has installed in things"),
    ] {
        let mut files =
            vec![(format!("{APISERVICES}/{name}.yaml"), apiservice(name, "True", "Passed", metadata))];
        files.extend(with_olm.then(|| olm.clone()).into_iter().flatten());
        let found = owner_of(name, &cluster(&files)).unwrap();
        assert_eq!(found.name, owner, "{how}");
        assert!(found.how_known.contains(how), "{}", found.how_known);
        if with_olm {
            assert_eq!(found.version.as_deref(), Some("1.2.3"));
            assert_eq!(found.package.as_deref(), Some("things-operator"));
        }
    }
}

#[test]
fn known_incidents_fit_by_their_conditions() {
    let name = "v1beta1.upload.cdi.kubevirt.io";
    let known = |reason: &str| {
        let files = [(format!("{APISERVICES}/{name}.yaml"), apiservice(name, "False", reason, ""))];
        diagnose(Vec::new(), Some(&cluster(&files))).remove(0).known
    };
    assert_eq!(known("ServiceNotFound"), ["cdi-left-behind"]);
    assert!(known("FailedDiscoveryCheck").is_empty());
}

#[test]
fn an_apiservice_younger_than_its_failures_was_created_again() {
    let name = "v1.things.example.com";
    let cluster = cluster(&things());
    let found = recreations(name, Some(&cluster), &[], Some(at("08:50:00")));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].at, at("09:00:05"));
    assert!(recreations(name, Some(&cluster), &[], Some(at("09:30:00"))).is_empty());
}

#[test]
fn warnings_about_the_backend_are_told() {
    let event = |name: &str, about: &str, count: u64| {
        format!(
            "- involvedObject: {{kind: Pod, name: {about}}}\n  kind: Event\n  count: {count}\n  message: m{count}\n  metadata: {{name: {name}, namespace: things}}\n  reason: BackOff\n  type: Warning\n"
        )
    };
    let events = [("a", "things-7d5f-abcde", 4), ("b", "things-gone-1", 9), ("c", "other-1", 50)];
    let list: String = events.iter().map(|(name, about, count)| event(name, about, *count)).collect();
    let mut files = things();
    files.push((
        "mg/namespaces/things/core/events.yaml".into(),
        format!("apiVersion: v1\nitems:\n{list}kind: EventList\n"),
    ));
    let found = diagnose(Vec::new(), Some(&cluster(&files)));
    assert_eq!(found[0].warnings, ["BackOff: m9 (×9)", "BackOff: m4 (×4)"]);
}

#[test]
fn no_row_deletes_an_apiservice_without_saying_what_follows() {
    use crate::knowledge::known::KNOWN;
    use crate::knowledge::remedies::BY_LINK;
    let rows = KNOWN.iter().flat_map(|row| row.steps).chain(BY_LINK.iter().flat_map(|row| row.1));
    for step in rows.filter(|step| step.command.contains("delete apiservice")) {
        let told = ["again", "comes back"].iter().any(|word| step.why.contains(word));
        assert!(told, "{}: {}", step.step, step.why);
    }
    assert!(KNOWN.iter().all(|row| row.steps.iter().any(|step| step.lasting)));
}
