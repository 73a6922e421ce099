//! The status of every kind.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the operator knows about the object on the server.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// The generation of the spec that this status speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Ready: the object on the server is what the spec says. Synced: the last attempt to make it so succeeded.
    /// Conflict, only when true: somebody else claims the same object.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// Id of the object on the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Id of its organization.
    #[serde(rename = "organizationID", skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    /// URL of its server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Whether the operator created the object or took it over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Digest of a desired state and of what the server made of it, when the server keeps a form of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// Versions of the Secrets that were sent to the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<String>,
    /// The token that was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
    /// Version of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// How the operator came to the object.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub enum Origin {
    /// The operator made it.
    Created,
    /// It was there before and was taken over because the spec asked for it. It is never deleted.
    Adopted,
}

/// One aspect of an object's state.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Ready, Synced or Conflict.
    #[serde(rename = "type")]
    #[schemars(length(min = 1, max = 64))]
    pub kind: String,
    /// True, False or Unknown.
    #[schemars(length(min = 1, max = 16))]
    pub status: String,
    /// Why, in one word.
    pub reason: String,
    /// Why, in a sentence.
    #[serde(default)]
    pub message: String,
    /// When the status of this condition last changed.
    pub last_transition_time: String,
    /// The generation of the spec that this condition speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// A token and the Secret that holds it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct Credential {
    /// Name of the Secret.
    pub secret_name: String,
    /// When the token was issued.
    pub issued_at: String,
    /// Digest of what was granted: a change asks for another token.
    pub grant: String,
    /// The value of the annotation weir.dev/rotate that was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<String>,
    /// When the token will be replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotates_at: Option<String>,
    /// Replaced tokens that still work for a while.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retiring: Vec<Retiring>,
}

/// A replaced token.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub struct Retiring {
    /// Its id on the server.
    pub id: String,
    /// When it will be deleted.
    pub until: String,
}
