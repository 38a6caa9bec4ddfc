//! What is fuzzed. The entries live with the tests, which replay what was found.

#[path = "../../tests/hostile/entries.rs"]
pub mod entries;
#[path = "../../tests/hostile/mutate.rs"]
pub mod mutate;
