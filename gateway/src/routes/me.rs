//! The caller itself.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::builder::Routes;
use super::users::{self, NewPassword};
use crate::error::ApiResult;
use crate::extract::{Access, Json};
use crate::json::Kit;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/v2/me", me).put("/api/v2/me/password", change_password)
}

async fn me(access: Access) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(users::view(&access.catalog.me().await?)))
}

async fn change_password(
    State(gateway): State<Gateway>,
    access: Access,
    headers: HeaderMap,
    Json(new): Json<NewPassword>,
) -> ApiResult<StatusCode> {
    users::change_own(&gateway, &access, access.caller.user_id, &headers, &new.password).await
}
