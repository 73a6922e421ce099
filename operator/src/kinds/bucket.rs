//! Bucket.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{fields, name_or};
use crate::{
    crd::{Home, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, collection},
};

/// A bucket.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Bucket",
    namespaced,
    status = "Status",
    shortname = "wbucket",
    doc = "A bucket on a server: a named place for points, with a retention.",
    printcolumn(name = "Retention", type_ = "integer", json_path = ".spec.retentionSeconds")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("!has(self.shardGroupSeconds) || self.retentionSeconds == 0 || self.shardGroupSeconds <= self.retentionSeconds").message("shardGroupSeconds is at most retentionSeconds"))]
pub struct BucketSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    #[x_kube(validation = Rule::new("!self.startsWith('_')").message("names that begin with an underscore are the server's own"))]
    #[x_kube(validation = Rule::new("!self.contains('\\\"')").message("a bucket's name holds no double quote"))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// How long points are kept, in seconds: at least an hour, or 0 to keep them forever.
    #[serde(default)]
    #[x_kube(validation = Rule::new("self == 0 || self >= 3600").message("retentionSeconds is 0 (forever) or at least 3600 (an hour)"))]
    pub retention_seconds: i64,
    /// The span of a shard group, in seconds: at least an hour. The server chooses when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 3600))]
    pub shard_group_seconds: Option<i64>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

impl Managed for Bucket {
    const ROUTE: Route = Route::new("/api/v2/buckets", "buckets");

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let BucketSpec { name, description, retention_seconds, shard_group_seconds, .. } = &self.spec;
        let name = name_or(name, self);
        let mut rule = json!({ "type": "expire", "everySeconds": retention_seconds });
        if let Some(seconds) = shard_group_seconds {
            rule["shardGroupDurationSeconds"] = json!(seconds);
        }
        Ok(Desired {
            fields: fields(json!({ "name": name, "retentionRules": [rule] }), description),
            once: scope.in_organization()?,
            name,
            ..Desired::default()
        })
    }

    async fn update(
        &self,
        scope: &Scope<'_>,
        actual: &Value,
        desired: &Desired,
        mut difference: Map<String, Value>,
    ) -> Result<(), Problem> {
        // Servers choose a span at creation only, and refuse a retention that is shorter than the span they chose.
        let BucketSpec { retention_seconds, shard_group_seconds: None, .. } = self.spec else {
            return collection::update(Self::ROUTE, scope, actual, desired, difference).await;
        };
        if let Some(rule) = difference.get_mut("retentionRules").and_then(|rules| rules.get_mut(0)) {
            rule["shardGroupDurationSeconds"] = json!(usual_span(retention_seconds));
        }
        collection::update(Self::ROUTE, scope, actual, desired, difference).await
    }
}

/// The span that servers choose for a retention, in seconds.
fn usual_span(retention: i64) -> i64 {
    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;
    match retention {
        0 => 7 * DAY,
        _ if retention >= 180 * DAY => 7 * DAY,
        _ if retention >= 2 * DAY => DAY,
        _ => HOUR,
    }
}
