//! Many inputs: where their paths come from, which of them are this process's share, and where what is
//! said of each goes.
//!
//! Each input is a cluster of its own and gives one record, written at once, so that the records of several
//! processes may share a pipe. One that cannot be read is a record too. The share is taken by a hash of
//! the path, so that it is the same on every machine and does not depend on the order of the list.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use twox_hash::XxHash3_64;

use super::args::{Format, ManyArgs, ReportArgs};
use super::{Exit, complain, complain_of_one, file, render, settings};
use crate::partial::{NONE, Unit};
use crate::pipeline;
use crate::report;
use crate::source::open;

/// A share of the paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Shard {
    /// Reads `2/4`.
    ///
    /// # Errors
    /// What would have been understood.
    pub fn parse(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/');
        let shard =
            parts.and_then(|(index, of)| Some(Shard { index: index.parse().ok()?, of: of.parse().ok()? }));
        shard
            .filter(|shard| shard.of > 0 && shard.index <= shard.of)
            .ok_or_else(|| "a share such as 0/4, 1/4, … is expected".into())
    }

    /// The share of a pod of an Indexed Job, if the variables are set.
    fn of_job() -> Result<Option<Shard>, String> {
        let value = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let Some(of) = value("APIBLAME_SHARDS") else { return Ok(None) };
        let Some(index) = value("JOB_COMPLETION_INDEX") else {
            return Err("APIBLAME_SHARDS is set, but JOB_COMPLETION_INDEX is not".into());
        };
        let shard = Shard::parse(&format!("{index}/{of}")).ok().filter(|shard| shard.index < shard.of);
        shard
            .map(Some)
            .ok_or_else(|| format!("JOB_COMPLETION_INDEX={index} is no share of APIBLAME_SHARDS={of}"))
    }

    /// Whether a path belongs to it.
    fn has(self, path: &Path) -> bool {
        XxHash3_64::oneshot(path.as_os_str().as_encoded_bytes()) % self.of == self.index % self.of
    }
}

type Paths = Box<dyn Iterator<Item = PathBuf> + Send>;

impl ManyArgs {
    /// Whether inputs are to be told of one by one.
    pub(super) fn is_given(&self) -> bool {
        self.paths_from.is_some() || self.output_dir.is_some()
    }

    /// The paths of the arguments, then those of the list as they come, as far as they are of the share.
    pub(super) fn paths(&self, named: Vec<PathBuf>) -> Result<Paths, String> {
        let shard = match self.shard {
            Some(shard) => Some(shard),
            None => Shard::of_job()?,
        };
        let listed: Paths = match &self.paths_from {
            None => Box::new(std::iter::empty()),
            Some(list) => listed(list, if self.null { 0 } else { b'\n' })?,
        };
        let all = named.into_iter().chain(listed);
        Ok(Box::new(all.filter(move |path| shard.is_none_or(|shard| shard.has(path)))))
    }
}

fn listed(list: &Path, end: u8) -> Result<Paths, String> {
    let wrong = |error: io::Error| format!("{}: {error}", list.display());
    let reader: Box<dyn BufRead + Send> = if list.as_os_str() == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let mut bytes = Vec::new();
        open(list).and_then(|mut reader| reader.read_to_end(&mut bytes)).map_err(wrong)?;
        Box::new(io::Cursor::new(bytes))
    };
    let paths = reader.split(end).map_while(|line| {
        line.map_err(|error| complain(&format!("the list of paths ends early: {error}"))).ok()
    });
    Ok(Box::new(paths.filter_map(move |mut line| {
        if end == b'\n' && line.last() == Some(&b'\r') {
            line.pop();
        }
        (!line.is_empty()).then(|| PathBuf::from(os_string(line)))
    })))
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Reads each input on its own and writes what is said of it.
pub(super) fn run(named: Vec<PathBuf>, args: &ReportArgs) -> Exit {
    if args.redact {
        complain("--redact gives the tokens of one report: redact what merge makes of them");
        return Exit::Usage;
    }
    if args.follow {
        complain("-f follows one log");
        return Exit::Usage;
    }
    let lines = matches!(args.output, Format::Json | Format::Ndjson | Format::Partial);
    if !lines && args.many.output_dir.is_none() {
        complain("many inputs give lines (-o json, ndjson or partial), or files (--output-dir)");
        return Exit::Usage;
    }
    let result = match (&args.many.output_dir, &args.output_file) {
        (Some(folder), _) => into_folder(folder, named, args),
        (None, Some(file)) => into_file(file, named, args),
        (None, None) => to_output(named, args),
    };
    result.unwrap_or_else(|error| {
        complain(&error);
        Exit::Usage
    })
}

fn to_output(named: Vec<PathBuf>, args: &ReportArgs) -> Result<Exit, String> {
    let written = AtomicBool::new(false);
    let exit = each(named, args, &|_, record| {
        written.store(true, Relaxed);
        emit(record)
    })?;
    if args.output == Format::Partial && !written.into_inner() {
        return Ok(super::printed(NONE, exit));
    }
    Ok(exit)
}

/// One record in one write.
fn emit(record: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(record.as_bytes())?;
    out.flush()
}

