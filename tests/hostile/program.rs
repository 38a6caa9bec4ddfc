//! Runs the program, and watches how much memory it takes.

use std::io::Read;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The program in an empty environment.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiblame"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// How a run ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// The exit status; `None` after a signal.
    pub(crate) status: Option<i32>,
    /// What was printed.
    pub(crate) stdout: String,
    /// What was complained about.
    pub(crate) stderr: String,
    /// How long it took.
    pub(crate) took: Duration,
    /// The most memory that it had, in bytes; 0 where the system does not say.
    pub(crate) peak: u64,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        Ended { status: output.status.code(), stdout, stderr, ..Ended::default() }
    }
}

/// Runs to the end.
pub(crate) fn run(command: &mut Command) -> Ended {
    command.output().expect("the program was built").into()
}

/// Runs to the end, or for two minutes, and watches.
pub(crate) fn watched(command: &mut Command) -> Ended {
    let began = Instant::now();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the program was built");
    let collect = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut text = String::new();
            pipe.map(|mut pipe| pipe.read_to_string(&mut text));
            text
        })
    };
    let stdout = collect(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let stderr = collect(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let mut ended = Ended::default();
    loop {
        ended.peak = ended.peak.max(peak(child.id()));
        match child.try_wait().expect("the program can be waited for") {
            Some(status) => {
                ended.status = status.code();
                break;
            }
            None if began.elapsed() > Duration::from_secs(120) => {
                let _ = child.kill();
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    }
    ended.took = began.elapsed();
    ended.stdout = stdout.join().unwrap_or_default();
    ended.stderr = stderr.join().unwrap_or_default();
    ended
}

/// The most memory that a process has had so far.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
