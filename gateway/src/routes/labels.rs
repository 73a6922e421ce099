//! Labels, and what bears them.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Label, LabelFilter, LabelUpdate, NewLabel};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, ChildId, Json, ParentId, PathId, Query, target};
use crate::json::Kit;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/labels", list)
        .post("/api/v2/labels", create)
        .get("/api/v2/labels/{id}", get)
        .patch("/api/v2/labels/{id}", update)
        .delete("/api/v2/labels/{id}", delete)
}

/// Serves the labels of resources of a kind.
pub(super) fn mount(routes: Routes, kind: ResourceType, all: &'static str, one: &'static str) -> Routes {
    routes
        .get(all, move |access, parent| list_borne(access, parent, kind))
        .post(all, move |access, parent, body| attach(access, parent, body, kind))
        .delete(one, move |access, parent, child| detach(access, parent, child, kind))
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let filter = LabelFilter { org_id: params.id("orgID")?, name: params.get("name").map(str::to_owned) };
    let labels = access.catalog.list_labels(&filter).await?;
    Ok(Kit::ok(many(&labels)))
}

/// The organization is a text here, so that its absence can be told in the reference's words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Create {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: Option<String>,
    properties: Option<std::collections::BTreeMap<String, String>>,
}

async fn create(access: Access, Json(body): Json<Create>) -> ApiResult<Kit<Value>> {
    let name = body.name.unwrap_or_default();
    if name.is_empty() {
        return Err(ApiError::invalid("label name is required"));
    }
    let org_id = body.org_id.ok_or_else(|| ApiError::invalid("orgID is required"))?;
    let new = NewLabel { org_id, name, properties: body.properties.unwrap_or_default() };
    Ok(Kit::created(one(&access.catalog.create_label(new).await?)))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(one(&access.catalog.find_label(id).await?)))
}

async fn update(
    access: Access,
    PathId(id): PathId,
    Json(update): Json<LabelUpdate>,
) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(one(&access.catalog.update_label(id, update).await?)))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_label(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_borne(access: Access, ParentId(id): ParentId, kind: ResourceType) -> ApiResult<Kit<Value>> {
    let labels = match target::org_of_listed(&access, kind, id).await? {
        None => Vec::new(),
        Some(org) => access.catalog.list_labels_of(kind, id, org).await?,
    };
    Ok(Kit::ok(many(&labels)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attach {
    #[serde(rename = "labelID")]
    label_id: Option<Id>,
}

async fn attach(
    access: Access,
    ParentId(id): ParentId,
    Json(body): Json<Attach>,
    kind: ResourceType,
) -> ApiResult<Kit<Value>> {
    let label = || body.label_id.ok_or_else(|| ApiError::invalid("label id is required"));
    // The older half looks at the body first.
    if target::is_older(kind) {
        label()?;
    }
    let org = target::org_of_parent(&access, kind, id).await?;
    let label = label()?;
    Ok(Kit::created(one(&access.catalog.add_label(kind, id, org, label).await?)))
}

async fn detach(
    access: Access,
    ParentId(id): ParentId,
    ChildId(label): ChildId,
    kind: ResourceType,
) -> ApiResult<StatusCode> {
    let org = target::org_of_parent(&access, kind, id).await?;
    access.catalog.remove_label(kind, id, org, label).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A label as it stands in lists and on what bears it.
pub(super) fn view(label: &Label) -> Value {
    let mut view = json!({"id": label.id, "orgID": label.org_id, "name": label.name});
    if !label.properties.is_empty() {
        view["properties"] = json!(label.properties);
    }
    view
}

fn one(label: &Label) -> Value {
    json!({"links": {"self": format!("/api/v2/labels/{}", label.id)}, "label": view(label)})
}

fn many(labels: &[Label]) -> Value {
    let labels: Vec<Value> = labels.iter().map(view).collect();
    json!({"links": {"self": "/api/v2/labels"}, "labels": labels})
}

/// The labels that a resource, which the caller has been shown, is shown with.
pub(super) async fn shown_on(access: &Access, resource: Id) -> ApiResult<Vec<Label>> {
    Ok(access.catalog.list_labels_of_all(&[resource]).await?.remove(&resource).unwrap_or_default())
}
