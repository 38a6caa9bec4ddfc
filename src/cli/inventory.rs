//! `apiblame inventory`: the review of clusters, by the objects of their archives.

use super::args::{InventoryArgs, InventoryFormat};
use super::{Exit, complain, complain_of, exit, printed, settings};
use crate::inventory::render::{self, Format};
use crate::inventory::{Inventory, matrix};
use crate::pipeline;
use crate::redact::Redactor;
use crate::report::safe::field;

/// Prints the inventory of each archive, and the compatibility matrix of several.
pub(super) fn run(args: &InventoryArgs) -> Exit {
    let mut found = match pipeline::clusters(&args.paths, settings(args.threads, args.limits.0)) {
        Ok(found) => found,
        Err(error) => {
            complain(&error.to_string());
            return Exit::Usage;
        }
    };
    let mut all: Vec<(String, Inventory)> =
        found.clusters.iter().map(|(path, cluster)| (path.clone(), Inventory::of(cluster))).collect();
    let mut empty = found.empty.clone();
    if args.redact {
        redact(&mut all, &mut found, &mut empty);
    }
    complain_of(&found.coverage);
    for path in &empty {
        complain(&format!("{}: no cluster objects in it", field(path)));
    }
    if all.is_empty() {
        return Exit::Usage;
    }
    let text = match args.output {
        InventoryFormat::Json => json(&all, &found),
        InventoryFormat::Text => tables(&all, &found, Format::Text),
        InventoryFormat::Markdown => tables(&all, &found, Format::Markdown),
    };
    let complete = found.coverage.unreadable.is_empty() && found.empty.is_empty();
    printed(&text, exit::of_reading(complete))
}

/// Replaces names in everything that is told, here too before a form is chosen.
fn redact(all: &mut [(String, Inventory)], found: &mut pipeline::Clusters, empty: &mut [String]) {
    let mut redactor = Redactor::default();
    redactor.know(&found.names);
    let names = all.iter().flat_map(|(_, one)| &one.apiservices).filter_map(|row| row.name.split_once('.'));
    names.for_each(|(_, group)| redactor.keep(group));
    for (path, inventory) in all {
        *path = redactor.text(path);
        // A round through JSON reaches every text that there is, and that there will be.
        let redacted = serde_json::to_value(&*inventory).and_then(|mut value| {
            redactor.document(&mut value, KEPT);
            serde_json::from_value(value)
        });
        *inventory = redacted.unwrap_or_else(|error| {
            complain(&format!("{}: left out, for its names cannot be replaced: {error}", field(path)));
            Inventory::default()
        });
    }
    empty.iter_mut().for_each(|path| *path = redactor.text(path));
    for one in &mut found.coverage.unreadable {
        one.path = redactor.text(&one.path);
        one.error = redactor.text(&one.error);
    }
}

/// Words of our own, which are read back.
const KEPT: &[&str] = &["link", "support", "kind"];

fn tables(all: &[(String, Inventory)], found: &pipeline::Clusters, format: Format) -> String {
    let mut out = String::new();
    for (path, inventory) in all {
        if found.paths > 1 || all.len() > 1 {
            out.push_str(&render::title(path, format));
        }
        out.push_str(&render::inventory(inventory, format));
        out.push('\n');
    }
    if all.len() > 1 {
        out.push_str(&render::matrix(&matrix(all.iter().map(|(_, one)| one)), format));
        out.push('\n');
    }
    let coverage = &found.coverage;
    out.push_str(&format!(
        "Read {} files of cluster objects in {} of {} inputs; {} could not be read.\n",
        coverage.objects,
        found.paths - found.empty.len(),
        found.paths,
        coverage.unreadable.len()
    ));
    for capped in &coverage.limits {
        out.push_str(&format!("{}.\n", capped.words()));
    }
    if format == Format::Text {
        for one in &coverage.unreadable {
            out.push_str(&format!("  not read: {}: {}\n", field(&one.path), field(&one.error)));
        }
    }
    out
}

fn json(all: &[(String, Inventory)], found: &pipeline::Clusters) -> String {
    let clusters: Vec<_> =
        all.iter().map(|(path, one)| serde_json::json!({ "path": path, "inventory": one })).collect();
    let document = serde_json::json!({
        "schema_version": 1,
        "apiblame": env!("CARGO_PKG_VERSION"),
        "coverage": {
            "inputs": found.paths,
            "objects": found.coverage.objects,
            "limits": found.coverage.limits,
            "unreadable": found.coverage.unreadable,
        },
        "clusters": clusters,
        "matrix": if all.len() > 1 { Some(matrix(all.iter().map(|(_, one)| one))) } else { None },
    });
    format!("{document:#}\n")
}
