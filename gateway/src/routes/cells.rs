//! Cells of dashboards and their views.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Cell, CellUpdate, NewCell, View, ViewProperties, ViewUpdate};
use weir_model::Id;

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, ChildId, Json, PathId, RawBody, loose};
use crate::json::Kit;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post("/api/v2/dashboards/{id}/cells", add)
        .put("/api/v2/dashboards/{id}/cells", replace)
        .patch("/api/v2/dashboards/{id}/cells/{cell}", update)
        .delete("/api/v2/dashboards/{id}/cells/{cell}", remove)
        .get("/api/v2/dashboards/{id}/cells/{cell}/view", get_view)
        .patch("/api/v2/dashboards/{id}/cells/{cell}/view", update_view)
}

/// A cell as requests write it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Body {
    id: Option<Id>,
    x: Option<i32>,
    y: Option<i32>,
    w: Option<i32>,
    h: Option<i32>,
    name: Option<String>,
    using_view: Option<Id>,
}

impl Body {
    pub(super) fn placed(&self, view: View) -> NewCell {
        let number = |number: Option<i32>| number.unwrap_or_default();
        NewCell { x: number(self.x), y: number(self.y), w: number(self.w), h: number(self.h), view }
    }

    fn is_empty(&self) -> bool {
        let numbers = [self.x, self.y, self.w, self.h];
        numbers.iter().all(Option::is_none) && self.name.is_none() && self.using_view.is_none()
    }
}

async fn add(access: Access, PathId(dashboard): PathId, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    if body.is_empty() {
        return Err(ApiError::invalid("req body is empty"));
    }
    let mut view = match body.using_view {
        Some(cell) => access.catalog.find_view(dashboard, cell).await?,
        None => View::default(),
    };
    if let Some(name) = &body.name {
        view.name.clone_from(name);
    }
    let cell = access.catalog.add_cell(dashboard, body.placed(view)).await?;
    Ok(Kit::created(view_of_cell(dashboard, &cell, false)))
}

async fn replace(access: Access, PathId(dashboard): PathId, RawBody(body): RawBody) -> ApiResult<Kit<Value>> {
    let bodies: Vec<Body> = serde_json::from_slice(&body)
        .and_then(loose::from_value)
        .map_err(|error| ApiError::invalid(format!("failed to unmarshal json: {error}")))?;
    let mut cells = Vec::with_capacity(bodies.len());
    for body in bodies {
        let id = body.id.ok_or_else(|| {
            ApiError::from(weir_model::Error::from(weir_catalog::CatalogError::CellWithoutId))
        })?;
        cells.push((id, body.placed(View::default())));
    }
    let cells = access.catalog.replace_cells(dashboard, cells).await?;
    let views: Vec<Value> = cells.iter().map(|cell| view_of_cell(dashboard, cell, false)).collect();
    let links = json!({"self": format!("/api/v2/dashboards/{dashboard}/cells")});
    Ok(Kit::created(json!({"cells": views, "links": links})))
}

async fn update(
    access: Access,
    PathId(dashboard): PathId,
    ChildId(cell): ChildId,
    Json(body): Json<Body>,
) -> ApiResult<Kit<Value>> {
    let update = CellUpdate { x: body.x, y: body.y, w: body.w, h: body.h };
    let cell = access.catalog.update_cell(dashboard, cell, update).await?;
    Ok(Kit::ok(view_of_cell(dashboard, &cell, false)))
}

async fn remove(access: Access, PathId(dashboard): PathId, ChildId(cell): ChildId) -> ApiResult<StatusCode> {
    access.catalog.remove_cell(dashboard, cell).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn get_view(
    access: Access,
    PathId(dashboard): PathId,
    ChildId(cell): ChildId,
) -> ApiResult<Kit<Value>> {
    let view = access.catalog.find_view(dashboard, cell).await?;
    Ok(Kit::ok(view_of_view(dashboard, cell, &view)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Update {
    name: Option<String>,
    properties: Option<Value>,
}

async fn update_view(
    access: Access,
    PathId(dashboard): PathId,
    ChildId(cell): ChildId,
    Json(body): Json<Update>,
) -> ApiResult<Kit<Value>> {
    let properties = body.properties.as_ref().map(ViewProperties::new).transpose();
    let properties = properties.map_err(weir_model::Error::from)?;
    // Those of no type anybody knows change nothing.
    let properties = properties.filter(|properties| *properties != ViewProperties::default());
    let update = ViewUpdate { name: body.name, properties };
    let view = access.catalog.update_view(dashboard, cell, update).await?;
    Ok(Kit::ok(view_of_view(dashboard, cell, &view)))
}

/// A cell as the API shows it, with its view if that was asked for.
pub(super) fn view_of_cell(dashboard: Id, cell: &Cell, whole: bool) -> Value {
    let this = format!("/api/v2/dashboards/{dashboard}/cells/{}", cell.id);
    let mut view = json!({"id": cell.id, "x": cell.x, "y": cell.y, "w": cell.w, "h": cell.h});
    if whole {
        view["properties"] = cell.view.properties.json().clone();
        if !cell.view.name.is_empty() {
            view["name"] = json!(cell.view.name);
        }
    }
    view["links"] = json!({"self": this, "view": format!("{this}/view")});
    view
}

fn view_of_view(dashboard: Id, cell: Id, view: &View) -> Value {
    json!({
        "id": cell,
        "name": view.name,
        "links": {"self": format!("/api/v2/dashboards/{dashboard}/cells/{cell}")},
        "properties": view.properties.json(),
    })
}
