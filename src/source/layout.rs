//! What a file of an archive is, told by its path.
//!
//! A row is a pattern for the end of a path: `*` stands for anything within a name, `**` for any
//! number of folders. A path may stand anywhere: must-gathers are nested in image folders, in other
//! trees (`istio/`, `namespaces/all/`, `hostedcluster-…/`) and in archives. The first row that fits
//! holds; a path without a row is a log, so that nothing is passed over only because it is unknown,
//! and a folder of logs that is no must-gather is read whole.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Generation, Origin};

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is read line by line.
    Log,
    /// It holds what the cluster says about its objects.
    Object,
    /// It is left out, and counted.
    Skip,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The end of the path.
    pub path: &'static str,
    /// What such a file is.
    pub kind: Kind,
    /// Who writes it, or why it is left out.
    pub why: &'static str,
}

/// What is known of a path.
#[derive(Clone, Copy, Debug)]
pub struct Fit<'p> {
    /// What the file is.
    pub kind: Kind,
    /// The part of the path that the row describes; `None` without a row.
    pub part: Option<&'p str>,
}

use Kind::{Log, Object, Skip};

const fn row(path: &'static str, kind: Kind, why: &'static str) -> Row {
    Row { path, kind, why }
}

/// The layouts, special cases first.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // oc adm must-gather, around the inspect trees (openshift/oc pkg/cli/admin/mustgather)
    row("event-filter.html",                               Skip,   "all events.yaml below, once more as HTML"),
    row("must-gather.logs",                                Log,    "oc >= 4.16: what oc printed"),
    row("gather.logs",                                     Log,    "oc >= 4.16: what the gather script printed"),
    row("timestamp",                                       Object, "when the gathering began and ended"),
    row("version",                                         Object, "the image that gathered"),
    row("aggregated-discovery-ap*.yaml",                   Object, "oc >= 4.18: discovery, with its freshness"),
    // openshift/must-gather collection-scripts
    row("host_service_logs/**/*",                          Log,    "gather_service_logs: journald"),
    row("static-pods/**/*",                                Log,    "gather_kas_startup_termination_logs"),
    row("audit_logs/*_listing",                            Skip,   "gather_audit_logs: names of files"),
    row("audit_logs/**/*",                                 Log,    "gather_audit_logs"),
    row("etcd_info/*",                                     Skip,   "gather_etcd: members and health of etcd, as tables"),
    row("ingress_controllers/**/*.config",                 Skip,   "gather_ingress: configuration of HAProxy"),
    row("monitoring/prometheus/rules.json",                Object, "gather_monitoring: alerts and their state"),
    row("monitoring/alerts.json",                          Object, "gather_monitoring before 4.9: alerts"),
    row("monitoring/**/*.json",                            Skip,   "gather_monitoring: settings and targets of Prometheus"),
    row("pod_network_connectivity_check/*.yaml",           Object, "whether the kube-apiserver reaches its backends"),
    row("requests/apirequestscounts.json",                 Object, "gather_apirequestcounts: which APIs are in use"),
    row("nodes/*/*_logs_*",                                Log,    "gather_ppc: journald of one node"),
    // oc adm inspect (openshift/oc pkg/cli/admin/inspect), with its heavy objects that explain no failing API
    row("namespaces/**/.*.yaml.*",                         Skip,   "a copy that rsync left unfinished"),
    row("namespaces/*/pods/*/*/*/api_priority_and_fairness/*", Skip, "dumps of the kube-apiserver's queues"),
    row("namespaces/*/core/configmaps.yaml",               Skip,   "settings, up to megabytes"),
    row("namespaces/*/core/configmaps/*.yaml",             Skip,   "settings, up to megabytes"),
    row("namespaces/*/core/secrets.yaml",                  Skip,   "names of secrets; their data is elided"),
    row("namespaces/*/core/secrets/*.yaml",                Skip,   "names of secrets; their data is elided"),
    row("cluster-scoped-resources/machineconfiguration.openshift.io/machineconfigs/*", Skip, "files of nodes"),
    row("cluster-scoped-resources/machineconfiguration.openshift.io/controllerconfigs/*", Skip, "files of nodes"),
    row("cluster-scoped-resources/**/*.yaml",              Object, "oc adm inspect"),
    row("cluster-scoped-resources/**/*.json",              Object, "oc adm inspect"),
    row("namespaces/*/core/pods/logs/*",                   Log,    "HyperShift: hypershift dump cluster"),
    row("namespaces/*/pods/*/*/*/logs/rotated/*",          Log,    "oc adm inspect --rotated-pod-logs: files of the node"),
    row("namespaces/*/pods/*/*/*/logs/*",                  Log,    "oc adm inspect"),
    row("namespaces/*/pods/*/*.yaml",                      Object, "oc adm inspect: one pod"),
    row("namespaces/*/pods/*/*/*.log",                     Log,    "kubectl-gather"),
    row("namespaces/*/v1/pod/*/*/*.log",                   Log,    "crust-gather"),
    row("namespaces/**/*.yaml",                            Object, "oc adm inspect, crust-gather, kubectl-gather"),
    row("cluster/*.*/**/*.yaml",                           Object, "crust-gather, kubectl-gather"),
    row("apiservices/*.yaml",                              Object, "kubevirt/must-gather: gather_apiservices"),
    // Files of a node, and sosreport (sos/report/plugins)
    row("var/log/pods/*/*/*",                              Log,    "kubelet: CRI files"),
    row("var/log/containers/*.log",                        Log,    "kubelet: links to var/log/pods"),
    row("sosreport-*/sos_reports/**/*",                    Skip,   "sosreport: its own tables of contents"),
    row("sosreport-*/proc/**/*",                           Skip,   "sosreport: the kernel's tables"),
    row("sosreport-*/sys/**/*",                            Skip,   "sosreport: the kernel's tables"),
    row("sosreport-*/etc/**/*",                            Skip,   "sosreport: settings of the node"),
    row("sos_commands/openshift/**/oc_logs_*",             Log,    "sosreport: oc logs"),
    // Insights (openshift/insights-operator docs/gathered-data.md)
    row("config/pod/*/logs/*/*.log",                       Log,    "insights: last errors of a container"),
    row("config/node/logs/*.log",                          Log,    "insights: kubelet"),
    row("config/pod/*/*.json",                             Object, "insights: one pod"),
    row("config/clusteroperator/**/*.json",                Object, "insights: ClusterOperators"),
    row("config/version.json",                             Object, "insights: ClusterVersion"),
    row("config/olm_operators.json",                       Object, "insights: operators and their versions"),
    // replicatedhq/troubleshoot, support bundles
    row("cluster-resources/pods/logs/*/*/*.log",           Log,    "troubleshoot"),
    row("cluster-resources/**/*.json",                     Object, "troubleshoot"),
];

