//! API tokens.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{
    Authorization, AuthorizationFilter, AuthorizationUpdate, NewAuthorization, Paging, ResolvedPermission,
};
use weir_model::{Id, Status, UncheckedPermission};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, Page, PathId, Query};
use crate::json::Kit;
use crate::params::{Params, encode_sorted};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/authorizations", list)
        .post("/api/v2/authorizations", create)
        .get("/api/v2/authorizations/{id}", get)
        .patch("/api/v2/authorizations/{id}", update)
        .delete("/api/v2/authorizations/{id}", delete)
}

/// Lists of tokens are whole, unless pages are asked for: the reference knows none here, but there may be many.
fn paging(params: &Params) -> ApiResult<Paging> {
    let paged = ["limit", "offset", "after"].iter().any(|key| params.get(key).is_some());
    if paged { Ok(Page::from_params(params)?.paging()) } else { Ok(Paging::default()) }
}

/// Which tokens a list asks for.
pub(super) fn filter(params: &Params) -> ApiResult<AuthorizationFilter> {
    Ok(AuthorizationFilter {
        id: params.id("id")?,
        user_id: params.id("userID")?,
        user: params.get("user").map(str::to_owned),
        org_id: params.id("orgID")?,
        org: params.get("org").map(str::to_owned),
        paging: paging(params)?,
    })
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let filter = filter(&params)?;
    let found = access.catalog.list_authorizations(&filter).await?;
    let mut views = Vec::with_capacity(found.len());
    for authorization in &found {
        views.push(view(&access, authorization, "").await?);
    }
    let last = found.last().map(|authorization| authorization.id);
    Ok(Kit::ok(json!({"links": links(&params, &filter.paging, found.len(), last), "authorizations": views})))
}

/// A whole list has one link. A full page leads on from its last row, which costs the same wherever it is.
fn links(params: &Params, paging: &Paging, count: usize, last: Option<Id>) -> Value {
    let this = "/api/v2/authorizations";
    let (Some(limit), Some(last)) = (paging.limit, last) else { return json!({"self": this}) };
    if count < limit as usize {
        return json!({"self": this});
    }
    let mut pairs = vec![("after", last.to_string().into()), ("limit", limit.to_string().into())];
    for key in ["descending", "org", "orgID", "user", "userID"] {
        pairs.extend(params.get(key).map(|value| (key, value.into())));
    }
    json!({"self": this, "next": format!("{this}?{}", encode_sorted(&pairs))})
}

/// A request for a token. Fields of the server's (`id`, `links`…) are ignored; `token` counts for v1 users only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Create {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    #[serde(rename = "userID")]
    user_id: Option<Id>,
    status: Option<String>,
    description: Option<String>,
    permissions: Option<Vec<UncheckedPermission>>,
    pub(super) token: Option<String>,
}

impl Create {
    /// What is asked for, if it makes sense; `token` is left to the caller.
    pub(super) fn check(self, caller: Id) -> ApiResult<NewAuthorization> {
        let unchecked = self.permissions.unwrap_or_default();
        if unchecked.is_empty() {
            return Err(ApiError::invalid("authorization must include permissions"));
        }
        let permissions = unchecked.iter().map(UncheckedPermission::check).collect::<Result<Vec<_>, _>>()?;
        let org_id = self.org_id.ok_or_else(|| ApiError::invalid("org id required: invalid ID"))?;
        let status = match self.status.as_deref() {
            None | Some("") => Status::Active,
            Some(text) => text.parse()?,
        };
        Ok(NewAuthorization {
            org_id,
            user_id: self.user_id.unwrap_or(caller),
            status,
            description: self.description.unwrap_or_default(),
            permissions,
            token: None,
        })
    }
}

async fn create(access: Access, Json(body): Json<Create>) -> ApiResult<Kit<Value>> {
    let new = body.check(access.caller.user_id)?;
    let (made, token) = access.catalog.create_authorization(new).await?;
    Ok(Kit::created(view(&access, &made, &token).await?))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Kit<Value>> {
    let found = access.catalog.find_authorization(id).await?;
    Ok(Kit::ok(view(&access, &found, "").await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Update {
    status: Option<String>,
    description: Option<String>,
}

impl Update {
    /// What is to change; a token of no status is active. `context` goes before the refusal of another one.
    pub(super) fn checked(self, context: &str) -> ApiResult<AuthorizationUpdate> {
        let unknown = || ApiError::invalid(format!("{context}unknown authorization status"));
        let status = match self.status.as_deref() {
            None => None,
            Some("") => Some(Status::Active),
            Some(text) => Some(text.parse().map_err(|_| unknown())?),
        };
        Ok(AuthorizationUpdate { status, description: self.description })
    }
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Update>) -> ApiResult<Kit<Value>> {
    let update = body.checked("encodeAuthorization: ")?;
    let changed = access.catalog.update_authorization(id, update).await?;
    Ok(Kit::ok(view(&access, &changed, "").await?))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_authorization(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn view(access: &Access, authorization: &Authorization, token: &str) -> ApiResult<Value> {
    let permissions = access.catalog.resolve_permissions(&authorization.permissions).await?;
    Ok(show("/api/v2/authorizations", authorization, token, &permissions))
}

/// A token as the API shows it below `base`. The secret stands there only at its making; later the member is empty.
pub(super) fn show(
    base: &str,
    authorization: &Authorization,
    token: &str,
    permissions: &[ResolvedPermission],
) -> Value {
    let id = authorization.id;
    let permissions: Vec<Value> = permissions.iter().map(permission).collect();
    json!({
        "id": id,
        "token": token,
        "status": authorization.status,
        "description": authorization.description,
        "orgID": authorization.org_id,
        "org": authorization.org,
        "userID": authorization.user_id,
        "user": authorization.user,
        "permissions": permissions,
        "links": {
            "self": format!("{base}/{id}"),
            "user": format!("/api/v2/users/{}", authorization.user_id),
        },
        "createdAt": authorization.created_at,
        "updatedAt": authorization.updated_at,
    })
}

fn permission(resolved: &ResolvedPermission) -> Value {
    let mut view = json!(resolved.permission);
    if let Some(name) = &resolved.name {
        view["resource"]["name"] = json!(name);
    }
    if let Some(org) = &resolved.org {
        view["resource"]["org"] = json!(org);
    }
    view
}
