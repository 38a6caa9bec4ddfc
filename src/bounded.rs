//! A document as a value, if it is not larger than its text can account for.
//!
//! YAML's aliases repeat what stands elsewhere: a few hundred bytes name billions of values. Here each
//! value and each byte of a string costs one, and a document may cost three times its length (the most
//! that escapes can make of it) and what is allowed beyond.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// What the error begins with, if the document was too large.
pub const MULTIPLIED: &str = "its aliases repeat more than";

/// How much a document may still cost.
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
    beyond: u64,
}

impl Budget {
    /// For a document of so many bytes, and so much more.
    pub fn new(length: usize, beyond: u64) -> Budget {
        Budget { left: Cell::new(3 * length as u64 + 64 + beyond), beyond }
    }

    /// Reads a document.
    ///
    /// # Errors
    /// Those of the format; one that begins with [`MULTIPLIED`] if it costs too much.
    pub fn read<'de, D: Deserializer<'de>>(&self, document: D) -> Result<Value, D::Error> {
        Seed(self).deserialize(document)
    }

    fn spend<E: Error>(&self, cost: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(1 + cost as u64);
        self.left.set(left.ok_or_else(|| E::custom(format!("{MULTIPLIED} {} bytes", self.beyond)))?);
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Seed<'b>(&'b Budget);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<Value, D::Error> {
        document.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.spend(0).map(|()| Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.spend(0).map(|()| Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.0.spend(text.len()).map(|()| Value::String(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        self.0.spend(text.len()).map(|()| Value::String(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.spend(0).map(|()| Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, document: D) -> Result<Value, D::Error> {
        self.deserialize(document)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let mut all = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.0.spend(key.len())?;
            all.insert(key, entries.next_value_seed(self)?);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, beyond: u64) -> Result<Value, String> {
        let budget = Budget::new(text.len(), beyond);
        budget.read(yaml_serde::Deserializer::from_str(text)).map_err(|error| error.to_string())
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        let text = r#"{"a": [1, -2, 1.5, true, null, "x"], "b": {"c": {}}, "d": 18446744073709551615}"#;
        let plain: Value = serde_json::from_str(text).unwrap();
        let mut json = serde_json::Deserializer::from_str(text);
        assert_eq!(Budget::new(text.len(), 0).read(&mut json).unwrap(), plain);
        assert_eq!(read(text, 0).unwrap(), plain);
    }

    #[test]
    fn a_document_without_aliases_never_costs_too_much() {
        for text in
            ["a", "[]", "- \n- \n- ", "? \n: \n", "\"\\P\\P\\P\\P\\P\\P\\P\\P\\P\\P\"", "{a,b,c,d,e,f}", "~"]
        {
            assert!(!read(text, 0).is_err_and(|error| error.contains(MULTIPLIED)), "{text}");
        }
    }

    #[test]
    fn a_billion_laughs_are_not_heard() {
        let mut bomb = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for n in 1..30 {
            let item = format!("*a{}", n - 1);
            bomb += &format!("a{n}: &a{n} [{}]\n", [item.as_str(); 9].join(", "));
        }
        assert!(read(&bomb, 1 << 20).is_err_and(|error| error.contains(MULTIPLIED)));
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(1000));
        assert!(read(&long, 1 << 20).is_err_and(|error| error.contains(MULTIPLIED)));
        assert!(read("a: &a [x]\nb: [*a, *a, *a]\n", 0).is_ok());
    }
}
