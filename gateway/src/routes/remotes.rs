//! Remotes: servers that replications copy to. Nothing here sends anything to them.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{NewRemote, Remote, RemoteFilter, RemoteUpdate};
use weir_model::Id;

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathText, Query};
use crate::json::Kit;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/remotes", list)
        .post("/api/v2/remotes", create)
        .get("/api/v2/remotes/{id}", get)
        .patch("/api/v2/remotes/{id}", update)
        .delete("/api/v2/remotes/{id}", delete)
}

const BAD_ID: &str = "remote-connection ID is invalid";

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let org = params.id("orgID").ok().flatten();
    let filter = RemoteFilter {
        org_id: org.ok_or_else(|| ApiError::invalid("invalid or missing org ID"))?,
        name: params.get("name").map(str::to_owned),
        url: params.get("remoteURL").map(str::to_owned),
    };
    let remotes = access.catalog.list_remotes(&filter).await?;
    let views = remotes.map(|all| all.iter().map(view).collect::<Vec<_>>());
    Ok(Kit::ok(json!({"remotes": views})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: Option<String>,
    description: Option<String>,
    #[serde(rename = "remoteURL")]
    url: Option<String>,
    #[serde(rename = "remoteAPIToken")]
    token: Option<String>,
    #[serde(rename = "remoteOrgID")]
    remote_org_id: Option<Id>,
    #[serde(rename = "allowInsecureTLS")]
    allow_insecure_tls: Option<bool>,
}

async fn create(access: Access, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    let new = NewRemote {
        org_id: body.org_id.ok_or_else(ApiError::org_missing)?,
        name: body.name.unwrap_or_default(),
        description: body.description,
        url: body.url.unwrap_or_default(),
        token: body.token.unwrap_or_default(),
        remote_org_id: body.remote_org_id,
        allow_insecure_tls: body.allow_insecure_tls.unwrap_or_default(),
    };
    Ok(Kit::created(view(&access.catalog.create_remote(new).await?)))
}

async fn get(access: Access, path: PathText) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.find_remote(path.id(BAD_ID)?).await?)))
}

async fn update(access: Access, path: PathText, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    let update = RemoteUpdate {
        name: body.name,
        description: body.description,
        url: body.url,
        token: body.token,
        remote_org_id: body.remote_org_id,
        allow_insecure_tls: body.allow_insecure_tls,
    };
    Ok(Kit::ok(view(&access.catalog.update_remote(path.id(BAD_ID)?, update).await?)))
}

async fn delete(access: Access, path: PathText) -> ApiResult<StatusCode> {
    access.catalog.delete_remote(path.id(BAD_ID)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(remote: &Remote) -> Value {
    let mut view = json!({
        "id": remote.id,
        "orgID": remote.org_id,
        "name": remote.name,
        "remoteURL": remote.url,
        "remoteOrgID": remote.remote_org_id,
        "allowInsecureTLS": remote.allow_insecure_tls,
    });
    if let Some(description) = &remote.description {
        view["description"] = json!(description);
    }
    view
}
