//! A side that was written before: a report of `-o json`.

use serde::Deserialize;

use super::{Brief, Side};
use crate::fleet::program;
use crate::incident::{Impact, Party};
use crate::k8s::Cause;
use crate::record::Writer;

#[derive(Deserialize)]
struct Document {
    schema_version: u32,
    cluster: Option<Cluster>,
    incidents: Vec<Incident>,
}

#[derive(Deserialize)]
struct Cluster {
    openshift_version: Option<String>,
    kubernetes_version: Option<String>,
}

#[derive(Deserialize)]
struct Incident {
    id: String,
    cause: String,
    reason: String,
    apiservice: Option<String>,
    failures: u64,
    victims: Vec<Victim>,
    status: Option<Status>,
    owner: Option<Owner>,
}

#[derive(Deserialize)]
struct Victim {
    source: String,
    namespace: Option<String>,
    pod: Option<String>,
    container: Option<String>,
    impact: String,
}

#[derive(Deserialize)]
struct Status {
    status: String,
}

#[derive(Deserialize)]
struct Owner {
    name: String,
    package: Option<String>,
}

impl Side {
    /// Reads a report; `None` if the text is none.
    ///
    /// # Errors
    /// Why a report cannot be read by this version.
    pub fn of_report(name: &str, text: &str) -> Option<Result<Side, String>> {
        if !text.trim_start().starts_with('{') || !text.contains("\"schema_version\"") {
            return None;
        }
        let document: Document = match serde_json::from_str(text) {
            Ok(document) => document,
            Err(error) => return Some(Err(format!("it is no report of -o json: {error}"))),
        };
        if document.schema_version != 1 {
            return Some(Err(format!(
                "a report of schema_version {}; this version reads 1",
                document.schema_version
            )));
        }
        let incidents: Result<Vec<Brief>, String> = document.incidents.into_iter().map(brief).collect();
        let cluster = document.cluster;
        Some(incidents.map(|incidents| Side {
            name: name.to_owned(),
            openshift: cluster.as_ref().and_then(|cluster| cluster.openshift_version.clone()),
            kubernetes: cluster.and_then(|cluster| cluster.kubernetes_version),
            operators: None,
            incidents,
        }))
    }
}

fn brief(incident: Incident) -> Result<Brief, String> {
    let cause = Cause::parse(&incident.cause).ok_or_else(|| format!("{} is no cause", incident.cause))?;
    let mut victims = std::collections::BTreeMap::new();
    for victim in incident.victims {
        let impact = impact(&victim.impact);
        let Victim { source, namespace, pod, container, .. } = victim;
        let writer = Writer { namespace, pod, container, unit: None };
        let name = program(&Party { source, writer, client: "", failures: 0, impact });
        let worst = victims.entry(name).or_insert(impact);
        *worst = impact.max(*worst);
    }
    Ok(Brief {
        id: incident.id,
        cause,
        reason: incident.reason,
        apiservice: incident.apiservice,
        available: incident.status.map(|status| status.status == "True"),
        failures: incident.failures,
        victims,
        owner: incident.owner.map(|owner| owner.package.unwrap_or(owner.name)),
    })
}

fn impact(word: &str) -> Impact {
    let all = [Impact::Fatal, Impact::Degraded, Impact::Tolerated];
    all.into_iter().find(|impact| impact.as_str() == word).unwrap_or(Impact::Unknown)
}
