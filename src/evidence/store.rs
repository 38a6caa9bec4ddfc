//! Puts objects into a [`Cluster`]: the newest copy of each counts.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::choose::{Holds, holds};
use super::core::Workload;
use super::fields::{Fields, is_annotation};
use super::meta::nanos;
use super::openshift::Csv;
use super::parse::{Parsed, document, shaped};
use super::{Cluster, Event, Meta, Object, Objects, Place};

/// How objects are read from a file: `parse::parse`, or `parse_thin`.
type Parse = fn(&[u8], Option<&str>, u64) -> Parsed;

/// Adds what a file says.
pub(super) fn add(
    cluster: &mut Cluster,
    path: &str,
    bytes: &[u8],
    aliases: u64,
    parse: Parse,
) -> Result<(), String> {
    if bytes.is_empty() {
        return Ok(()); // oc leaves empty files behind
    }
    let Some(holds) = holds(path, bytes) else { return Ok(()) };
    note_namespace(cluster, path);
    let said = match holds {
        Holds::Timestamps => {
            timestamps(cluster, &String::from_utf8_lossy(bytes));
            return Ok(());
        }
        Holds::CrdName => {
            crd_name(cluster, path);
            return Ok(());
        }
        Holds::Discovery => return discovery(cluster, path, bytes, aliases),
        Holds::Objects("APIRequestCount") if !has(bytes, b"removedInRelease") => return Ok(()),
        Holds::Objects(kind) => Some(kind),
        Holds::Mixed => None,
    };
    let parsed = parse(bytes, said, aliases);
    let mut error = parsed.error;
    for (value, line) in parsed.items {
        let place = Place { path: path.to_owned(), line };
        let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
        let kind = kind.as_deref().or(said).unwrap_or_default().to_owned();
        if let Err(reason) = one(cluster, &kind, value, place) {
            error.get_or_insert(format!("a {kind} in line {line}: {reason}"));
        }
    }
    error.map_or(Ok(()), Err)
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// The list of its Services, be it empty, shows that a namespace was gathered: one that is not in it is
/// missing.
pub(super) fn note_namespace(cluster: &mut Cluster, path: &str) {
    let parts: Vec<&str> = path.rsplit('/').take(4).collect();
    if let ["services.yaml" | "services.json", "core", namespace, "namespaces"] = parts[..] {
        cluster.gathered_namespaces.insert(namespace.to_owned());
    }
}

fn timestamps(cluster: &mut Cluster, text: &str) {
    for at in text.lines().filter_map(gather_time) {
        let (from, to) = cluster.gathered.unwrap_or((at, at));
        cluster.gathered = Some((from.min(at), to.max(at)));
    }
}

/// Go's `2021-09-13 17:31:10.219635494 +0200 CEST m=+1.3`: the offset stands after a blank.
fn gather_time(line: &str) -> Option<i64> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if first.contains('T') {
        return nanos(first);
    }
    let (clock, offset) = (words.next()?, words.next().unwrap_or("Z"));
    nanos(&format!("{first}T{clock}{offset}"))
}

fn crd_name(cluster: &mut Cluster, path: &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.trim_end_matches(".yaml").trim_end_matches(".json");
    if let Some((_, group)) = name.split_once('.') {
        cluster.crd_groups.insert(group.to_owned());
    }
}

