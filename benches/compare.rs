//! `cargo bench --bench compare -- ARGUMENT…`: the release binary against the tools a person would use
//! instead.
//!
//! The claim to test is "as fast as counting lines". So every row of the table is one corpus, every line of
//! it one tool, and the unit is the time of the row's first tool: `wc -l`, or what the row's bar names (`igzip -dc` for
//! what is compressed, `rg` for a tree). The runs are interleaved, A B A B …, after one warm-up of each, because a machine's
//! speed drifts more between two minutes than two builds differ; the median is told. Time is wall-clock time
//! from start to exit.
//!
//! It compares whole programs, start-up and decompression included; what one function costs is the business
//! of the other benches. The other tools do less: they count phrases or bytes. A tool that is not installed
//! is reported as missing.
//!
//! `--exact` times nothing: it holds the failures of the JSON report against the generator's own count.

mod generator;

#[path = "compare/corpora.rs"]
mod corpora;
#[path = "compare/measure.rs"]
mod measure;
#[path = "compare/options.rs"]
mod options;
#[path = "compare/tools.rs"]
mod tools;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::process::{Command, ExitCode};

use corpora::Made;
use generator::Written;
use measure::Measured;
use options::Options;
use tools::Tool;

fn main() -> ExitCode {
    // `cargo bench` puts `--bench` among the arguments.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.is_empty() {
        eprintln!("{}", options::USAGE);
        return ExitCode::SUCCESS;
    }
    if let [flag, path] = &args[..]
        && flag == "--inflate"
    {
        return match inflate(path) {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("compare: {path}: {error}");
                ExitCode::from(2)
            }
        };
    }
    let options = match options::parse(&args) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("compare: {error}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("compare: {error}");
            ExitCode::from(2)
        }
    }
}

/// Decompresses a file as apiblame does, to nothing, and gives the number of bytes.
fn inflate(path: &str) -> io::Result<u64> {
    let packed = BufReader::with_capacity(128 << 10, File::open(path)?);
    let mut decoder = flate2::bufread::MultiGzDecoder::new(packed);
    let (mut buffer, mut bytes) = (vec![0; 128 << 10], 0);
    loop {
        match decoder.read(&mut buffer)? {
            0 => return Ok(bytes),
            read => bytes += read as u64,
        }
    }
}

/// Makes the corpora and times the tools on them, or checks the counts. `false`: something was not as it must
/// be.
fn run(options: &Options) -> io::Result<bool> {
    std::fs::create_dir_all(&options.dir)?;
    println!("corpora in {} (they stay there), {} runs", options.dir.display(), options.runs);
    let mut good = true;
    for &row in &options.rows {
        match corpora::make(row, options)? {
            Ok(made) if options.exact => good &= exact(&made, options)?,
            Ok(made) => good &= compare(&made, options)?,
            Err(missing) => println!("\n{}: missing: {missing}", row.name),
        }
    }
    Ok(good)
}

/// Times all tools on one corpus and prints them. `false` if a tool failed.
fn compare(made: &Made, options: &Options) -> io::Result<bool> {
    let Written { lines, bytes, failures } = made.written;
    let megabytes = bytes as f64 / 1e6;
    println!("\n{}: {megabytes:.1} MB, {lines} lines, {failures} failures", made.name);
    println!(
        "  {:<28} {:>10} {:>8} {:>10} {:>9} {:>9} {:>8}",
        "tool", "median", "x first", "MB/s", "peak MiB", "cpu", "x first"
    );
    let tools = tools::for_corpus(made, options)?;
    let (present, missing): (Vec<Tool>, Vec<Tool>) =
        tools.into_iter().partition(|tool| tool.missing().is_none());
    let results = measure::interleaved(&present, options.runs, bytes >= 10_000_000)?;
    let first = results.first().and_then(|result| result.as_ref().ok());
    for (tool, result) in present.iter().zip(&results) {
        match result {
            Ok(measured) => print_line(tool, measured, first, megabytes),
            Err(status) => println!("  {:<28} failed: {status}", tool.name),
        }
    }
    for tool in &missing {
        println!("  {:<28} missing: {}", tool.name, tool.missing().unwrap_or_default());
    }
    Ok(results.iter().all(Result::is_ok))
}

/// One line of the table; ratios are told in the medians of `first`.
fn print_line(tool: &Tool, measured: &Measured, first: Option<&Measured>, megabytes: f64) {
    let seconds = measured.median();
    let (milliseconds, speed) = (seconds * 1e3, megabytes * f64::from(tool.rounds) / seconds);
    let or_dash = |figure: Option<String>| figure.unwrap_or_else(|| "-".to_owned());
    let ratio = or_dash(first.map(|first| format!("{:.2}", seconds / first.median())));
    let processor = measured.processor();
    let cpu = or_dash(processor.map(|processor| format!("{processor:.2} s")));
    let unit = first.and_then(Measured::processor).filter(|unit| *unit > 0.0);
    let by_cpu = or_dash(processor.zip(unit).map(|(processor, unit)| format!("{:.2}", processor / unit)));
    let peak = or_dash(measured.peak_kib.map(|kib| format!("{:.1}", kib as f64 / 1024.0)));
    println!(
        "  {:<28} {milliseconds:>7.1} ms {ratio:>8} {speed:>10.0} {peak:>9} {cpu:>9} {by_cpu:>8}",
        tool.name
    );
    if let Some(complaint) = &measured.complaint {
        println!("      it complained: {complaint}");
    }
}

/// Whether the failures of all incidents sum to the generator's count.
fn exact(made: &Made, options: &Options) -> io::Result<bool> {
    let output = Command::new(&options.binary).args(["-o", "json"]).arg(&made.path).output()?;
    let told = serde_json::from_slice(&output.stdout).ok().and_then(|report| failures(&report));
    let expected = made.written.failures;
    let good = told == Some(expected);
    match told {
        Some(told) if good => println!("{:<22} {told} failures, exact", made.name),
        Some(told) => println!("{:<22} {told} failures, but {expected} were written", made.name),
        None => println!(
            "{:<22} no report to read ({}), but {expected} failures were written",
            made.name, output.status
        ),
    }
    Ok(good)
}

/// The sum of `incidents[].failures`; `None` if the report is not what the schema says.
fn failures(report: &serde_json::Value) -> Option<u64> {
    report.get("incidents")?.as_array()?.iter().map(|incident| incident.get("failures")?.as_u64()).sum()
}
