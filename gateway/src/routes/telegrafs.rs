//! Telegraf configurations. One is read as TOML, by agents, unless the request accepts something else.

mod legacy;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_catalog::{Label, NameOrId, NewTelegraf, Telegraf};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use super::{labels, members};
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Json, PathId, Query};
use crate::json::Compact;

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/api/v2/telegrafs", list)
        .post("/api/v2/telegrafs", create)
        .get("/api/v2/telegrafs/{id}", get)
        .put("/api/v2/telegrafs/{id}", replace)
        .delete("/api/v2/telegrafs/{id}", delete);
    let kind = ResourceType::Telegrafs;
    let routes = members::mount(routes, kind, members::paths!("/api/v2/telegrafs/{id}"));
    labels::mount(routes, kind, "/api/v2/telegrafs/{id}/labels", "/api/v2/telegrafs/{id}/labels/{label}")
}

async fn list(access: Access, Query(params): Query) -> ApiResult<Compact<Value>> {
    let org = params.id("orgID").map_err(|error| ApiError::invalid(format!("orgID is invalid: {error}")))?;
    let org = match (org, params.get("org")) {
        (Some(id), _) => Some(id),
        (None, Some(name)) => Some(access.catalog.resolve_org(&NameOrId::Text(name.to_owned())).await?.id),
        (None, None) => None,
    };
    let telegrafs = access.catalog.list_telegrafs(org).await?;
    let ids: Vec<Id> = telegrafs.iter().map(|telegraf| telegraf.id).collect();
    let labels = access.catalog.list_labels_of_all(&ids).await?;
    let views: Vec<Value> = telegrafs
        .iter()
        .map(|telegraf| view(telegraf, labels.get(&telegraf.id).map_or(&[], Vec::as_slice)))
        .collect();
    Ok(Compact::ok(json!({"configurations": views})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    name: Option<String>,
    description: Option<String>,
    config: Option<String>,
    metadata: Option<Metadata>,
    agent: Option<legacy::Agent>,
    plugins: Option<Vec<legacy::Plugin>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    buckets: Option<Vec<String>>,
}

impl Body {
    fn checked(self, org_id: Id) -> NewTelegraf {
        let config = self.config.filter(|config| !config.is_empty());
        NewTelegraf {
            org_id,
            name: self.name.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            // Before configurations were texts, they were lists of plugins.
            config: config.unwrap_or_else(|| match self.plugins {
                Some(plugins) => legacy::config(&self.agent.unwrap_or_default(), &plugins),
                None => String::new(),
            }),
            buckets: self.metadata.and_then(|metadata| metadata.buckets).unwrap_or_default(),
        }
    }
}

async fn create(access: Access, Json(body): Json<Body>) -> ApiResult<Compact<Value>> {
    let org = body.org_id.ok_or_else(ApiError::org_missing)?;
    let telegraf = access.catalog.create_telegraf(body.checked(org)).await?;
    Ok(Compact::created(view(&telegraf, &[])))
}

async fn replace(access: Access, PathId(id): PathId, Json(body): Json<Body>) -> ApiResult<Compact<Value>> {
    // It stays in its organization, whatever the body says.
    let org = body.org_id.unwrap_or(id);
    let telegraf = access.catalog.replace_telegraf(id, body.checked(org)).await?;
    Ok(Compact::ok(view(&telegraf, &labels::shown_on(&access, id).await?)))
}

async fn delete(access: Access, PathId(id): PathId) -> ApiResult<StatusCode> {
    access.catalog.delete_telegraf(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn get(access: Access, headers: HeaderMap, PathId(id): PathId) -> ApiResult<Response> {
    let telegraf = access.catalog.find_telegraf(id).await?;
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accept: Vec<&str> = accept.collect();
    Ok(match wanted(&accept.join(",")) {
        Form::Json => Compact::ok(view(&telegraf, &labels::shown_on(&access, id).await?)).into_response(),
        Form::Toml => text("application/toml; charset=utf-8", telegraf.config),
        Form::Attachment => {
            let mut response = text("application/octet-stream", telegraf.config);
            let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
            let name: String = telegraf.name.trim().chars().map(plain).collect();
            if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.toml\"")) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            }
            response
        }
    })
}

fn text(kind: &'static str, config: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], config).into_response()
}

/// What a configuration is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Toml,
    Json,
    Attachment,
}

/// The form that an `Accept` header likes best; TOML if it likes several alike, or none.
fn wanted(accept: &str) -> Form {
    const FORMS: [(Form, &str); 3] = [
        (Form::Toml, "application/toml"),
        (Form::Json, "application/json"),
        (Form::Attachment, "application/octet-stream"),
    ];
    let liked = |form: &str| {
        let mut best: Option<(u8, f64)> = None;
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let closeness = match name {
                "*/*" => 0,
                "application/*" => 1,
                name if name.eq_ignore_ascii_case(form) => 2,
                _ => continue,
            };
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            // The closest range that fits a form tells how much it is liked.
            if best.is_none_or(|(known, _)| closeness > known) {
                best = Some((closeness, quality));
            }
        }
        best.map_or(0.0, |(_, quality)| quality)
    };
    let mut choice = (Form::Toml, 0.0);
    for (form, name) in FORMS {
        let quality = liked(name);
        if quality > choice.1 {
            choice = (form, quality);
        }
    }
    choice.0
}

fn view(telegraf: &Telegraf, labels: &[Label]) -> Value {
    let id = telegraf.id;
    let mut view = json!({"id": id, "orgID": telegraf.org_id});
    for (key, text) in
        [("name", &telegraf.name), ("description", &telegraf.description), ("config", &telegraf.config)]
    {
        if !text.is_empty() {
            view[key] = json!(text);
        }
    }
    view["metadata"] = json!({"buckets": telegraf.buckets});
    view["labels"] = labels.iter().map(labels::view).collect();
    view["links"] = json!({
        "self": format!("/api/v2/telegrafs/{id}"),
        "labels": format!("/api/v2/telegrafs/{id}/labels"),
        "members": format!("/api/v2/telegrafs/{id}/members"),
        "owners": format!("/api/v2/telegrafs/{id}/owners"),
    });
    view
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_get_toml_and_programs_what_they_ask_for() {
        for (accept, form) in [
            ("", Form::Toml),
            ("*/*", Form::Toml),
            ("text/html", Form::Toml),
            ("application/json", Form::Json),
            ("application/json;q=0.5, application/toml;q=0.1", Form::Json),
            ("application/*, application/toml;q=0", Form::Json),
            ("Application/Octet-Stream", Form::Attachment),
            ("application/toml, application/octet-stream", Form::Toml),
        ] {
            assert_eq!(wanted(accept), form, "{accept}");
        }
    }
}
