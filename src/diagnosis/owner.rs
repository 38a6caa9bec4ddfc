//! Who creates and serves an APIService, and how that is known.
//!
//! Objects first, from the surest to the weakest: OLM's label, the ownerReference, a CSV that owns the
//! API, a ClusterOperator that looks after it, the program that wrote its fields, the operator that is
//! installed where its Service lives. Then the table. OLM cannot map every APIService: operators create
//! some by themselves, and their CSV does not say so.

use super::{Backend, Owner};
use crate::evidence::core::ApiService;
use crate::evidence::openshift::{Csv, Subscription};
use crate::evidence::{Cluster, Object};
use crate::incident::Incident;
use crate::knowledge::owners::{self, Evidence, Owner as OwnerRow};

/// Writers of APIService fields that own nothing: they fill in status and CA bundles.
const HELPERS: &[&str] = &[
    "kube-apiserver",
    "service-ca-operator",
    "kube-controller-manager",
    "before-first-apply",
    "cainjector",
    "cert-manager-cainjector",
    "Go-http-client",
];

/// Programs with which people and pipelines write: no operator stands behind them.
const TOOLS: &[&str] =
    &["kubectl", "oc", "helm", "argocd", "argo-cd", "kustomize", "flux", "k9s", "terraform", "Mozilla"];

/// The owner of the incident's APIService.
pub(super) fn owner(incident: &Incident, cluster: Option<&Cluster>) -> Option<Owner> {
    let name = incident.apiservice.as_deref()?;
    let service = cluster.and_then(|cluster| cluster.apiservice(name)?.body.spec.service.as_ref());
    let row = match service {
        Some(service) => row_of_service(name, &service.id()),
        None => owner_row(name, incident),
    };
    cluster.and_then(|cluster| by_objects(name, cluster, row.as_ref())).or_else(|| by_table(row, cluster))
}

/// The owner of an APIService by the objects, else by the table.
pub fn owner_of(apiservice: &str, cluster: &Cluster) -> Option<Owner> {
    let service = cluster.apiservice(apiservice).and_then(|one| one.body.spec.service.as_ref());
    let row = service.and_then(|service| row_of_service(apiservice, &service.id()));
    by_objects(apiservice, cluster, row.as_ref()).or_else(|| by_table(row, Some(cluster)))
}

/// The row of the table whose Service an APIService names; where none is, the only row of its group.
fn row_of_service(apiservice: &str, service: &str) -> Option<Row> {
    let rows = rows_of(apiservice.split_once('.').map_or("", |(_, group)| group));
    if let Some(row) = rows.iter().find(|row| row.service == service) {
        return Some((row, format!("the APIService names {service}; table of owners ({})", row.source)));
    }
    match rows[..] {
        [row] => Some((row, how_of_row(row, false, 1))),
        _ => None,
    }
}

