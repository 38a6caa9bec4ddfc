//! What the decision rules make of an error, whatever log it stands in: for `apiblame explain`.
//!
//! The rules themselves are asked, with one made-up failure a subject, so that no explanation can say
//! anything but what a report would.

use super::Confidence;
use super::attribute::{Facts, Verdict, judge};
use super::fold::TallyKey;
use crate::failure::{Subject, Told};
use crate::k8s::{Cause, GroupVersion};
use crate::knowledge::signatures::{Client, ErrorKind};
use crate::record::Writer;

/// What follows from an error in the name of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The subject, in words.
    pub subject: &'static str,
    /// The cause and how sure it is; `None` if nobody is blamed for it alone.
    pub judged: Option<(Cause, Confidence)>,
}

/// What follows from an error, for each subject that it can have.
pub fn rulings(kind: ErrorKind) -> Vec<Ruling> {
    let gv = |group: &str, version: &str| GroupVersion { group: group.into(), version: version.into() };
    let aggregated = || gv("metrics.k8s.io", "v1beta1");
    let subjects = [
        ("an APIService that the server side names", Subject::ApiService(aggregated())),
        ("a group that is known to be aggregated", Subject::GroupVersion(aggregated())),
        ("a group that no table knows", Subject::GroupVersion(gv("unknown.example", "v1"))),
        ("a Local group", Subject::GroupVersion(gv("apps", "v1"))),
        ("nothing that the record names", Subject::Nothing),
    ];
    let rule =
        |(subject, about)| Ruling { subject, judged: judged(judge(&key(kind, about), &Facts::default())) };
    subjects.map(rule).into()
}

fn judged(verdict: Verdict) -> Option<(Cause, Confidence)> {
    match verdict {
        Verdict::Blame { cause, confidence, .. } | Verdict::Other { cause, confidence, .. } => {
            Some((cause, confidence))
        }
        Verdict::SomeApiservice | Verdict::Backend(_) => {
            Some((Cause::ApiserviceUnavailable, Confidence::Possible))
        }
        Verdict::IfMentioned | Verdict::Nobody => None,
    }
}

fn key(kind: ErrorKind, subject: Subject) -> TallyKey {
    TallyKey {
        signature: "",
        client: Client::Unknown,
        kind,
        subject,
        verb: None,
        path: None,
        status: kind.status(),
        reason: None,
        told: Told::FirstHand,
        writer: Writer::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_group_is_never_blamed() {
        for &kind in ErrorKind::ALL {
            let local = rulings(kind).into_iter().find(|one| one.subject == "a Local group");
            let cause = local.and_then(|one| one.judged).map(|(cause, _)| cause);
            assert!(!cause.is_some_and(Cause::blames_apiservice), "{kind:?}");
        }
    }
}
