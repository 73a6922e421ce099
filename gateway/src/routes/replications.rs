//! Replications, as resources.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{
    DEFAULT_QUEUE_SIZE, NewReplication, RemoteBucket, Replication, ReplicationFilter, ReplicationUpdate,
};
use weir_model::{Error, Id};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathText, Query};
use crate::json::Kit;
use crate::remote;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/replications", list)
        .post("/api/v2/replications", create)
        .get("/api/v2/replications/{id}", get)
        .patch("/api/v2/replications/{id}", update)
        .delete("/api/v2/replications/{id}", delete)
        .post("/api/v2/replications/{id}/validate", validate)
}

const BAD_ID: &str = "replication ID is invalid";

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let org = params.id("orgID").ok().flatten();
    let filter = ReplicationFilter {
        org_id: org.ok_or_else(|| ApiError::invalid("invalid or missing org ID"))?,
        name: params.get("name").map(str::to_owned),
        remote_id: params.id("remoteID").map_err(|_| ApiError::invalid("invalid remote ID"))?,
        local_bucket_id: params
            .id("localBucketID")
            .map_err(|_| ApiError::invalid("invalid local bucket ID"))?,
    };
    let replications = access.catalog.list_replications(&filter).await?;
    let views = replications.map(|all| all.iter().map(view).collect::<Vec<_>>());
    Ok(Kit::ok(json!({"replications": views})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: Option<String>,
    description: Option<String>,
    #[serde(rename = "remoteID")]
    remote_id: Option<Id>,
    #[serde(rename = "localBucketID")]
    local_bucket_id: Option<Id>,
    #[serde(rename = "remoteBucketID")]
    remote_bucket_id: Option<Id>,
    remote_bucket_name: Option<String>,
    max_queue_size_bytes: Option<i64>,
    max_age_seconds: Option<i64>,
    drop_non_retryable_data: Option<bool>,
}

async fn create(access: Access, Query(params): Query, Json(body): Json<Body>) -> ApiResult<Response> {
    let id_missing = || ApiError::invalid("invalid id for permission: invalid ID");
    let new = NewReplication {
        max_queue_size: body.max_queue_size_bytes.unwrap_or(DEFAULT_QUEUE_SIZE),
        max_age: body.max_age_seconds.unwrap_or_default(),
        org_id: body.org_id.ok_or_else(ApiError::org_missing)?,
        name: body.name.unwrap_or_default(),
        description: body.description,
        remote_id: body.remote_id.ok_or_else(id_missing)?,
        local_bucket_id: body.local_bucket_id.ok_or_else(id_missing)?,
        remote_bucket: RemoteBucket::of(body.remote_bucket_id, body.remote_bucket_name),
        drop_non_retryable: body.drop_non_retryable_data.unwrap_or_default(),
    };
    new.check().map_err(Error::from)?;
    if params.get("validate") == Some("true") {
        let target = access.catalog.target_of_new_replication(new).await?;
        let failed = "replication parameters fail validation";
        remote::check(&target).await.map_err(|error| error.context(failed))?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Kit::created(view(&access.catalog.create_replication(new).await?)).into_response())
}

async fn get(access: Access, path: PathText) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.find_replication(path.id(BAD_ID)?).await?)))
}

async fn update(
    access: Access,
    path: PathText,
    Query(params): Query,
    Json(body): Json<Body>,
) -> ApiResult<Response> {
    let id = path.id(BAD_ID)?;
    let update = ReplicationUpdate {
        name: body.name,
        description: body.description,
        remote_id: body.remote_id,
        remote_bucket: RemoteBucket::of(body.remote_bucket_id, body.remote_bucket_name),
        max_queue_size: body.max_queue_size_bytes,
        max_age: body.max_age_seconds,
        drop_non_retryable: body.drop_non_retryable_data,
    };
    update.check().map_err(Error::from)?;
    if params.get("validate") == Some("true") {
        let target = access.catalog.target_of_updated_replication(id, update).await?;
        let failed = "validation fails after applying update";
        remote::check(&target).await.map_err(|error| error.context(failed))?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Kit::ok(view(&access.catalog.update_replication(id, update).await?)).into_response())
}

async fn delete(access: Access, path: PathText) -> ApiResult<StatusCode> {
    access.catalog.delete_replication(path.id(BAD_ID)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn validate(access: Access, path: PathText) -> ApiResult<StatusCode> {
    let target = access.catalog.target_of_replication(path.id(BAD_ID)?).await?;
    remote::check(&target).await.map_err(|error| error.context("replication failed validation"))?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(replication: &Replication) -> Value {
    let mut view = json!({
        "id": replication.id,
        "orgID": replication.org_id,
        "name": replication.name,
        "remoteID": replication.remote_id,
        "localBucketID": replication.local_bucket_id,
        "remoteBucketID": replication.remote_bucket.id(),
        "RemoteBucketName": replication.remote_bucket.name(),
        "maxQueueSizeBytes": replication.max_queue_size,
        // Nothing waits while nothing is sent.
        "currentQueueSizeBytes": 0,
        "remainingBytesToBeSynced": 0,
        "dropNonRetryableData": replication.drop_non_retryable,
        "maxAgeSeconds": replication.max_age,
    });
    if let Some(description) = &replication.description {
        view["description"] = json!(description);
    }
    if let Some(code) = replication.latest_response_code {
        view["latestResponseCode"] = json!(code);
    }
    if let Some(message) = &replication.latest_error_message {
        view["latestErrorMessage"] = json!(message);
    }
    view
}
