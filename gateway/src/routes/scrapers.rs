//! Scraper targets.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{NewScraper, Scraper, ScraperFilter, ScraperUpdate};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use super::{labels, members};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Compact;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/scrapers", list)
        .post("/api/v2/scrapers", create)
        .get("/api/v2/scrapers/{id}", get)
        .patch("/api/v2/scrapers/{id}", update)
        .delete("/api/v2/scrapers/{id}", delete);
    let kind = ResourceType::Scrapers;
    let routes = members::mount(routes, kind, members::paths!("/api/v2/scrapers/{id}"));
    labels::mount(routes, kind, "/api/v2/scrapers/{id}/labels", "/api/v2/scrapers/{id}/labels/{label}")
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let filter = ScraperFilter {
        ids: params.ids("id")?,
        org_id: params.id("orgID")?,
        org: params.get("org").map(str::to_owned),
        name: params.get("name").map(str::to_owned),
    };
    let mut views = Vec::new();
    for scraper in access.catalog.list_scrapers(&filter).await? {
        views.push(view(&access, &scraper).await?);
    }
    Ok(Compact::ok(json!({"links": {"self": "/api/v2/scrapers"}, "configurations": views})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    #[serde(rename = "bucketID")]
    bucket_id: Option<Id>,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    url: Option<String>,
    allow_insecure: Option<bool>,
}

async fn create(access: Access, Json(body): Json<Body>) -> ApiResult<Compact<Value>> {
    let new = NewScraper {
        org_id: body.org_id.ok_or_else(ApiError::org_missing)?,
        bucket_id: body
            .bucket_id
            .ok_or_else(|| ApiError::invalid("invalid id for permission: invalid ID"))?,
        name: body.name.unwrap_or_default(),
        kind: body.kind.unwrap_or_default(),
        url: body.url.unwrap_or_default(),
        allow_insecure: body.allow_insecure.unwrap_or_default(),
    };
    let scraper = access.catalog.create_scraper(new).await?;
    Ok(Compact::created(view(&access, &scraper).await?))
}

async fn get(access: Access, PathId(id): PathId) -> ApiResult<Compact<Value>> {
    let scraper = access.catalog.find_scraper(id).await?;
    Ok(Compact::ok(view(&access, &scraper).await?))
}

async fn update(access: Access, PathId(id): PathId, Json(body): Json<Body>) -> ApiResult<Compact<Value>> {
    let update = ScraperUpdate {
        bucket_id: body.bucket_id,
        // What is empty stays, too.
        name: body.name.filter(|text| !text.is_empty()),
        kind: body.kind.filter(|text| !text.is_empty()),
        url: body.url.filter(|text| !text.is_empty()),
        allow_insecure: body.allow_insecure,
    };
    let scraper = access.catalog.update_scraper(id, update).await?;
    Ok(Compact::ok(view(&access, &scraper).await?))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_scraper(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn view(access: &Access, scraper: &Scraper) -> ApiResult<Value> {
    let (id, org, bucket) = (scraper.id, scraper.org_id, scraper.bucket_id);
    let names = access.catalog.names_of_scraper(scraper).await?;
    let mut view = json!({
        "id": id,
        "name": scraper.name,
        "type": scraper.kind,
        "url": scraper.url,
        "orgID": org,
        "bucketID": bucket,
    });
    if scraper.allow_insecure {
        view["allowInsecure"] = json!(true);
    }
    for (key, name) in [("org", names.0), ("bucket", names.1)] {
        if let Some(name) = name {
            view[key] = json!(name);
        }
    }
    view["links"] = json!({
        "self": format!("/api/v2/scrapers/{id}"),
        "bucket": format!("/api/v2/buckets/{bucket}"),
        "organization": format!("/api/v2/orgs/{org}"),
        "members": format!("/api/v2/scrapers/{id}/members"),
        "owners": format!("/api/v2/scrapers/{id}/owners"),
    });
    Ok(view)
}
