//! Replication: a bucket whose points are sent to another server.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Bucket, RemoteConnection, fields, name_or};
use crate::{
    crd::{Home, Management, Reference, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, collection},
};

/// A replication.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Replication",
    namespaced,
    status = "Status",
    shortname = "wrepl",
    doc = "Sends the points of a bucket on to a bucket of another server.",
    printcolumn(name = "Remote", type_ = "string", json_path = ".spec.remoteRef.name"),
    printcolumn(name = "Bucket", type_ = "string", json_path = ".spec.bucketRef.name")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.bucket) || has(self.bucketRef)").message("give bucket or bucketRef"),
    validation = Rule::new("has(self.remote) || has(self.remoteRef)").message("give remote or remoteRef"),
    validation = Rule::new("has(self.remoteBucketName) != has(self.remoteBucketID)").message("give remoteBucketName or remoteBucketID, one of them")
)]
pub struct ReplicationSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// Name of the remote connection on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub remote: Option<String>,
    /// A RemoteConnection resource of the same namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_ref: Option<Reference>,
    /// Name of the bucket on the server. It cannot change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("bucket cannot change: a replication is of one bucket"))]
    pub bucket: Option<String>,
    /// A Bucket resource of the same namespace. It cannot change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[x_kube(validation = Rule::new("self == oldSelf").message("bucketRef cannot change: a replication is of one bucket"))]
    pub bucket_ref: Option<Reference>,
    /// Name of the bucket on the other server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub remote_bucket_name: Option<String>,
    /// Id of the bucket on the other server.
    #[serde(default, rename = "remoteBucketID", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub remote_bucket_id: Option<String>,
    /// How much may wait, in bytes.
    #[serde(default = "queue")]
    #[schemars(range(min = 33_554_430))]
    pub max_queue_size_bytes: i64,
    /// How long points may wait, in seconds: 0 for as long as there is room, or 60 to 5184000.
    #[serde(default = "week")]
    #[x_kube(validation = Rule::new("self == 0 || (self >= 60 && self <= 5184000)").message("maxAgeSeconds is 0 or from 60 to 5184000"))]
    pub max_age_seconds: i64,
    /// Whether points that the other server refuses are dropped, instead of waiting.
    #[serde(default)]
    pub drop_non_retryable_data: bool,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

fn queue() -> i64 {
    67_108_860
}

fn week() -> i64 {
    604_800
}

impl Managed for Replication {
    const ROUTE: Route = Route::new("/api/v2/replications", "replications");

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let spec = &self.spec;
        let name = name_or(&spec.name, self);
        let (bucket, bucket_ref) = (spec.bucket.as_ref(), spec.bucket_ref.as_ref());
        let bucket = scope.id_of("Bucket", Bucket::ROUTE, bucket, bucket_ref).await?;
        let (remote, remote_ref) = (spec.remote.as_ref(), spec.remote_ref.as_ref());
        let remote = scope.id_of("RemoteConnection", RemoteConnection::ROUTE, remote, remote_ref).await?;
        let mut once = scope.in_organization()?;
        once.insert("localBucketID".into(), json!(bucket));
        let mut all = fields(
            json!({
                "name": name,
                "remoteID": remote,
                "maxQueueSizeBytes": spec.max_queue_size_bytes,
                "maxAgeSeconds": spec.max_age_seconds,
                "dropNonRetryableData": spec.drop_non_retryable_data,
            }),
            &spec.description,
        );
        if let Some(name) = &spec.remote_bucket_name {
            all.insert("remoteBucketName".into(), json!(name));
        }
        if let Some(id) = &spec.remote_bucket_id {
            all.insert("remoteBucketID".into(), json!(id));
        }
        Ok(Desired { fields: all, once, name, ..Desired::default() })
    }

    async fn read(&self, scope: &Scope<'_>, id: &str) -> Result<Option<Value>, Problem> {
        Ok(collection::read(Self::ROUTE, scope, id).await?.map(as_asked))
    }

    async fn create(&self, scope: &Scope<'_>, desired: &Desired) -> Result<Value, Problem> {
        collection::create(Self::ROUTE, scope, desired).await.map(as_asked)
    }
}

/// Servers are asked for `remoteBucketName` and answer `RemoteBucketName`.
fn as_asked(mut replication: Value) -> Value {
    if let Some(name) = replication.get("RemoteBucketName").cloned() {
        replication["remoteBucketName"] = name;
    }
    replication
}
