//! The compatibility matrix: over many clusters, how operators of a version fare on a version of
//! OpenShift.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Inventory, OperatorRow};

/// One operator version on one OpenShift version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// OLM package, else the CSV's name without its version.
    pub operator: String,
    /// The operator's version.
    pub version: String,
    /// OpenShift version; `unknown` where an archive does not tell.
    pub openshift: String,
    /// Clusters where it succeeded and all its APIServices are available.
    pub healthy: u64,
    /// Clusters where it runs, but is being installed or replaced, or one of its APIServices is not available.
    pub degraded: u64,
    /// Clusters where it failed, its requirements are not met, or none of its APIServices is available.
    pub broken: u64,
}

/// How an operator fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Healthy,
    Degraded,
    Broken,
}

/// Counts over clusters. Each cluster counts once per operator and version, with the worst of its
/// installations. Sorted by operator, version, OpenShift version; the order of the clusters does not matter.
pub fn matrix<'a>(inventories: impl IntoIterator<Item = &'a Inventory>) -> Vec<Cell> {
    let mut cells: BTreeMap<(String, String, String), Cell> = BTreeMap::new();
    for inventory in inventories {
        let openshift = inventory.openshift_version.clone().unwrap_or_else(|| "unknown".into());
        let mut worst: BTreeMap<(String, String), Health> = BTreeMap::new();
        for row in &inventory.operators {
            let key = (operator_name(row), row.version.clone());
            let now = health(row, inventory);
            let entry = worst.entry(key).or_insert(now);
            if (now as u8) > (*entry as u8) {
                *entry = now;
            }
        }
        let row = |((operator, version), health): ((String, String), Health)| Cell {
            operator,
            version,
            openshift: openshift.clone(),
            healthy: u64::from(health == Health::Healthy),
            degraded: u64::from(health == Health::Degraded),
            broken: u64::from(health == Health::Broken),
        };
        add(&mut cells, &worst.into_iter().map(row).collect::<Vec<_>>());
    }
    cells.into_values().collect()
}

/// Adds the cells of another cluster to those of several.
pub fn add(cells: &mut BTreeMap<(String, String, String), Cell>, of_cluster: &[Cell]) {
    for one in of_cluster {
        let key = (one.operator.clone(), one.version.clone(), one.openshift.clone());
        let cell = cells.entry(key).or_insert_with(|| Cell {
            operator: one.operator.clone(),
            version: one.version.clone(),
            openshift: one.openshift.clone(),
            ..Cell::default()
        });
        cell.healthy += one.healthy;
        cell.degraded += one.degraded;
        cell.broken += one.broken;
    }
}

/// What an operator is called in every version: the package, else `name` of `name.v1.2.3`.
pub fn operator_name(row: &OperatorRow) -> String {
    row.package
        .clone()
        .unwrap_or_else(|| row.name.split_once(".v").map_or(row.name.as_str(), |(name, _)| name).to_owned())
}

fn health(row: &OperatorRow, inventory: &Inventory) -> Health {
    // An APIService belongs to the operator whose CSV owns it, or which it names as its owner.
    let mine: Vec<bool> = inventory
        .apiservices
        .iter()
        .filter(|one| {
            row.owned_apiservices.contains(&one.name)
                || one.owner.as_deref() == Some(row.name.as_str())
                || one.package.is_some() && one.package == row.package
        })
        .map(|one| one.available.as_deref() == Some("True"))
        .collect();
    let up = mine.iter().filter(|available| **available).count();
    match row.phase.as_str() {
        "Failed" => Health::Broken,
        "Pending" if row.reason == "RequirementsNotMet" => Health::Broken,
        _ if !mine.is_empty() && up == 0 => Health::Broken,
        "Succeeded" if up == mine.len() => Health::Healthy,
        _ => Health::Degraded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{Declared, Support};

    fn cluster(openshift: &str, phase: &str) -> Inventory {
        let row = OperatorRow {
            name: "thing-operator.v1.2.3".into(),
            namespace: "things".into(),
            package: None,
            version: "1.2.3".into(),
            phase: phase.into(),
            reason: String::new(),
            copies: 0,
            owned_apiservices: Vec::new(),
            declared: Declared::default(),
            support: Support::Unknown,
        };
        Inventory { openshift_version: Some(openshift.into()), operators: vec![row], ..Inventory::default() }
    }

    #[test]
    fn clusters_are_counted() {
        let clusters = [
            cluster("4.17.1", "Succeeded"),
            cluster("4.17.1", "Failed"),
            cluster("4.16.2", "Installing"),
            cluster("4.17.1", "Succeeded"),
        ];
        let cells = matrix(&clusters);
        assert_eq!(cells.len(), 2);
        assert_eq!(cells[0].operator, "thing-operator");
        assert_eq!((cells[0].openshift.as_str(), cells[0].degraded), ("4.16.2", 1));
        assert_eq!((cells[1].healthy, cells[1].broken), (2, 1));
    }
}