/// The patterns in their parts, and the words with which they begin.
static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let rows: Vec<Vec<Part>> = ROWS.iter().map(|row| row.path.split('/').map(Part::new).collect()).collect();
    let mut words = FxHashMap::default();
    let mut begins = Vec::new();
    for row in &rows {
        let next = 1u64.checked_shl(words.len() as u32).unwrap_or(0);
        begins.push(match row.first() {
            Some(Part::Word(word)) if next > 0 => *words.entry(*word).or_insert(next),
            _ => u64::MAX,
        });
    }
    Patterns { rows, words, begins }
});

/// Most rows are ruled out because the word they begin with is not in a path at all.
struct Patterns {
    rows: Vec<Vec<Part>>,
    /// Each word with a bit of its own.
    words: FxHashMap<&'static [u8], u64>,
    /// The bit of each row's word; all of them where a row begins with anything.
    begins: Vec<u64>,
}

/// What a file is, by its path; parts are separated by `/`, and by `!` behind an archive.
pub fn of(path: &str) -> Fit<'_> {
    find(path)
        .map_or(Fit { kind: Log, part: None }, |(row, at)| Fit { kind: ROWS[row].kind, part: path.get(at..) })
}

/// The row that fits, and where in the path it begins to.
fn find(path: &str) -> Option<(usize, usize)> {
    let Patterns { rows, words, begins } = &*PATTERNS;
    let names = path.as_bytes().split(|byte| matches!(byte, b'/' | b'!'));
    // Each part of the path with its bit, if a row begins with it.
    let parts: Vec<(&[u8], u64)> =
        names.map(|name| (name, words.get(name).copied().unwrap_or_default())).collect();
    let (file, _) = parts.last()?;
    let found = parts.iter().fold(0, |found, (_, bit)| found | bit);
    let (row, first) = rows.iter().zip(begins).enumerate().find_map(|(row, (pattern, begins))| {
        let may_begin = |bit: u64| *begins == u64::MAX || begins & bit != 0;
        pattern.last().filter(|name| may_begin(found) && name.is_of(file))?;
        // From the right: of nested trees the inner one says what a file is.
        let first = (0..parts.len())
            .rev()
            .find(|&first| may_begin(parts[first].1) && fits(pattern, &parts[first..]))?;
        Some((row, first))
    })?;
    Some((row, parts[..first].iter().map(|(name, _)| name.len() + 1).sum()))
}

