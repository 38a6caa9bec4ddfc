//! The parsers at the edge, each as a function of any bytes that panics where a promise is broken.
//!
//! Shared by the fuzz targets (`fuzz/`), which look for such bytes, and by `tests/hostile.rs`, which
//! replays what was found (`fixtures/hostile/<entry>/`).

#![allow(unreachable_pub, reason = "the fuzz crate uses them too")]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use apiblame::coverage::Unreadable;
use apiblame::evidence::Cluster;
use apiblame::k8s::{ApiPath, GroupVersion};
use apiblame::knowledge::own::Own;
use apiblame::limits::{Limit, Limits};
use apiblame::partial::{Joiner, Unit};
use apiblame::pipeline::{self, Settings};
use apiblame::record::{Assembler, Record, envelope, grammar, line_time, unescape};
use apiblame::source::{self, Body, Bytes, LeftOut, Name, Source, Visitor};
use apiblame::{failure, learn, report};

/// An entry: bytes in, panic if a promise is broken.
pub type Entry = fn(&[u8]);

/// All entries by name, which is that of the fuzz target too.
pub const ENTRIES: &[(&str, Entry)] = &[
    ("envelope", envelope),
    ("grammar", grammar),
    ("assemble", assemble),
    ("failure", failure),
    ("api_path", api_path),
    ("objects", objects),
    ("archive", archive),
    ("safe", safe),
    ("partial", partial),
    ("knowledge", knowledge),
    ("whole", whole),
];

/// What the transport puts around a line.
pub fn envelope(bytes: &[u8]) {
    for line in bytes.split(|&byte| byte == b'\n') {
        let text = String::from_utf8_lossy(line);
        let inner = envelope::unwrap(&text);
        assert!(inner.text.len() <= 4 * text.len() + 64, "taking an envelope off makes no text");
    }
}

/// The header of a line.
pub fn grammar(bytes: &[u8]) {
    for line in bytes.split(|&byte| byte == b'\n') {
        let text = String::from_utf8_lossy(line);
        let _ = grammar::head(&envelope::unwrap(&text));
        let _ = line_time(line);
        let _ = unescape(&text);
    }
}

/// The record around any byte.
pub fn assemble(bytes: &[u8]) {
    let assembler = Assembler::new(bytes);
    let step = (bytes.len() / 64).max(1);
    for at in (0..bytes.len()).step_by(step) {
        let record = assembler.record_at(at);
        assert!(record.start <= at && record.end <= bytes.len(), "{at} in {}..{}", record.start, record.end);
        assert!(record.start <= record.end);
    }
}

/// What a record says.
pub fn failure(bytes: &[u8]) {
    for audit in [false, true] {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let reading = failure::read(&Record { text, audit, ..Record::default() });
        assert!(reading.failures.len() <= 10_000 + bytes.len());
    }
}

/// Paths and group/versions: what is printed is read again as the same.
pub fn api_path(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for text in text.split([' ', '\n']) {
        if let Some(path) = ApiPath::parse(text) {
            let again = ApiPath::parse(&path.path);
            assert_eq!(again.as_ref().map(|again| &again.path), Some(&path.path), "{text:?}");
            assert_eq!(again, Some(path), "{text:?}");
        }
        if let Some(gv) = GroupVersion::parse(text) {
            assert_eq!(GroupVersion::parse(&gv.to_string()), Some(gv.clone()));
            assert_eq!(GroupVersion::parse_apiservice(&gv.apiservice_name()), Some(gv));
        }
    }
}

/// Paths of objects, one of which the first byte chooses.
const PATHS: &[&str] = &[
    "mg/q/cluster-scoped-resources/apiregistration.k8s.io/apiservices/v1.a.b.yaml",
    "mg/q/cluster-scoped-resources/config.openshift.io/clusterversions.yaml",
    "mg/q/cluster-scoped-resources/config.openshift.io/clusteroperators.yaml",
    "mg/q/namespaces/a/core/pods.yaml",
    "mg/q/namespaces/a/core/services.yaml",
    "mg/q/namespaces/a/core/endpoints.yaml",
    "mg/q/namespaces/a/core/events.yaml",
    "mg/q/namespaces/a/apps/deployments.yaml",
    "mg/q/namespaces/a/discovery.k8s.io/endpointslices.yaml",
    "mg/q/namespaces/a/operators.coreos.com/clusterserviceversions/x.yaml",
    "mg/q/namespaces/a/operators.coreos.com/subscriptions/x.yaml",
    "mg/q/aggregated-discovery-apis.yaml",
    "mg/q/timestamp",
    "objects.json",
];

/// Cluster objects: adding them twice is adding them once.
pub fn objects(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let path = PATHS[usize::from(first) % PATHS.len()];
    let mut once = Cluster::default();
    let _ = once.add(path, rest);
    let mut twice = once.clone();
    twice.merge(once.clone());
    assert!(twice == once, "merging a cluster with itself changes it");
    once.settle();
    let _ = (once.openshift_version(), once.kubernetes_version(), once.is_hollow());
}

