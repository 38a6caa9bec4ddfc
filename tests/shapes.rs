//! What was learnt of one line must not change what is said of another.
//!
//! A line of a known shape is not read again (`scan::Shapes`). Here logs that repeat themselves are read with
//! that memory and without it, and the reports are compared as bytes. The logs are made of the lines of all
//! fixtures: a few of them, again and again in any order, with other times and other ids each time, so that
//! every line stands beside every other, as what starts a record, what continues one, and what ends a process.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/diff.rs"]
mod diff;
#[path = "support/report.rs"]
mod report;
#[path = "support/scratch.rs"]
mod scratch;

use std::fs;
use std::path::Path;

use apiblame::incident::Fold;
use apiblame::pipeline::Settings;
use apiblame::record::Reach;
use apiblame::scan::{Block, Shapes, scan, scan_knowing};
use apiblame::source::Origin;
use cases::cases;
use proptest::prelude::{Strategy, any, prop_assert};
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRng, TestRunner};
use scratch::{scratch, write};

/// Lines of programs that number, date and identify what they write in ways the fixtures lack.
const LINES: &[&str] = &[
    r#"{"level":"error","ts":"2026-11-23T13:47:26Z","msg":"Reconciler error","reconcileID":"0a1b2c3d-0000-4fff-8abc-0123456789ab","error":"unable to retrieve the complete list of server APIs: e.example.com/v1: stale GroupVersion discovery: e.example.com/v1"}"#,
    r#"{"0a1b2c3d-0000-4fff-8abc-0123456789ab":"couldn't get resource list for a.example.com/v1","1a1b2c3d-0000-4fff-8abc-0123456789ab":"the server is currently unable to handle the request"}"#,
    r#"time="2026-11-23T13:47:26Z" level=error msg="resync failed" id="0a1b2c3d-0000-4fff-8abc-0123456789ab" error="the server is currently unable to handle the request (get routes.route.openshift.io)""#,
    r#"time="2026-11-23T13:47:26Z" level=error msg="group=\"a.example.com\"" group="0a1b2c3d-0000-4fff-8abc-0123456789ab" version="v1" error="the server is currently unable to handle the request""#,
    r#"2026-11-23T13:47:26.955000001Z stderr F E1123 13:47:26.955001       1 memcache.go:287] couldn't get resource list for b.example.com/v1: the server is currently unable to handle the request"#,
    r#"Nov 23 13:47:26.955001 host-1 kubelet[1234]: E1123 13:47:26.955001    1234 reflector.go:150] k8s.io/client-go/informers/factory.go:160: Failed to watch *v1.Route: failed to list *v1.Route: the server is currently unable to handle the request (get routes.route.openshift.io)"#,
    r#"I1123 13:47:26.955001       1 httplog.go:132] "HTTP" verb="GET" URI="/apis/a.example.com/v1?timeout=32s" latency="3.582ms" userAgent="x" audit-ID="0a1b2c3d-0000-4fff-8abc-0123456789ab" srcIP="10.0.0.1:45030" resp=503"#,
    r#"E1123 13:47:26.955001       1 x.go:1] 404 page not found: the server could not find the requested resource"#,
];

/// The lines of the fixtures' logs, each once.
fn lines() -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = LINES.iter().map(|line| line.as_bytes().to_vec()).collect();
    for case in cases(&["incidents", "signatures"]) {
        let log = fs::read(&case.input).expect("a fixture can be read");
        lines.extend(log.split(|&byte| byte == b'\n').map(<[u8]>::to_vec));
    }
    lines.sort();
    lines.dedup();
    lines.retain(|line| line.len() < 3000);
    lines
}

/// The line with other minutes and seconds, and another id.
fn anew(line: &[u8], number: u32) -> Vec<u8> {
    let mut line = line.to_vec();
    let digit = |at: usize, line: &[u8]| line.get(at).is_some_and(u8::is_ascii_digit);
    for colon in 2..line.len().saturating_sub(5) {
        let clock = line[colon] == b':' && line[colon + 3] == b':';
        if clock && [colon - 1, colon + 1, colon + 2, colon + 4, colon + 5].iter().all(|&at| digit(at, &line))
        {
            for (place, part) in [(colon + 1, number / 60 % 60), (colon + 4, number % 60)] {
                line[place] = b'0' + (part / 10) as u8;
                line[place + 1] = b'0' + (part % 10) as u8;
            }
        }
    }
    for dash in 8..line.len().saturating_sub(16) {
        if line[dash] == b'-' && line[dash + 5] == b'-' && line[dash + 10] == b'-' && line[dash + 15] == b'-'
        {
            let id = format!("{:08x}", number.wrapping_mul(2_654_435_761));
            line[dash - 8..dash].copy_from_slice(id.as_bytes());
        }
    }
    line
}

