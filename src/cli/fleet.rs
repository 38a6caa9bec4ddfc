//! `apiblame fleet`: many archives or partials, one report.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::args::{FleetArgs, FleetFormat};
use super::{Exit, complain, complain_of, exit, put, settings};
use crate::coverage::{Coverage, Unreadable};
use crate::fleet::{Archive, Fleet, event, render};
use crate::inventory::Inventory;
use crate::limits::Limits;
use crate::partial::Unit;
use crate::pipeline;

/// Prints the report over all of them.
pub(super) fn run(args: &FleetArgs) -> Exit {
    if args.many.output_dir.is_some() {
        complain("fleet gives one report: use --output-file");
        return Exit::Usage;
    }
    let mut paths = args.paths.clone();
    if paths.is_empty() && args.many.paths_from.is_none() {
        if io::stdin().is_terminal() {
            complain("no archive to read: name some, or pipe partials in (try --help)");
            return Exit::Usage;
        }
        paths.push("-".into());
    }
    match read(paths, args) {
        Ok((archives, bad)) => tell(archives, bad, args),
        Err(error) => {
            complain(&error);
            Exit::Usage
        }
    }
}

/// Reads the archives, then the partials among the paths; standard input is a partial.
fn read(paths: Vec<PathBuf>, args: &FleetArgs) -> Result<(Vec<Archive>, Coverage), String> {
    let settings = settings(args.threads, args.limits.0);
    let archives = Mutex::new(Vec::new());
    let partials = Mutex::new(Vec::new());
    let listed = args.many.paths(paths)?.filter(|path| {
        let partial = path.as_os_str() == "-" || pipeline::is_partial(path);
        if partial {
            partials.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        }
        !partial
    });
    pipeline::units(listed, settings, |unit| {
        let archive = archive(unit, settings.limits);
        archives.lock().unwrap_or_else(PoisonError::into_inner).push(archive);
    })
    .map_err(|error| error.to_string())?;
    let mut archives = archives.into_inner().unwrap_or_else(PoisonError::into_inner);
    let partials = partials.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut bad = Coverage::default();
    let done = |one: Result<Archive, Unreadable>| match one {
        Ok(archive) => archives.push(archive),
        Err(what) => bad.unreadable.push(what),
    };
    pipeline::merge(partials.into_iter(), settings, |unit, _| archive(unit, settings.limits), done)
        .map_err(|error| error.to_string())?;
    Ok((archives, bad))
}

/// Judges one cluster.
fn archive(unit: Unit, limits: Limits) -> Archive {
    let unread = unit.is_unread();
    let joined = pipeline::joined(unit.part, limits);
    let report = pipeline::judge(&joined);
    Archive::of(unit.path, unit.content, unread, &report, &Inventory::of(&joined.cluster))
}

fn tell(mut archives: Vec<Archive>, bad: Coverage, args: &FleetArgs) -> Exit {
    let mut fleet = Fleet::of(&mut archives);
    fleet.coverage.add(&bad);
    fleet.coverage.settle();
    complain_of(&fleet.coverage);
    if fleet.archives == 0 && fleet.unread + bad.unreadable.len() as u64 > 0 {
        return Exit::Usage;
    }
    let exit = exit::of_reading(fleet.coverage.unreadable.is_empty());
    let text = match args.output {
        FleetFormat::Text => render::text(&fleet),
        FleetFormat::Json => render::json(&fleet),
        FleetFormat::Markdown => render::markdown(&fleet),
        FleetFormat::Html => render::html(&fleet),
        FleetFormat::Ndjson => event::ndjson(&archives),
        #[cfg(feature = "parquet")]
        FleetFormat::Parquet => return table(&archives, args, exit),
    };
    put(&text, args.output_file.as_deref(), exit)
}

#[cfg(feature = "parquet")]
fn table(archives: &[Archive], args: &FleetArgs, exit: Exit) -> Exit {
    let Some(file) = &args.output_file else {
        complain("a Parquet table needs --output-file");
        return Exit::Usage;
    };
    match crate::fleet::parquet::table(event::events(archives)) {
        Ok(bytes) => super::replaced(file, &bytes, exit),
        Err(error) => {
            complain(&format!("{}: {error}", file.display()));
            Exit::Usage
        }
    }
}
