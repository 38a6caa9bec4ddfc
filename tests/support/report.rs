//! The library's report on files, as JSON, with the clock standing still.

use std::path::PathBuf;

use apiblame::pipeline::{self, Settings};
use apiblame::report;

/// Noon of the day on which the fixtures were recorded: it supplies the year that klog leaves out.
const NOW: i64 = 1_795_435_200_000_000_000;

/// How a report is made, unless a test says otherwise.
pub(crate) fn settings() -> Settings {
    Settings { now: NOW, ..Settings::default() }
}

/// The JSON report on these files.
pub(crate) fn report(paths: &[PathBuf], settings: Settings) -> String {
    report::json(&pipeline::run(paths, settings).expect("threads can be started"))
}
