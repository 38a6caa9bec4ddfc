//! The inventory as tables, for a terminal and for markdown.
//!
//! Names and messages come from a cluster and are not trusted: control characters become visible, and
//! markdown's own are escaped.

use super::{Cell, Inventory};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns of blanks.
    Text,
    /// Pipes.
    Markdown,
}

/// The name of an archive, above its inventory.
pub fn title(name: &str, format: Format) -> String {
    match format {
        Format::Text => format!("== {}\n\n", clean(name, format)),
        Format::Markdown => format!("# {}\n\n", clean(name, format)),
    }
}

/// The inventory of one cluster.
pub fn inventory(inventory: &Inventory, format: Format) -> String {
    let mut out = String::new();
    summary(&mut out, inventory, format);
    heading(&mut out, "Aggregated APIServices", format);
    let rows = inventory.apiservices.iter().map(|one| {
        let available = match (&one.available, &one.reason) {
            (Some(status), Some(reason)) => format!("{status} ({reason})"),
            _ => "unknown".into(),
        };
        let version = or(&one.version);
        vec![
            one.name.clone(),
            available,
            one.backend.clone(),
            one.state.clone(),
            or(&one.owner),
            or(&one.package),
            version,
        ]
    });
    table(&mut out, &["NAME", "AVAILABLE", "BACKEND", "STATE", "OWNER", "PACKAGE", "VERSION"], rows, format);
    heading(&mut out, "Operators", format);
    let rows = inventory.operators.iter().map(|one| {
        let declared = [
            one.declared.max_openshift.as_ref().map(|max| format!("max {max}")),
            one.declared.openshift.as_ref().map(|range| format!("catalogs {range}")),
            one.declared.min_kubernetes.as_ref().map(|min| format!("Kubernetes from {min}")),
        ];
        let declared: Vec<String> = declared.into_iter().flatten().collect();
        let declared = if declared.is_empty() { "-".into() } else { declared.join(", ") };
        vec![
            one.name.clone(),
            one.namespace.clone(),
            or(&one.package),
            one.version.clone(),
            one.phase.clone(),
            declared,
            one.support.as_str().into(),
        ]
    });
    table(&mut out, &["CSV", "NAMESPACE", "PACKAGE", "VERSION", "PHASE", "DECLARES", "HERE"], rows, format);
    let next = inventory.next_minor.as_deref().unwrap_or("the next minor release");
    heading(&mut out, &format!("Before the update to {next}"), format);
    let rows = inventory.blockers.iter().map(|one| {
        vec![
            if one.blocks { "blocks" } else { "breaks" }.into(),
            one.kind.clone(),
            one.subject.clone(),
            one.why.clone(),
        ]
    });
    table(&mut out, &["", "KIND", "WHAT", "WHY"], rows, format);
    out
}

fn or(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "-".into())
}

fn summary(out: &mut String, inventory: &Inventory, format: Format) {
    heading(out, "Cluster", format);
    out.push_str(&format!(
        "OpenShift {}, Kubernetes {}\n",
        clean(&or(&inventory.openshift_version), format),
        clean(&or(&inventory.kubernetes_version), format)
    ));
    if !inventory.complete {
        out.push_str("The archive does not hold all APIServices (none is Local): others may exist.\n");
    }
}

/// The compatibility matrix.
pub fn matrix(cells: &[Cell], format: Format) -> String {
    let mut out = String::new();
    heading(&mut out, "Compatibility", format);
    let rows = cells.iter().map(|cell| {
        vec![
            cell.operator.clone(),
            cell.version.clone(),
            cell.openshift.clone(),
            cell.healthy.to_string(),
            cell.degraded.to_string(),
            cell.broken.to_string(),
        ]
    });
    table(&mut out, &["OPERATOR", "VERSION", "OPENSHIFT", "HEALTHY", "DEGRADED", "BROKEN"], rows, format);
    out
}

/// A heading.
pub fn heading(out: &mut String, text: &str, format: Format) {
    if !out.is_empty() {
        out.push('\n');
    }
    match format {
        Format::Text => out.push_str(&format!("{text}\n")),
        Format::Markdown => out.push_str(&format!("## {text}\n\n")),
    }
}

/// A cell's text, made safe for its medium.
fn clean(text: &str, format: Format) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => out.push('\u{fffd}'),
            '|' | '<' | '>' | '*' | '_' | '`' | '[' | ']' | '\\' if format == Format::Markdown => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A table; "none" without a row.
pub fn table(out: &mut String, head: &[&str], rows: impl Iterator<Item = Vec<String>>, format: Format) {
    let rows: Vec<Vec<String>> =
        rows.map(|row| row.iter().map(|cell| clean(cell, format)).collect()).collect();
    if rows.is_empty() {
        out.push_str("none\n");
        return;
    }
    let head: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
    if format == Format::Markdown {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        out.push_str(&line(&head));
        out.push_str(&line(&vec!["---".to_owned(); head.len()]));
        rows.iter().for_each(|row| out.push_str(&line(row)));
        return;
    }
    let width = |column: usize| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    for row in [&head].into_iter().chain(&rows) {
        let line: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        out.push_str(line.join("   ").trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_in_their_cell() {
        let cell = Cell { operator: "a|b\n\u{1b}[31m".into(), ..Cell::default() };
        let markdown = matrix(std::slice::from_ref(&cell), Format::Markdown);
        assert!(markdown.contains("a\\|b") && !markdown.contains('\u{1b}'));
        assert_eq!(markdown.lines().count(), 5);
        assert!(matrix(&[cell], Format::Text).lines().count() == 3);
    }
}
