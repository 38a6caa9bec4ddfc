//! apiblame reads the logs of Kubernetes and OpenShift programs, finds the failing API requests and
//! their retry patterns, and groups them by the APIService that is the root cause.
//!
//! The pipeline, and the modules that repeat it, in the order of reading:
//!
//! [`source`] → [`scan`] → [`record`] → [`failure`] → [`incident`] → [`diagnosis`] → [`report`]
//!
//! [`k8s`], [`location`], [`time`], [`coverage`], [`limits`] and [`error`] are leaves, [`knowledge`] holds the
//! tables, [`cli`] and [`pipeline`] are the edge. ARCHITECTURE.md says which may import which, and a
//! test holds the imports to it.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod cli;
pub mod pipeline;

pub mod source;

pub mod scan;

pub mod record;

pub mod failure;

pub mod incident;

pub mod diagnosis;

pub mod evidence;

pub mod filter;
pub mod redact;
pub mod report;

pub mod inventory;

pub mod partial;

pub mod fleet;

pub mod compare;

pub mod explain;

pub mod knowledge;
pub mod learn;

pub mod bounded;
pub mod coverage;
pub mod error;
pub mod k8s;
pub mod limits;
pub mod location;
pub mod time;
