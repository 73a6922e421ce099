//! Names of v1 databases and retention policies for buckets.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Dbrp, DbrpFilter, DbrpUpdate, NameOrId, NewDbrp};
use weir_model::{ErrorCode, Id};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query, parse_bool};
use crate::json::Kit;
use crate::params::Params;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/dbrps", list)
        .post("/api/v2/dbrps", create)
        .get("/api/v2/dbrps/{id}", get)
        .patch("/api/v2/dbrps/{id}", update)
        .delete("/api/v2/dbrps/{id}", delete)
}

/// The organization a request speaks of, by id or else by name.
async fn org(access: &Access, id: Option<&str>, name: Option<&str>) -> ApiResult<Id> {
    match (id, name) {
        (Some(text), _) => {
            text.parse().map_err(|e| ApiError::invalid(format!("invalid org ID {text:?}: {e}")))
        }
        (None, Some(name)) => {
            access.catalog.resolve_org(&NameOrId::Text(name.to_owned())).await.map(|org| org.id).map_err(
                |error| match error.code {
                    ErrorCode::NotFound => ApiError::new(
                        ErrorCode::NotFound,
                        format!("invalid org {name:?}: organization not found"),
                    ),
                    _ => error.into(),
                },
            )
        }
        (None, None) => Err(ApiError::invalid("either 'org' or 'orgID' must be provided")),
    }
}

async fn org_of(access: &Access, params: &Params) -> ApiResult<Id> {
    org(access, params.get("orgID"), params.get("org")).await
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let id = |key: &str, what: &str| match params.get(key) {
        None => Ok(None),
        Some(text) => match text.parse::<Id>() {
            Ok(id) => Ok(Some(id)),
            Err(error) => Err(ApiError::invalid(format!("invalid {what} ID {text:?}: {error}"))),
        },
    };
    let default = match params.get("default") {
        None => None,
        Some(text) => Some(parse_bool(text).ok_or_else(|| ApiError::invalid("invalid default parameter"))?),
    };
    let org = org_of(&access, &params).await?;
    let filter = DbrpFilter {
        id: id("id", "DBRP")?,
        bucket_id: id("bucketID", "bucket")?,
        database: params.get("db").map(str::to_owned),
        retention_policy: params.get("rp").map(str::to_owned),
        default,
    };
    let dbrps = access.catalog.list_dbrps(org, &filter).await?;
    let content: Vec<Value> = dbrps.iter().map(view).collect();
    Ok(Kit::ok(json!({"content": content})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Create {
    #[serde(rename = "orgID")]
    org_id: Option<String>,
    org: Option<String>,
    #[serde(rename = "bucketID")]
    bucket_id: Option<String>,
    database: Option<String>,
    retention_policy: Option<String>,
    default: Option<bool>,
}

async fn create(access: Access, Json(body): Json<Create>) -> ApiResult<Kit<Value>> {
    let given = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let bucket = body.bucket_id.unwrap_or_default();
    let bucket_id =
        bucket.parse().map_err(|error| ApiError::invalid(format!("invalid bucket ID {bucket:?}: {error}")));
    if given(&body.org_id).is_none() && given(&body.org).is_none() {
        return Err(ApiError::invalid("either 'org' or 'orgID' must be provided"));
    }
    let new = NewDbrp {
        bucket_id: bucket_id?,
        org_id: org(&access, given(&body.org_id).as_deref(), given(&body.org).as_deref()).await?,
        database: body.database.unwrap_or_default(),
        retention_policy: body.retention_policy.unwrap_or_default(),
        default: body.default.unwrap_or_default(),
    };
    Ok(Kit::created(view(&access.catalog.create_dbrp(new).await?)))
}

async fn get(access: Access, PathId(id): PathId, Query(params): Query) -> ApiResult<Kit<Value>> {
    let org = org_of(&access, &params).await?;
    Ok(Kit::ok(json!({"content": view(&access.catalog.find_dbrp(org, id).await?)})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Update {
    retention_policy: Option<String>,
    default: Option<bool>,
}

async fn update(
    access: Access,
    PathId(id): PathId,
    Query(params): Query,
    Json(body): Json<Update>,
) -> ApiResult<Kit<Value>> {
    let org = org_of(&access, &params).await?;
    let update = DbrpUpdate { retention_policy: body.retention_policy, default: body.default };
    Ok(Kit::ok(json!({"content": view(&access.catalog.update_dbrp(org, id, update).await?)})))
}

async fn delete(access: Access, PathId(id): PathId, Query(params): Query) -> ApiResult<StatusCode> {
    let org = org_of(&access, &params).await?;
    access.catalog.delete_dbrp(org, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(dbrp: &Dbrp) -> Value {
    json!({
        "id": dbrp.id,
        "database": dbrp.database,
        "retention_policy": dbrp.retention_policy,
        "default": dbrp.default,
        "virtual": dbrp.is_virtual,
        "orgID": dbrp.org_id,
        "bucketID": dbrp.bucket_id,
    })
}
