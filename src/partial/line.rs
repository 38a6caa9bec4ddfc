//! One unit as one line of JSON, and back.
//!
//! Secrets in it are masked as in a report, and log text is escaped: a partial is shared like one.

use serde::{Deserialize, Serialize};

use super::{Part, Unit};
use crate::incident::SourceTally;
use crate::report::safe;
use crate::source::layout;

/// The version of the form. A line of another version is not read.
pub const VERSION: u32 = 1;

/// How every line begins.
pub const MARK: &str = "{\"apiblame_partial\":";

/// The line of a partial without a unit, such as that of an empty share: a file without a line is damaged.
pub const NONE: &str = "{\"apiblame_partial\":1,\"path\":null}\n";

/// The order of the fields is part of the form: a line is known by its beginning.
#[derive(Serialize)]
struct Out<'u> {
    apiblame_partial: u32,
    apiblame: &'static str,
    path: &'u str,
    #[serde(with = "hex")]
    content: u128,
    part: &'u Part,
}

#[derive(Deserialize)]
struct In {
    path: String,
    #[serde(with = "hex")]
    content: u128,
    part: Part,
}

/// Whether a text begins as a line of a partial does.
pub fn is_line(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(MARK.as_bytes())
}

impl Unit {
    /// The line, with its newline.
    pub fn to_line(&self) -> String {
        let Unit { path, content, part } = self;
        let out = Out {
            apiblame_partial: VERSION,
            apiblame: env!("CARGO_PKG_VERSION"),
            path,
            content: *content,
            part,
        };
        // A struct of strings, numbers and maps with keys that are strings can always be written.
        let mut line = safe::json(&serde_json::to_string(&out).unwrap_or_default());
        line.push('\n');
        line
    }

    /// Reads a line.
    ///
    /// # Errors
    /// Why it is none that this version understands.
    pub fn from_line(line: &str) -> Result<Unit, String> {
        let form = form(line).ok_or("it is no partial")?;
        if form != VERSION {
            return Err(format!("a partial of form {form}; this version of apiblame reads form {VERSION}"));
        }
        let In { path, content, mut part } =
            serde_json::from_str(line).map_err(|error| format!("a partial that cannot be read: {error}"))?;
        if !part.is_possible() {
            return Err("a partial with counts or times that no log has".into());
        }
        for log in &mut part.logs {
            log.tally.restore();
            log.identity = layout::identity(layout::of(&log.tally.name).part, &log.tally.origin);
        }
        part.others.iter_mut().for_each(SourceTally::restore);
        Ok(Unit { path, content, part })
    }
}

/// The form that a line says it has.
fn form(line: &str) -> Option<u32> {
    let rest = line.trim_start().strip_prefix(MARK)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

/// A map whose keys are no strings, as pairs.
pub(super) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

/// A hash in 32 digits.
pub(super) mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(hash: &u128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{hash:032x}"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        u128::from_str_radix(&String::deserialize(from)?, 16).map_err(D::Error::custom)
    }
}

/// Hashes of 16 digits each, one behind the other.
pub(super) mod hashes {
    use std::collections::BTreeSet;
    use std::fmt::Write;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(hashes: &BTreeSet<u64>, to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(hashes.len() * 16);
        for hash in hashes {
            let _ = write!(text, "{hash:016x}");
        }
        to.serialize_str(&text)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeSet<u64>, D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.as_bytes().chunks(16);
        digits
            .map(|digits| {
                let digits = std::str::from_utf8(digits).map_err(D::Error::custom)?;
                u64::from_str_radix(digits, 16).map_err(D::Error::custom)
            })
            .collect()
    }
}
