//! Members and owners, alike below every resource that has them.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Member, Role};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, ChildId, Json, ParentId, target};
use crate::json::Kit;

/// The paths of members and owners below a resource's.
pub(super) struct Paths {
    pub(super) members: &'static str,
    pub(super) member: &'static str,
    pub(super) owners: &'static str,
    pub(super) owner: &'static str,
}

macro_rules! paths {
    ($base:literal) => {
        $crate::routes::members::Paths {
            members: concat!($base, "/members"),
            member: concat!($base, "/members/{user}"),
            owners: concat!($base, "/owners"),
            owner: concat!($base, "/owners/{user}"),
        }
    };
}
pub(super) use paths;

/// Serves members and owners of resources of a kind.
pub(super) fn mount(routes: Routes, kind: ResourceType, paths: Paths) -> Routes {
    let both = [(Role::Member, paths.members, paths.member), (Role::Owner, paths.owners, paths.owner)];
    both.into_iter().fold(routes, |routes, (role, all, one)| {
        routes
            .get(all, move |access, parent| list(access, parent, kind, role))
            .post(all, move |access, parent, body| add(access, parent, body, kind, role))
            .delete(one, move |access, parent, child| remove(access, parent, child, kind))
    })
}

/// The user a request speaks of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Who {
    id: Option<String>,
}

async fn list(
    access: Access,
    ParentId(id): ParentId,
    kind: ResourceType,
    role: Role,
) -> ApiResult<Kit<Value>> {
    let members = match target::org_of_listed(&access, kind, id).await? {
        None => Vec::new(),
        Some(org) => access.catalog.list_members(kind, id, org, role).await?,
    };
    let users: Vec<Value> = members.iter().map(|member| view(member, kind)).collect();
    let this = format!("/api/v2/{kind}/{id}/{role}s", role = role.as_str());
    Ok(Kit::ok(json!({"links": {"self": this}, "users": users})))
}

async fn add(
    access: Access,
    ParentId(id): ParentId,
    Json(who): Json<Who>,
    kind: ResourceType,
    role: Role,
) -> ApiResult<Kit<Value>> {
    // The newer half looks for the resource first, then at the body.
    let org =
        if target::is_older(kind) { None } else { Some(target::org_of_parent(&access, kind, id).await?) };
    let text = who.id.as_deref().ok_or_else(|| ApiError::invalid("user id missing or invalid"))?;
    let user: Id = text.parse()?;
    let org = match org {
        Some(org) => org,
        None => target::org_of_parent(&access, kind, id).await?,
    };
    let member = access.catalog.add_member(kind, id, org, user, role).await?;
    Ok(Kit::created(view(&member, kind)))
}

async fn remove(
    access: Access,
    ParentId(id): ParentId,
    ChildId(user): ChildId,
    kind: ResourceType,
) -> ApiResult<StatusCode> {
    let org = target::org_of_parent(&access, kind, id).await?;
    access.catalog.remove_member(kind, id, org, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(member: &Member, kind: ResourceType) -> Value {
    let user = member.user_id;
    let this = format!("/api/v2/users/{user}");
    // The older half of the API links to a log that nobody serves.
    let links = match target::is_older(kind) {
        false => json!({"self": this}),
        true => json!({"logs": format!("{this}/logs"), "self": this}),
    };
    json!({
        "role": member.role,
        "links": links,
        "id": user,
        "name": member.name,
        "status": member.status,
    })
}
