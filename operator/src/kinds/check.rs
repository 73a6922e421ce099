//! Check: a query whose result is given a level, on a schedule.

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Activity, Pair, fields, name_or};
use crate::{
    crd::{Home, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, Update, object},
};

/// A check.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Check",
    namespaced,
    status = "Status",
    shortname = "wcheck",
    doc = "A check on a server: a query whose results are given a level (OK, INFO, WARN, CRIT) on a schedule.",
    printcolumn(name = "Every", type_ = "string", json_path = ".spec.every"),
    printcolumn(name = "Status", type_ = "string", json_path = ".spec.status")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.thresholds) != has(self.deadman)").message("give thresholds or deadman, one of them"))]
pub struct CheckSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// An inactive check does not run.
    #[serde(default)]
    pub status: Activity,
    /// The Flux query. With thresholds it filters exactly one field.
    #[schemars(length(min = 1, max = 131_072))]
    pub query: String,
    /// Time between runs: 1m, 1h.
    #[schemars(regex(pattern = "^([0-9]+(s|m|h|d|w))+$"), length(max = 64))]
    pub every: String,
    /// How long after its time a run starts.
    #[serde(default = "zero")]
    #[schemars(regex(pattern = "^([0-9]+(s|m|h|d|w))+$"), length(max = 64))]
    pub offset: String,
    /// The message, with columns as `${r.column}`.
    #[serde(default = "message")]
    #[schemars(length(max = 4096))]
    pub status_message_template: String,
    /// Tags that the check adds.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub tags: Vec<Pair>,
    /// Levels by value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 16))]
    pub thresholds: Option<Vec<Threshold>>,
    /// A level for what has gone silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadman: Option<Deadman>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

fn zero() -> String {
    "0s".into()
}

fn message() -> String {
    "Check: ${ r._check_name } is: ${ r._level }".into()
}

/// A level given by value.
#[derive(KubeSchema, Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("(self.type == 'range') == (has(self.min) && has(self.max)) && (self.type != 'range') == has(self.value)").message("type range has min and max, greater and lesser have value")
)]
pub struct Threshold {
    /// greater, lesser or range.
    #[serde(rename = "type")]
    pub kind: ThresholdType,
    /// The level that is given.
    pub level: Level,
    /// The bound, for greater and lesser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The lower bound, for range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The upper bound, for range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Whether the level is given inside the range or outside of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<bool>,
    /// Whether all values of a run must match, not only one.
    #[serde(default)]
    pub all_values: bool,
}

/// How a threshold compares.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ThresholdType {
    /// Above the value.
    Greater,
    /// Below the value.
    Lesser,
    /// Between two values, or not.
    Range,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// All is well.
    Ok,
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warn,
    /// Broken.
    #[default]
    Crit,
}

/// A level for what has gone silent.
#[derive(KubeSchema, Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Deadman {
    /// Silence after which the level is given.
    #[schemars(regex(pattern = "^([0-9]+(s|m|h|d|w))+$"), length(max = 64))]
    pub time_since: String,
    /// Silence after which a series is forgotten.
    #[schemars(regex(pattern = "^([0-9]+(s|m|h|d|w))+$"), length(max = 64))]
    pub stale_time: String,
    /// The level that is given.
    #[serde(default)]
    pub level: Level,
    /// Whether a value of zero counts as silence.
    #[serde(default)]
    pub report_zero: bool,
}

impl Managed for Check {
    const ROUTE: Route =
        Route { filter: None, update: Update::Put, ..Route::new("/api/v2/checks", "checks") };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let spec = &self.spec;
        let name = name_or(&spec.name, self);
        let mut all = fields(
            json!({
                "name": name,
                "status": spec.status,
                "query": { "text": spec.query, "editMode": "advanced" },
                "every": spec.every,
                "offset": spec.offset,
                "statusMessageTemplate": spec.status_message_template,
                "tags": spec.tags,
            }),
            &spec.description,
        );
        all.extend(match (&spec.thresholds, &spec.deadman) {
            (Some(thresholds), _) => object(json!({ "type": "threshold", "thresholds": thresholds })),
            (None, Some(deadman)) => {
                let mut members = object(json!(deadman));
                members.insert("type".into(), json!("deadman"));
                members
            }
            (None, None) => return Err(Problem::Invalid("give thresholds or deadman".into())),
        });
        Ok(Desired { fields: all, once: scope.in_organization()?, name, ..Desired::default() })
    }
}
