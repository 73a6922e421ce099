//! Notebooks, which only the user interface uses.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{NewNotebook, Notebook};
use weir_model::Id;

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathText, Query};
use crate::json::Kit;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2private/notebooks", list)
        .post("/api/v2private/notebooks", create)
        .get("/api/v2private/notebooks/{id}", get)
        .put("/api/v2private/notebooks/{id}", replace)
        .patch("/api/v2private/notebooks/{id}", replace)
        .delete("/api/v2private/notebooks/{id}", delete)
}

const BAD_ID: &str = "notebook id is invalid";

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let org = params.id("orgID").ok().flatten();
    let org = org.ok_or_else(|| ApiError::invalid("invalid or missing org id"))?;
    let notebooks = access.catalog.list_notebooks(org).await?;
    Ok(Kit::ok(json!({"flows": notebooks.iter().map(view).collect::<Vec<_>>()})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: String,
    spec: Value,
}

impl Body {
    fn checked(self) -> ApiResult<NewNotebook> {
        let missing = |field: &str| ApiError::invalid(format!("{field} required"));
        let org_id = self.org_id.ok_or_else(|| missing("OrgID"))?;
        if self.name.is_empty() {
            return Err(missing("Name"));
        }
        if self.spec.is_null() {
            return Err(missing("Spec"));
        }
        if !self.spec.is_object() {
            return Err(ApiError::invalid("failed to unmarshal json: spec: an object is expected"));
        }
        Ok(NewNotebook { org_id, name: self.name, spec: self.spec })
    }
}

/// 200, as the reference answers, not 201.
async fn create(access: Access, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.create_notebook(body.checked()?).await?)))
}

async fn get(access: Access, path: PathText) -> ApiResult<Kit<Value>> {
    Ok(Kit::ok(view(&access.catalog.find_notebook(path.id(BAD_ID)?).await?)))
}

async fn replace(access: Access, path: PathText, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    let (id, new) = (path.id(BAD_ID)?, body.checked()?);
    Ok(Kit::ok(view(&access.catalog.replace_notebook(id, new.name, new.spec).await?)))
}

async fn delete(access: Access, path: PathText) -> ApiResult<StatusCode> {
    access.catalog.delete_notebook(path.id(BAD_ID)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(notebook: &Notebook) -> Value {
    json!({
        "orgID": notebook.org_id,
        "id": notebook.id,
        "name": notebook.name,
        "spec": notebook.spec,
        "createdAt": notebook.created_at,
        "updatedAt": notebook.updated_at,
    })
}
