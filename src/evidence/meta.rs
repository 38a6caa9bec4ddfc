//! What all objects have: metadata, conditions, and where they were read.
//!
//! The structs mirror the shapes of Kubernetes, so that a reader who knows the API knows them; only
//! fields that a diagnosis uses are kept. Every field has a default: an object of another version
//! that lacks one is still an object.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::{self, Stamp};

/// `metadata` of an object (apimachinery `meta/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Meta {
    /// Name; unique in its namespace.
    pub name: String,
    /// Namespace; empty for cluster-scoped objects.
    pub namespace: String,
    /// RFC 3339; kept of APIServices, Services and events.
    pub creation_timestamp: String,
    /// Labels; kept where somebody selects by them, or they tell an owner.
    pub labels: BTreeMap<String, String>,
    /// Annotations that tell which versions an operator is made for.
    pub annotations: BTreeMap<String, String>,
    /// Who owns it.
    pub owner_references: Vec<OwnerReference>,
    /// Who wrote its fields; kept of APIServices only.
    pub managed_fields: Vec<ManagedFields>,
}

/// An owner of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OwnerReference {
    /// `group/version`.
    pub api_version: String,
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Whether it is the managing one.
    pub controller: bool,
}

/// One writer of an object's fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct ManagedFields {
    /// The program, by its user agent or field manager.
    pub manager: String,
    /// RFC 3339, when it wrote last.
    pub time: String,
    /// `status` where it writes only that; empty otherwise.
    pub subresource: String,
}

/// A condition of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Condition {
    /// `Available`, `Degraded`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False`, `Unknown`.
    pub status: String,
    /// One word.
    pub reason: String,
    /// A sentence.
    pub message: String,
    /// RFC 3339: since when its status is what it is.
    pub last_transition_time: String,
}

/// Where an object was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Path of the file, as the source names it.
    pub path: String,
    /// Line, from 1; 0 where it cannot be told.
    pub line: u64,
}

/// An object of kind `T`, and how new it is. The order decides which of two copies counts: the one
/// with the higher resourceVersion, whatever the order in which they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Object<T> {
    /// `metadata.resourceVersion` as a number; it counts etcd's revisions.
    pub revision: u64,
    /// Metadata.
    pub meta: Meta,
    /// The rest.
    pub body: T,
    /// Where it was read.
    pub place: Place,
}

impl<T> Object<T> {
    /// Name.
    pub fn name(&self) -> &str {
        &self.meta.name
    }

    /// `namespace/name`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.meta.namespace, self.meta.name)
    }

    /// When it was created, in nanoseconds since 1970.
    pub fn created(&self) -> Option<i64> {
        nanos(&self.meta.creation_timestamp)
    }
}

/// RFC 3339 as nanoseconds since 1970.
pub fn nanos(text: &str) -> Option<i64> {
    match time::dated(text) {
        Some((stamp @ Stamp::Dated(_), _)) => Some(stamp.nanos()),
        _ => None,
    }
}

/// The condition of a type.
pub fn condition<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.kind == kind)
}
