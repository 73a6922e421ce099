//! Variables.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Arguments, CatalogError, Label, NewVariable, Variable, VariableFilter, VariableUpdate};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use super::labels;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, Page, PathId, Query};
use crate::json::Compact;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/variables", list)
        .post("/api/v2/variables", create)
        .get("/api/v2/variables/{id}", get)
        .put("/api/v2/variables/{id}", replace)
        .patch("/api/v2/variables/{id}", update)
        .delete("/api/v2/variables/{id}", delete);
    let (all, one) = ("/api/v2/variables/{id}/labels", "/api/v2/variables/{id}/labels/{label}");
    labels::mount(routes, ResourceType::Variables, all, one)
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let page = Page::from_params(&params)?;
    let filter = VariableFilter { org_id: params.id("orgID")?, org: params.get("org").map(str::to_owned) };
    let variables = access.catalog.list_variables(&filter, &page.paging()).await?;
    let ids: Vec<Id> = variables.iter().map(|variable| variable.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> = variables
        .iter()
        .map(|variable| view(variable, labels.get(&variable.id).map_or(&[], Vec::as_slice)))
        .collect();
    let filters = ["org", "orgID"].map(|key| (key, params.get(key)));
    let links = page.links("/api/v2/variables", &filters, variables.len());
    Ok(Compact::ok(json!({"variables": views, "links": links})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whole {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: Option<String>,
    description: Option<String>,
    selected: Option<Vec<String>>,
    arguments: Value,
}

impl Whole {
    fn checked(self, no_org: impl FnOnce() -> ApiError) -> ApiResult<NewVariable> {
        if self.name.as_deref().is_none_or(str::is_empty) {
            return Err(weir_model::Error::from(CatalogError::VariableNameMissing).into());
        }
        let arguments = Arguments::new(&self.arguments).map_err(weir_model::Error::from)?;
        Ok(NewVariable {
            org_id: self.org_id.ok_or_else(no_org)?,
            name: self.name.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            selected: self.selected,
            arguments,
        })
    }
}

async fn create(access: Access, Json(body): Json<Whole>) -> ApiResult<Compact<Value>> {
    let variable = access.catalog.create_variable(body.checked(ApiError::org_missing)?).await?;
    Ok(Compact::created(view(&variable, &[])))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    let variable = access.catalog.find_variable(id).await?;
    shown(&access, &variable).await
}

async fn replace(access: Access, PathId(id): PathId, Json(body): Json<Whole>) -> ApiResult<Compact<Value>> {
    let no_org = || ApiError::invalid("bad organization id: invalid ID");
    let variable = access.catalog.replace_variable(id, body.checked(no_org)?).await?;
    shown(&access, &variable).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Update {
    name: Option<String>,
    description: Option<String>,
    selected: Option<Vec<String>>,
    arguments: Option<Value>,
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Update>) -> ApiResult<Compact<Value>> {
    let arguments = body.arguments.as_ref().map(Arguments::new).transpose();
    let update = VariableUpdate {
        name: body.name,
        description: body.description,
        selected: body.selected,
        arguments: arguments.map_err(weir_model::Error::from)?,
    };
    update.check().map_err(weir_model::Error::from)?;
    let variable = access.catalog.update_variable(id, update).await?;
    shown(&access, &variable).await
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_variable(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(access: &Access, variable: &Variable) -> ApiResult<Compact<Value>> {
    Ok(Compact::ok(view(variable, &labels::shown_on(access, variable.id).await?)))
}

fn view(variable: &Variable, labels: &[Label]) -> Value {
    let (id, org) = (variable.id, variable.org_id);
    json!({
        "id": id,
        "orgID": org,
        "name": variable.name,
        "description": variable.description,
        "selected": variable.selected,
        "arguments": variable.arguments.json(),
        "createdAt": variable.created_at,
        "updatedAt": variable.updated_at,
        "labels": labels.iter().map(labels::view).collect::<Value>(),
        "links": {
            "self": format!("/api/v2/variables/{id}"),
            "labels": format!("/api/v2/variables/{id}/labels"),
            "org": format!("/api/v2/orgs/{org}"),
        },
    })
}
