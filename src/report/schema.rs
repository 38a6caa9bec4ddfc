//! The JSON schema of `-o json`, as `apiblame schema` prints it.
//!
//! Written by hand: it is the contract, which the program is held to, and not the other way round
//! (`tests/schema.rs`).

/// The schema, with a newline at its end.
pub fn schema() -> &'static str {
    include_str!("schema.json")
}