type Row = (&'static OwnerRow, String);

fn by_objects(name: &str, cluster: &Cluster, row: Option<&Row>) -> Option<Owner> {
    let object = cluster.apiservice(name)?;
    object.body.spec.service.as_ref()?;
    by_label(object, cluster)
        .or_else(|| by_reference(object, cluster, row))
        .or_else(|| by_csv(object, cluster))
        .or_else(|| by_cluster_operator(object, cluster))
        .or_else(|| by_writer(object, cluster, row))
        .or_else(|| by_namespace(object, cluster))
}

fn by_label(object: &Object<ApiService>, cluster: &Cluster) -> Option<Owner> {
    let labels = &object.meta.labels;
    let csv = labels.get("olm.owner")?;
    let namespace = labels.get("olm.owner.namespace").cloned();
    let mut owner = operator(csv, namespace, format!("label olm.owner={csv} of the APIService"));
    enrich(&mut owner, cluster);
    Some(owner)
}

fn by_reference(object: &Object<ApiService>, cluster: &Cluster, row: Option<&Row>) -> Option<Owner> {
    let references = &object.meta.owner_references;
    let reference = references.iter().find(|one| one.controller).or(references.first())?;
    let what = format!("ownerReference of the APIService to {} {}", reference.kind, reference.name);
    if reference.kind == "ClusterServiceVersion" {
        let mut owner = operator(&reference.name, None, what);
        enrich(&mut owner, cluster);
        return Some(owner);
    }
    // The reference names a custom resource; its operator is who reconciles that.
    let service = object.body.spec.service.as_ref()?;
    let how_known = format!("{what} ({})", reference.api_version);
    let mut owner = match (installed_in(cluster, &service.namespace), row) {
        (Some((csv, _)), _) => operator(csv.name(), Some(service.namespace.clone()), how_known),
        (None, Some((row, how))) => {
            let how_known = format!("{how_known}; {how}");
            operator(row.name, Some(service.namespace.clone()), how_known)
        }
        (None, None) => Owner {
            kind: "Workload",
            ..operator(&format!("{}/{}", reference.kind, reference.name), None, how_known)
        },
    };
    owner.package = row.filter(|(row, _)| !row.package.is_empty()).map(|(row, _)| row.package.to_owned());
    enrich(&mut owner, cluster);
    Some(owner)
}

fn by_csv(object: &Object<ApiService>, cluster: &Cluster) -> Option<Owner> {
    let spec = &object.body.spec;
    let csv = cluster.csvs.values().find(|csv| {
        let owned = &csv.body.spec.apiservicedefinitions.owned;
        owned.iter().any(|one| one.group == spec.group && one.version == spec.version)
    })?;
    let how = format!("the CSV {} owns {}", csv.name(), object.name());
    let mut owner = operator(csv.name(), Some(csv.meta.namespace.clone()), how);
    enrich(&mut owner, cluster);
    Some(owner)
}

fn by_cluster_operator(object: &Object<ApiService>, cluster: &Cluster) -> Option<Owner> {
    let service = object.body.spec.service.as_ref()?;
    let looks_after = |resource: &str, name: &str| {
        cluster.operators.values().find(move |one| {
            let related = &one.body.status.related_objects;
            related.iter().any(|related| related.resource == resource && related.name == name)
        })
    };
    let (operator, how) = match looks_after("apiservices", object.name()) {
        Some(operator) => (operator, format!("its relatedObjects name {}", object.name())),
        None => {
            let operator = looks_after("namespaces", &service.namespace)?;
            (operator, format!("its relatedObjects name the namespace {}", service.namespace))
        }
    };
    let versions = &operator.body.status.versions;
    Some(Owner {
        kind: "ClusterOperator",
        name: operator.name().to_owned(),
        namespace: Some(service.namespace.clone()),
        package: None,
        version: versions.iter().find(|one| one.name == "operator").map(|one| one.version.clone()),
        how_known: format!("ClusterOperator {}: {how}", operator.name()),
    })
}

fn by_writer(object: &Object<ApiService>, cluster: &Cluster, row: Option<&Row>) -> Option<Owner> {
    let writer = object.meta.managed_fields.iter().find(|one| {
        one.subresource.is_empty() && !one.manager.is_empty() && !HELPERS.contains(&one.manager.as_str())
    })?;
    let namespace = object.body.spec.service.as_ref().map(|service| service.namespace.clone());
    let how = format!("managedFields: {} wrote the APIService", writer.manager);
    let tool = TOOLS.iter().any(|tool| writer.manager.starts_with(tool));
    if tool {
        // Whoever applied it says nothing of who serves it.
        return by_namespace(object, cluster).or_else(|| {
            let (row, table) = row?;
            Some(operator(row.name, namespace.clone(), format!("{how}; {table}")))
        });
    }
    let mut owner = match row {
        Some((row, _)) => {
            operator(row.name, namespace, format!("{how}; {} in the table of owners", row.name))
        }
        None => operator(&writer.manager, namespace, how),
    };
    owner.package = row.filter(|(row, _)| !row.package.is_empty()).map(|(row, _)| row.package.to_owned());
    enrich(&mut owner, cluster);
    Some(owner)
}

fn by_namespace(object: &Object<ApiService>, cluster: &Cluster) -> Option<Owner> {
    let namespace = &object.body.spec.service.as_ref()?.namespace;
    let (csv, _) = installed_in(cluster, namespace)?;
    let how = format!("{} is the only operator that OLM has installed in {namespace}", csv.name());
    let mut owner = operator(csv.name(), Some(namespace.clone()), how);
    enrich(&mut owner, cluster);
    Some(owner)
}

fn by_table(row: Option<Row>, cluster: Option<&Cluster>) -> Option<Owner> {
    let (row, how_known) = row?;
    let mut owner = Owner {
        kind: if row.service.starts_with("openshift-") && row.package.is_empty() {
            "ClusterOperator"
        } else {
            "Operator"
        },
        name: row.name.to_owned(),
        namespace: row.service.split_once('/').map(|(namespace, _)| namespace.to_owned()),
        package: (!row.package.is_empty()).then(|| row.package.to_owned()),
        version: None,
        how_known,
    };
    if let Some(cluster) = cluster {
        enrich(&mut owner, cluster);
    }
    Some(owner)
}

fn operator(name: &str, namespace: Option<String>, how_known: String) -> Owner {
    Owner { kind: "Operator", name: name.to_owned(), namespace, package: None, version: None, how_known }
}

/// The only operator that is installed in a namespace, and its Subscription.
fn installed_in<'a>(
    cluster: &'a Cluster,
    namespace: &str,
) -> Option<(&'a Object<Csv>, Option<&'a Object<Subscription>>)> {
    let mut csvs = cluster.within(&cluster.csvs, namespace);
    let csv = csvs.next()?;
    if csvs.next().is_some() {
        return None;
    }
    Some((csv, subscription(cluster, csv.name())))
}

