//! Archives of every kind tell what the folder tells that they were made of; broken and hostile ones
//! tell what could be read, and name the rest.
//!
//! The archives are made in memory. They are written to a folder of the test's own only because the
//! program takes paths.

mod archive_maker;

use std::fs;
use std::path::{Path, PathBuf};

use apiblame::pipeline::{self, Settings};
use apiblame::report::Report;
use archive_maker::{Entries, bzip2, gzip, tar, tree, xz, zip, zstd};

const FAILURE: &str = "E0714 08:55:13.033753    1353 memcache.go:287] couldn't get resource list for \
    metrics.k8s.io/v1beta1: the server is currently unable to handle the request\n";
const LOG: &str = "mg/q/namespaces/ns/pods/p/c/c/logs/current.log";

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("apiblame-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn report(path: &Path) -> Report {
    pipeline::run(&[path.to_path_buf()], Settings::default()).unwrap()
}

/// A report of one file with these bytes.
fn read(name: &str, bytes: &[u8]) -> Report {
    let folder = Folder::new(name);
    report(&folder.write("input", bytes))
}

/// What does not depend on where the input stands.
fn told(report: &Report) -> String {
    let coverage = &report.coverage;
    let mut text = format!(
        "{} sources, {} lines, {} failures, {} objects, {} left out, {} twice, {} binary\n",
        coverage.sources,
        coverage.lines,
        coverage.failures,
        coverage.objects,
        coverage.left_out,
        coverage.duplicates,
        coverage.binary
    );
    for diagnosis in &report.incidents {
        let incident = &diagnosis.incident;
        let evidence: Vec<(&str, u64)> = incident
            .evidence
            .iter()
            .map(|evidence| {
                let source = evidence.location.source.as_str();
                (&source[source.find("mg/").unwrap_or(0)..], evidence.location.line)
            })
            .collect();
        text += &format!("{} {} {evidence:?}\n", incident.id, incident.failures);
    }
    text
}

#[test]
fn every_format_tells_what_the_folder_tells() {
    let entries = tree();
    let folder = Folder::new("formats");
    for (path, bytes) in &entries {
        folder.write(&format!("tree/{path}"), bytes);
    }
    let expected = told(&report(&folder.0.join("tree")));
    assert!(
        expected.contains("5 sources, 5 lines, 4 failures, 1 objects, 1 left out, 1 twice, 1 binary"),
        "{expected}"
    );
    assert!(expected.contains("metrics.k8s.io"), "{expected}");
    let plain = tar(&entries);
    let reversed: Vec<_> = entries.iter().rev().cloned().collect();
    for (name, bytes) in [
        ("plain.tar", plain.clone()),
        ("of-another-order.tar", tar(&reversed)),
        ("lies-about-its-name.tar", gzip(&plain)),
        ("a.tar.xz", xz(&plain)),
        ("a.tar.zst", zstd(&plain)),
        ("a.tar.bz2", bzip2(&plain)),
        ("a.zip", zip(&entries)),
        ("zip-in-gzip", gzip(&zip(&entries))),
    ] {
        let report = report(&folder.write(name, &bytes));
        assert_eq!(told(&report), expected, "{name}");
        assert_eq!(report.coverage.unreadable, [], "{name}");
    }
}

#[test]
fn single_logs_are_unpacked() {
    for (name, bytes) in [
        ("log-gz", gzip(FAILURE.as_bytes())),
        ("log-xz", xz(FAILURE.as_bytes())),
        ("log-zst", zstd(FAILURE.as_bytes())),
        ("log-bz2", bzip2(FAILURE.as_bytes())),
        ("log-gz-of-two", [gzip(b"fine\n"), gzip(FAILURE.as_bytes())].concat()),
        ("log-gz-in-xz", xz(&gzip(FAILURE.as_bytes()))),
    ] {
        let report = read(name, &bytes);
        assert_eq!((report.coverage.sources, report.coverage.failures), (1, 1), "{name}");
    }
}

#[test]
fn archives_inside_archives() {
    let mut nested = tar(&[(LOG.into(), FAILURE.into())]);
    for depth in 1..=4 {
        let report = read("nested", &nested);
        assert_eq!((report.coverage.sources, report.coverage.failures), (1, 1), "depth {depth}");
        nested = match depth % 2 {
            0 => gzip(&tar(&[("inner.tar".into(), nested)])),
            _ => zip(&[("inner".into(), nested)]),
        };
    }
    let report = read("nested-too-deep", &nested);
    assert_eq!(report.coverage.sources, 0);
    assert!(report.coverage.unreadable[0].error.contains("nested deeper"), "{:?}", report.coverage);
}

