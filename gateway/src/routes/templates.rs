//! Templates: resources as text, applied and exported.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use weir_model::{ErrorCode, Id};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, RawBody, body};
use crate::json::{Dialect, Kit};
use crate::state::Gateway;
use crate::templates::export::{Ask, Export};
use crate::templates::kind::Kind;
use crate::templates::kinds::Site;
use crate::templates::plan::Skips;
use crate::templates::source::{self, Encoding, INVALID_ENCODING};
use crate::templates::template::{Template, TemplateObject};
use crate::templates::{Application, Refusal, refused, yaml};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/api/v2/templates/apply", apply).post("/api/v2/templates/export", export)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Apply {
    dry_run: bool,
    #[serde(rename = "orgID")]
    org_id: Option<String>,
    #[serde(rename = "stackID")]
    stack_id: Option<String>,
    remotes: Option<Vec<Remote>>,
    templates: Option<Vec<Raw>>,
    template: Option<Raw>,
    env_refs: Option<BTreeMap<String, Value>>,
    secrets: Option<BTreeMap<String, String>>,
    actions: Option<Vec<Action>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Remote {
    url: String,
    content_type: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Raw {
    content_type: Option<String>,
    sources: Option<Vec<String>>,
    #[serde(deserialize_with = "present")]
    contents: Option<Value>,
}

/// Null is something here, absence is nothing.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Action {
    action: String,
    properties: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ActionProperties {
    kind: String,
    resource_template_name: String,
}

fn media_type(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether addresses that only this server's network knows are asked for templates.
fn is_hardened(gateway: &Gateway) -> bool {
    gateway.settings().shown.get("hardening-enabled").and_then(Value::as_bool).unwrap_or_default()
}

async fn apply(
    State(gateway): State<Gateway>,
    access: Access,
    headers: HeaderMap,
    RawBody(bytes): RawBody,
) -> ApiResult<Response> {
    let encoding = Encoding::of_media_type(media_type(&headers, header::CONTENT_TYPE));
    let request = decode(encoding, &bytes)?;
    let org = request.org_id.clone().unwrap_or_default();
    let org: Id =
        org.parse().map_err(|_| ApiError::invalid(format!("invalid organization ID provided: {org:?}")))?;
    let stack: Option<Id> = match &request.stack_id {
        None => None,
        Some(text) => Some(
            text.parse().map_err(|_| ApiError::invalid(format!("invalid stack ID provided: {text:?}")))?,
        ),
    };
    let hardened = is_hardened(&gateway);
    refuse_jsonnet(encoding, &request)?;
    let template = request.gather(encoding, hardened).await?;
    let skips = request.skips()?;
    let site = Site { gateway: &gateway, catalog: &access.catalog, org };
    let stack = match stack {
        Some(id) => Some(access.catalog.stack_to_apply(id, org).await?),
        None => None,
    };
    let application = Application {
        template,
        env: request.env_refs.unwrap_or_default(),
        secrets: request.secrets.unwrap_or_default(),
        skips,
    };
    let outcome = if request.dry_run {
        application.dry_run(site, stack, hardened).await
    } else {
        application.apply(site, stack, hardened).await
    };
    match outcome {
        Ok(body) if request.dry_run => Ok(Kit::ok(body).into_response()),
        Ok(body) => Ok(Kit::created(body).into_response()),
        Err(Refusal::Invalid(errors)) => {
            Ok(Kit(StatusCode::UNPROCESSABLE_ENTITY, refused(site, errors)).into_response())
        }
        Err(Refusal::Failed(error)) => Err(error.into()),
    }
}

fn decode(encoding: Encoding, bytes: &[u8]) -> ApiResult<Apply> {
    let name = if encoding == Encoding::Yaml { "yaml" } else { "json" };
    let wrong = |why: String| ApiError::invalid(format!("unable to unmarshal {name}: {why}"));
    if encoding != Encoding::Yaml {
        return body::decode(bytes).map_err(wrong);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let document = yaml::read(text).map_err(wrong)?.into_iter().next();
    let document = document.ok_or_else(|| wrong("EOF".to_owned()))?;
    serde_json::from_value(document).map_err(|error| wrong(error.to_string()))
}

/// Nothing is evaluated on behalf of others, however its language is told.
fn refuse_jsonnet(encoding: Encoding, request: &Apply) -> ApiResult<()> {
    let unprocessable = |message: String| ApiError::new(ErrorCode::UnprocessableEntity, message);
    if encoding == Encoding::Jsonnet {
        let message = format!("template from source(s) had an issue: {INVALID_ENCODING}");
        return Err(unprocessable(message));
    }
    let remotes = request.remotes.iter().flatten().map(|remote| remote.url.as_str());
    let sources = request.template.iter().flat_map(|raw| raw.sources.iter().flatten()).map(String::as_str);
    for url in remotes.chain(sources) {
        match source::is_jsonnet(url) {
            Some(false) => {}
            Some(true) => {
                let message = format!("template from url[{url:?}] had an issue: {INVALID_ENCODING}");
                return Err(unprocessable(message));
            }
            None => return Err(ApiError::invalid(format!("template from url[{url:?}] had an issue"))),
        }
    }
    Ok(())
}

impl Apply {
    /// All templates of the request as one.
    async fn gather(&self, encoding: Encoding, hardened: bool) -> ApiResult<Template> {
        let unprocessable = |message: String| ApiError::new(ErrorCode::UnprocessableEntity, message);
        let mut whole = Template::default();
        let mut add = |part: Template| {
            if !part.objects.is_empty() {
                whole.objects.extend(part.objects);
                whole.sources.extend(part.sources);
            }
        };
        for remote in self.remotes.iter().flatten().filter(|remote| !remote.url.is_empty()) {
            let said = remote.content_type.as_deref().unwrap_or_default();
            let encoding = Encoding::of_template(said, &remote.url);
            add(source::fetch(&remote.url, encoding, hardened).await.map_err(|why| {
                unprocessable(format!("template from url[{}] had an issue: {why}", remote.url))
            })?);
        }
        for (at, raw) in self.templates.iter().flatten().chain(&self.template).enumerate() {
            let Some(contents) = &raw.contents else { continue };
            let sources = raw.sources.as_deref().unwrap_or_default();
            let said = raw.content_type.as_deref().unwrap_or_default();
            let first = sources.first().map_or("", String::as_str);
            let encoding = Encoding::of_template(said, first).unwrap_or(encoding);
            let joined = sources.join("; ");
            let objects = source::of_contents(encoding, contents).map_err(|why| {
                unprocessable(format!("template[{at}] from source(s) {joined:?} had an issue: {why}"))
            })?;
            let source = if sources.is_empty() { "byte stream".to_owned() } else { joined };
            add(Template { objects, sources: vec![source] });
        }
        Ok(whole)
    }

    /// What is left alone.
    fn skips(&self) -> ApiResult<Skips> {
        let mut skips = Skips::default();
        for (at, action) in self.actions.iter().flatten().enumerate() {
            let name = action.action.as_str();
            if !matches!(name, "skipKind" | "skipResource") {
                let message = format!(
                    "invalid action type {name:?} provided for actions[{at}] ; Must be one of [skipResource]"
                );
                return Err(ApiError::invalid(message));
            }
            let wrong = |why: &dyn std::fmt::Display| {
                let message = format!("failed to unmarshal properties for actions[{at}] {name:?}: {why}");
                ApiError::invalid(message)
            };
            let properties =
                action.properties.clone().ok_or_else(|| wrong(&"unexpected end of JSON input"))?;
            let properties: ActionProperties =
                serde_json::from_value(properties).map_err(|error| wrong(&error))?;
            let kind = Kind::parse(&properties.kind).map_err(|why| {
                ApiError::invalid(format!("invalid kind for actions[{at}] {name:?}: {why}"))
            })?;
            if name == "skipKind" {
                skips.kinds.insert(kind.group());
            } else {
                skips.resources.insert((kind.group(), properties.resource_template_name));
            }
        }
        Ok(skips)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ExportBody {
    #[serde(rename = "stackID")]
    stack_id: Option<String>,
    #[serde(rename = "orgIDs")]
    org_ids: Option<Vec<OfOrg>>,
    resources: Option<Vec<OfResource>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OfOrg {
    #[serde(rename = "orgID")]
    org_id: Option<String>,
    resource_filters: Option<Filters>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Filters {
    by_label: Option<Vec<String>>,
    by_resource_kind: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OfResource {
    kind: String,
    id: Option<Id>,
    name: Option<String>,
}

async fn export(access: Access, headers: HeaderMap, RawBody(bytes): RawBody) -> ApiResult<Response> {
    const TAKEN: [&str; 3] = ["text/yml", "application/x-yaml", "application/json"];
    let sent = media_type(&headers, header::CONTENT_TYPE).to_lowercase();
    let sent = sent.split(';').next().unwrap_or_default().trim().to_owned();
    if !bytes.is_empty() && !TAKEN.contains(&sent.as_str()) {
        return Ok(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
    }
    let request: ExportBody = body::decode_loosely(&bytes)
        .map_err(|error| ApiError::invalid(format!("failed to unmarshal json: {error}")))?;
    let (orgs, resources) = (request.org_ids.unwrap_or_default(), request.resources.unwrap_or_default());
    let stack = request.stack_id.unwrap_or_default();
    if orgs.is_empty() && resources.is_empty() && stack.is_empty() {
        let message = "at least 1 resource, 1 org id, or stack id must be provided";
        return Err(ApiError::new(ErrorCode::UnprocessableEntity, message));
    }
    let mut of_orgs = Vec::new();
    for org in orgs {
        let id = org.org_id.unwrap_or_default();
        let id: Id =
            id.parse().map_err(|_| ApiError::invalid(format!("provided org id is invalid: {id:?}")))?;
        of_orgs.push((id, org.resource_filters.unwrap_or_default()));
    }
    let stack: Option<Id> = if stack.is_empty() { None } else { Some(stack.parse()?) };
    let mut asks = resources.into_iter().map(OfResource::ask).collect::<ApiResult<Vec<Ask>>>()?;
    if let Some(stack) = stack {
        for resource in access.catalog.find_stack(stack).await?.latest().resources {
            let meta = Some(resource.meta_name);
            asks.push(Ask { kind: kind(&resource.kind)?, id: Some(resource.id), name: String::new(), meta });
        }
    }
    let mut export = Export::new(&access.catalog);
    for (org, filters) in of_orgs {
        let kinds = filters.by_resource_kind.unwrap_or_default();
        let kinds = kinds.iter().map(|name| kind(name)).collect::<ApiResult<Vec<Kind>>>()?;
        export.add_org(org, &kinds, &filters.by_label.unwrap_or_default()).await?;
    }
    export.add_asked(asks).await?;
    let objects: Value = export.finish().iter().map(TemplateObject::json).collect();
    if Encoding::of_media_type(media_type(&headers, header::ACCEPT)) == Encoding::Yaml {
        let text = yaml::write(&objects);
        let kind = HeaderValue::from_static("application/x-yaml");
        return Ok(([(header::CONTENT_TYPE, kind)], text).into_response());
    }
    Ok(Dialect::Kit.respond(StatusCode::OK, &objects))
}

fn kind(name: &str) -> ApiResult<Kind> {
    Kind::parse(name).map_err(|why| ApiError::new(ErrorCode::UnprocessableEntity, why))
}

impl OfResource {
    fn ask(self) -> ApiResult<Ask> {
        let (kind, name) = (kind(&self.kind)?, self.name.unwrap_or_default());
        if self.id.is_none() && name.is_empty() {
            return Err(ApiError::new(ErrorCode::UnprocessableEntity, "must provide an ID or name"));
        }
        Ok(Ask { kind, id: self.id, name, meta: None })
    }
}
