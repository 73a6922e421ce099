//! Buckets.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Bucket, BucketFilter, BucketUpdate, Label, NewBucket, RetentionRule};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use super::{labels, members};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, Page, PathId, Query};
use crate::json::Kit;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/buckets", list)
        .post("/api/v2/buckets", create)
        .get("/api/v2/buckets/{id}", get)
        .patch("/api/v2/buckets/{id}", update)
        .delete("/api/v2/buckets/{id}", delete);
    let kind = ResourceType::Buckets;
    let routes = members::mount(routes, kind, members::paths!("/api/v2/buckets/{id}"));
    labels::mount(routes, kind, "/api/v2/buckets/{id}/labels", "/api/v2/buckets/{id}/labels/{label}")
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let page = Page::from_params(&params)?;
    let filter = BucketFilter {
        id: params.id("id")?,
        org_id: params.id("orgID")?,
        org: params.get("org").map(str::to_owned),
        name: params.get("name").map(str::to_owned),
    };
    let buckets = access.catalog.list_buckets(&filter, &page.paging()).await?;
    let ids: Vec<Id> = buckets.iter().map(|bucket| bucket.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> = buckets
        .iter()
        .map(|bucket| view(bucket, labels.get(&bucket.id).map_or(&[], Vec::as_slice)))
        .collect();
    // The reference calls the name so in its links.
    let names = [("id", "id"), ("bucket", "name"), ("org", "org"), ("orgID", "orgID")];
    let filters = names.map(|(shown, key)| (shown, params.get(key)));
    let links = page.links("/api/v2/buckets", &filters, buckets.len());
    Ok(Kit::ok(json!({"links": links, "buckets": views})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Create {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: Option<String>,
    description: Option<String>,
    rp: Option<String>,
    retention_rules: Option<Vec<RetentionRule>>,
}

async fn create(access: Access, Json(body): Json<Create>) -> ApiResult<Kit<Value>> {
    let org_id = body.org_id.ok_or_else(|| ApiError::invalid("organization id must be provided"))?;
    let new = NewBucket {
        org_id,
        name: body.name.unwrap_or_default(),
        description: body.description.unwrap_or_default(),
        rp: body.rp.unwrap_or_default(),
        retention_rules: body.retention_rules.unwrap_or_default(),
    };
    Ok(Kit::created(view(&access.catalog.create_bucket(new).await?, &[])))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Kit<Value>> {
    let bucket = access.catalog.find_bucket(id).await?;
    let labels = labels_of(&access, id).await?;
    Ok(Kit::ok(view(&bucket, &labels)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Update {
    name: Option<String>,
    description: Option<String>,
    retention_rules: Option<Vec<RetentionRule>>,
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Update>) -> ApiResult<Kit<Value>> {
    let update = BucketUpdate {
        name: body.name,
        description: body.description,
        retention_rules: body.retention_rules.unwrap_or_default(),
    };
    let bucket = access.catalog.update_bucket(id, update).await?;
    let labels = labels_of(&access, id).await?;
    Ok(Kit::ok(view(&bucket, &labels)))
}

async fn delete(State(gateway): State<Gateway>, access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    let bucket = access.catalog.delete_bucket(id).await?;
    if let Err(error) = gateway.writer().forget(&bucket).await {
        // Nobody can name the bucket any more; what is left of its points goes with the next sweep.
        tracing::warn!(bucket = %id, %error, "the points of a deleted bucket are still there");
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The labels a bucket shows.
async fn labels_of(access: &Access, bucket: Id) -> ApiResult<Vec<Label>> {
    Ok(access.catalog.list_labels_of_all(&[bucket]).await?.remove(&bucket).unwrap_or_default())
}

/// A bucket as the API shows it.
pub(super) fn view(bucket: &Bucket, labels: &[Label]) -> Value {
    let (id, org) = (bucket.id, bucket.org_id);
    let mut view = json!({"id": id, "orgID": org, "type": bucket.kind.as_str()});
    if !bucket.description.is_empty() {
        view["description"] = json!(bucket.description);
    }
    view["name"] = json!(bucket.name);
    if !bucket.rp.is_empty() {
        view["rp"] = json!(bucket.rp);
    }
    let rule = bucket.retention.rule();
    view["retentionRules"] = json!([{
        "type": "expire",
        "everySeconds": rule.every_seconds,
        "shardGroupDurationSeconds": rule.shard_group_duration_seconds,
    }]);
    view["createdAt"] = json!(bucket.created_at);
    view["updatedAt"] = json!(bucket.updated_at);
    view["links"] = json!({
        "labels": format!("/api/v2/buckets/{id}/labels"),
        "members": format!("/api/v2/buckets/{id}/members"),
        "org": format!("/api/v2/orgs/{org}"),
        "owners": format!("/api/v2/buckets/{id}/owners"),
        "self": format!("/api/v2/buckets/{id}"),
        "write": format!("/api/v2/write?org={org}&bucket={id}"),
    });
    view["labels"] = labels.iter().map(labels::view).collect();
    view
}
