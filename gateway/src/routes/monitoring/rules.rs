//! Notification rules.

use axum::http::StatusCode;
use serde_json::{Value, json};
use weir_catalog::{Label, NewRule, Rule, RuleFilter, Tag};
use weir_model::{Id, ResourceType};

use super::{Change, OfOrg, Part, bear, extend, finish, refused, show_task, wanted_labels};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Compact;
use crate::routes::builder::Routes;
use crate::routes::{labels, members};

const BASE: &str = "/api/v2/notificationRules";
const KIND: ResourceType = ResourceType::NotificationRules;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/notificationRules", list)
        .post("/api/v2/notificationRules", create)
        .get("/api/v2/notificationRules/{id}", get)
        .put("/api/v2/notificationRules/{id}", replace)
        .patch("/api/v2/notificationRules/{id}", update)
        .delete("/api/v2/notificationRules/{id}", delete)
        .get("/api/v2/notificationRules/{id}/query", query);
    let routes = members::mount(routes, KIND, members::paths!("/api/v2/notificationRules/{id}"));
    labels::mount(
        routes,
        KIND,
        "/api/v2/notificationRules/{id}/labels",
        "/api/v2/notificationRules/{id}/labels/{label}",
    )
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let part = Part::of(&params)?;
    let OfOrg { id: org_id, name: org, mut filters } = OfOrg::of(&params)?;
    // What does not read as a tag is passed over.
    let tags: Vec<Tag> = params.all("tag").filter_map(Tag::parse).collect();
    filters.extend(tags.iter().map(|tag| ("tag", format!("{}:{}", tag.key, tag.value))));
    let rules = access.catalog.list_rules(&RuleFilter { org_id, org, tags }, &part.paging()).await?;
    let ids: Vec<Id> = rules.iter().map(|rule| rule.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> =
        rules.iter().map(|rule| view(rule, labels.get(&rule.id).map_or(&[], Vec::as_slice))).collect();
    let links = part.links(BASE, &filters, views.len());
    Ok(Compact::ok(json!({"notificationRules": views, "links": links})))
}

async fn create(access: Access, Json(body): Json<Value>) -> ApiResult<Compact<Value>> {
    let new = NewRule::from_json(&body).map_err(refused)?;
    let wanted = wanted_labels(&body)?;
    let org = new.org_id.ok_or_else(ApiError::org_missing)?;
    let rule = access.catalog.create_rule(org, new).await?;
    let borne = bear(&access, KIND, rule.id, org, wanted).await?;
    Ok(Compact::created(view(&rule, &borne)))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    shown(&access, access.catalog.find_rule(id).await?).await
}

async fn query(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    Ok(Compact::ok(json!({"flux": access.catalog.flux_of_rule(id).await?})))
}

async fn replace(access: Access, PathId(id): PathId, Json(body): Json<Value>) -> ApiResult<Compact<Value>> {
    let new = NewRule::from_json(&body).map_err(refused)?;
    shown(&access, access.catalog.replace_rule(id, new).await?).await
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Change>) -> ApiResult<Compact<Value>> {
    let update = body.checked("Notification Rule")?;
    shown(&access, access.catalog.update_rule(id, update).await?).await
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_rule(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(access: &Access, rule: Rule) -> ApiResult<Compact<Value>> {
    Ok(Compact::ok(view(&rule, &labels::shown_on(access, rule.id).await?)))
}

fn view(rule: &Rule, labels: &[Label]) -> Value {
    let mut view = json!({"id": rule.id, "name": rule.name});
    if !rule.description.is_empty() {
        view["description"] = json!(rule.description);
    }
    let rest = json!({
        "endpointID": rule.endpoint_id,
        "orgID": rule.org_id,
        "ownerID": rule.owner_id,
        "taskID": rule.task_id,
        "createdAt": rule.created_at,
        "updatedAt": rule.updated_at,
    });
    extend(&mut view, rest);
    extend(&mut view, rule.json());
    finish(&mut view, BASE, rule.id, labels, Some("query"));
    show_task(&mut view, &rule.task);
    view
}
