//! Setting a fresh server up.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::Setup;

use super::builder::Routes;
use super::{authorizations, buckets, orgs, users};
use crate::error::{ApiError, ApiResult};
use crate::extract::Json;
use crate::json::Kit;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/v2/setup", allowed).post("/api/v2/setup", setup)
}

async fn allowed(State(gateway): State<Gateway>) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(json!({"allowed": gateway.catalog_for_setup().setup_allowed().await?})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    username: Option<String>,
    password: Option<String>,
    org: Option<String>,
    bucket: Option<String>,
    token: Option<String>,
    retention_period_seconds: Option<i64>,
    /// The name is misleading since 2.0: the reference reads nanoseconds.
    retention_period_hrs: Option<i64>,
}

async fn setup(State(gateway): State<Gateway>, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    let catalog = gateway.catalog_for_setup();
    // Hashing a password takes a while: nobody gets that for free on a server that has been set up.
    if !catalog.setup_allowed().await? {
        return Err(ApiError::new(weir_model::ErrorCode::Conflict, "onboarding has already been completed"));
    }
    let password_hash = match body.password.as_deref() {
        None | Some("") => None,
        Some(password) => Some(gateway.auth().hash_password(password).await?),
    };
    let seconds = body.retention_period_seconds.filter(|seconds| *seconds != 0);
    let nanoseconds = body.retention_period_hrs.unwrap_or_default();
    let setup = Setup {
        username: body.username.unwrap_or_default(),
        password_hash,
        org: body.org.unwrap_or_default(),
        bucket: body.bucket.unwrap_or_default(),
        retention_seconds: seconds.unwrap_or(nanoseconds / 1_000_000_000),
        token: body.token,
    };
    let made = catalog.setup(setup).await?;
    let permissions = catalog.resolve_permissions(&made.authorization.permissions).await?;
    Ok(Kit::created(json!({
        "user": users::view(&made.user),
        "bucket": buckets::view(&made.bucket, &[]),
        "org": orgs::view(&made.org),
        "auth": authorizations::show("/api/v2/authorizations", &made.authorization, &made.token, &permissions),
    })))
}
