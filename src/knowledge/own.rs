//! Rows of one's own, beside those of the program: what `--knowledge` and the folder of settings hold.
//!
//! They are put down once, before anything else looks at a table, and stay: a search is built of all rows.
//! [`crate::learn`] reads and checks them. Owners and known incidents of one's own come before the program's,
//! for whoever writes them knows the cluster.

use std::sync::OnceLock;

use regex::Regex;

use super::known::Known;
use super::owners::Owner;
use super::signatures::Signature;

/// Rows of one's own.
#[derive(Debug, Default)]
pub struct Own {
    /// Wordings.
    pub signatures: Vec<Signature>,
    /// Patterns that wordings name by their place in this list.
    pub patterns: Vec<Regex>,
    /// Who serves which APIService.
    pub owners: Vec<Owner>,
    /// Known incidents.
    pub known: Vec<Known>,
}

static OWN: OnceLock<Own> = OnceLock::new();
static NONE: Own =
    Own { signatures: Vec::new(), patterns: Vec::new(), owners: Vec::new(), known: Vec::new() };

/// Puts the rows down.
///
/// # Errors
/// The rows, if others were put down before.
pub fn install(own: Own) -> Result<(), Own> {
    OWN.set(own)
}

/// The rows that were put down.
pub fn own() -> &'static Own {
    OWN.get().unwrap_or(&NONE)
}
