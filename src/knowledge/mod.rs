//! What apiblame knows, as tables.
//!
//! Rows only: no function here decides anything. A row names its evidence (program, file,
//! version); `apiblame explain` prints it, and tests hold every row to a fixture.
//!
//! - [`signatures`]: how programs word a failing request, one file a family
//! - [`owners`]: who serves which APIService
//! - [`known`]: known incidents and the fix that lasts
//! - [`local_groups`]: the groups that are never aggregated
//! - [`removed`]: API versions that a Kubernetes release stopped serving
//! - [`remedies`]: what repairs a broken link of the chain, and how clients survive
//! - [`releases`]: which Kubernetes an OpenShift release is built on
//! - [`objects`]: what objects of an archive tell
//! - [`own`]: rows that the user adds to these tables

pub mod known;
pub mod local_groups;
pub mod objects;
pub mod own;
pub mod owners;
pub mod releases;
pub mod remedies;
pub mod removed;
pub mod signatures;

pub use signatures::{Client, ErrorKind, Shape, Signature};
