//! What an input may cost: one row for each limit, with its flag, its default, and what is said when it
//! was reached.
//!
//! Whoever can write to a log, or hand over an archive, is a stranger. Each default stands far above what a
//! real input needs, and what lies behind it is counted (`coverage.limits`), so that no report is quiet
//! about what was cut. A row says nothing about how a limit is kept; that is done where the bytes are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Bytes of a line.
    Line,
    /// Bytes of a record.
    Record,
    /// Lines of a record.
    Context,
    /// Entries of archives, and files of folders.
    Entries,
    /// Archives in archives, compressed streams in each other.
    Depth,
    /// Bytes that come out of an input.
    Unpacked,
    /// How many times larger the contents are than the input.
    Ratio,
    /// Bytes of archives that are held in memory.
    Held,
    /// Bytes of a file of cluster objects.
    Object,
    /// Bytes of all files of cluster objects.
    Objects,
    /// What YAML's aliases make of an object.
    Aliases,
    /// Bytes of a path.
    Path,
    /// Kinds of failure of a source.
    Kinds,
    /// Sources.
    Sources,
    /// Incidents.
    Incidents,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// In bytes, `128KiB`.
    Bytes,
    /// A plain number.
    Number,
}

/// One limit.
#[derive(Debug)]
pub struct Row {
    /// Which one.
    pub limit: Limit,
    /// Its name in reports and, behind `--max-`, on the command line.
    pub name: &'static str,
    /// Its flag.
    pub flag: &'static str,
    /// Its value, if none is given.
    pub default: u64,
    /// The least and the largest value that can be given.
    pub range: (u64, u64),
    /// How its values are written.
    pub unit: Unit,
    /// What it limits.
    pub help: &'static str,
    /// What became of those that are counted.
    pub beyond: &'static str,
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;
/// Above what any machine has; the program can count further.
const NO_LIMIT: u64 = 1 << 50;

/// All limits.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    Row { limit: Limit::Line, name: "line", flag: "--max-line", default: 128 * KIB, range: (256, 64 * MIB), unit: Unit::Bytes,
        help: "Bytes of a line that are read; the rest is cut",
        beyond: "lines were too long, and cut or left out" },
    Row { limit: Limit::Record, name: "record", flag: "--max-record", default: 64 * KIB, range: (256, 64 * MIB), unit: Unit::Bytes,
        help: "Bytes of a record of several lines; what follows is a record of its own",
        beyond: "records were too long, and cut" },
    Row { limit: Limit::Context, name: "context", flag: "--max-context", default: 240, range: (1, 100_000), unit: Unit::Number,
        help: "Lines of a record; what follows is a record of its own",
        beyond: "records had too many lines, and were cut" },
    // Real archives have 3,500 to 200,000.
    Row { limit: Limit::Entries, name: "entries", flag: "--max-entries", default: 1_000_000, range: (1, NO_LIMIT), unit: Unit::Number,
        help: "Entries of an archive, with those of all archives in it; files of all folders",
        beyond: "inputs had too many entries; the rest of them was not read" },
    // The must-gather, a dump in it, an archive in that, and one to spare. A gzip file can hold itself.
    Row { limit: Limit::Depth, name: "depth", flag: "--max-depth", default: 4, range: (1, 64), unit: Unit::Number,
        help: "Archives in archives, and compressed streams directly in each other",
        beyond: "archives or compressed files lay too deep, and were not read" },
    // The largest known must-gather has 32 GiB.
    Row { limit: Limit::Unpacked, name: "unpacked", flag: "--max-unpacked", default: TIB, range: (1, NO_LIMIT), unit: Unit::Bytes,
        help: "Bytes that an input may unpack to",
        beyond: "inputs unpack to too much; the rest of them was not read" },
    // Real ones reach 30; gzip can do no more than 1,032.
    Row { limit: Limit::Ratio, name: "ratio", flag: "--max-ratio", default: 200, range: (1, 1_000_000), unit: Unit::Number,
        help: "How many times larger than the input its contents may be, beyond the first 32 MiB",
        beyond: "inputs unpack to too many times their size; the rest of them was not read" },
    Row { limit: Limit::Held, name: "held", flag: "--max-held", default: 128 * MIB, range: (1, 64 * GIB), unit: Unit::Bytes,
        help: "Bytes of a zip that is no file of its own (piped, or in an archive), which is held in memory",
        beyond: "zips were too large to be held in memory, and were not read" },
    Row { limit: Limit::Object, name: "object", flag: "--max-object", default: 32 * MIB, range: (1, 4 * GIB), unit: Unit::Bytes,
        help: "Bytes of a file of cluster objects, and of a log store's answer; a larger answer is read as text",
        beyond: "files of cluster objects, or answers of a log store, were too large to be read as such" },
    Row { limit: Limit::Objects, name: "objects", flag: "--max-objects", default: 2 * GIB, range: (1, NO_LIMIT), unit: Unit::Bytes,
        help: "Bytes of all files of cluster objects together",
        beyond: "files of cluster objects were too much together, and were not read" },
    // Nothing that serialises Kubernetes' objects writes aliases.
    Row { limit: Limit::Aliases, name: "aliases", flag: "--max-aliases", default: MIB, range: (0, GIB), unit: Unit::Bytes,
        help: "Bytes that YAML's aliases may repeat in a file of cluster objects, beyond three times its size",
        beyond: "files of cluster objects repeat too much by aliases, and were not read" },
    // Real ones reach 388 bytes; Linux allows 4,096.
    Row { limit: Limit::Path, name: "path", flag: "--max-path", default: 4 * KIB, range: (1, MIB), unit: Unit::Bytes,
        help: "Bytes of a path in an archive",
        beyond: "entries had names that are too long, and were not read" },
    // A large must-gather has some thousands in all its logs.
    Row { limit: Limit::Kinds, name: "kinds", flag: "--max-kinds", default: 4096, range: (1, 1_000_000), unit: Unit::Number,
        help: "Kinds of failure (request, status, wording) that are told apart in a log, and 16 times as many in all",
        beyond: "failures were of too many kinds; they are counted, but not told apart" },
    Row { limit: Limit::Sources, name: "sources", flag: "--max-sources", default: 100_000, range: (1, 100_000_000), unit: Unit::Number,
        help: "Logs that are told apart; the rest is one",
        beyond: "logs were too many; they are read, but not told apart" },
    // A cluster has some 40 APIServices.
    Row { limit: Limit::Incidents, name: "incidents", flag: "--max-incidents", default: 500, range: (1, 1_000_000), unit: Unit::Number,
        help: "Incidents that are told apart; the rest of a cause is one, called others",
        beyond: "incidents were too many; their failures are in the incidents called others" },
];

