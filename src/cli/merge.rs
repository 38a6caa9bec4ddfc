//! `apiblame merge`: from partials to a report, or to one partial.

use std::io;

use super::args::{Format, ReportArgs};
use super::{Exit, complain, complain_of, conclude, exit, file, set_color, settings};
use crate::coverage::{Coverage, Unreadable};
use crate::partial::Unit;
use crate::pipeline::{self, Collected};
use crate::redact::Redactor;

/// Prints the report over all units of the partials, each of which counts once.
pub(super) fn run(args: &ReportArgs) -> Exit {
    set_color(args.color, args.output_file.is_none() && io::IsTerminal::is_terminal(&io::stdout()));
    if args.many.output_dir.is_some() {
        complain("merge gives one report: use --output-file");
        return Exit::Usage;
    }
    if args.redact && args.output == Format::Partial {
        complain("--redact is for a report: a partial is not judged yet");
        return Exit::Usage;
    }
    let mut paths = args.paths.clone();
    if paths.is_empty() && args.many.paths_from.is_none() {
        paths.push("-".into());
    }
    let listed = match args.many.paths(paths) {
        Ok(listed) => listed,
        Err(error) => {
            complain(&error);
            return Exit::Usage;
        }
    };
    let settings = settings(args.threads, args.limits.0);
    let done = if args.output == Format::Partial {
        partial(listed, args)
    } else {
        pipeline::collect(listed, settings).map(|(joined, units)| {
            if units == 0 {
                complain_of(&joined.coverage);
                complain("no partial could be read");
                return Exit::Usage;
            }
            conclude(pipeline::judge(&joined), args, args.redact.then(Redactor::default))
        })
    };
    done.unwrap_or_else(|error| {
        complain(&error.to_string());
        Exit::Usage
    })
}

fn partial(paths: impl Iterator<Item = std::path::PathBuf>, args: &ReportArgs) -> io::Result<Exit> {
    let (mut all, mut coverage) = (Collected::default(), Coverage::default());
    let mut failed = Ok(());
    let done = |one: Result<(Unit, String), Unreadable>| match one {
        Ok((unit, line)) if failed.is_ok() => failed = all.add(&unit, &line),
        Ok(_) => {}
        Err(what) => coverage.unreadable.push(what),
    };
    pipeline::merge(paths, settings(args.threads, args.limits.0), |unit, line| (unit, line), done)?;
    failed?;
    complain_of(&coverage);
    if all.is_empty() && !coverage.unreadable.is_empty() {
        complain("no partial could be read");
        return Ok(Exit::Usage);
    }
    let exit = exit::of_reading(coverage.unreadable.is_empty());
    let written = match &args.output_file {
        Some(path) => file::replace_by(path, |file| {
            // Compressed, if its name says so.
            if path.extension().is_some_and(|ending| ending == "zst") {
                let mut packed = zstd::stream::write::Encoder::new(file, 3)?;
                all.write(&mut packed)?;
                return packed.finish().map(drop);
            }
            all.write(&mut io::BufWriter::new(file))
        }),
        None => all.write(&mut io::stdout().lock()),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(exit),
    }
}
