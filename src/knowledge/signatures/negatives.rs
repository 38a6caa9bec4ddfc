//! Lines that look like a failing API request and are none. They have no anchor: a record is only
//! held against them when another row has found it.

use super::Client::Unknown;
use super::Shape::Quiet;
use super::{Signature, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Signature] = &[
    row("NEG-14", "probe failed with statuscode: ", "", Quiet, Unknown, "kubelet: the probe of the program itself"),
    row("NEG-16", "received unexpected HTTP status: 503", "", Quiet, Unknown, "containers/image: a registry"),
    row("NEG-18", "server returned HTTP status 503", "", Quiet, Unknown, "Prometheus scrape.go: a scrape target"),
    row("NEG-23", "Cannot evict pod as it would violate", "", Quiet, Unknown, "apiserver eviction: a PodDisruptionBudget"),
    row("NEG-24", "exceeded quota: ", "", Quiet, Unknown, "apiserver ResourceQuota admission"),
    row("NEG-25", "violates PodSecurity ", "", Quiet, Unknown, "apiserver PodSecurity admission"),
    row("NEG-25", "unable to validate against any security context constraint", "", Quiet, Unknown, "openshift SecurityContextConstraint admission"),
    row("NEG-27", " is deprecated in v1.", "", Quiet, Unknown, "client-go rest/warnings.go: the request succeeded"),
    row("NEG-33", "not yet ready to handle request", "", Quiet, Unknown, "apiserver admission: a cache is not filled yet"),
    row("NEG-34", "client rate limiter Wait returned an error", "", Quiet, Unknown, "client-go rest/request.go:677: the client itself"),
];
