//! The query whose rows a check looks at.

use serde::{Deserialize, Serialize};

use super::json::lenient;

/// The query of a check: its text, and what an editor remembers of how it was built.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CheckQuery {
    /// The Flux.
    #[serde(deserialize_with = "lenient")]
    pub text: String,
    /// How it is edited.
    #[serde(deserialize_with = "lenient")]
    pub edit_mode: String,
    /// Its name.
    #[serde(deserialize_with = "lenient")]
    pub name: String,
    /// What it was built of.
    #[serde(deserialize_with = "lenient")]
    pub builder_config: BuilderConfig,
}

/// What an editor built a query of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BuilderConfig {
    #[serde(deserialize_with = "lenient")]
    buckets: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    tags: Vec<BuilderTag>,
    #[serde(deserialize_with = "lenient")]
    functions: Vec<BuilderFunction>,
    #[serde(deserialize_with = "lenient")]
    aggregate_window: BuilderWindow,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BuilderTag {
    #[serde(deserialize_with = "lenient")]
    key: String,
    values: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient")]
    aggregate_function_type: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct BuilderFunction {
    #[serde(deserialize_with = "lenient")]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BuilderWindow {
    #[serde(deserialize_with = "lenient")]
    period: String,
    #[serde(deserialize_with = "lenient")]
    fill_values: bool,
}
