//! Which incidents of a report are asked for: by namespace, by time, by APIService, by cause.
//!
//! A pure function on a finished report. The diagnosis has been made with everything that was read, so a
//! filter can only leave out, never change a blame; what it leaves out is counted, and the report says
//! it. Counts are always those of the whole incident, also where only a part of it lies in the window.

use crate::diagnosis::Diagnosis;
use crate::incident::{Incident, Party};
use crate::k8s::{Cause, GroupVersion};
use crate::report::{Filtered, Report};
use crate::time::{DAY, SECOND, dated, rfc3339};

/// What is asked for. Empty lists ask for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Namespaces, one of which a victim, a witness, the backend or the owner is in.
    pub namespaces: Vec<String>,
    /// APIServices, groups, `*.group` or `group/version`.
    pub apiservices: Vec<String>,
    /// Causes.
    pub causes: Vec<Cause>,
    /// Only what failed at this time or later.
    pub since: Option<When>,
    /// Only what failed at this time or before.
    pub until: Option<When>,
}

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nanoseconds since 1970.
    At(i64),
    /// Nanoseconds before the end of the gathering, else before now.
    Ago(i64),
}

impl When {
    /// Reads `2026-07-14T08:31:22Z`, or a duration such as `90s`, `30m`, `2h`, `1d`, `1h30m`.
    ///
    /// # Errors
    /// What would have been understood.
    pub fn parse(text: &str) -> Result<When, String> {
        let zoned =
            text.ends_with(['Z', 'z']) || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
        match dated(text) {
            Some((stamp, "")) if zoned => Ok(When::At(stamp.nanos())),
            _ => duration(text).map(When::Ago).ok_or_else(|| {
                "a time in RFC 3339 (2026-07-14T08:31:22Z) or a duration (90s, 30m, 2h, 1d) is expected"
                    .into()
            }),
        }
    }
}

/// Nanoseconds of `2h`, `1h30m`.
fn duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = match rest.as_bytes().get(digits)? {
            b's' => SECOND,
            b'm' => 60 * SECOND,
            b'h' => 3600 * SECOND,
            b'd' => DAY,
            _ => return None,
        };
        sum = sum.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    (!text.is_empty()).then_some(sum)
}

impl Filter {
    /// Whether nothing is asked for in particular.
    pub fn is_empty(&self) -> bool {
        let Filter { namespaces, apiservices, causes, since, until } = self;
        namespaces.is_empty()
            && apiservices.is_empty()
            && causes.is_empty()
            && since.is_none()
            && until.is_none()
    }

    /// Leaves out of a report what is not asked for. Durations count back from the end of the gathering,
    /// or from `now` (nanoseconds since 1970) where the report knows of none.
    pub fn apply(&self, report: &mut Report, now: i64) {
        if self.is_empty() {
            return;
        }
        let gathered = report.cluster.as_ref().and_then(|cluster| cluster.gathered_at);
        let zero = gathered.unwrap_or(now);
        let at = |when: Option<When>| match when? {
            When::At(at) => Some(at),
            When::Ago(ago) => Some(zero.saturating_sub(ago)),
        };
        let (since, until) = (at(self.since), at(self.until));
        let counted = [self.since, self.until].iter().any(|when| matches!(when, Some(When::Ago(_))));
        let before = report.incidents.len();
        report.incidents.retain(|one| self.names(one) && self.within(one) && inside(one, since, until, zero));
        report.filter = Some(Filtered {
            namespaces: self.namespaces.clone(),
            apiservices: self.apiservices.clone(),
            causes: self.causes.iter().map(|cause| cause.as_str()).collect(),
            since: since.map(rfc3339),
            until: until.map(rfc3339),
            counted_from: counted.then(|| rfc3339(zero)),
            counted_from_gathering: counted.then_some(gathered.is_some()),
            incidents_left_out: (before - report.incidents.len()) as u64,
            victims_left_out: self.leave_victims(report),
        });
    }

    /// Whether the cause and the APIService are asked for.
    fn names(&self, one: &Diagnosis) -> bool {
        let name = one.incident.apiservice.as_deref();
        (self.causes.is_empty() || self.causes.contains(&one.incident.cause))
            && (self.apiservices.is_empty()
                || name.is_some_and(|name| self.apiservices.iter().any(|asked| is_meant(asked, name))))
    }

