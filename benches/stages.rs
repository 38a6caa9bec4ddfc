//! `cargo bench --bench stages`: what each stage costs on its own.
//!
//! The commonest line of a log is one in which nothing is found, so `scan` is measured on blocks without
//! a failing record, with a few (0.3 %) and with nothing else; what is learnt of lines stays from round to round. `record` and `failure` run on hits only;
//! they are measured per record, on the grammars that hits have most often. Whole programs are the
//! business of `compare`.

#[expect(dead_code, unused_imports, reason = "its other corpora and trees are for the other benches")]
mod generator;

use std::hint::black_box;
use std::time::Duration;

use apiblame::failure;
use apiblame::record::{Assembler, Reach};
use apiblame::scan::{Block, Shapes, scan_knowing};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generator::{Corpus, Plan};

/// Bytes in a measured block: the size of a real one, without its margins.
const BYTES: u64 = 2 * 1024 * 1024;

/// Typical hits: a name, the text, and a word at which the search found it.
#[rustfmt::skip]
const RECORDS: &[(&str, &str, &str)] = &[
    ("klog", "E1123 13:54:17.404584    7258 memcache.go:287] couldn't get resource list for image.openshift.io/v1: the server is currently unable to handle the request\n", "couldn't get"),
    ("zap-json", "{\"level\":\"error\",\"ts\":\"2026-11-23T13:47:26Z\",\"logger\":\"controller\",\"msg\":\"Reconciler error\",\"error\":\"unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: the server is currently unable to handle the request\"}\n", "list of server"),
    ("kopf", "[2026-11-23 13:47:26,955] kopf._core.reactor.o [ERROR   ] Request attempt #1/9 failed; will retry: GET https://127.0.0.1:6443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)\n", "Request attempt"),
    ("cri-klog", "2026-11-23T13:54:17.404584123Z stderr F E1123 13:54:17.404584       1 memcache.go:287] couldn't get resource list for image.openshift.io/v1: the server is currently unable to handle the request\n", "couldn't get"),
    ("python-traceback", "Traceback (most recent call last):\n  File \"/opt/app/x.py\", line 14, in <module>\n    client.CustomObjectsApi().list_cluster_custom_object(\"metrics.k8s.io\", \"v1beta1\", \"nodes\")\nkubernetes.client.exceptions.ApiException: (503)\nReason: Service Unavailable\nHTTP response body: service unavailable\n", "ApiException"),
    ("set-aside", "2026-11-23T13:54:17Z INFO docs the words Request attempt # stand here, and nothing failed\n", "Request attempt"),
];

/// A generated log, for a block that answers for all of it.
fn bytes(corpus: Corpus) -> Vec<u8> {
    let mut bytes = Vec::new();
    let plan = Plan { corpus, bytes: BYTES, seed: 1 };
    generator::write(&plan, &mut bytes).expect("writing to memory");
    bytes
}

fn blocks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(10);
    for (name, corpus) in [
        ("clean", Corpus::Clean),
        ("sparse", Corpus::Sparse),
        ("dense", Corpus::Dense),
        ("kube-apiserver", Corpus::KubeApiserver),
    ] {
        let bytes = bytes(corpus);
        let block = Block { bytes: &bytes, core: 0..bytes.len(), last: true, reach: Reach::default() };
        group.throughput(Throughput::Bytes(block.bytes.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &block, |bencher, block| {
            let mut shapes = Shapes::default();
            bencher.iter(|| black_box(scan_knowing(black_box(block), &mut shapes)));
        });
    }
    group.finish();
}

fn records(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("record");
    for (name, text, word) in RECORDS {
        let hit = text.find(word).expect("the word stands in the text");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| black_box(Assembler::new(black_box(text.as_bytes())).record_at(hit)));
        });
    }
    group.finish();
}

fn failures(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("failure");
    for (name, text, word) in RECORDS {
        let record = Assembler::new(text.as_bytes()).record_at(text.find(word).expect("it stands there"));
        let told = failure::read(&record).failures.len();
        assert_eq!(told == 0, *name == "set-aside", "{name} tells {told} failures");
        group.bench_with_input(BenchmarkId::from_parameter(name), &record, |bencher, record| {
            bencher.iter(|| black_box(failure::read(black_box(record))));
        });
    }
    group.finish();
}

/// Short runs: differences that matter here are multiples, not per cents.
fn quick() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
}

criterion_group! {
    name = stages;
    config = quick();
    targets = blocks, records, failures
}
criterion_main!(stages);
