//! Organizations.

use axum::http::StatusCode;
use serde_json::{Value, json};
use weir_catalog::{NewOrg, Org, OrgFilter, OrgUpdate};
use weir_model::ResourceType;

use super::builder::Routes;
use super::members;
use crate::error::ApiResult;
use crate::extract::{Access, Json, Page, PathId, Query};
use crate::json::Kit;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/orgs", list)
        .post("/api/v2/orgs", create)
        .get("/api/v2/orgs/{id}", get)
        .patch("/api/v2/orgs/{id}", update)
        .delete("/api/v2/orgs/{id}", delete);
    members::mount(routes, ResourceType::Orgs, members::paths!("/api/v2/orgs/{id}"))
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let page = Page::from_params(&params)?;
    let filter = OrgFilter {
        // Ids that do not parse are ignored, as in the reference.
        id: params.id("orgID").ok().flatten(),
        name: params.get("org").map(str::to_owned),
        user_id: params.id("userID").ok().flatten(),
    };
    let orgs = access.catalog.list_orgs(&filter, &page.paging()).await?;
    let orgs: Vec<Value> = orgs.iter().map(view).collect();
    Ok(Kit::ok(json!({"links": {"self": "/api/v2/orgs"}, "orgs": orgs})))
}

async fn create(access: Access, Json(new): Json<NewOrg>) -> ApiResult<Kit<Value>> {
    let org = access.catalog.create_org(new).await?;
    Ok(Kit::created(view(&org)))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.find_org(id).await?)))
}

async fn update(access: Access, PathId(id): PathId, Json(update): Json<OrgUpdate>) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.update_org(id, update).await?)))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    let deleted = access.catalog.delete_org(id).await.map_err(crate::error::ApiError::from);
    deleted.map_err(|error| match error.error().code {
        weir_model::ErrorCode::NotFound => error.context(&format!("error deleting organization id: {id}")),
        _ => error,
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// An organization as the API shows it.
pub(super) fn view(org: &Org) -> Value {
    let (id, name) = (org.id, &org.name);
    json!({
        "links": {
            "buckets": format!("/api/v2/buckets?org={name}"),
            "dashboards": format!("/api/v2/dashboards?org={name}"),
            "labels": format!("/api/v2/orgs/{id}/labels"),
            "logs": format!("/api/v2/orgs/{id}/logs"),
            "members": format!("/api/v2/orgs/{id}/members"),
            "owners": format!("/api/v2/orgs/{id}/owners"),
            "secrets": format!("/api/v2/orgs/{id}/secrets"),
            "self": format!("/api/v2/orgs/{id}"),
            "tasks": format!("/api/v2/tasks?org={name}"),
        },
        "id": id,
        "name": name,
        "description": org.description,
        "createdAt": org.created_at,
        "updatedAt": org.updated_at,
    })
}