#[test]
fn what_stands_before_a_cut_is_told() {
    let noise: String =
        (0..40_000u64).map(|n| format!("line {}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    let entries = [
        (LOG.to_owned(), FAILURE.as_bytes().to_vec()),
        ("mg/q/host_service_logs/masters/x.log".into(), noise.into()),
    ];
    let plain = tar(&entries);
    for (name, bytes) in [
        ("cut-tar", plain.clone()),
        ("cut-gz", gzip(&plain)),
        ("cut-xz", xz(&plain)),
        ("cut-zst", zstd(&plain)),
        ("cut-zip", zip(&entries)),
    ] {
        let report = read(name, &bytes[..bytes.len() * 2 / 3]);
        assert_eq!(report.coverage.failures, 1, "{name}");
        assert!(!report.coverage.unreadable.is_empty(), "{name}");
        assert!(report.coverage.unreadable.iter().all(|one| one.path.contains("input")), "{name}");
    }
}

#[test]
fn a_broken_member_spoils_no_other() {
    let mut broken = gzip("a log that will be cut, in the middle of it".repeat(100).as_bytes());
    broken.truncate(broken.len() / 2);
    let bad = "mg/q/host_service_logs/masters/a.log.gz".to_owned();
    let entries = [(bad, broken), (LOG.to_owned(), FAILURE.into())];
    for (name, bytes) in [("member-tar", tar(&entries)), ("member-zip", zip(&entries))] {
        let report = read(name, &bytes);
        assert_eq!(report.coverage.failures, 1, "{name}");
        assert_eq!(report.coverage.unreadable.len(), 1, "{name}");
        assert!(
            report.coverage.unreadable[0].path.ends_with("input!mg/q/host_service_logs/masters/a.log.gz")
        );
    }
}

#[test]
fn strange_names_are_only_names() {
    let long = format!("mg/q/namespaces/{}/pods/{}/c/c/logs/current.log", "n".repeat(150), "p".repeat(195));
    assert_eq!(long.len(), 388);
    let names = [
        long,
        "mg/q/namespaces/ns/pods/system:openshift:a/c/c/logs/current.log".into(),
        "../../../../escaped.log".into(),
        "/escaped.log".into(),
    ];
    for (index, name) in names.iter().enumerate() {
        let entries = [(name.clone(), FAILURE.into())];
        for (kind, bytes) in [("tar", tar(&entries)), ("zip", zip(&entries))] {
            let folder = Folder::new(&format!("names-{index}-{kind}"));
            let report = report(&folder.write("a/b/c/d/e/input", &bytes));
            assert_eq!(report.coverage.failures, 1, "{kind} {name}");
            let source = &report.incidents[0].incident.evidence[0].location.source;
            assert!(source.ends_with(&format!("input!{name}")), "{kind} {source}");
            let files: Vec<_> =
                fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(files, ["a"], "nothing is unpacked");
        }
    }
    assert!(!Path::new("/escaped.log").exists());
}

#[test]
fn a_log_met_twice_counts_once_where_its_layout_is_known() {
    let second = LOG.replace("mg/q/", "mg/other-image/");
    let twice = [(LOG.to_owned(), FAILURE.as_bytes().to_vec()), (second, FAILURE.into())];
    let report = read("twice", &tar(&twice));
    assert_eq!((report.coverage.sources, report.coverage.duplicates, report.coverage.failures), (1, 1, 1));
    let unknown = [("a.log".to_owned(), FAILURE.as_bytes().to_vec()), ("b.log".into(), FAILURE.into())];
    let report = read("two-programs", &tar(&unknown));
    assert_eq!((report.coverage.sources, report.coverage.duplicates, report.coverage.failures), (2, 0, 2));
}

#[test]
fn the_report_depends_on_neither_threads_nor_blocks() {
    let mut entries = tree();
    entries.push(("mg/q/host_service_logs/masters/big.log".into(), FAILURE.repeat(70_000).into()));
    let folder = Folder::new("blocks");
    let path = folder.write("a.tar.gz", &gzip(&tar(&entries)));
    let run = |threads, block| {
        told(
            &pipeline::run(std::slice::from_ref(&path), Settings { threads, block, ..Settings::default() })
                .unwrap(),
        )
    };
    let expected = run(1, 2 << 20);
    assert!(expected.contains("70005 lines"), "{expected}");
    assert_eq!(run(3, 2 << 20), expected);
    assert_eq!(run(2, 300_001), expected);
}

#[test]
fn a_bomb_ends_at_its_limit() {
    // One entry of 1.5 GiB of zeros, which the layout passes over: it must be decompressed to find the
    // next one. gzip members that follow each other are one stream.
    let mut header = tar::Header::new_gnu();
    header.set_path("event-filter.html").unwrap();
    header.set_size(1536 << 20);
    header.set_cksum();
    let first = tar(&[(LOG.to_owned(), FAILURE.into())]);
    let mut bomb = gzip(&first[..1024]);
    bomb.extend(gzip(header.as_bytes()));
    bomb.extend(gzip(&vec![0; 16 << 20]).repeat(96));
    let report = read("bomb", &bomb);
    assert_eq!((report.coverage.sources, report.coverage.failures), (1, 1));
    assert!(
        report.coverage.unreadable[0].error.contains("times its size than 200 (--max-ratio)"),
        "{:?}",
        report.coverage.unreadable
    );
}

#[test]
fn headers_are_not_read_to_memory_without_limit() {
    // A long name of 64 MiB, as the GNU extension allows it.
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(64 << 20);
    header.set_cksum();
    let first = tar(&[(LOG.to_owned(), FAILURE.into())]);
    let bytes = [&first[..1024], header.as_bytes(), &vec![b'a'; 64 << 20]].concat();
    let report = read("long-header", &gzip(&bytes));
    assert_eq!((report.coverage.sources, report.coverage.failures), (1, 1));
    assert!(report.coverage.unreadable[0].error.contains("header"), "{:?}", report.coverage.unreadable);
}

#[test]
fn the_year_of_a_log_is_that_of_its_gathering() {
    let klog = "E0803 09:20:37.883419       1 memcache.go:287] couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request\n";
    let log = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let first_seen = |entries: Entries| {
        let report = read("year.tar", &tar(&entries));
        report.incidents[0].incident.first_seen.map(apiblame::time::rfc3339)
    };
    let kubelet = log("mg/q/host_service_logs/worker-0/kubelet_service.log", klog);
    let at = Some("2021-08-03T09:20:37.883Z".to_owned());
    let told = log("mg/timestamp", "2021-08-03 12:11:56.91501602 +0200 CEST m=+1.651641915\n");
    let elsewhere = log("other/timestamp", "2024-08-03 12:11:56.91501602 +0200 CEST m=+1.651641915\n");
    assert_eq!(first_seen(vec![kubelet.clone(), elsewhere, told]), at);
    let dated = format!("2021-08-03T09:30:00.000000000Z {klog}");
    assert_eq!(first_seen(vec![log("mg/q/namespaces/a/pods/p/c/c/logs/current.log", &dated), kubelet]), at);
}

#[test]
fn a_hosted_cluster_is_not_the_one_that_hosts_it() {
    let apiservice = |tree: &str, status: &str| {
        let text = format!(
            "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {{name: v1beta1.metrics.k8s.io}}\nspec:\n  \
             group: metrics.k8s.io\n  version: v1beta1\n  service: {{name: m, namespace: n, port: 443}}\nstatus:\n  \
             conditions: [{{type: Available, status: \"{status}\", reason: MissingEndpoints, lastTransitionTime: \"2026-03-01T10:00:00Z\"}}]\n"
        );
        (
            format!(
                "d/{tree}cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1beta1.metrics.k8s.io.yaml"
            ),
            text.into_bytes(),
        )
    };
    let ids = |entries: Entries| {
        let report = read("hosted.tar", &tar(&entries));
        report.incidents.into_iter().map(|one| one.incident.id).collect::<Vec<_>>()
    };
    let id = "apiservice-unavailable/v1beta1.metrics.k8s.io";
    assert_eq!(
        ids(vec![apiservice("", "True"), apiservice("hostedcluster-h/", "False")]),
        [format!("{id}@hostedcluster-h")]
    );
    assert_eq!(ids(vec![apiservice("", "False"), apiservice("hostedcluster-h/", "True")]), [id]);
}

/// The founding case, on a cluster: who deleted the APIService, who creates it, and what lasts.
#[test]
fn a_deletion_that_does_not_last() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/archives/deleted-and-recreated");
    let report = report(&folder);
    assert_eq!(report.incidents.len(), 1);
    let one = &report.incidents[0];
    assert_eq!(one.incident.apiservice.as_deref(), Some("v1.admission.autoscaling.openshift.io"));
    let owner = one.owner.as_ref().expect("it has an owner");
    assert_eq!(owner.name, "ClusterResourceOverride Operator");
    assert!(owner.how_known.starts_with("ownerReference of the APIService"), "{}", owner.how_known);
    let operator = "system:serviceaccount:clusterresourceoverride-operator:clusterresourceoverride-operator";
    assert_eq!(one.recreations.len(), 4);
    for again in &one.recreations {
        assert_eq!(again.deleted.as_ref().map(|(_, by)| by.as_str()), Some("system:admin"));
        assert_eq!(again.by, operator);
        assert!(again.after.is_some_and(|after| (5_000_000_000..7_000_000_000).contains(&after)));
    }
    let fatal = one.incident.victims.iter().filter(|one| one.impact == apiblame::incident::Impact::Fatal);
    let fatal: Vec<_> = fatal.filter_map(|one| one.writer.pod.as_deref()).collect();
    assert_eq!(fatal, ["cr-watch-5392d"]);
    let lasting: Vec<bool> = one.remedy.iter().map(|step| step.lasting).collect();
    assert_eq!(lasting, [true, true, true, true, false, true]);
    let deletion = &one.remedy[4];
    assert!(deletion.step.contains("does not last") && deletion.why.contains("comes back within seconds"));
}