/// Reads the log with memory and without it.
fn same(folder: &Path, log: &[u8], settings: Settings) -> Result<(), String> {
    let path = write(folder, "a.log", log);
    let read = report::report(std::slice::from_ref(&path), Settings { recall: false, ..settings });
    let recalled = report::report(&[path], settings);
    if read == recalled {
        Ok(())
    } else {
        Err(format!("{}\n{}", diff::diff(&read, &recalled), log.escape_ascii()))
    }
}

#[test]
fn lines_of_all_fixtures_in_any_order() {
    let folder = scratch("shapes-any-order");
    let all = lines();
    let few = proptest::collection::vec(any::<Index>(), 1..9);
    let order = proptest::collection::vec((any::<Index>(), 0..4000_u32), 1..120);
    let block = select(&[200_usize, 5000, 1 << 20][..]);
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let logs = (few, order, block).prop_map(|(few, order, block)| {
        let few: Vec<&[u8]> = few.iter().map(|index| index.get(&all).as_slice()).collect();
        let lines = order.iter().map(|(index, number)| anew(index.get::<&[u8]>(&few), *number));
        (lines.collect::<Vec<_>>().join(&b'\n'), block)
    });
    let law = TestRunner::new_with_rng(config, rng).run(&logs, |(log, block)| {
        let settings = Settings { block, threads: 1, ..report::settings() };
        let outcome = same(&folder, &log, settings);
        prop_assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        Ok(())
    });
    if let Err(error) = law {
        panic!("{error}");
    }
}

#[test]
fn every_fixture_five_times_over() {
    let folder = scratch("shapes-five-times");
    for case in cases(&["incidents", "signatures"]) {
        let log = fs::read(&case.input).expect("a fixture can be read");
        let again = |round: u32| {
            let lines = log.split(|&byte| byte == b'\n').zip(round * 7..);
            lines.map(|(line, number)| anew(line, number)).collect::<Vec<_>>().join(&b'\n')
        };
        let five = (0..5).map(again).collect::<Vec<_>>().join(&b'\n');
        if let Err(difference) = same(&folder, &five, report::settings()) {
            panic!("{}: {difference}", case.name);
        }
    }
}

/// If nothing were ever recalled, the tests above would hold as well.
#[test]
fn what_repeats_is_recalled() {
    let mut shared = 0;
    let lines = lines();
    for line in &lines {
        let log: Vec<u8> = (0..9).flat_map(|number| [anew(line, number), b"\n".to_vec()].concat()).collect();
        let block = Block { bytes: &log, core: 0..log.len(), last: true, reach: Reach::default() };
        let told = scan_knowing(&block, &mut Shapes::default()).told;
        shared += usize::from(told.iter().any(|one| std::sync::Arc::strong_count(&one.said) > 2));
        let read = scan_knowing(&block, &mut Shapes::none());
        let texts = |told: &[apiblame::failure::Witnessed]| -> Vec<String> {
            told.iter().map(|one| format!("{} {:?} {:?}", one.line, one.at, one.said)).collect()
        };
        assert_eq!(texts(&told), texts(&read.told), "{}", line.escape_ascii());
        assert_eq!(told.len(), scan(&block).told.len());
        let sampled = told.iter().zip(&read.told).filter(|(one, _)| one.excerpt.is_some());
        assert!(sampled.into_iter().all(|(one, read)| one.excerpt == read.excerpt));
    }
    assert!(shared > 200, "only {shared} of {} lines were recalled", lines.len());
}

/// The fold keeps three texts of a kind of failure, and once it has them, no more are made.
#[test]
fn nobody_makes_texts_that_are_not_kept() {
    let line = |minute: u32| format!("2026-11-23T13:{minute:02}:26.955000001Z stderr F {}", &LINES[4][40..]);
    let mut log = String::from("a first line\n");
    (0..40).for_each(|minute| log.extend([line(minute), "\n".into()]));
    let mut shapes = Shapes::default();
    let mut fold = Fold::new("x", Origin::default(), 4096);
    let mut texts = Vec::new();
    for _ in 0..3 {
        let core = 0..log.len();
        let block = Block { bytes: log.as_bytes(), core, last: false, reach: Reach::default() };
        let found = scan_knowing(&block, shapes.for_taker(fold.id()));
        assert_eq!(found.told.len(), 40);
        texts.push(found.told.iter().filter(|one| one.excerpt.is_some()).count());
        fold.push(found);
    }
    // The first block is read before anything is folded. The first line of a block and its last are read each
    // time, for their neighbours are out of sight.
    assert!((5..10).contains(&texts[0]) && texts[1..] == [2, 2], "{texts:?}");
    // For another fold they are made again.
    let other = Fold::new("y", Origin::default(), 4096);
    let block = Block { bytes: log.as_bytes(), core: 0..log.len(), last: false, reach: Reach::default() };
    let found = scan_knowing(&block, shapes.for_taker(other.id()));
    assert_eq!(found.told.iter().filter(|one| one.excerpt.is_some()).count(), 3 + 2);
    let tally = fold.finish(0).tallies.into_values().next().expect("a kind of failure");
    assert_eq!((tally.count, tally.samples.len()), (120, 3));
}