/// The values of all limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits([u64; ROWS.len()]);

impl Default for Limits {
    fn default() -> Self {
        Limits(std::array::from_fn(|index| ROWS[index].default))
    }
}

impl Limits {
    /// The value of a limit.
    pub fn get(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// The value of a limit on what is in memory.
    pub fn size(&self, limit: Limit) -> usize {
        usize::try_from(self.get(limit)).unwrap_or(usize::MAX)
    }

    /// With another value, brought into the range that the limit can have.
    #[must_use]
    pub fn with(mut self, limit: Limit, value: u64) -> Limits {
        let (least, most) = limit.row().range;
        self.0[limit as usize] = value.clamp(least, most);
        self
    }
}

impl Limit {
    /// What the table says of it.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}

/// How often each limit was reached. Written with the names of those that were; a name that is not known is
/// passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, u64>", into = "BTreeMap<&'static str, u64>")]
pub struct Reached([u64; ROWS.len()]);

impl From<BTreeMap<String, u64>> for Reached {
    fn from(named: BTreeMap<String, u64>) -> Self {
        Reached(std::array::from_fn(|index| named.get(ROWS[index].name).copied().unwrap_or(0)))
    }
}

impl From<Reached> for BTreeMap<&'static str, u64> {
    fn from(reached: Reached) -> Self {
        ROWS.iter().map(|row| (row.name, reached.of(row.limit))).filter(|(_, count)| *count > 0).collect()
    }
}

impl Reached {
    /// Counts.
    pub fn count(&mut self, limit: Limit, times: u64) {
        self.0[limit as usize] += times;
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: Reached) {
        self.0.iter_mut().zip(other.0).for_each(|(own, more)| *own += more);
    }