/// `apidiscovery.k8s.io` APIGroupDiscoveryList.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DiscoveryList {
    items: Vec<DiscoveryGroup>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DiscoveryGroup {
    metadata: Named,
    versions: Vec<DiscoveryVersion>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DiscoveryVersion {
    version: String,
    freshness: String,
}

fn discovery(cluster: &mut Cluster, path: &str, bytes: &[u8], aliases: u64) -> Result<(), String> {
    let list: DiscoveryList = document(bytes, aliases)?;
    let stale_lines: Vec<u64> = bytes
        .split(|b| *b == b'\n')
        .zip(1u64..)
        .filter(|(line, _)| has(line, b"freshness") && has(line, b"Stale"))
        .map(|(_, line)| line)
        .collect();
    let mut stale_lines = stale_lines.into_iter();
    for group in list.items {
        for version in group.versions {
            let place = (version.freshness == "Stale")
                .then(|| Place { path: path.to_owned(), line: stale_lines.next().unwrap_or(0) });
            let entry =
                cluster.discovery.entry(format!("{}/{}", group.metadata.name, version.version)).or_default();
            *entry = entry.take().max(place);
        }
    }
    Ok(())
}

/// Adds one object.
fn one(cluster: &mut Cluster, kind: &str, mut value: Value, place: Place) -> Result<(), String> {
    let fields = Fields::of(kind);
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| fields.has(key)); // JSON has all of it
    }
    match kind {
        "APIService" => put(&mut cluster.apiservices, value, place),
        "Service" => put(&mut cluster.services, value, place),
        "Endpoints" => put(&mut cluster.endpoints, value, place),
        "EndpointSlice" => put(&mut cluster.slices, value, place),
        "Pod" => put(&mut cluster.pods, value, place),
        "Node" => put(&mut cluster.nodes, value, place),
        "Namespace" => put(&mut cluster.namespaces, value, place),
        "Event" => {
            let event: Object<Event> = object(value, place)?;
            // A normal one says that something works.
            if event.body.kind != "Normal" {
                keep(&mut cluster.events, event.id(), event);
            }
            Ok(())
        }
        "ClusterVersion" => put(&mut cluster.versions, value, place),
        "ClusterOperator" => put(&mut cluster.operators, value, place),
        "APIRequestCount" => put(&mut cluster.requests, value, place),
        "Subscription" => put(&mut cluster.subscriptions, value, place),
        "InstallPlan" => put(&mut cluster.install_plans, value, place),
        "Deployment" | "StatefulSet" | "DaemonSet" => {
            let object: Object<Workload> = object(value, place)?;
            let key = format!("{}/{kind}/{}", object.meta.namespace, object.meta.name);
            keep(&mut cluster.workloads, key, object);
            Ok(())
        }
        "ClusterServiceVersion" => {
            let object: Object<Csv> = object(value, place)?;
            let key = object.id();
            if object.is_copy() {
                cluster.copied_csvs.insert(key);
            } else {
                keep(&mut cluster.csvs, key, object);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn put<T: DeserializeOwned + Ord>(to: &mut Objects<T>, value: Value, place: Place) -> Result<(), String> {
    let object = object::<T>(value, place)?;
    keep(to, object.id(), object);
    Ok(())
}

/// Of two copies the greater one, which is the newer one.
fn keep<T: Ord>(to: &mut Objects<T>, key: String, object: Object<T>) {
    match to.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(object);
        }
        Entry::Occupied(mut entry) => {
            if *entry.get() < object {
                entry.insert(object);
            }
        }
    }
}

fn object<T: DeserializeOwned>(mut value: Value, place: Place) -> Result<Object<T>, String> {
    let metadata = value.as_object_mut().and_then(|object| object.remove("metadata")).unwrap_or_default();
    let revision = metadata.get("resourceVersion").and_then(Value::as_str);
    let revision = revision.and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut meta: Meta = if metadata.is_null() { Meta::default() } else { shaped(metadata)? };
    if meta.name.is_empty() {
        return Err("it has no name".into());
    }
    meta.annotations.retain(|key, _| is_annotation(key));
    Ok(Object { revision, meta, body: shaped(value)?, place })
}

/// Adds all that another cluster holds.
pub(super) fn merge(to: &mut Cluster, from: Cluster) {
    fn all<T: Ord>(to: &mut Objects<T>, mut from: Objects<T>) {
        if to.len() < from.len() {
            std::mem::swap(to, &mut from); // the fewer go to the more
        }
        from.into_iter().for_each(|(key, object)| keep(to, key, object));
    }
    fn set<T: Ord>(to: &mut BTreeSet<T>, from: BTreeSet<T>) {
        to.extend(from);
    }
    all(&mut to.apiservices, from.apiservices);
    all(&mut to.services, from.services);
    all(&mut to.endpoints, from.endpoints);
    all(&mut to.slices, from.slices);
    all(&mut to.pods, from.pods);
    all(&mut to.workloads, from.workloads);
    all(&mut to.nodes, from.nodes);
    all(&mut to.namespaces, from.namespaces);
    all(&mut to.events, from.events);
    all(&mut to.versions, from.versions);
    all(&mut to.operators, from.operators);
    all(&mut to.requests, from.requests);
    all(&mut to.csvs, from.csvs);
    all(&mut to.subscriptions, from.subscriptions);
    all(&mut to.install_plans, from.install_plans);
    set(&mut to.copied_csvs, from.copied_csvs);
    set(&mut to.crd_groups, from.crd_groups);
    set(&mut to.gathered_namespaces, from.gathered_namespaces);
    merge_discovery(&mut to.discovery, from.discovery);
    to.gathered = match (to.gathered, from.gathered) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    };
}

type Discovery = BTreeMap<String, Option<Place>>;

fn merge_discovery(to: &mut Discovery, from: Discovery) {
    for (key, place) in from {
        let entry = to.entry(key).or_default();
        *entry = entry.take().max(place);
    }
}
