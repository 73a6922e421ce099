//! The part of every spec that says how the object is managed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{InstanceReference, Reference};

/// How the operator deals with the object on the server.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Management {
    /// The Instance (the server) that holds the object.
    #[serde(default)]
    pub instance_ref: InstanceReference,
    /// Take over an object of this name that already exists on the server. Without it such an object is a conflict.
    #[serde(default)]
    pub adopt: bool,
    /// What happens on the server when this resource is deleted. Adopted objects are retained in either case.
    #[serde(default)]
    pub deletion_policy: DeletionPolicy,
}

/// What becomes of the object on the server.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// It stays.
    #[default]
    Retain,
    /// It is deleted, if the operator created it.
    Delete,
}

/// The organization that an object belongs to; the Instance's default organization when nothing is said.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Home {
    /// Name of the organization on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub organization: Option<String>,
    /// An Organization resource of the same namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_ref: Option<Reference>,
}