    /// How often a limit was reached.
    pub fn of(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// How often the one was reached that was reached most.
    pub fn most(&self) -> u64 {
        self.0.into_iter().max().unwrap_or(0)
    }

    /// Those that were reached, with their values.
    pub fn list(&self, limits: &Limits) -> Vec<Capped> {
        let reached = ROWS.iter().filter(|row| self.of(row.limit) > 0);
        reached
            .map(|row| Capped {
                limit: row.name,
                flag: row.flag,
                value: limits.get(row.limit),
                count: self.of(row.limit),
            })
            .collect()
    }
}

/// A limit that was reached, as reports show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Capped {
    /// Its name.
    pub limit: &'static str,
    /// The flag that changes it.
    pub flag: &'static str,
    /// Its value.
    pub value: u64,
    /// How often it was reached, in what the limit is about.
    pub count: u64,
}

impl Capped {
    /// In words: `3 lines were too long, and cut or left out (--max-line 128KiB)`.
    pub fn words(&self) -> String {
        let row = ROWS.iter().find(|row| row.name == self.limit);
        let (beyond, unit) = row.map_or(("", Unit::Number), |row| (row.beyond, row.unit));
        format!("{} {beyond} ({} {})", self.count, self.flag, unit.show(self.value))
    }
}

/// What comes behind a number of bytes, the largest first.
const UNITS: &[(&str, u64)] = &[("TiB", TIB), ("GiB", GIB), ("MiB", MIB), ("KiB", KIB)];

impl Unit {
    /// Writes a value so that [`Unit::parse`] reads it again.
    pub fn show(self, value: u64) -> String {
        let unit = UNITS.iter().find(|(_, size)| value >= *size && value.is_multiple_of(*size));
        match unit {
            Some((name, size)) if self == Unit::Bytes => format!("{}{name}", value / size),
            _ => value.to_string(),
        }
    }

    /// Reads a value: a number, in bytes also with a unit behind it (`64KiB`, `64k`, `1G`, all by 1024).
    pub fn parse(self, text: &str) -> Option<u64> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().ok()?;
        let unit = unit.trim_start().to_ascii_lowercase();
        if unit.is_empty() || self == Unit::Bytes && unit == "b" {
            return Some(number);
        }
        let letter = unit.trim_end_matches('b').trim_end_matches('i');
        let named = |(name, _): &&(&str, u64)| self == Unit::Bytes && name[..1].eq_ignore_ascii_case(letter);
        number.checked_mul(UNITS.iter().find(named)?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_limits() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.limit as usize, index);
            assert_eq!(row.flag, format!("--max-{}", row.name));
            assert!((row.range.0..=row.range.1).contains(&row.default), "{}", row.name);
        }
    }

    #[test]
    fn values_are_read_as_they_are_written() {
        for row in ROWS {
            assert_eq!(row.unit.parse(&row.unit.show(row.default)), Some(row.default));
        }
        for (text, value) in [("64k", 65536), ("64 KiB", 65536), ("2MB", 2 * MIB), ("7b", 7), ("9", 9)] {
            assert_eq!(Unit::Bytes.parse(text), Some(value), "{text}");
        }
        for text in ["", "k", "1x", "-1", "1.5k", "99999999999999999999", "99999999999TiB"] {
            assert_eq!(Unit::Bytes.parse(text), None, "{text}");
        }
        assert_eq!(Unit::Number.parse("1k"), None);
    }

    #[test]
    fn what_was_reached_is_told_with_its_flag() {
        let mut reached = Reached::default();
        reached.count(Limit::Line, 3);
        let told = reached.list(&Limits::default().with(Limit::Line, 1024));
        assert_eq!(told.len(), 1);
        let text = serde_json::to_string(&reached).unwrap();
        assert_eq!(text, "{\"line\":3}");
        assert_eq!(serde_json::from_str::<Reached>(&text.replace('}', ",\"x\":1}")).unwrap(), reached);
        assert_eq!(told[0].words(), "3 lines were too long, and cut or left out (--max-line 1KiB)");
    }
}
