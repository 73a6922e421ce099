//! Stacks: what templates have made, and taking it away.

use std::collections::BTreeSet;

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{NewStack, Stack, StackEvent, StackEventKind, StackFilter, StackResource};
use weir_model::{Error, ErrorCode, Id, IdError};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Kit;
use crate::params::Params;
use crate::state::Gateway;
use crate::templates::kind::Kind;
use crate::templates::kinds::Site;
use crate::templates::source::{INVALID_ENCODING, is_jsonnet};
use crate::templates::template::API_VERSION;
use crate::templates::uninstall as uninstall_stack;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2/stacks", list)
        .post("/api/v2/stacks", create)
        .get("/api/v2/stacks/{id}", get)
        .patch("/api/v2/stacks/{id}", update)
        .delete("/api/v2/stacks/{id}", delete)
        .post("/api/v2/stacks/{id}/uninstall", uninstall)
}

/// The `{id}` of a stack's path, refused in words of its own.
struct StackId(Id);

impl FromRequestParts<Gateway> for StackId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> ApiResult<Self> {
        let refused = |error: ApiError| error.context("the stack id provided in the path was invalid");
        PathId::from_request_parts(parts, gateway).await.map(|id| Self(id.0)).map_err(refused)
    }
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let text = params.get("orgID").unwrap_or_default();
    let org = text.parse().map_err(|error: IdError| {
        ApiError::invalid(format!("organization id[{text:?}] is invalid: {error}"))
    })?;
    let id = |text: &str| {
        text.parse().map_err(|error: IdError| {
            ApiError::invalid(format!("stack ID[{text:?}] provided is invalid: {error}"))
        })
    };
    let ids: Vec<Id> = params.all("stackID").map(id).collect::<Result<_, _>>()?;
    let filter = StackFilter { ids, names: params.all("name").map(str::to_owned).collect() };
    let stacks = access.catalog.list_stacks(org, &filter).await?;
    Ok(Kit::ok(json!({"stacks": stacks.iter().map(view).collect::<Value>()})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Create {
    #[serde(rename = "orgID")]
    org_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    urls: Option<Vec<String>>,
}

async fn create(access: Access, Json(body): Json<Create>) -> ApiResult<Kit<Value>> {
    let org = body.org_id.unwrap_or_default();
    let invalid = |_: IdError| ApiError::invalid(format!("provided org id[{org:?}] is invalid"));
    let org_id: Id = org.parse().map_err(invalid)?;
    let urls = body.urls.unwrap_or_default();
    check_urls(&urls)?;
    let new = NewStack {
        org_id,
        name: body.name.unwrap_or_default(),
        description: body.description.unwrap_or_default(),
        urls,
    };
    Ok(Kit::created(view(&access.catalog.create_stack(new).await?)))
}

/// Addresses under which no template that can be read could be.
fn check_urls(urls: &[String]) -> ApiResult<()> {
    for url in urls {
        if url.chars().any(char::is_control) {
            return Err(ApiError::invalid(format!("provided url[{url:?}] is invalid")));
        }
        match is_jsonnet(url) {
            Some(false) => {}
            Some(true) => {
                let message = format!("stack template from url[{url:?}] had an issue: {INVALID_ENCODING}");
                return Err(ApiError::new(ErrorCode::UnprocessableEntity, message));
            }
            None => {
                return Err(ApiError::invalid(format!("stack template from url[{url:?}] had an issue")));
            }
        }
    }
    Ok(())
}

async fn get(access: Access, StackId(id): StackId) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.find_stack(id).await?)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Update {
    name: Option<String>,
    description: Option<String>,
    #[serde(rename = "templateURLs")]
    template_urls: Option<Vec<String>>,
    urls: Option<Vec<String>>,
    additional_resources: Option<Vec<Additional>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Additional {
    #[serde(rename = "resourceID")]
    resource_id: Option<String>,
    kind: Option<String>,
    template_meta_name: Option<String>,
}

async fn update(
    access: Access,
    // The reference reads the body first.
    id: Result<StackId, ApiError>,
    Json(body): Json<Update>,
) -> ApiResult<Kit<Value>> {
    let StackId(id) = id?;
    let mut additional = Vec::new();
    for resource in body.additional_resources.unwrap_or_default() {
        let text = resource.resource_id.unwrap_or_default();
        let invalid = |error: IdError| ApiError::invalid(format!("stack resource id {text:?}: {error}"));
        additional.push(StackResource {
            api_version: API_VERSION.to_owned(),
            id: text.parse().map_err(invalid)?,
            kind: resource.kind.unwrap_or_default(),
            meta_name: resource.template_meta_name.unwrap_or_default(),
            associations: Vec::new(),
        });
    }
    let says_urls = body.template_urls.is_some() || body.urls.is_some();
    let urls = [body.template_urls.unwrap_or_default(), body.urls.unwrap_or_default()].concat();
    let stack = access.catalog.stack_to_change(id).await?;
    check_urls(&urls)?;
    let mut event = StackEvent { kind: StackEventKind::Update, ..stack.latest() };
    event.name = body.name.unwrap_or(event.name);
    event.description = body.description.unwrap_or(event.description);
    if says_urls {
        event.urls = urls;
    }
    add(&access, &mut event.resources, additional);
    Ok(Kit::ok(view(&access.catalog.add_stack_event(&stack, event).await?)))
}

/// Adds resources that are not there yet, each under a name of its own.
fn add(access: &Access, resources: &mut Vec<StackResource>, additional: Vec<StackResource>) {
    let mut metas: BTreeSet<String> = resources.iter().map(|resource| resource.meta_name.clone()).collect();
    for mut resource in additional {
        if resources.iter().any(|known| known.kind == resource.kind && known.id == resource.id) {
            continue;
        }
        if resource.meta_name.is_empty() || metas.contains(&resource.meta_name) {
            let kind = resource.kind.to_lowercase();
            resource.meta_name = format!("{kind}-{}", &access.catalog.new_id().to_string()[10..]);
        }
        metas.insert(resource.meta_name.clone());
        resources.push(resource);
    }
    // What refers to others comes before them, as in the reference.
    let key = |resource: &StackResource| (Kind::parse(&resource.kind).ok(), resource.meta_name.clone());
    resources.sort_by(|a, b| {
        let ((kind_a, meta_a), (kind_b, meta_b)) = (key(a), key(b));
        kind_b.cmp(&kind_a).then(meta_a.cmp(&meta_b))
    });
}

fn required_org(params: &Params) -> ApiResult<Id> {
    match params.id("orgID") {
        Ok(Some(org)) => Ok(org),
        Ok(None) => Err(ApiError::invalid("the orgID query param is required")),
        Err(error) => Err(ApiError::invalid(format!("the orgID query param was invalid: {error}"))),
    }
}

async fn uninstall(
    State(gateway): State<Gateway>,
    access: Access,
    Query(params): Query,
    id: Result<StackId, ApiError>,
) -> ApiResult<Kit<Value>> {
    let org = required_org(&params)?;
    let StackId(id) = id?;
    let stack = access.catalog.stack_to_uninstall(id, org).await?;
    let site = Site { gateway: &gateway, catalog: &access.catalog, org };
    Ok(Kit::ok(view(&uninstall_stack(site, &stack).await?)))
}

async fn delete(
    State(gateway): State<Gateway>,
    access: Access,
    Query(params): Query,
    id: Result<StackId, ApiError>,
) -> ApiResult<StatusCode> {
    let org = required_org(&params)?;
    let StackId(id) = id?;
    let stack = match access.catalog.stack_to_uninstall(id, org).await {
        Err(Error { code: ErrorCode::NotFound, .. }) => return Ok(StatusCode::NO_CONTENT),
        other => other?,
    };
    let site = Site { gateway: &gateway, catalog: &access.catalog, org };
    uninstall_stack(site, &stack).await?;
    access.catalog.delete_stack(&stack).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A stack as the API shows it: what it is now stands beside its history.
fn view(stack: &Stack) -> Value {
    let mut view = json!({
        "id": stack.id,
        "orgID": stack.org_id,
        "createdAt": stack.created_at,
        "events": stack.events.iter().map(view_of_event).collect::<Value>(),
    });
    if let (Some(view), Value::Object(latest)) = (view.as_object_mut(), view_of_event(&stack.latest())) {
        view.extend(latest);
    }
    view
}

fn view_of_event(event: &StackEvent) -> Value {
    let resource = |resource: &StackResource| {
        let associations: Value = resource
            .associations
            .iter()
            .map(|association| json!({"kind": association.kind, "metaName": association.meta_name}))
            .collect();
        let kind = Kind::parse(&resource.kind).map(|kind| format!("{}/", kind.resource_type()));
        json!({
            "apiVersion": resource.api_version,
            "resourceID": resource.id,
            "kind": resource.kind,
            "templateMetaName": resource.meta_name,
            "associations": associations,
            "links": {"self": format!("/api/v2/{}{}", kind.unwrap_or_default(), resource.id)},
        })
    };
    json!({
        "eventType": event.kind.as_str(),
        "name": event.name,
        "description": event.description,
        "resources": event.resources.iter().map(resource).collect::<Value>(),
        "sources": event.sources,
        "urls": event.urls,
        "updatedAt": event.updated_at,
    })
}
