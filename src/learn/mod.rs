//! Knowledge of one's own, from TOML: wordings, owners and known incidents, checked when they are read.
//!
//! For: a program that only one's own house runs, a backend that no table has, an incident that was
//! understood once and need not be again. docs/signatures.md shows how such a file is written. What is wrong
//! in it is told with the line where it stands, and nothing of it is used. A pattern is a regular
//! expression that takes time linear in the text, whatever it is (the `regex` crate knows no other).

mod check;
mod rows;

use toml::Spanned;

use crate::knowledge::own::{Own, install};
use rows::File;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Line, from 1.
    pub line: usize,
    /// What.
    pub what: String,
}

/// Adds the rows of a file. `name` is what `explain` calls the place where a row is known from.
///
/// # Errors
/// The first thing that is wrong.
pub fn add(own: &mut Own, name: &str, text: &str) -> Result<(), Wrong> {
    let file: File = toml::from_str(text).map_err(|error| Wrong {
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        what: error.message().to_owned(),
    })?;
    rows::add(own, name, file).map_err(|(place, what)| Wrong { line: line_of(text, place), what })
}

/// Lets the whole program use the rows.
///
/// # Errors
/// The rows, if others were given before.
pub fn use_everywhere(own: Own) -> Result<(), Own> {
    install(own)
}

fn line_of(text: &str, place: usize) -> usize {
    text.as_bytes()[..place.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// Where something stands, and what is wrong with it.
type Fault = (usize, String);

fn fault<T>(at: &Spanned<T>, what: impl Into<String>) -> Fault {
    (at.span().start, what.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[[signature]]
id = "SHOP-01"
phrase = "till cannot reach its ledger"
pattern = 'ledger (?P<group>[a-z.]+)/(?P<version>v\d+): status (?P<status>\d+)'
error = "service unavailable"

[[signature]]
id = "SHOP-02"
phrase = "the ledger is being counted"
error = "quiet"

[[owner]]
apiservices = ["v1.ledger.shop.example"]
service = "shop/ledger"
name = "Ledger"

[[incident]]
id = "ledger-locked"
apiservices = ["v1.ledger.shop.example"]
openshift = ["4.14", ""]
story = "Somebody has locked the ledger."
steps = [{ step = "Unlock it", why = "it stays locked", command = "oc -n {namespace} get pods", lasting = true }]
"#;

    #[test]
    fn a_file_becomes_rows() {
        let mut own = Own::default();
        add(&mut own, "shop.toml", GOOD).unwrap();
        assert_eq!(
            (own.signatures.len(), own.patterns.len(), own.owners.len(), own.known.len()),
            (2, 1, 1, 1)
        );
        assert_eq!(own.signatures[0].anchor, "till cannot reach its ledger");
        assert_eq!(own.known[0].when.openshift, ("4.14", ""));
    }

    /// What is put in the place of what, the line that is named, and a word of what is said.
    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (good, wrong, line, word) in [
            ("id = \"SHOP-01\"", "id = \"\"", 3, "id"),
            ("id = \"SHOP-01\"", "id = \"CG-21\"", 3, "CG-21"),
            ("id = \"SHOP-02\"", "id = \"SHOP-01\"", 9, "SHOP-01"),
            ("till cannot reach its ledger", "short", 4, "8"),
            ("(?P<version>v\\d+)", "(?P<version>v\\d+", 5, "unclosed"),
            ("(?P<version>v\\d+)", "(?P<verse>v\\d+)", 5, "verse"),
            ("(?P<version>v\\d+)", "(?P<version>v\\d{9999999})", 5, "size"),
            ("\"service unavailable\"", "\"out of order\"", 6, "too many requests"),
            ("service = \"shop/ledger\"", "service = \"ledger\"", 15, "namespace/name"),
            ("[\"v1.ledger.shop.example\"]\nservice", "[\"ledger\"]\nservice", 14, "v1"),
            ("openshift = [\"4.14\", \"\"]", "openshift = [\"new\", \"\"]", 21, "version"),
            ("story =", "tale =", 22, "tale"),
            ("[[owner]]", "[[owner]", 13, ""),
        ] {
            let text = GOOD.replacen(good, wrong, 1);
            assert_ne!(text, GOOD, "{good}");
            let error = add(&mut Own::default(), "x", &text).unwrap_err();
            assert!(error.what.contains(word), "{wrong}: {error:?}");
            assert_eq!(error.line, line, "{wrong}: {error:?}");
        }
    }
}
