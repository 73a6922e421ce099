//! Tasks.

mod request;
mod runs;
mod view;

use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Value, json};
use weir_catalog::{NameOrId, NewTask, TaskFilter};
use weir_model::{Error, ErrorCode, Id, ResourceType, Status};

use super::builder::Routes;
use super::{labels, members};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Query, RawBody};
use crate::json::Compact;
use crate::params::Params;

/// How many rows a page has unless the caller says otherwise.
const DEFAULT_LIMIT: u32 = 100;
/// How many rows a page has at most.
const MAX_LIMIT: u32 = 500;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/tasks", list)
        .post("/api/v2/tasks", create)
        .get("/api/v2/tasks/{id}", get)
        .patch("/api/v2/tasks/{id}", update)
        .delete("/api/v2/tasks/{id}", delete);
    let routes = runs::routes(routes);
    let kind = ResourceType::Tasks;
    let routes = members::mount(routes, kind, members::paths!("/api/v2/tasks/{id}"));
    labels::mount(routes, kind, "/api/v2/tasks/{id}/labels", "/api/v2/tasks/{id}/labels/{label}")
}

/// A request that is refused for what it says, whatever was wrong.
fn undecoded(error: impl Into<ApiError>) -> ApiError {
    error.into().code(ErrorCode::Invalid).context("failed to decode request")
}

/// An id of the path.
fn id(text: &str) -> ApiResult<Id> {
    text.parse::<Id>().map_err(undecoded)
}

/// Says what was attempted.
fn failed(what: &'static str) -> impl Fn(Error) -> ApiError {
    move |error| ApiError::from(error).context(what)
}

/// A page's length; its bounds and its words are the same everywhere below tasks.
fn number(text: &str) -> ApiResult<u32> {
    let value: i64 = text
        .parse()
        .map_err(|_| ApiError::invalid(format!("strconv.Atoi: parsing {text:?}: invalid syntax")))?;
    Ok(u32::try_from(value).unwrap_or(if value < 0 { 0 } else { u32::MAX }))
}

/// What a list asks for: the filter, and whether rows are to be short.
struct Asked {
    filter: TaskFilter,
    org_name: Option<String>,
    basic: bool,
}

async fn asked(access: &Access, params: &Params) -> ApiResult<Asked> {
    let mut filter = TaskFilter { after: params.id("after")?, limit: DEFAULT_LIMIT, ..TaskFilter::default() };
    let mut org_name = None;
    if let Some(name) = params.get("org") {
        let org = access.catalog.resolve_org(&NameOrId::Text(name.to_owned())).await?;
        filter.org_id = Some(org.id);
        org_name = Some(org.name);
    }
    if let Some(id) = params.id("orgID")? {
        filter.org_id = Some(id);
    }
    filter.owner_id = params.id("user")?;
    if let Some(text) = params.get("limit") {
        filter.limit = match number(text)? {
            limit @ 1..=MAX_LIMIT => limit,
            _ => return Err(ApiError::invalid(format!("limit must be between 1 and {MAX_LIMIT}"))),
        };
    }
    // Any other status is as good as none.
    filter.status = match params.get("status") {
        Some("active") => Some(Status::Active),
        Some("inactive") => Some(Status::Inactive),
        _ => None,
    };
    let basic = match params.get("type") {
        None | Some("system") => false,
        Some("basic") => true,
        Some(other) => return Err(ApiError::invalid(format!("{other:?} is not a valid task type"))),
    };
    filter.name = params.get("name").map(str::to_owned);
    Ok(Asked { filter, org_name, basic })
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let Asked { filter, org_name, basic } = asked(&access, &params).await.map_err(undecoded)?;
    let mut rows = filter.clone();
    if rows.org_id.is_none() && rows.owner_id.is_none() {
        // Without a place to look, one's own.
        rows.owner_id = Some(access.caller.user_id);
    }
    let tasks = access.catalog.list_tasks(&rows).await?;
    let ids: Vec<Id> = tasks.iter().map(|task| task.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> = tasks
        .iter()
        .map(|task| {
            let labels = labels.get(&task.id).map_or(&[][..], Vec::as_slice);
            if basic { view::basic(task, labels) } else { view::whole(task, labels) }
        })
        .collect();
    let links = view::links(&filter, org_name.as_deref(), &tasks);
    Ok(Compact::ok(json!({"links": links, "tasks": views})))
}

async fn create(access: Access, RawBody(body): RawBody) -> ApiResult<Compact<Value>> {
    let asked = request::Create::decode(&body).map_err(undecoded)?;
    let org = access.catalog.resolve_org(&asked.org).await;
    let org = org.map_err(failed("could not identify organization"))?;
    let new = NewTask {
        org_id: org.id,
        owner_id: access.caller.user_id,
        description: asked.description,
        status: asked.status,
        flux: asked.flux,
    };
    let made = access.catalog.create_task(new).await;
    let task = made.map_err(|error| match error.code {
        // All that has no words of its own gets some.
        ErrorCode::Internal if error.message == "unauthorized" => failed("failed to create task")(error),
        _ => error.into(),
    })?;
    Ok(Compact::created(view::whole(&task, &[])))
}

async fn get(access: Access, Path(text): Path<String>) -> ApiResult<Compact<Value>> {
    let id = id(&text)?;
    // Whoever may not see it is told that it is not there, if in other words.
    let hidden = |error: Error| match error.code {
        ErrorCode::Unavailable => error.into(),
        _ => failed("failed to find task")(error).code(ErrorCode::NotFound),
    };
    let task = access.catalog.find_task(id).await.map_err(hidden)?;
    Ok(Compact::ok(view::whole(&task, &labels::shown_on(&access, id).await?)))
}

async fn update(
    access: Access,
    Path(text): Path<String>,
    RawBody(body): RawBody,
) -> ApiResult<Compact<Value>> {
    let id = id(&text)?;
    let update = request::update(&body).map_err(undecoded)?;
    let task = access.catalog.update_task(id, update).await.map_err(failed("failed to update task"))?;
    Ok(Compact::ok(view::whole(&task, &labels::shown_on(&access, id).await?)))
}

async fn delete(access: Access, Path(text): Path<String>) -> ApiResult<StatusCode> {
    let id = id(&text)?;
    access.catalog.delete_task(id).await.map_err(failed("failed to delete task"))?;
    Ok(StatusCode::NO_CONTENT)
}
