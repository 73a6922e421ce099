//! Dashboard: cells and what they show.

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{fields, name_or};
use crate::{
    api::{Call, Method},
    crd::{Home, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, collection},
};

/// A dashboard.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Dashboard",
    namespaced,
    status = "Status",
    shortname = "wdash",
    doc = "A dashboard on a server."
)]
#[serde(rename_all = "camelCase")]
pub struct DashboardSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// Its cells. A cell that was moved or edited elsewhere is put back.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub cells: Vec<Cell>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

/// A cell.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Its title.
    #[serde(default)]
    #[schemars(length(max = 256))]
    pub name: String,
    /// Column of its left edge. (Servers say x and y; YAML reads a bare y as true.)
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub left: i32,
    /// Row of its upper edge.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub top: i32,
    /// Width in columns.
    #[serde(default = "four")]
    #[schemars(range(min = 1))]
    pub width: i32,
    /// Height in rows.
    #[serde(default = "four")]
    #[schemars(range(min = 1))]
    pub height: i32,
    /// What it shows: the properties of a view in the server's form, with type, queries, colors and so on.
    #[schemars(extend("x-kubernetes-preserve-unknown-fields" = true))]
    pub properties: Map<String, Value>,
}

fn four() -> i32 {
    4
}

impl Managed for Dashboard {
    const ROUTE: Route = Route { filter: None, ..Route::new("/api/v2/dashboards", "dashboards") };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let DashboardSpec { name, description, cells, .. } = &self.spec;
        let name = name_or(name, self);
        let mut cells: Vec<Value> = cells.iter().map(Cell::on_the_server).collect();
        cells.sort_by_key(place);
        Ok(Desired {
            fields: fields(json!({ "name": name, "cells": cells }), description),
            once: scope.in_organization()?,
            name,
            ..Desired::default()
        })
    }

    async fn read(&self, scope: &Scope<'_>, id: &str) -> Result<Option<Value>, Problem> {
        let call = Call::get(format!("{}/{id}", Self::ROUTE.path)).with("include", "properties");
        let mut board = match scope.remote.call(call).await {
            Ok(board) => board,
            Err(failure) if failure.is_missing() => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        if let Some(cells) = board.get_mut("cells").and_then(Value::as_array_mut) {
            cells.sort_by_key(place);
        }
        Ok(Some(board))
    }

    async fn create(&self, scope: &Scope<'_>, desired: &Desired) -> Result<Value, Problem> {
        let mut bare = desired.clone();
        bare.fields.remove("cells"); // they come with the first update, when the id is known
        collection::create(Self::ROUTE, scope, &bare).await
    }

    async fn update(
        &self,
        scope: &Scope<'_>,
        actual: &Value,
        desired: &Desired,
        mut difference: Map<String, Value>,
    ) -> Result<(), Problem> {
        let cells = difference.remove("cells");
        if !difference.is_empty() {
            collection::update(Self::ROUTE, scope, actual, desired, difference).await?;
        }
        let Some(Value::Array(cells)) = cells else { return Ok(()) };
        let path = format!("{}/{}/cells", Self::ROUTE.path, collection::id_of(actual).unwrap_or_default());
        for old in actual.get("cells").and_then(Value::as_array).into_iter().flatten() {
            let old = collection::id_of(old).unwrap_or_default();
            match scope.remote.call(Call::new(Method::DELETE, format!("{path}/{old}"))).await {
                Ok(_) => {}
                Err(failure) if failure.is_missing() => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        for cell in cells {
            let position = json!({ "x": cell["x"], "y": cell["y"], "w": cell["w"], "h": cell["h"] });
            let made = scope.remote.call(Call::new(Method::POST, path.clone()).body(position)).await?;
            let view = format!("{path}/{}/view", collection::id_of(&made).unwrap_or_default());
            let body = json!({ "name": cell["name"], "properties": cell["properties"] });
            scope.remote.call(Call::new(Method::PATCH, view).body(body)).await?;
        }
        Ok(())
    }
}

impl Cell {
    fn on_the_server(&self) -> Value {
        let Self { name, left, top, width, height, properties } = self;
        json!({ "name": name, "x": left, "y": top, "w": width, "h": height, "properties": properties })
    }
}

/// Where a cell stands: servers list cells in no order of use.
fn place(cell: &Value) -> (i64, i64) {
    let number = |member: &str| cell.get(member).and_then(Value::as_i64).unwrap_or_default();
    (number("y"), number("x"))
}
