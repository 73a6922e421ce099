//! Notification endpoints.

use axum::http::StatusCode;
use serde_json::{Value, json};
use weir_catalog::{Endpoint, EndpointFilter, Label, NewEndpoint};
use weir_model::{ErrorCode, Id, ResourceType};

use super::{Change, OfOrg, Part, bear, extend, finish, refused, wanted_labels};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Compact;
use crate::routes::builder::Routes;
use crate::routes::{labels, members};

const BASE: &str = "/api/v2/notificationEndpoints";
const KIND: ResourceType = ResourceType::NotificationEndpoints;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/notificationEndpoints", list)
        .post("/api/v2/notificationEndpoints", create)
        .get("/api/v2/notificationEndpoints/{id}", get)
        .put("/api/v2/notificationEndpoints/{id}", replace)
        .patch("/api/v2/notificationEndpoints/{id}", update)
        .delete("/api/v2/notificationEndpoints/{id}", delete);
    let routes = members::mount(routes, KIND, members::paths!("/api/v2/notificationEndpoints/{id}"));
    labels::mount(
        routes,
        KIND,
        "/api/v2/notificationEndpoints/{id}/labels",
        "/api/v2/notificationEndpoints/{id}/labels/{label}",
    )
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let part = Part::of(&params)?;
    let org = OfOrg::of(&params)?;
    if org.filters.is_empty() && params.id("user")?.is_none() {
        let message = "cannot process a request without a org or user filter";
        return Err(ApiError::new(ErrorCode::Unauthorized, message));
    }
    let filter = EndpointFilter { org_id: org.id, org: org.name };
    let endpoints = access.catalog.list_endpoints(&filter, &part.paging()).await?;
    let ids: Vec<Id> = endpoints.iter().map(|endpoint| endpoint.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> = endpoints
        .iter()
        .map(|endpoint| view(endpoint, labels.get(&endpoint.id).map_or(&[], Vec::as_slice)))
        .collect();
    let links = part.links(BASE, &org.filters, views.len());
    Ok(Compact::ok(json!({"notificationEndpoints": views, "links": links})))
}

async fn create(access: Access, Json(body): Json<Value>) -> ApiResult<Compact<Value>> {
    let new = NewEndpoint::from_json(&body).map_err(refused)?;
    let wanted = wanted_labels(&body)?;
    let org = new.org_id.ok_or_else(ApiError::org_missing)?;
    let endpoint = access.catalog.create_endpoint(org, new).await?;
    let borne = bear(&access, KIND, endpoint.id, org, wanted).await?;
    Ok(Compact::created(view(&endpoint, &borne)))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    shown(&access, access.catalog.find_endpoint(id).await?).await
}

async fn replace(access: Access, PathId(id): PathId, Json(body): Json<Value>) -> ApiResult<Compact<Value>> {
    let new = NewEndpoint::from_json(&body).map_err(refused)?;
    if new.org_id.is_none() {
        let why = "provided notification endpoint Unique Key is an invalid format: no ID was provided";
        return Err(ApiError::invalid(why));
    }
    shown(&access, access.catalog.replace_endpoint(id, new).await?).await
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Change>) -> ApiResult<Compact<Value>> {
    let update = body.checked("Notification Endpoint")?;
    shown(&access, access.catalog.update_endpoint(id, update).await?).await
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_endpoint(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(access: &Access, endpoint: Endpoint) -> ApiResult<Compact<Value>> {
    Ok(Compact::ok(view(&endpoint, &labels::shown_on(access, endpoint.id).await?)))
}

fn view(endpoint: &Endpoint, labels: &[Label]) -> Value {
    let mut view = json!({"id": endpoint.id, "name": endpoint.name});
    if !endpoint.description.is_empty() {
        view["description"] = json!(endpoint.description);
    }
    let rest = json!({
        "orgID": endpoint.org_id,
        "status": endpoint.status,
        "createdAt": endpoint.created_at,
        "updatedAt": endpoint.updated_at,
    });
    extend(&mut view, rest);
    extend(&mut view, endpoint.kind.json());
    finish(&mut view, BASE, endpoint.id, labels, None);
    view
}
