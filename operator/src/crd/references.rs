//! References to other resources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A resource of the same namespace, by name.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub struct Reference {
    /// metadata.name of the resource.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// An Instance, by name.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub struct InstanceReference {
    /// metadata.name of the Instance.
    #[serde(default = "instance")]
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// Namespace of the Instance, the resource's own when absent. An Instance of another namespace must list this one
    /// under allowedNamespaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 63))]
    pub namespace: Option<String>,
}

fn instance() -> String {
    "weir".into()
}

impl Default for InstanceReference {
    fn default() -> Self {
        Self { name: instance(), namespace: None }
    }
}

/// A key of a Secret or ConfigMap of the same namespace.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub struct KeySelector {
    /// metadata.name of the Secret or ConfigMap.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// The key inside it.
    #[schemars(length(min = 1, max = 253))]
    pub key: String,
}
