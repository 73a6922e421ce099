//! Dashboards.

use std::borrow::Cow;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use weir_catalog::{
    Dashboard, DashboardFilter, DashboardOrder, DashboardUpdate, Label, NewDashboard, Paging, View,
};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use super::{cells, labels, members};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, Page, PathId, Query};
use crate::json::Kit;
use crate::params::{Params, encode_sorted};

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/dashboards", list)
        .post("/api/v2/dashboards", create)
        .get("/api/v2/dashboards/{id}", get)
        .patch("/api/v2/dashboards/{id}", update)
        .delete("/api/v2/dashboards/{id}", delete);
    let kind = ResourceType::Dashboards;
    let routes = members::mount(routes, kind, members::paths!("/api/v2/dashboards/{id}"));
    labels::mount(routes, kind, "/api/v2/dashboards/{id}/labels", "/api/v2/dashboards/{id}/labels/{label}")
}

/// An organization with more dashboards than this is listed by pages where a limit is asked for.
const WHOLE_UP_TO: u32 = 1000;

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let (page, offset) = page(&params)?;
    if params.pairs().any(|(key, value)| key == "id" && value.is_empty()) {
        return Err(weir_model::IdError::Length.into());
    }
    let filter = DashboardFilter {
        ids: params.ids("id")?,
        org_id: params.id("orgID")?,
        org: params.get("org").map(str::to_owned),
        owner_id: params.id("ownerID")?,
        order: match page.sort_by.as_deref() {
            Some("CreatedAt") => DashboardOrder::CreatedAt,
            Some("UpdatedAt") => DashboardOrder::UpdatedAt,
            Some("Name") => DashboardOrder::Name,
            _ => DashboardOrder::Id,
        },
        whole_up_to: params.get("limit").map(|_| WHOLE_UP_TO),
    };
    let paging = Paging {
        offset: u32::try_from(offset).unwrap_or(0),
        // Other orders than that of ids go one way only.
        descending: page.descending && filter.order == DashboardOrder::Id,
        ..page.paging()
    };
    let dashboards = access.catalog.list_dashboards(&filter, &paging).await?;
    let ids: Vec<Id> = dashboards.iter().map(|dashboard| dashboard.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> = dashboards
        .iter()
        .map(|dashboard| view(dashboard, labels.get(&dashboard.id).map_or(&[], Vec::as_slice), false))
        .collect();
    Ok(Kit::ok(json!({"links": links(&params, &page, offset, views.len()), "dashboards": views})))
}

/// The page that is asked for, and its offset, which may be negative here: the reference takes and echoes it.
fn page(params: &Params) -> ApiResult<(Page, i64)> {
    let others = ["limit", "after", "sortBy", "descending"];
    let given = others.iter().filter_map(|key| Some((*key, params.get(key)?)));
    let page = Page::from_params(&given.collect())?;
    let offset = match params.get("offset") {
        None => 0,
        Some(text) => text.parse::<i64>().map_err(|_| ApiError::invalid("offset is invalid"))?,
    };
    let most = i64::from(u32::MAX);
    if offset > most { Err(ApiError::invalid("offset is invalid")) } else { Ok((page, offset)) }
}

fn links(params: &Params, page: &Page, offset: i64, count: usize) -> Value {
    let link = |offset: i64| -> Value {
        let mut pairs: Vec<(&str, Cow<'_, str>)> = vec![
            ("descending", page.descending.to_string().into()),
            ("limit", page.limit.to_string().into()),
            ("offset", offset.to_string().into()),
        ];
        pairs.extend(params.all("id").map(|id| ("id", id.into())));
        for key in ["after", "sortBy"] {
            pairs.extend(params.get(key).map(|value| (key, value.into())));
        }
        // Of the filters, the first goes before the others.
        let filters = [("id", "id"), ("owner", "ownerID"), ("orgID", "orgID"), ("org", "org")];
        let first = filters.into_iter().find_map(|(shown, key)| Some((shown, params.get(key)?)));
        pairs.extend(first.filter(|(shown, _)| *shown != "id").map(|(shown, value)| (shown, value.into())));
        format!("/api/v2/dashboards?{}", encode_sorted(&pairs)).into()
    };
    let limit = i64::from(page.limit);
    let mut links = Map::new();
    if offset > 0 {
        links.insert("prev".to_owned(), link((offset - limit).max(0)));
    }
    links.insert("self".to_owned(), link(offset));
    if count >= page.limit as usize {
        links.insert("next".to_owned(), link(offset.saturating_add(limit)));
    }
    Value::Object(links)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Create {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: Option<String>,
    description: Option<String>,
    cells: Option<Vec<cells::Body>>,
}

async fn create(access: Access, Json(body): Json<Create>) -> ApiResult<Kit<Value>> {
    let placed = body.cells.unwrap_or_default();
    let new = NewDashboard {
        org_id: body.org_id.ok_or_else(ApiError::org_missing)?,
        name: body.name.unwrap_or_default(),
        description: body.description.unwrap_or_default(),
        owner_id: access.caller.user_id,
        cells: placed.iter().map(|cell| cell.placed(View::default())).collect(),
    };
    Ok(Kit::created(view(&access.catalog.create_dashboard(new).await?, &[], false)))
}

async fn get(access: Access, PathId(id): PathId, Query(params): Query) -> ApiResult<Kit<Value>> {
    let dashboard = access.catalog.find_dashboard(id).await?;
    let labels = labels::shown_on(&access, id).await?;
    let whole = params.get("include") == Some("properties");
    Ok(Kit::ok(view(&dashboard, &labels, whole)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Update {
    name: Option<String>,
    description: Option<String>,
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Update>) -> ApiResult<Kit<Value>> {
    let update = DashboardUpdate { name: body.name, description: body.description };
    let dashboard = access.catalog.update_dashboard(id, update).await?;
    Ok(Kit::ok(view(&dashboard, &labels::shown_on(&access, id).await?, false)))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_dashboard(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(dashboard: &Dashboard, labels: &[Label], whole: bool) -> Value {
    let (id, org) = (dashboard.id, dashboard.org_id);
    let cells: Vec<Value> = dashboard.cells.iter().map(|cell| cells::view_of_cell(id, cell, whole)).collect();
    json!({
        "id": id,
        "orgID": org,
        "name": dashboard.name,
        "description": dashboard.description,
        "meta": {"createdAt": dashboard.created_at, "updatedAt": dashboard.updated_at},
        "cells": cells,
        "labels": labels.iter().map(labels::view).collect::<Value>(),
        "links": {
            "self": format!("/api/v2/dashboards/{id}"),
            "members": format!("/api/v2/dashboards/{id}/members"),
            "owners": format!("/api/v2/dashboards/{id}/owners"),
            "cells": format!("/api/v2/dashboards/{id}/cells"),
            "labels": format!("/api/v2/dashboards/{id}/labels"),
            "org": format!("/api/v2/orgs/{org}"),
        },
    })
}
