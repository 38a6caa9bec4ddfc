//! Verdicts, versions, hostile names.

use super::*;
use crate::incident::Impact;
use crate::k8s::Cause;

fn brief(apiservice: &str, cause: Cause, failures: u64) -> Brief {
    Brief {
        id: format!("{cause}/{apiservice}"),
        cause,
        reason: String::new(),
        apiservice: Some(apiservice.into()),
        available: None,
        failures,
        victims: [("ns/a".to_owned(), Impact::Degraded)].into(),
        owner: Some("meter".into()),
    }
}

fn side(openshift: &str, meter: &str, incidents: Vec<Brief>) -> Side {
    Side {
        name: openshift.into(),
        openshift: Some(openshift.into()),
        operators: Some([("meter".to_owned(), meter.to_owned())].into()),
        incidents,
        ..Side::default()
    }
}

fn verdicts(before: Vec<Brief>, after: Vec<Brief>) -> Vec<Verdict> {
    let difference = Difference::of(side("4.16.1", "1", before), side("4.17.1", "1", after));
    difference.pairs.iter().map(|pair| pair.verdict).collect()
}

const DOWN: Cause = Cause::ApiserviceUnavailable;
const ILL: Cause = Cause::ApiserviceDegraded;

#[test]
fn each_verdict() {
    let a = |cause, failures| vec![brief("v1.a", cause, failures)];
    assert_eq!(verdicts(vec![], a(DOWN, 9)), [Verdict::New]);
    assert_eq!(verdicts(a(DOWN, 9), vec![]), [Verdict::Gone]);
    assert_eq!(verdicts(a(DOWN, 9), a(DOWN, 9)), [Verdict::Same]);
    assert_eq!(verdicts(a(DOWN, 9), a(DOWN, 15)), [Verdict::Same]);
    assert_eq!(verdicts(a(DOWN, 9), a(DOWN, 90)), [Verdict::Worse]);
    assert_eq!(verdicts(a(DOWN, 90), a(DOWN, 9)), [Verdict::Better]);
    assert_eq!(verdicts(a(ILL, 90), a(DOWN, 9)), [Verdict::Worse]);
    assert_eq!(verdicts(a(DOWN, 9), a(ILL, 90)), [Verdict::Better]);
    let mut died = brief("v1.a", DOWN, 9);
    died.victims.insert("ns/a".into(), Impact::Fatal);
    assert_eq!(verdicts(a(DOWN, 90), vec![died.clone()]), [Verdict::Worse]);
    let mut up = died.clone();
    (died.available, up.available) = (Some(false), Some(true));
    assert_eq!(verdicts(vec![died], vec![up]), [Verdict::Better]);
}

#[test]
fn a_version_that_one_side_does_not_tell() {
    let known = vec![brief("v1.a", DOWN, 9)];
    let unknown = vec![brief("*.a", DOWN, 9)];
    assert_eq!(verdicts(known.clone(), unknown.clone()), [Verdict::Same]);
    assert_eq!(verdicts(unknown, known.clone()), [Verdict::Same]);
    let two = vec![brief("v1.a", DOWN, 9), brief("v2.a", DOWN, 9)];
    assert_eq!(verdicts(known, two), [Verdict::New, Verdict::Same]);
}

#[test]
fn the_change_of_the_owner_goes_before_that_of_the_cluster() {
    let after = || vec![brief("v1.a", DOWN, 9)];
    let with = |meter: &str| {
        let difference = Difference::of(side("4.16.1", "1", vec![]), side("4.17.1", meter, after()));
        (difference.changes.len(), difference.pairs[0].change.as_ref().map(|change| change.what.clone()))
    };
    assert_eq!(with("2"), (2, Some("meter".into())));
    assert_eq!(with("1"), (1, Some("OpenShift".into())));
}

#[test]
fn a_hostile_name_stays_on_its_line() {
    let mut hostile = brief("v1.a", DOWN, 9);
    hostile.apiservice = Some("v1.\u{1b}[31m\n*x*".into());
    let difference = Difference::of(Side::default(), side("4.17.1", "1", vec![hostile]));
    for out in [render::text(&difference), render::markdown(&difference), render::json(&difference)] {
        assert!(!out.contains('\u{1b}'), "{out}");
    }
    assert_eq!(render::text(&difference).lines().count(), 2);
}
