//! Sources.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{BucketFilter, Paging, Source, SourceFields};
use weir_model::Id;

use super::buckets;
use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Compact;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/sources", list)
        .post("/api/v2/sources", create)
        .get("/api/v2/sources/{id}", get)
        .patch("/api/v2/sources/{id}", update)
        .delete("/api/v2/sources/{id}", delete)
        .get("/api/v2/sources/{id}/health", health)
        .get("/api/v2/sources/{id}/buckets", list_buckets)
}

async fn list(access: Access) -> ApiResult<Compact<Value>> {
    let sources = access.catalog.list_sources().await?;
    let views: Vec<Value> = sources.iter().map(linked).collect();
    Ok(Compact::ok(json!({"links": {"self": "/api/v2/sources"}, "sources": views})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Create {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    #[serde(flatten)]
    fields: SourceFields,
}

async fn create(access: Access, Json(body): Json<Create>) -> ApiResult<Compact<Value>> {
    let org = body.org_id.ok_or_else(ApiError::org_missing)?;
    let source = access.catalog.create_source(org, body.fields).await?;
    Ok(Compact::created(linked(&source)))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    Ok(Compact::ok(linked(&access.catalog.find_source(id).await?)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Update {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    url: Option<String>,
    insecure_skip_verify: Option<bool>,
    telegraf: Option<String>,
    token: Option<String>,
    username: Option<String>,
    #[serde(rename = "metaUrl")]
    meta_url: Option<String>,
    #[serde(rename = "defaultRP")]
    default_rp: Option<String>,
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Update>) -> ApiResult<Compact<Value>> {
    let change = |fields: &mut SourceFields| {
        let texts = [
            (&mut fields.name, body.name),
            (&mut fields.kind, body.kind),
            (&mut fields.url, body.url),
            (&mut fields.telegraf, body.telegraf),
            (&mut fields.token, body.token),
            (&mut fields.username, body.username),
            (&mut fields.meta_url, body.meta_url),
            (&mut fields.default_rp, body.default_rp),
        ];
        for (field, value) in texts {
            if let Some(value) = value {
                *field = value;
            }
        }
        if let Some(skip) = body.insecure_skip_verify {
            fields.insecure_skip_verify = skip;
        }
    };
    // Without links, as the reference has it.
    Ok(Compact::ok(view(&access.catalog.update_source(id, change).await?)))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_source(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn health(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    access.catalog.find_source(id).await?;
    Ok(Compact::ok(json!({
        "name": "sources",
        "message": "source is healthy",
        "status": "pass",
        "checks": [],
    })))
}

/// The buckets of this server, which every source stands for.
async fn list_buckets(access: Access, PathId(id): PathId, Query(params): Query) -> ApiResult<Compact<Value>> {
    let source = access.catalog.find_source(id).await?;
    let named = params.get("org").is_some() || params.get("orgID").is_some();
    let filter = BucketFilter {
        org_id: params.id("orgID")?.or((!named && !source.default).then_some(source.org_id)),
        org: params.get("org").map(str::to_owned),
        ..BucketFilter::default()
    };
    let found = access.catalog.list_buckets(&filter, &Paging::default()).await?;
    let views: Vec<Value> = found.iter().map(|bucket| buckets::view(bucket, &[])).collect();
    let links = json!({"self": format!("/api/v2/sources/{id}/buckets")});
    Ok(Compact::ok(json!({"links": links, "buckets": views})))
}

fn view(source: &Source) -> Value {
    let mut view = json!({"id": source.id, "orgID": source.org_id, "default": source.default});
    if let Ok(Value::Object(fields)) = serde_json::to_value(&source.fields) {
        for (key, value) in fields {
            view[key] = value;
        }
    }
    view
}

fn linked(source: &Source) -> Value {
    let mut view = view(source);
    let this = format!("/api/v2/sources/{}", source.id);
    view["links"] = json!({
        "buckets": format!("{this}/buckets"),
        "health": format!("{this}/health"),
        "query": format!("{this}/query"),
        "self": this,
    });
    view
}
