//! Input by input: each is read on its own and handed on as soon as it is done.
//!
//! This is how many archives are read, one machine's share of a hundred thousand: nothing is kept of one
//! when the next begins, and one that makes the program fail takes no other with it.

use std::any::Any;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::{Settings, gather, lock, pool};
use crate::coverage::Unreadable;
use crate::partial::{Part, Passed, Unit, is_line};
use crate::source::open;

/// Whether a file is a partial, compressed or not.
pub fn is_partial(path: &Path) -> bool {
    let mut head = Vec::new();
    path.as_os_str() != "-"
        && path.is_file()
        && open(path).is_ok_and(|reader| reader.take(64).read_to_end(&mut head).is_ok())
        && is_line(&head)
}

/// Reads each of the inputs, several at once, and gives what it told to `done`, which is called by several
/// threads and in no particular order. An input is taken from the list only when there is a thread for it.
///
/// # Errors
/// Only if the threads cannot be started.
pub fn units(
    paths: impl Iterator<Item = PathBuf> + Send,
    settings: Settings,
    done: impl Fn(Unit) + Sync,
) -> io::Result<()> {
    let settings = Settings { hash: true, all: true, ..settings };
    let pool = pool(settings)?;
    let paths = Mutex::new(paths);
    let next = || lock(&paths).next();
    let work = || {
        while let Some(path) = next() {
            done(unit(path, settings, &pool));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..pool.current_num_threads() {
            // Without further threads this one does all the work.
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    Ok(())
}

fn unit(path: PathBuf, settings: Settings, pool: &rayon::ThreadPool) -> Unit {
    let name = path.display().to_string();
    let read = catch_unwind(AssertUnwindSafe(|| gather::gather(&[path], settings, &Arc::default(), pool)));
    let part = read.unwrap_or_else(|panic| {
        let error = format!("apiblame failed on it: {}", words(&*panic));
        let unreadable = vec![Unreadable { path: name.clone(), error }];
        Part { passed: Passed { unreadable, ..Passed::default() }, ..Part::default() }
    });
    Unit::new(name, part)
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a defect")
}