fn into_file(file: &Path, named: Vec<PathBuf>, args: &ReportArgs) -> Result<Exit, String> {
    let all = Mutex::new(Vec::new());
    let exit = each(named, args, &|path, record| {
        all.lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push((path.to_owned(), record.to_owned()));
        Ok(())
    })?;
    let mut all = all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    all.sort();
    let none = all.is_empty() && args.output == Format::Partial;
    let records = all.into_iter().map(|(_, record)| record);
    let text: String = records.chain(none.then(|| NONE.to_owned())).collect();
    if file.extension().is_some_and(|ending| ending == "zst") {
        let packed = zstd::bulk::compress(text.as_bytes(), 3).map_err(|error| error.to_string())?;
        return Ok(super::replaced(file, &packed, exit));
    }
    Ok(super::put(&text, Some(file), exit))
}

fn into_folder(folder: &Path, named: Vec<PathBuf>, args: &ReportArgs) -> Result<Exit, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let done = |path: &Path| is_done(path, &folder.join(output_name(path, args.output)));
    let paths = args.many.paths(named)?.filter(|path| !done(path));
    // A partial is half as large as its archive, if it is not compressed.
    write_each(Box::new(paths.collect::<Vec<_>>().into_iter()), args, &|path, record| {
        let bytes = match args.output {
            Format::Partial => zstd::bulk::compress(record.as_bytes(), 3)?,
            _ => record.as_bytes().to_vec(),
        };
        file::replace(&folder.join(output_name(Path::new(path), args.output)), &bytes)
    })
}

/// Whether an output is there and not older than its input.
fn is_done(input: &Path, output: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    match (changed(input), changed(output)) {
        (Ok(input), Ok(output)) => output >= input,
        (Err(_), Ok(_)) => true,
        _ => false,
    }
}

/// The name of the file that tells of a path: readable, and told apart by a hash of the whole path.
fn output_name(path: &Path, format: Format) -> String {
    let stem: String = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' })
        .take(120)
        .collect();
    let ending = match format {
        Format::Text | Format::Wide => "txt",
        Format::Json => "json",
        Format::Ndjson => "ndjson",
        Format::Markdown => "md",
        Format::Html => "html",
        Format::Partial => "partial.zst",
    };
    format!("{stem}-{:016x}.{ending}", XxHash3_64::oneshot(path.as_os_str().as_encoded_bytes()))
}

type Write1<'w> = &'w (dyn Fn(&str, &str) -> io::Result<()> + Sync);

fn each(named: Vec<PathBuf>, args: &ReportArgs, write: Write1<'_>) -> Result<Exit, String> {
    write_each(args.many.paths(named)?, args, write)
}

fn write_each(paths: Paths, args: &ReportArgs, write: Write1<'_>) -> Result<Exit, String> {
    let settings = settings(args.threads, args.limits.0);
    let (read, unread, found) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let failed: Mutex<Option<io::Error>> = Mutex::new(None);
    let lines = args.many.output_dir.is_none();
    let done = |unit: Unit| {
        let (passed, files) = (&unit.part.passed.unreadable, &unit.part.files.unreadable);
        passed.iter().chain(files.values()).for_each(complain_of_one);
        let whole = passed.is_empty() && files.is_empty();
        unread.fetch_add(u64::from(!whole), Relaxed);
        let nothing = unit.is_unread();
        if nothing && !lines {
            return; // it is tried again the next time
        }
        read.fetch_add(u64::from(!nothing), Relaxed);
        let path = unit.path.clone();
        let (record, incidents) = record(unit, args, settings.now, lines);
        found.fetch_add(incidents, Relaxed);
        if let Err(error) = write(&path, &record) {
            failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
        }
    };
    pipeline::units(paths, settings, done).map_err(|error| error.to_string())?;
    match failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.to_string()),
        _ => {}
    }
    Ok(match (read.into_inner(), unread.into_inner(), found.into_inner()) {
        (0, 1.., _) if args.many.paths_from.is_none() => Exit::Usage,
        (_, 1.., _) => Exit::Partial,
        (_, _, 1..) if args.exit_code => Exit::Found,
        _ => Exit::Ok,
    })
}

/// What is said of one input, and how many incidents it has.
fn record(unit: Unit, args: &ReportArgs, now: i64, line: bool) -> (String, u64) {
    if args.output == Format::Partial {
        return (unit.to_line(), 0);
    }
    let (nothing, path, content) = (unit.is_unread(), unit.path, unit.content);
    let mut report = pipeline::judge(&pipeline::joined(unit.part, args.limits.0));
    args.filter().apply(&mut report, now);
    let incidents = report.incidents.len() as u64;
    let text = match args.output {
        Format::Json if line => {
            let error = report.coverage.unreadable.first().filter(|_| nothing);
            report::json_line(&path, content, error.map(|one| one.error.as_str()), &report)
        }
        Format::Ndjson => report::ndjson(&report),
        _ => render(&report, args),
    };
    (text, incidents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_disjoint_and_whole_however_they_are_counted() {
        for from in [0, 1] {
            let shards: Vec<Shard> =
                (from..from + 4).map(|index| Shard::parse(&format!("{index}/4")).unwrap()).collect();
            for n in 0..100 {
                let path = format!("cases/{n}.tar.gz");
                let owners = shards.iter().filter(|shard| shard.has(Path::new(&path))).count();
                assert_eq!(owners, 1, "{path}");
            }
        }
    }

    #[test]
    fn the_hash_is_the_same_on_every_machine() {
        // Changing it would divide a list anew in the middle of a job.
        assert!(Shard { index: 3, of: 4 }.has(Path::new("cases/0.tar.gz")));
    }

    #[test]
    fn no_share() {
        for wrong in ["", "1", "5/4", "1/0", "-1/4", "a/b"] {
            assert!(Shard::parse(wrong).is_err(), "{wrong}");
        }
    }
}
