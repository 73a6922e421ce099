//! Dbrp: which bucket a database and retention policy of the v1 API mean.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Bucket, name_or};
use crate::{
    crd::{Home, Management, Reference, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, collection, object},
};

/// A mapping.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Dbrp",
    plural = "dbrps",
    namespaced,
    status = "Status",
    shortname = "wdbrp",
    doc = "Maps a database and retention policy of the v1 API to a bucket.",
    printcolumn(name = "Database", type_ = "string", json_path = ".spec.database"),
    printcolumn(name = "Policy", type_ = "string", json_path = ".spec.retentionPolicy")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.bucket) || has(self.bucketRef)").message("give bucket or bucketRef"))]
pub struct DbrpSpec {
    /// The database, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("database cannot change"))]
    pub database: Option<String>,
    /// The retention policy.
    #[serde(default = "autogen")]
    #[schemars(length(min = 1, max = 256))]
    pub retention_policy: String,
    /// Whether it is meant when a request names the database only. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Name of the bucket on the server. It cannot change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("bucket cannot change: make another mapping"))]
    pub bucket: Option<String>,
    /// A Bucket resource of the same namespace. It cannot change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[x_kube(validation = Rule::new("self == oldSelf").message("bucketRef cannot change: make another mapping"))]
    pub bucket_ref: Option<Reference>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

fn autogen() -> String {
    "autogen".into()
}

impl Managed for Dbrp {
    // A mapping has no description: a new one is marked in its retention policy until the first update.
    const ROUTE: Route = Route {
        filter: Some("db"),
        name: "database",
        marker: "retention_policy",
        envelope: Some("content"),
        ..Route::new("/api/v2/dbrps", "content")
    };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let DbrpSpec { retention_policy, default, bucket, bucket_ref, .. } = &self.spec;
        let bucket = scope.id_of("Bucket", Bucket::ROUTE, bucket.as_ref(), bucket_ref.as_ref()).await?;
        let mut once = scope.in_organization()?;
        once.extend(object(json!({ "database": self.database(), "bucketID": bucket })));
        let mut fields = object(json!({ "retention_policy": retention_policy }));
        if let Some(default) = default {
            fields.insert("default".into(), json!(default));
        }
        let name = format!("{}/{retention_policy}", self.database());
        Ok(Desired { name, fields, once, ..Desired::default() })
    }

    async fn candidates(&self, scope: &Scope<'_>, _desired: &Desired) -> Result<Vec<Value>, Problem> {
        let mut found = collection::named(Self::ROUTE, scope, &self.database()).await?;
        found.retain(|mapping| {
            let policy = mapping.get("retention_policy").and_then(Value::as_str);
            // Servers also list mappings that every bucket has by its name; those are nobody's.
            let real = mapping.get("virtual").and_then(Value::as_bool) != Some(true);
            real && (policy == Some(&self.spec.retention_policy) || scope.is_marked(Self::ROUTE, mapping))
        });
        Ok(found)
    }
}

impl Dbrp {
    fn database(&self) -> String {
        name_or(&self.spec.database, self)
    }
}