fn subscription<'a>(cluster: &'a Cluster, csv: &str) -> Option<&'a Object<Subscription>> {
    cluster
        .subscriptions
        .values()
        .find(|one| one.body.status.installed_csv == csv || one.body.status.current_csv == csv)
}

/// Package and version of an owner, by its CSV and Subscription.
fn enrich(owner: &mut Owner, cluster: &Cluster) {
    let of_name = |csv: &&Object<Csv>| csv.name() == owner.name;
    let of_package = |csv: &&Object<Csv>| {
        let package = owner.package.as_deref();
        package.is_some()
            && subscription(cluster, csv.name()).map(|one| one.body.spec.name.as_str()) == package
    };
    let csv = cluster.csvs.values().find(of_name).or_else(|| cluster.csvs.values().find(of_package));
    let Some(csv) = csv else { return };
    if !csv.body.spec.version.is_empty() {
        owner.version = Some(csv.body.spec.version.clone());
    }
    if let Some(subscription) = subscription(cluster, csv.name()) {
        owner.package = Some(subscription.body.spec.name.clone());
    }
    owner.namespace.get_or_insert_with(|| csv.meta.namespace.clone());
}

fn rows_of(group: &str) -> Vec<&'static OwnerRow> {
    let of_group = |name: &&'static str| name.split_once('.').is_some_and(|(_, of)| of == group);
    owners::all().filter(|row| row.apiservices.iter().any(of_group)).collect()
}

/// The row of the table that serves an APIService: the one whose Service a line names, else the first.
fn owner_row(apiservice: &str, incident: &Incident) -> Option<Row> {
    let rows = rows_of(apiservice.split_once('.').map_or("", |(_, group)| group));
    let named = rows.iter().find(|row| {
        let (namespace, service) = row.service.split_once('/').unwrap_or(("", ""));
        incident.evidence.iter().any(|e| e.text.contains(namespace) && e.text.contains(service))
    });
    let row = named.or(rows.first()).copied()?;
    Some((row, how_of_row(row, named.is_some(), rows.len())))
}

fn how_of_row(row: &OwnerRow, named: bool, rows: usize) -> String {
    let certainty = match row.evidence {
        Evidence::Source => "its manifests say so",
        Evidence::Thread => "seen in",
        Evidence::Known => "not verified",
        Evidence::Own => return format!("your own table of owners ({})", row.source),
    };
    match (named, rows) {
        (true, _) => format!("the log names {}; table of owners ({})", row.service, row.source),
        (false, 1) => format!("table of owners: {certainty} ({})", row.source),
        (false, n) => format!("table of owners: the usual one of {n} ({})", row.source),
    }
}

/// The backend that the table knows.
pub(super) fn row_backend(incident: &Incident) -> Option<Backend> {
    let (row, _) = owner_row(incident.apiservice.as_deref()?, incident)?;
    let (namespace, service) = row.service.split_once('/')?;
    Some(Backend { namespace: namespace.to_owned(), service: service.to_owned(), state: None })
}
