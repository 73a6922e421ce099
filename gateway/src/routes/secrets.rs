//! Secrets of an organization: names are shown, values never.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use crate::error::ApiResult;
use crate::extract::{Access, Json, ParentId, target};
use crate::json::Kit;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/orgs/{id}/secrets", list)
        .patch("/api/v2/orgs/{id}/secrets", set)
        .delete("/api/v2/orgs/{id}/secrets/{key}", delete_one)
        .post("/api/v2/orgs/{id}/secrets/delete", delete_many)
}

async fn org(access: &Access, id: Id) -> ApiResult<Id> {
    target::org_of_parent(access, ResourceType::Orgs, id).await
}

async fn list(access: Access, ParentId(id): ParentId) -> ApiResult<Kit<Value>> {
    let org = org(&access, id).await?;
    let names = access.catalog.list_secrets(org).await?;
    let links = json!({"org": format!("/api/v2/orgs/{org}"), "self": format!("/api/v2/orgs/{org}/secrets")});
    Ok(Kit::ok(json!({"links": links, "secrets": names})))
}

async fn set(
    access: Access,
    ParentId(id): ParentId,
    Json(values): Json<BTreeMap<String, String>>,
) -> ApiResult<StatusCode> {
    let org = org(&access, id).await?;
    access.catalog.set_secrets(org, &values).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete_one(
    access: Access,
    ParentId(id): ParentId,
    Path((_, key)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    let org = org(&access, id).await?;
    access.catalog.delete_secrets(org, &[key]).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names {
    secrets: Option<Vec<String>>,
}

async fn delete_many(
    access: Access,
    ParentId(id): ParentId,
    Json(names): Json<Names>,
) -> ApiResult<StatusCode> {
    let org = org(&access, id).await?;
    access.catalog.delete_secrets(org, &names.secrets.unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}
