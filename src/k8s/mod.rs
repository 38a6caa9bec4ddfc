//! The vocabulary of Kubernetes: group/version, API path, verb, cause.
//!
//! A leaf: no I/O, no knowledge of logs, no opinion about who is to blame. Words follow
//! `apimachinery` (`GroupVersion`), `apiserver` (`RequestInfo`) and `kube-aggregator`
//! (an APIService is named `<version>.<group>`).

mod api_path;
mod cause;
mod group_version;
mod verb;

pub use api_path::{ApiPath, PathKind};
pub use cause::Cause;
pub use group_version::{GroupVersion, is_group, is_version};
pub use verb::Verb;