/// What a file is a copy of, if the bytes are the same too: namespace, pod, container and run of a
/// log, else the path within its tree. `None` where the layout is unknown: equal files with unknown
/// paths may be the logs of two programs.
pub fn identity(part: Option<&str>, origin: &Origin) -> Option<String> {
    let part = part?;
    let (Some(namespace), Some(pod), Some(container)) = (&origin.namespace, &origin.pod, &origin.container)
    else {
        return Some(part.to_owned());
    };
    let run = match origin.generation {
        Generation::Current => "current",
        Generation::Previous => "previous",
        Generation::Rotated => "rotated",
    };
    Some(format!("{namespace}/{pod}/{container}/{run}"))
}

fn fits(pattern: &[Part], parts: &[(&[u8], u64)]) -> bool {
    match (pattern, parts) {
        ([], []) => true,
        ([Part::Folders, rest @ ..], _) => (0..=parts.len()).any(|skipped| fits(rest, &parts[skipped..])),
        ([name, rest @ ..], [(part, _), behind @ ..]) => name.is_of(part) && fits(rest, behind),
        _ => false,
    }
}

/// A part of a pattern.
enum Part {
    /// `**`: any folders.
    Folders,
    /// A name.
    Word(&'static [u8]),
    /// A name with `*` for any characters, by what stands before the first and behind the last of them; at the end of
    /// a name it stands for at least one.
    Like { before: &'static [u8], between: Vec<&'static [u8]>, behind: &'static [u8] },
}

impl Part {
    fn new(name: &'static str) -> Part {
        let mut words: Vec<&[u8]> = name.as_bytes().split(|byte| *byte == b'*').collect();
        match (name, words.pop(), words.is_empty()) {
            ("**", ..) => Part::Folders,
            (_, Some(behind), false) => Part::Like { before: words.remove(0), between: words, behind },
            _ => Part::Word(name.as_bytes()),
        }
    }

    fn is_of(&self, part: &[u8]) -> bool {
        match self {
            Part::Folders => true,
            Part::Word(name) => *name == part,
            Part::Like { before, between, behind } => {
                let rest = part.strip_prefix(*before).and_then(|rest| rest.strip_suffix(*behind));
                rest.is_some_and(|mut rest| {
                    let found = between.iter().all(|word| match memchr::memmem::find(rest, word) {
                        Some(at) => {
                            rest = &rest[at + word.len()..];
                            true
                        }
                        None => false,
                    });
                    found && !(behind.is_empty() && rest.is_empty())
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paths as the programs write them, one or more for each row.
    #[rustfmt::skip]
    const PATHS: &[(&str, Kind)] = &[
        ("mg/event-filter.html", Skip),
        ("mg/must-gather.logs", Log),
        ("mg/quay-io-x/gather.logs", Log),
        ("mg/timestamp", Object),
        ("mg/quay-io-x/version", Object),
        ("mg/q/aggregated-discovery-apis.yaml", Object),
        ("mg/q/host_service_logs/masters/kubelet_service.log", Log),
        ("mg/q/static-pods/kube-apiserver/master-0-termination.log.gz", Log),
        ("mg/q/audit_logs/kube-apiserver.audit_logs_listing", Skip),
        ("mg/q/audit_logs/kube-apiserver/master-0-audit.log.gz", Log),
        ("mg/q/etcd_info/member_list.json", Skip),
        ("mg/q/ingress_controllers/default/router-1/haproxy.config", Skip),
        ("mg/q/monitoring/prometheus/rules.json", Object),
        ("mg/q/monitoring/alerts.json", Object),
        ("mg/q/monitoring/prometheus/status/tsdb.json", Skip),
        ("mg/q/monitoring/prometheus/rules.stderr", Log),
        ("mg/q/pod_network_connectivity_check/podnetworkconnectivitychecks.yaml", Object),
        ("mg/q/requests/apirequestscounts.json", Object),
        ("mg/q/nodes/worker-0/worker-0_logs_kubelet.gz", Log),
        ("mg/q/namespaces/ns/core/.pods.yaml.Xa91bc", Skip),
        ("mg/q/namespaces/ns/pods/p/c/c/api_priority_and_fairness/queues", Skip),
        ("mg/q/namespaces/ns/core/configmaps.yaml", Skip),
        ("mg/q/namespaces/ns/core/configmaps/a.yaml", Skip),
        ("mg/q/namespaces/ns/core/secrets.yaml", Skip),
        ("mg/q/namespaces/ns/core/secrets/a.yaml", Skip),
        ("mg/q/cluster-scoped-resources/machineconfiguration.openshift.io/machineconfigs/a.yaml", Skip),
        ("mg/q/cluster-scoped-resources/machineconfiguration.openshift.io/controllerconfigs/a.yaml", Skip),
        ("mg/q/cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1..yaml", Object),
        ("mg/q/cluster-scoped-resources/core/nodes/a.json", Object),
        ("dump/namespaces/ns/core/pods/logs/api-6d5f7b8c9-x2x4z-api.log", Log),
        ("mg/q/namespaces/ns/pods/p/c/c/logs/rotated/0.log.20260101-000000.gz", Log),
        ("mg/q/namespaces/ns/pods/p/c/c/logs/previous.insecure.log", Log),
        ("mg/q/namespaces/ns/pods/p/p.yaml", Object),
        ("ctx/namespaces/ns/pods/p/c/current.log", Log),
        ("crust/namespaces/ns/v1/pod/p/c/current.log", Log),
        ("mg/q/namespaces/ns/core/events.yaml", Object),
        ("mg/q/namespaces/all/namespaces/ns/ns.yaml", Object),
        ("crust/cluster/apiregistration.k8s.io/v1/APIService/v1.a.b.yaml", Object),
        ("mg/q/apiservices/v1.subresources.kubevirt.io.yaml", Object),
        ("sosreport-a/var/log/pods/ns_p_uid/c/0.log", Log),
        ("var/log/containers/p_ns_c-0a1b.log", Log),
        ("sosreport-a/sos_reports/manifest.json", Skip),
        ("sosreport-a/proc/cpuinfo", Skip),
        ("sosreport-a/sys/block/sda", Skip),
        ("sosreport-a/etc/hosts", Skip),
        ("sosreport-a/sos_commands/openshift/namespaces/ns/pods/podlogs/oc_logs_--namespace_ns_p", Log),
        ("mg/insights-1.tar.gz!config/pod/ns/logs/p/errors.log", Log),
        ("config/node/logs/worker-0.log", Log),
        ("mg/insights-1.tar.gz!config/pod/ns/p.json", Object),
        ("config/clusteroperator/dns.json", Object),
        ("config/version.json", Object),
        ("config/olm_operators.json", Object),
        ("bundle/cluster-resources/pods/logs/ns/p/c.log", Log),
        ("bundle/cluster-resources/deployments/ns.json", Object),
    ];

    #[test]
    fn every_row_has_a_path_that_only_it_explains() {
        for (path, kind) in PATHS {
            assert_eq!(of(path).kind, *kind, "{path}");
        }
        for (index, row) in ROWS.iter().enumerate() {
            let explained = PATHS.iter().any(|(path, _)| find(path).is_some_and(|(row, _)| row == index));
            assert!(explained, "no path for {}", row.path);
        }
    }

    #[test]
    fn a_folder_of_logs_is_read_whole() {
        for path in
            ["logs/values.yaml", "logs/events.json", "a.yaml", "my/cluster/notes.yaml", "x/haproxy.config"]
        {
            assert!(matches!(of(path), Fit { kind: Log, part: None }), "{path}");
        }
    }

    #[test]
    fn an_identity_is_the_same_in_another_tree_and_archive() {
        let of_path = |path: &str| identity(of(path).part, &Origin::of_path(path));
        let one = of_path("mg/a/namespaces/ns/pods/p/c/c/logs/current.log");
        assert!(one.is_some());
        assert_eq!(one, of_path("x.tar.gz!mg/b/istio/namespaces/ns/pods/p/c/c/logs/current.log"));
        assert_ne!(one, of_path("mg/a/namespaces/ns/pods/p/c/c/logs/previous.log"));
        assert_eq!(
            of_path("mg/a/host_service_logs/masters/crio_service.log").as_deref(),
            Some("host_service_logs/masters/crio_service.log")
        );
        assert_eq!(of_path("one/kopf.log"), None);
    }
}