    /// Whether anyone whom the incident concerns is in one of the namespaces.
    fn within(&self, one: &Diagnosis) -> bool {
        let has = |namespace: Option<&str>| namespace.is_some_and(|one| self.has(one));
        let parties = one.incident.victims.iter().chain(&one.incident.witnesses);
        self.namespaces.is_empty()
            || parties.map(|party| party.writer.namespace.as_deref()).any(has)
            || has(one.backend.as_ref().map(|backend| backend.namespace.as_str()))
            || has(one.owner.as_ref().and_then(|owner| owner.namespace.as_deref()))
    }

    fn has(&self, namespace: &str) -> bool {
        self.namespaces.iter().any(|asked| asked == namespace)
    }

    /// Takes victims in other namespaces out, with what only their logs tell, and says how many.
    fn leave_victims(&self, report: &mut Report) -> u64 {
        if self.namespaces.is_empty() {
            return 0;
        }
        report.incidents.iter_mut().map(|one| self.narrow(&mut one.incident)).sum()
    }

    fn narrow(&self, incident: &mut Incident) -> u64 {
        let (kept, left): (Vec<Party>, Vec<Party>) = std::mem::take(&mut incident.victims)
            .into_iter()
            .partition(|victim| victim.writer.namespace.as_deref().is_some_and(|one| self.has(one)));
        let of_left = |source: &str| {
            left.iter().any(|one| one.source == source)
                && kept.iter().chain(&incident.witnesses).all(|one| one.source != source)
        };
        incident.retries.retain(|series| !of_left(&series.source));
        // What the others said is left only where nothing else shows that the incident took place.
        if incident.evidence.iter().any(|one| !of_left(&one.location.source)) {
            incident.evidence.retain(|one| !of_left(&one.location.source));
        }
        incident.victims = kept;
        left.len() as u64
    }
}

/// Whether the name of an APIService (`version.group`, `*.group`) is meant by what was typed.
fn is_meant(asked: &str, name: &str) -> bool {
    let gv = GroupVersion::parse_apiservice(asked)
        .or_else(|| GroupVersion::parse(asked).filter(|_| asked.contains('/')));
    let (version, group) = name.split_once('.').unwrap_or(("*", name));
    match gv {
        // Where the logs do not tell the version, it may be the one that is asked for.
        Some(gv) => gv.group == group && (gv.version == version || version == "*"),
        None => asked.strip_prefix("*.").unwrap_or(asked) == group,
    }
}

/// Whether something of the incident lies in the window. One without a time cannot be said to lie outside.
/// An APIService that was not available when the archive was gathered fails until then.
fn inside(one: &Diagnosis, since: Option<i64>, until: Option<i64>, gathered: i64) -> bool {
    let incident = &one.incident;
    let overlaps =
        |from: i64, to: i64| since.is_none_or(|since| to >= since) && until.is_none_or(|until| from <= until);
    let (Some(first), Some(last)) = (incident.first_seen, incident.last_seen) else { return true };
    if one.status.as_ref().is_some_and(|status| status.status != "True") {
        return overlaps(first, last.max(gathered));
    }
    match incident.outages[..] {
        [] => overlaps(first, last),
        _ => incident.outages.iter().any(|window| overlaps(window.from, window.to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(When::parse("1970-01-01T00:00:01Z"), Ok(When::At(SECOND)));
        assert_eq!(When::parse("1970-01-01T01:00:01+01:00"), Ok(When::At(SECOND)));
        assert_eq!(When::parse("2h"), Ok(When::Ago(7200 * SECOND)));
        assert_eq!(When::parse("1h30m"), Ok(When::Ago(5400 * SECOND)));
        for wrong in ["", "2", "h", "2w", "-1h", "1970-01-01", "1970-01-01T00:00:01", "99999999999999d", "1ä"]
        {
            assert!(When::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names() {
        for asked in ["v1.a.b", "a.b", "*.a.b", "a.b/v1"] {
            assert!(is_meant(asked, "v1.a.b") && is_meant(asked, "*.a.b"), "{asked}");
            assert!(!is_meant(asked, "v1.b"), "{asked}");
        }
        assert!(!is_meant("v2.a.b", "v1.a.b"));
    }
}
