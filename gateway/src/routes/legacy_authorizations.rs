//! v1 users: tokens that are a user name with a password.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{LegacyAuthorization, LegacyFilter};

use super::authorizations::{self, Create, Update};
use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Kit;
use crate::state::Gateway;

const BASE: &str = "/private/legacy/authorizations";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(BASE, list)
        .post(BASE, create)
        .get("/private/legacy/authorizations/{id}", get)
        .patch("/private/legacy/authorizations/{id}", update)
        .delete("/private/legacy/authorizations/{id}", delete)
        .post("/private/legacy/authorizations/{id}/password", set_password)
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let filter =
        LegacyFilter { of: authorizations::filter(&params)?, token: params.get("token").map(str::to_owned) };
    let found = access.catalog.list_legacy_authorizations(&filter).await?;
    let mut views = Vec::with_capacity(found.len());
    for legacy in &found {
        views.push(view(&access, legacy).await?);
    }
    Ok(Kit::ok(json!({"links": {"self": BASE}, "authorizations": views})))
}

async fn create(access: Access, Json(mut body): Json<Create>) -> ApiResult<Kit<Value>> {
    // Told before anything else that is wrong.
    let token = body.token.take().filter(|token| !token.is_empty());
    let missing = || ApiError::invalid("token required for v1 user authorization type");
    let token = token.ok_or_else(missing)?;
    let mut new = body.check(access.caller.user_id)?;
    new.token = Some(token);
    let made = access.catalog.create_legacy_authorization(new).await?;
    Ok(Kit::created(view(&access, &made).await?))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Kit<Value>> {
    let found = access.catalog.find_legacy_authorization(id).await?;
    Ok(Kit::ok(view(&access, &found).await?))
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Update>) -> ApiResult<Kit<Value>> {
    let changed = access.catalog.update_legacy_authorization(id, body.checked("")?).await?;
    Ok(Kit::ok(view(&access, &changed).await?))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_legacy_authorization(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewPassword {
    password: Option<String>,
}

async fn set_password(
    State(gateway): State<Gateway>,
    access: Access,
    PathId(id): PathId,
    Json(new): Json<NewPassword>,
) -> ApiResult<StatusCode> {
    access.catalog.check_set_legacy_password(id).await?;
    let hash = gateway.auth().hash_password(new.password.as_deref().unwrap_or_default()).await?;
    access.catalog.set_legacy_password_hash(id, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A v1 user as the API shows it: its name is no secret.
async fn view(access: &Access, legacy: &LegacyAuthorization) -> ApiResult<Value> {
    let permissions = access.catalog.resolve_permissions(&legacy.authorization.permissions).await?;
    Ok(authorizations::show(BASE, &legacy.authorization, &legacy.token, &permissions))
}
