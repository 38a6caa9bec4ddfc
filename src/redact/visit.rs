//! Every text of a report that an input can have written, in the order in which they are read.
//!
//! Structs are taken apart field by field, without `..`: a field that is added does not compile until
//! somebody has thought of it here.

use super::shapes::Kind;
use crate::coverage::{Coverage, Unreadable};
use crate::diagnosis::{Backend, Condition, Diagnosis, Owner, Recreation, Step};
use crate::incident::{Evidence, Incident, Party, Request, Series};
use crate::report::{ClusterFacts, Filtered, Report};

/// Names that stand in fields of their own.
pub(super) fn fields(report: &Report, tell: &mut impl FnMut(Kind, &str)) {
    for one in &report.incidents {
        let parties = one.incident.victims.iter().chain(&one.incident.witnesses);
        let namespaces = parties
            .filter_map(|party| party.writer.namespace.as_deref())
            .chain(one.backend.iter().map(|backend| backend.namespace.as_str()))
            .chain(one.owner.iter().filter_map(|owner| owner.namespace.as_deref()));
        namespaces.for_each(|name| tell(Kind::Namespace, name));
    }
    if let Some(filter) = &report.filter {
        filter.namespaces.iter().for_each(|name| tell(Kind::Namespace, name));
    }
}

/// Every text.
pub(super) fn texts(report: &mut Report, each: &mut impl FnMut(&mut String)) {
    let Report { coverage, cluster, filter, incidents, names: _ } = report;
    incidents.iter_mut().for_each(|one| diagnosis(one, each));
    if let Some(ClusterFacts { openshift_version, kubernetes_version, gathered_at: _, hollow: _ }) = cluster {
        openshift_version.iter_mut().chain(kubernetes_version).for_each(&mut *each);
    }
    if let Some(filter) = filter {
        filtered(filter, each);
    }
    read(coverage, each);
}

fn filtered(filter: &mut Filtered, each: &mut impl FnMut(&mut String)) {
    let Filtered {
        namespaces,
        apiservices: _,
        causes: _,
        since: _,
        until: _,
        counted_from: _,
        counted_from_gathering: _,
        incidents_left_out: _,
        victims_left_out: _,
    } = filter;
    namespaces.iter_mut().for_each(each);
}

fn read(coverage: &mut Coverage, each: &mut impl FnMut(&mut String)) {
    let Coverage {
        sources: _,
        lines: _,
        bytes: _,
        records: _,
        failures: _,
        undated: _,
        truncated_lines: _,
        set_aside: _,
        folded: _,
        binary: _,
        duplicates: _,
        objects: _,
        left_out: _,
        limits: _,
        assumptions,
        unreadable,
    } = coverage;
    assumptions.iter_mut().for_each(&mut *each);
    for Unreadable { path, error } in unreadable {
        each(path);
        each(error);
    }
}

fn diagnosis(one: &mut Diagnosis, each: &mut impl FnMut(&mut String)) {
    let Diagnosis {
        incident: about,
        outage,
        link: _,
        owner,
        backend,
        status,
        warnings,
        recreations,
        known: _,
        remedy,
    } = one;
    incident(about, each);
    if let Some(Owner { kind: _, name, namespace, package, version: _, how_known }) = owner {
        each(name);
        namespace.iter_mut().chain(package).for_each(&mut *each);
        each(how_known);
    }
    if let Some(Backend { namespace, service, state }) = backend {
        each(namespace);
        each(service);
        state.iter_mut().for_each(&mut *each);
    }
    outage.iter_mut().for_each(&mut *each);
    if let Some(Condition { status: _, reason, message, last_transition: _ }) = status {
        each(reason);
        each(message);
    }
    warnings.iter_mut().for_each(&mut *each);
    for Recreation { at: _, deleted, after: _, by, how_known } in recreations {
        deleted.iter_mut().for_each(|(_, by)| each(by));
        each(by);
        each(how_known);
    }
    for Step { step, why, command, lasting: _ } in remedy {
        each(step);
        each(why);
        command.iter_mut().for_each(&mut *each);
    }
}

fn incident(one: &mut Incident, each: &mut impl FnMut(&mut String)) {
    let Incident {
        id,
        cause: _,
        reason,
        confidence: _,
        apiservice: _,
        group_version: _,
        failures: _,
        restated: _,
        first_seen: _,
        last_seen: _,
        outages: _,
        requests,
        retries,
        victims,
        witnesses,
        evidence,
    } = one;
    each(id);
    each(reason);
    victims.iter_mut().chain(witnesses).for_each(|one| party(one, each));
    for Request { verb: _, path, status: _, error: _, count: _ } in requests {
        path.iter_mut().for_each(&mut *each);
    }
    retries.iter_mut().for_each(|one| series(one, each));
    for Evidence { location, at: _, signature: _, text } in evidence {
        each(&mut location.source);
        each(text);
    }
}

fn party(one: &mut Party, each: &mut impl FnMut(&mut String)) {
    let Party { source, writer, client: _, failures: _, impact: _ } = one;
    each(source);
    let crate::record::Writer { namespace, pod, container, unit } = writer;
    [namespace, pod, container, unit].into_iter().flatten().for_each(each);
}

fn series(one: &mut Series, each: &mut impl FnMut(&mut String)) {
    let Series {
        source,
        client: _,
        verb: _,
        path,
        attempts: _,
        last_attempt: _,
        max_attempts: _,
        times: _,
        explicit: _,
        outcome: _,
        first: _,
        last: _,
        writer,
    } = one;
    each(source);
    let crate::record::Writer { namespace, pod, container, unit } = writer;
    [namespace, pod, container, unit, path].into_iter().flatten().for_each(each);
}
