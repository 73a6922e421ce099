//! Checks.

use axum::http::StatusCode;
use serde_json::{Value, json};
use weir_catalog::{Check, CheckFilter, Label, NewCheck};
use weir_model::{Id, ResourceType};

use super::{Change, OfOrg, Part, bear, extend, finish, refused, show_task, wanted_labels};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Compact;
use crate::routes::builder::Routes;
use crate::routes::{labels, members};

const BASE: &str = "/api/v2/checks";
const KIND: ResourceType = ResourceType::Checks;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/checks", list)
        .post("/api/v2/checks", create)
        .get("/api/v2/checks/{id}", get)
        .put("/api/v2/checks/{id}", replace)
        .patch("/api/v2/checks/{id}", update)
        .delete("/api/v2/checks/{id}", delete)
        .get("/api/v2/checks/{id}/query", query);
    let routes = members::mount(routes, KIND, members::paths!("/api/v2/checks/{id}"));
    labels::mount(routes, KIND, "/api/v2/checks/{id}/labels", "/api/v2/checks/{id}/labels/{label}")
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let part = Part::of(&params)?;
    let org = OfOrg::of(&params)?;
    let filter = CheckFilter { org_id: org.id, org: org.name };
    let checks = access.catalog.list_checks(&filter, &part.paging()).await?;
    let ids: Vec<Id> = checks.iter().map(|check| check.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> =
        checks.iter().map(|check| view(check, labels.get(&check.id).map_or(&[], Vec::as_slice))).collect();
    let links = part.links(BASE, &org.filters, views.len());
    Ok(Compact::ok(json!({"checks": views, "links": links})))
}

async fn create(access: Access, Json(body): Json<Value>) -> ApiResult<Compact<Value>> {
    let new = NewCheck::from_json(&body).map_err(refused)?;
    let wanted = wanted_labels(&body)?;
    let org = new.org_id.ok_or_else(ApiError::org_missing)?;
    let check = access.catalog.create_check(org, new).await?;
    let borne = bear(&access, KIND, check.id, org, wanted).await?;
    Ok(Compact::created(view(&check, &borne)))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    shown(&access, access.catalog.find_check(id).await?).await
}

async fn query(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    Ok(Compact::ok(json!({"flux": access.catalog.find_check(id).await?.flux()?})))
}

async fn replace(
    access: Access,
    id: Result<PathId, ApiError>,
    Json(body): Json<Value>,
) -> ApiResult<Compact<Value>> {
    let PathId(id) = id.map_err(|_| ApiError::invalid("invalid check id format"))?;
    let malformed = |error| ApiError::from(refused(error)).context("malformed check body");
    let new = NewCheck::from_json(&body).map_err(malformed)?;
    if new.org_id.is_none() {
        return Err(ApiError::invalid("Check OrgID is invalid"));
    }
    shown(&access, access.catalog.replace_check(id, new).await?).await
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Change>) -> ApiResult<Compact<Value>> {
    shown(&access, access.catalog.update_check(id, body.checked("Check")?).await?).await
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_check(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(access: &Access, check: Check) -> ApiResult<Compact<Value>> {
    Ok(Compact::ok(view(&check, &labels::shown_on(access, check.id).await?)))
}

fn view(check: &Check, labels: &[Label]) -> Value {
    let mut view = json!({"id": check.id, "name": check.name});
    if !check.description.is_empty() {
        view["description"] = json!(check.description);
    }
    let rest = json!({
        "ownerID": check.owner_id,
        "orgID": check.org_id,
        "query": check.query,
        "taskID": check.task_id,
        "createdAt": check.created_at,
        "updatedAt": check.updated_at,
    });
    extend(&mut view, rest);
    extend(&mut view, check.kind.json());
    finish(&mut view, BASE, check.id, labels, Some("query"));
    show_task(&mut view, &check.task);
    view
}
