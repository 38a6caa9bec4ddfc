//! Time and memory of command lines.
//!
//! Time is measured from here, from spawn to exit, while the output is read to its end. Where GNU time is
//! installed and the corpus is large enough for its hundredths of a second, it tells the processor time of each run too:
//! on a machine that does other things as well, only that can be compared. Memory is measured
//! once, during the warm-up, so that the measuring does not cost time: by `/usr/bin/time` where there is one,
//! else by watching `/proc` for the shell's children, which may miss the peak of a child that lives for less
//! than a few milliseconds. For a pipeline it is the peak of its largest process, not the sum.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::tools::Tool;

/// GNU time; a shell's own `time` can't tell memory.
const GNU_TIME: &str = "/usr/bin/time";

/// What the runs of a tool took.
pub(crate) struct Measured {
    /// Seconds of each run.
    seconds: Vec<f64>,
    /// Seconds of the processors, of each run for which they could be told.
    processor: Vec<f64>,
    /// Peak resident memory in KiB, if it could be measured.
    pub(crate) peak_kib: Option<u64>,
    /// The first line that the tool wrote to stderr. A pipeline's exit status is that of its last command, so this
    /// is how a failure of the others shows.
    pub(crate) complaint: Option<String>,
}

impl Measured {
    /// The median of the runs, in seconds.
    pub(crate) fn median(&self) -> f64 {
        median(&self.seconds).unwrap_or(f64::NAN)
    }

    /// The median of the processor's seconds.
    pub(crate) fn processor(&self) -> Option<f64> {
        median(&self.processor)
    }
}

fn median(of: &[f64]) -> Option<f64> {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { upper } else { (sorted[middle - 1] + upper) / 2.0 })
}

/// Times all tools in turn, so many times, after one warm-up of each. A tool that fails in the warm-up is
/// left out and yields its exit status.
/// `large` corpora have their processor time told.
pub(crate) fn interleaved(
    tools: &[Tool],
    runs: usize,
    large: bool,
) -> io::Result<Vec<Result<Measured, ExitStatus>>> {
    let mut results = Vec::with_capacity(tools.len());
    for tool in tools {
        let errors = scratch("errors");
        let (status, peak_kib) = peak(tool, File::create(&errors)?)?;
        let complaint = take(&errors).lines().next().map(str::to_owned);
        // grep and rg exit with 1 when they find nothing.
        let fine = matches!(status.code(), Some(0 | 1));
        results.push(if fine {
            Ok(Measured { seconds: Vec::new(), processor: Vec::new(), peak_kib, complaint })
        } else {
            Err(status)
        });
    }
    for _ in 0..runs {
        for (tool, result) in tools.iter().zip(&mut results) {
            if let Ok(measured) = result {
                let figure = (large && Path::new(GNU_TIME).is_file()).then(|| scratch("time"));
                let start = Instant::now();
                drain(shell(tool, figure.as_deref()).stderr(Stdio::null()).spawn()?)?;
                measured.seconds.push(start.elapsed().as_secs_f64());
                if let Some([_, user, system]) = figure.and_then(|figure| figures(&take(&figure))) {
                    measured.processor.push(user + system);
                }
            }
        }
    }
    Ok(results)
}

/// The tool's command line, below GNU time if a file for its figure is given.
fn shell(tool: &Tool, figure: Option<&Path>) -> Command {
    let mut command = match figure {
        Some(figure) => {
            let mut time = Command::new(GNU_TIME);
            time.args(["-f", "%M %U %S", "-o"]).arg(figure).arg("sh");
            time
        }
        None => Command::new("sh"),
    };
    command.args(["-c", tool.script, "sh"]).args(&tool.args);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Reads the output to its end and waits.
fn drain(mut child: Child) -> io::Result<ExitStatus> {
    if let Some(mut output) = child.stdout.take() {
        io::copy(&mut output, &mut io::sink())?;
    }
    child.wait()
}

/// Runs the tool once and returns its peak memory in KiB.
fn peak(tool: &Tool, errors: File) -> io::Result<(ExitStatus, Option<u64>)> {
    if !Path::new(GNU_TIME).is_file() {
        return watched(tool, errors);
    }
    let figure = scratch("peak");
    let status = drain(shell(tool, Some(&figure)).stderr(errors).spawn()?)?;
    Ok((status, figures(&take(&figure)).map(|[peak, ..]| peak as u64)))
}

/// What GNU time tells: KiB, seconds of the user and of the system. They are in the last line: a failing command
/// adds one above it.
fn figures(text: &str) -> Option<[f64; 3]> {
    let line = text.lines().last()?;
    let figures: Option<Vec<f64>> = line.split_whitespace().map(|figure| figure.parse().ok()).collect();
    figures?.try_into().ok()
}

/// A file of this process in the directory for temporary files.
fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("apiblame-compare-{}.{name}", std::process::id()))
}

/// The text of a scratch file, which is removed. Empty if it was never written.
fn take(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    fs::remove_file(path).ok();
    text
}

/// The same without GNU time: the largest `VmHWM` that any process below the shell was seen with.
fn watched(tool: &Tool, errors: File) -> io::Result<(ExitStatus, Option<u64>)> {
    let mut child = shell(tool, None).stderr(errors).spawn()?;
    let output = child.stdout.take();
    let reader = thread::spawn(move || output.map(|mut output| output.read_to_end(&mut Vec::new())));
    let mut peak = None;
    loop {
        peak = peak.max(below(child.id()).into_iter().filter_map(high_water).max());
        if let Some(status) = child.try_wait()? {
            reader.join().ok();
            return Ok((status, peak));
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// The process and all its descendants, as `/proc` shows them now.
fn below(root: u32) -> HashSet<u32> {
    let mut family = HashSet::from([root]);
    let mut unseen = vec![root];
    while let Some(process) = unseen.pop() {
        let children =
            fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
            if family.insert(child) {
                unseen.push(child);
            }
        }
    }
    family
}

/// The peak resident memory of a process in KiB.
fn high_water(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
