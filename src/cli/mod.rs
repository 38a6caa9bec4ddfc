//! The command line: arguments, environment, terminal, exit status.
//!
//! In two steps, as ripgrep does it: [`args`] is what was typed; `Settings` is what it means, with
//! the clock, the environment and the terminal read once.

pub mod args;
mod diff;
mod exit;
mod file;
mod fleet;
mod follow;
mod inventory;
mod knowledge;
mod limits;
mod manual;
mod many;
mod merge;
mod progress;
mod terminal;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use args::{ExplainArgs, ReportArgs};
use clap::FromArgMatches;

use crate::coverage::{Coverage, Unreadable};
use crate::explain;
use crate::limits::Limits;
use crate::pipeline;
use crate::redact::Redactor;
use crate::report::{self, Report, Style};
pub use args::{Args, Color, Command, Format};
pub use exit::Exit;
pub use limits::LimitArgs;

/// Runs the program.
pub fn main() -> ExitCode {
    let typed = manual::command().try_get_matches().and_then(|typed| Args::from_arg_matches(&typed));
    let args = match typed {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Ok.into() };
        }
    };
    if let Err(error) = knowledge::load(&args.knowledge.knowledge) {
        complain(&error);
        return Exit::Usage.into();
    }
    match &args.command {
        None => report(&args.report),
        Some(Command::Explain(args)) => explain(args),
        Some(Command::Diff(args)) => diff::run(args),
        Some(Command::Fleet(args)) => fleet::run(args),
        Some(Command::Merge(args)) => merge::run(args),
        Some(Command::Schema) => printed(report::schema(), Exit::Ok),
        Some(Command::Inventory(args)) => inventory::run(args),
        Some(Command::Completion { shell }) => printed(&manual::completion(*shell), Exit::Ok),
        Some(Command::Man { command }) => match manual::page(command.as_deref()) {
            Ok(page) => printed(&page, Exit::Ok),
            Err(error) => {
                complain(&error);
                Exit::Usage
            }
        },
    }
    .into()
}

fn explain(args: &ExplainArgs) -> Exit {
    match explain::explain(&args.word) {
        Ok(text) => printed(&text, Exit::Ok),
        Err(near) => {
            let near = match near[..] {
                [] => "give a signature's id, a cause or an APIService".to_owned(),
                _ => format!("near to it: {}", near.join(", ")),
            };
            complain(&format!("nothing is known of {}; {near}", report::safe::field(&args.word)));
            Exit::Usage
        }
    }
}

fn report(args: &ReportArgs) -> Exit {
    set_color(args.color, args.output_file.is_none() && io::stdout().is_terminal());
    let mut paths = args.paths.clone();
    if paths.is_empty() && args.many.paths_from.is_none() {
        if io::stdin().is_terminal() {
            complain("no log to read: name a file or folder, or pipe a log in (try --help)");
            return Exit::Usage;
        }
        paths.push("-".into());
    }
    if args.many.is_given() || args.output == Format::Partial {
        return many::run(paths, args);
    }
    if args.follow {
        let [path] = &paths[..] else {
            complain("-f follows one log; the others are read without it");
            return Exit::Usage;
        };
        return follow::run(args, path);
    }
    let progress = Arc::default();
    let bar = progress::Bar::of(&progress, args.quiet);
    let report = pipeline::run_watched(&paths, settings(args.threads, args.limits.0), &progress);
    drop(bar);
    match report {
        Ok((report, joined)) => {
            std::mem::forget(joined); // given back by the end of the program, all at once
            conclude(report, args, args.redact.then(Redactor::default))
        }
        Err(error) => {
            complain(&error.to_string());
            Exit::Usage
        }
    }
}

fn settings(threads: usize, limits: Limits) -> pipeline::Settings {
    pipeline::Settings { threads, now: now(), limits, ..pipeline::Settings::default() }
}

/// Leaves out what was not asked for, and gives the report.
fn conclude(mut report: Report, args: &ReportArgs, redactor: Option<Redactor>) -> Exit {
    args.filter().apply(&mut report, now());
    if let Some(mut redactor) = redactor {
        redactor.report(&mut report);
    }
    complain_of(&report.coverage);
    if exit::nothing_read(&report.coverage) {
        return Exit::Usage;
    }
    let (text, exit) = (render(&report, args), exit::of(&report, args.exit_code));
    put(&text, args.output_file.as_deref(), exit)
}

/// Prints, or replaces a file, and ends as given.
fn put(text: &str, file: Option<&Path>, exit: Exit) -> Exit {
    match file {
        None => printed(text, exit),
        Some(path) => replaced(path, text.as_bytes(), exit),
    }
}

fn replaced(path: &Path, bytes: &[u8], exit: Exit) -> Exit {
    match file::replace(path, bytes) {
        Ok(()) => exit,
        Err(error) => {
            complain(&format!("{}: {error}", path.display()));
            Exit::Usage
        }
    }
}

/// Prints, and ends as given; a reader that hangs up is no error.
fn printed(text: &str, exit: Exit) -> Exit {
    match print(text) {
        Ok(()) => exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit,
        Err(error) => {
            complain(&format!("standard output: {error}"));
            Exit::Usage
        }
    }
}

fn render(report: &Report, args: &ReportArgs) -> String {
    match args.output {
        Format::Json => report::json(report),
        Format::Partial => String::new(), // is made of inputs, not of a report
        Format::Text if args.quiet && report.incidents.is_empty() => String::new(),
        Format::Ndjson => report::ndjson(report),
        Format::Markdown => report::markdown(report, Style { width: width(args), verbose: args.verbose }),
        Format::Html => report::html(report),
        Format::Text => report::text(report, Style { width: width(args), verbose: args.verbose }),
        Format::Wide => report::text(report, Style { width: width(args), verbose: true }),
    }
}

fn width(args: &ReportArgs) -> usize {
    terminal::columns(args.output_file.is_none() && io::stdout().is_terminal())
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "apiblame: {text}");
}

/// Names what could not be read.
fn complain_of(coverage: &Coverage) {
    coverage.unreadable.iter().for_each(complain_of_one);
}

fn complain_of_one(one: &Unreadable) {
    complain(&format!("{}: {}", report::safe::field(&one.path), report::safe::field(&one.error)));
}

/// `colored` looks at standard output alone, and lets `CLICOLOR_FORCE` beat `NO_COLOR`: it is decided
/// here, once.
fn set_color(color: Color, terminal: bool) {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let on = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let off = std::env::var_os("CLICOLOR").is_some_and(|value| value == "0");
            let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
            !plain && (set("CLICOLOR_FORCE") || terminal && !off && !dumb)
        }
    };
    colored::control::set_override(on);
}

/// Nanoseconds since 1970.
fn now() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_nanos()).ok())
        .unwrap_or(0)
}