/// Masks and escapes.
pub fn safe(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let field = report::safe::field(&text);
    assert!(!field.chars().any(char::is_control), "{field:?}");
    let document = serde_json::to_string(&[&text]).unwrap_or_default();
    let safe = report::safe::json(&document);
    assert!(!safe.chars().any(char::is_control), "{safe:?}");
    assert!(serde_json::from_str::<Vec<String>>(&safe).is_ok(), "{safe}");
}

/// Takes all that is found and keeps nothing.
#[derive(Default)]
struct Sink(AtomicU64);

impl Visitor for Sink {
    fn log(&self, source: Source<'_>) {
        let length = match source.body {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::File(_, length) => length,
            Body::Stream(mut reader) => {
                std::io::copy(&mut reader.by_ref(), &mut std::io::sink()).unwrap_or(0)
            }
        };
        self.0.fetch_add(length, Relaxed);
    }
    fn object(&self, _: Name, bytes: Bytes) {
        self.0.fetch_add(bytes.len() as u64, Relaxed);
    }
    fn unreadable(&self, what: Unreadable) {
        assert!(!what.error.is_empty());
    }
    fn left_out(&self, _: &str, _: LeftOut) {}
    fn reached(&self, _: Limit, _: u64) {}
}

/// Whatever an archive may be.
pub fn archive(bytes: &[u8]) {
    with_file(bytes, |path| source::read_all(&[path.to_path_buf()], 1, &Limits::default(), &Sink::default()));
}

/// What another run wrote: a line that is read is written as it was read, and joining it twice is a report.
pub fn partial(bytes: &[u8]) {
    let mut joiner = Joiner::new(Limits::default());
    let mut read = false;
    for line in String::from_utf8_lossy(bytes).lines() {
        let Ok(unit) = Unit::from_line(line) else { continue };
        let written = unit.to_line();
        let again = Unit::from_line(&written).expect("what was written can be read");
        assert_eq!(again.to_line(), written, "a line changes when it is read and written");
        joiner.push(unit.part);
        joiner.push(again.part);
        read = true;
    }
    if read {
        let report = pipeline::judge(&joiner.finish());
        let json = report::json(&report);
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "no JSON");
        report::html(&report);
        report::text(&report, report::Style { width: 100, verbose: true });
    }
}

/// Knowledge of one's own: rows are taken, or what is wrong is told with its line. (Rows that are taken stay in
/// memory, as the program's own do.)
pub fn knowledge(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(wrong) = learn::add(&mut Own::default(), "own.toml", &text) {
        assert!(!wrong.what.is_empty());
        assert!(wrong.line <= text.lines().count() + 1, "line {} of {}", wrong.line, text.lines().count());
    }
}

/// The whole program: lines add up, and what is reported is JSON without a character that is obeyed.
pub fn whole(bytes: &[u8]) {
    with_file(bytes, |path| {
        let settings = Settings { threads: 1, now: 1_795_435_200_000_000_000, ..Settings::default() };
        let report = pipeline::run(&[path.to_path_buf()], settings).expect("threads can be started");
        adds_up(&report, bytes);
    });
}

/// Whether a report on one file agrees with its bytes.
pub fn adds_up(report: &report::Report, bytes: &[u8]) {
    let coverage = &report.coverage;
    let packed = [&b"\x1f\x8b"[..], b"\xfd7z", b"\x28\xb5\x2f\xfd", b"BZh", b"PK", b"\xff\xfe", b"\xfe\xff"];
    let plain = !packed.iter().any(|magic| bytes.starts_with(magic));
    if plain
        && coverage.sources == 1
        && coverage.unreadable.is_empty()
        && coverage.bytes == bytes.len() as u64
    {
        let newlines = bytes.iter().filter(|&&byte| byte == b'\n').count();
        let open = bytes.last().is_some_and(|&byte| byte != b'\n');
        assert_eq!(coverage.lines, (newlines + usize::from(open)) as u64, "lines in are lines counted");
    } else if coverage.sources == 0 && coverage.objects == 0 {
        let said = coverage.unreadable.len() as u64 + coverage.left_out + coverage.binary;
        assert!(
            said > 0 || bytes.is_empty() || !plain || bytes.len() > 512,
            "nothing was read, nothing said"
        );
    }
    assert!(coverage.failures + coverage.set_aside <= coverage.records, "{coverage:?}");
    let json = report::json(report);
    assert!(!json.chars().any(|c| c.is_control() && c != '\n'), "a control character in JSON");
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "no JSON");
    let text = report::text(report, report::Style { width: 100, verbose: true });
    assert!(!text.contains('\u{9b}') && !text.contains('\u{7}') && !text.contains('\u{202e}'));
}

/// The program takes paths; the file lives only as long as it is read.
fn with_file(bytes: &[u8], work: impl FnOnce(&Path)) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("apiblame-entry-{}-{}", std::process::id(), NEXT.fetch_add(1, Relaxed));
    let file = Kept(std::env::temp_dir().join(name));
    std::fs::write(&file.0, bytes).expect("the folder for temporary files can be written");
    work(&file.0);
}

/// A file that goes away, also when a promise was broken.
struct Kept(PathBuf);

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
