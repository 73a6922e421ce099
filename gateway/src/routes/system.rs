//! What the server says about itself: health, readiness, metrics, links, flags.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::builder::Routes;
use crate::error::ApiResult;
use crate::extract::Access;
use crate::json::{Compact, Kit};
use crate::readiness;
use crate::state::Gateway;
use crate::time::{go_duration, rfc3339};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/health", health)
        .get("/ready", ready)
        .get("/ping", async || StatusCode::NO_CONTENT)
        .get("/metrics", metrics)
        .get("/api/v2", async || Compact::ok(links()))
        .post("/api/v2", async || Compact::ok(links()))
        .get("/api/v2/flags", async || Kit::ok(flags()))
        .get("/api/v2/config", config)
        .get("/api/v2/resources", resources)
}

/// 200 while requests can be served: the catalog answers, and everything acknowledged can be read.
async fn health(State(gateway): State<Gateway>) -> Response {
    readiness::health(&gateway.checks())
}

/// The reference knows no server that is not ready, so it has no answer for it; here it is a 503 with the reasons.
async fn ready(State(gateway): State<Gateway>) -> Response {
    if let Some(refusal) = readiness::refusal(&gateway.checks()) {
        return refusal;
    }
    let up = go_duration(gateway.metrics().uptime());
    Compact::ok(json!({"status": "ready", "started": rfc3339(gateway.started()), "up": up})).into_response()
}

async fn metrics(State(gateway): State<Gateway>) -> Response {
    let counts = gateway.counts().await;
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], gateway.metrics().render(counts)).into_response()
}

async fn config(State(gateway): State<Gateway>, access: Access) -> ApiResult<Kit<Value>> {
    access.require_operator("/api/v2/config")?;
    Ok(Kit::ok(json!({"config": gateway.settings().shown})))
}

async fn resources() -> Response {
    let types = [
        "authorizations",
        "buckets",
        "dashboards",
        "orgs",
        "sources",
        "tasks",
        "telegrafs",
        "users",
        "variables",
        "scrapers",
        "secrets",
        "labels",
        "views",
        "documents",
        "notificationRules",
        "notificationEndpoints",
        "checks",
        "dbrp",
        "notebooks",
        "annotations",
        "remotes",
        "replications",
        "instance",
    ];
    ([(header::CONTENT_TYPE, "application/json")], json!(types).to_string()).into_response()
}

fn flags() -> Value {
    json!({
        "appMetrics": false, "timeFilterFlags": false, "cursorAtEOF": false, "refreshSingleCell": true,
        "newAutoRefresh": true,
    })
}

fn links() -> Value {
    let at = |name: &str| format!("/api/v2/{name}");
    json!({
        "authorizations": at("authorizations"),
        "backup": at("backup"),
        "buckets": at("buckets"),
        "checks": at("checks"),
        "dashboards": at("dashboards"),
        "delete": at("delete"),
        "external": {"statusFeed": "https://www.influxdata.com/feed/json"},
        "flags": at("flags"),
        "labels": at("labels"),
        "me": at("me"),
        "notificationEndpoints": at("notificationEndpoints"),
        "notificationRules": at("notificationRules"),
        "orgs": at("orgs"),
        "plugins": at("telegraf/plugins"),
        "query": {
            "analyze": at("query/analyze"),
            "ast": at("query/ast"),
            "self": at("query"),
            "suggestions": at("query/suggestions"),
        },
        "restore": at("restore"),
        "scrapers": at("scrapers"),
        "setup": at("setup"),
        "signin": at("signin"),
        "signout": at("signout"),
        "sources": at("sources"),
        "swagger": at("swagger.json"),
        "system": {"debug": "/debug/pprof", "health": "/health", "metrics": "/metrics"},
        "tasks": at("tasks"),
        "telegrafs": at("telegrafs"),
        "users": at("users"),
        "variables": at("variables"),
        "write": at("write"),
    })
}
