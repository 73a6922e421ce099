//! Users and their passwords.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{NewUser, User, UserFilter, UserUpdate};
use weir_model::{Id, Permission};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, Page, PathId, Query};
use crate::json::Kit;
use crate::middleware::auth::text;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/users", list)
        .post("/api/v2/users", create)
        .get("/api/v2/users/{id}", get)
        .patch("/api/v2/users/{id}", update)
        .delete("/api/v2/users/{id}", delete)
        .get("/api/v2/users/{id}/permissions", permissions)
        .post("/api/v2/users/{id}/password", set_password)
        .put("/api/v2/users/{id}/password", change_password)
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let page = Page::from_params(&params)?;
    let filter = UserFilter { id: params.id("id")?, name: params.get("name").map(str::to_owned) };
    let users = access.catalog.list_users(&filter, &page.paging()).await?;
    let users: Vec<Value> = users.iter().map(view).collect();
    Ok(Kit::ok(json!({"links": {"self": "/api/v2/users"}, "users": users})))
}

async fn create(access: Access, Json(new): Json<NewUser>) -> ApiResult<Kit<Value>> {
    Ok(Kit::created(view(&access.catalog.create_user(new).await?)))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.find_user(id).await?)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Update {
    name: Option<String>,
    status: Option<String>,
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Update>) -> ApiResult<Kit<Value>> {
    let status = body.status.as_deref().map(str::parse).transpose()?;
    let update = UserUpdate { name: body.name, status };
    Ok(Kit::ok(view(&access.catalog.update_user(id, update).await?)))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_user(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn permissions(access: Access, PathId(id): PathId) -> ApiResult<Kit<Vec<Permission>>> {
    Ok(Kit::ok(access.catalog.user_permissions(id).await?))
}

/// A new password; an absent one is too short.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewPassword {
    pub(super) password: String,
}

/// Sets a password as somebody who may write the user.
async fn set_password(
    State(gateway): State<Gateway>,
    access: Access,
    PathId(id): PathId,
    Json(new): Json<NewPassword>,
) -> ApiResult<StatusCode> {
    access.catalog.check_set_password(id)?;
    let hash = gateway.auth().hash_password(&new.password).await?;
    access.catalog.set_password_hash(id, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change_password(
    State(gateway): State<Gateway>,
    access: Access,
    PathId(id): PathId,
    headers: HeaderMap,
    Json(new): Json<NewPassword>,
) -> ApiResult<StatusCode> {
    change_own(&gateway, &access, id, &headers, &new.password).await
}

/// Changes a password as the user itself, who shows the old one beside the session's cookie.
pub(super) async fn change_own(
    gateway: &Gateway,
    access: &Access,
    user: Id,
    headers: &HeaderMap,
    new: &str,
) -> ApiResult<StatusCode> {
    let shown = text(headers, &header::AUTHORIZATION).as_deref().and_then(weir_auth::basic);
    let (_, old) = shown.ok_or_else(ApiError::unauthorized)?;
    access.catalog.check_set_password(user)?;
    gateway.auth().verify_password(user, &old).await?;
    let hash = gateway.auth().hash_password(new).await?;
    access.catalog.set_password_hash(user, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A user as the API shows it.
pub(super) fn view(user: &User) -> Value {
    json!({
        "links": {"self": format!("/api/v2/users/{}", user.id)},
        "id": user.id,
        "name": user.name,
        "status": user.status,
    })
}
