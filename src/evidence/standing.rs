//! What the objects say of API groups and of versions: facts that beat the tables.

use std::collections::BTreeSet;

use super::Cluster;

/// How a group is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// By kube-apiserver itself: built in, or a CRD. Never to blame.
    Local,
    /// By an extension API server behind a Service.
    Aggregated,
}

impl Cluster {
    /// How a group is served, where an object says so: an APIService, a CRD, a CSV that owns it, or
    /// discovery that calls it stale (only an aggregated group can be).
    pub fn standing(&self, group: &str) -> Option<Standing> {
        let mut local = self.crd_groups.contains(group);
        for one in self.apiservices.values().filter(|one| one.body.spec.group == group) {
            if one.body.spec.service.is_some() {
                return Some(Standing::Aggregated);
            }
            local = true;
        }
        let prefix = format!("{group}/");
        let stale = self.discovery.iter().any(|(gv, stale)| stale.is_some() && gv.starts_with(&prefix));
        let owned = self
            .csvs
            .values()
            .flat_map(|csv| &csv.body.spec.apiservicedefinitions.owned)
            .any(|one| one.group == group);
        if stale || owned && !local {
            return Some(Standing::Aggregated);
        }
        local.then_some(Standing::Local)
    }

    /// The versions of a group that APIServices or discovery name.
    pub fn versions(&self, group: &str) -> BTreeSet<String> {
        let registered = self
            .apiservices
            .values()
            .filter(|one| one.body.spec.group == group)
            .map(|one| one.body.spec.version.clone());
        let prefix = format!("{group}/");
        let discovered = self.discovery.keys().filter_map(|gv| gv.strip_prefix(&prefix)).map(str::to_owned);
        registered.chain(discovered).collect()
    }

    /// The APIService that serves a version of a group; the only one where no version is given.
    pub fn apiservice_of(&self, group: &str, version: Option<&str>) -> Option<String> {
        let names: Vec<&str> = self
            .aggregated()
            .filter(|(one, _)| one.body.spec.group == group)
            .filter(|(one, _)| version.is_none_or(|version| one.body.spec.version == version))
            .map(|(one, _)| one.name())
            .collect();
        match names[..] {
            [name] => Some(name.to_owned()),
            _ => None,
        }
    }

    /// Whether the archive seems to hold all APIServices: the Local ones lie beside the others.
    pub fn has_all_apiservices(&self) -> bool {
        self.apiservices.values().any(|one| one.body.spec.service.is_none())
    }

    /// The OpenShift version that runs: the newest one whose installation completed, else the one that
    /// is wanted.
    pub fn openshift_version(&self) -> Option<String> {
        let status = &self.versions.values().next()?.body.status;
        let completed = status.history.iter().find(|update| update.state == "Completed");
        let version = completed.map_or(&status.desired.version, |update| &update.version);
        (!version.is_empty()).then(|| version.clone())
    }

    /// The Kubernetes version: kube-apiserver's own by its ClusterOperator, else the kubelets' newest.
    /// Without the leading `v` and what a distribution appends.
    pub fn kubernetes_version(&self) -> Option<String> {
        let operators = self.operators.values().filter(|one| one.name() == "kube-apiserver");
        let said = operators
            .flat_map(|one| &one.body.status.versions)
            .find(|operand| operand.name == "kube-apiserver")
            .map(|operand| operand.version.clone());
        let kubelets = self.nodes.values().map(|node| &node.body.status.node_info.kubelet_version);
        let version = said.or_else(|| kubelets.max_by_key(|version| numbers(version)).cloned())?;
        let version = version.trim_start_matches('v');
        let end = version.find(['+', '-']).unwrap_or(version.len());
        (end > 0).then(|| version[..end].to_owned())
    }
}

/// A version's numbers, for comparing; what is no number ends them.
pub fn numbers(version: &str) -> Vec<u64> {
    let text = version.trim_start_matches(['v', '=', ' ']);
    let mut numbers = Vec::new();
    for part in text.split('.') {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => break,
        }
        if digits.len() < part.len() {
            break;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(numbers("4.17.22") < numbers("4.18"));
        assert!(numbers("v1.9.0") < numbers("1.10.3+abc"));
        assert_eq!(numbers("4.8.0-rc.1"), [4, 8, 0]);
    }
}
