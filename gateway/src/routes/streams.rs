//! Streams of annotations, which only the user interface uses.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::Stream;

use super::annotations::{BAD_ID, org, range};
use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathText, Query};
use crate::json::Kit;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/api/v2private/streams", list)
        .put("/api/v2private/streams", put)
        .delete("/api/v2private/streams", delete_named)
        .put("/api/v2private/streams/{id}", update)
        .delete("/api/v2private/streams/{id}", delete)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    stream: String,
    description: String,
}

impl Body {
    fn checked(mut self) -> ApiResult<Self> {
        if self.stream.is_empty() {
            "default".clone_into(&mut self.stream);
        }
        if self.stream.chars().count() > 255 {
            return Err(ApiError::invalid("stream name must be less than 255 characters"));
        }
        if self.description.chars().count() > 1024 {
            return Err(ApiError::invalid("stream description must be less than 1024 characters"));
        }
        Ok(self)
    }
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Kit<Value>> {
    let org = org(&params)?;
    // Checked, but streams are in no time.
    range(&access, &params)?;
    let names: Vec<String> = params.all("streamIncludes").map(str::to_owned).collect();
    let streams = access.catalog.list_streams(org, &names).await?;
    Ok(Kit::ok(streams.iter().map(view).collect()))
}

async fn put(access: Access, Query(params): Query, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    let (org, body) = (org(&params)?, body.checked()?);
    Ok(Kit::ok(view(&access.catalog.put_stream(org, &body.stream, &body.description).await?)))
}

async fn delete_named(access: Access, Query(params): Query) -> ApiResult<StatusCode> {
    let org = org(&params)?;
    let names: Vec<String> = params.all("stream").map(str::to_owned).collect();
    if names.is_empty() {
        return Err(ApiError::invalid("invalid stream name"));
    }
    access.catalog.delete_streams(org, &names).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn update(access: Access, path: PathText, Json(body): Json<Body>) -> ApiResult<Kit<Value>> {
    let (id, body) = (path.id(BAD_ID)?, body.checked()?);
    Ok(Kit::ok(view(&access.catalog.update_stream(id, &body.stream, &body.description).await?)))
}

async fn delete(access: Access, path: PathText) -> ApiResult<StatusCode> {
    access.catalog.delete_stream(path.id(BAD_ID)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(stream: &Stream) -> Value {
    let mut view = json!({
        "id": stream.id,
        "stream": stream.name,
        "createdAt": stream.created_at,
        "updatedAt": stream.updated_at,
    });
    if !stream.description.is_empty() {
        view["description"] = json!(stream.description);
    }
    view
}
