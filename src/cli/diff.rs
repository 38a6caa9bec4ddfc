//! `apiblame diff BEFORE AFTER`.

use std::io::Read;
use std::path::Path;

use super::args::{DiffArgs, InventoryFormat};
use super::{Exit, complain, complain_of, printed, settings};
use crate::compare::{Difference, Side, render};
use crate::inventory::Inventory;
use crate::pipeline::{self, Settings};
use crate::report::safe::field;
use crate::source::open;

/// A report of `-o json` larger than this is none.
const REPORT: u64 = 1 << 30;

/// Prints what differs.
pub(super) fn run(args: &DiffArgs) -> Exit {
    let mut complete = true;
    let mut sides = Vec::new();
    for path in [&args.before, &args.after] {
        match side(path, settings(args.threads, args.limits.0)) {
            Ok((side, whole)) => {
                complete &= whole;
                sides.push(side);
            }
            Err(error) => {
                complain(&format!("{}: {}", field(&path.display().to_string()), field(&error)));
                return Exit::Usage;
            }
        }
    }
    let [before, after]: [Side; 2] = sides.try_into().unwrap_or_default();
    let difference = Difference::of(before, after);
    let text = match args.output {
        InventoryFormat::Text => render::text(&difference),
        InventoryFormat::Markdown => render::markdown(&difference),
        InventoryFormat::Json => render::json(&difference),
    };
    let exit = match difference.is_worse() && args.exit_code {
        _ if !complete => Exit::Partial,
        true => Exit::Found,
        false => Exit::Ok,
    };
    printed(&text, exit)
}

/// One side, and whether it was read whole.
fn side(path: &Path, settings: Settings) -> Result<(Side, bool), String> {
    let name = path.display().to_string();
    if let Some(side) = report(path).and_then(|text| Side::of_report(&name, &text)) {
        return side.map(|side| (side, true));
    }
    let paths = [path.to_path_buf()];
    let joined = if pipeline::is_partial(path) {
        pipeline::collect(paths.into_iter(), settings).map(|(joined, _)| joined)
    } else {
        pipeline::read(&paths, settings)
    };
    let joined = joined.map_err(|error| error.to_string())?;
    complain_of(&joined.coverage);
    // Also where a limit kept it from being read: there is nothing to hold against the other side.
    if joined.coverage.sources == 0 && joined.coverage.objects == 0 {
        return Err("nothing could be read".into());
    }
    let side = Side::of(name, &pipeline::judge(&joined), &Inventory::of(&joined.cluster));
    Ok((side, joined.coverage.unreadable.is_empty()))
}

/// The text of a file that begins as a report does.
fn report(path: &Path) -> Option<String> {
    let mut reader = if path.is_file() { open(path).ok()? } else { return None };
    let mut text = Vec::new();
    reader.by_ref().take(256).read_to_end(&mut text).ok()?;
    if !text.starts_with(b"{\n  \"schema_version\"") && !text.starts_with(b"{\"schema_version\"") {
        return None;
    }
    reader.take(REPORT).read_to_end(&mut text).ok()?;
    String::from_utf8(text).ok()
}
