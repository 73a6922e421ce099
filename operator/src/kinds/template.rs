//! Template: a stack of objects, as one text.

use std::collections::BTreeMap;

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{fields, name_or};
use crate::{
    api::{Call, Method},
    crd::{Home, KeySelector, Management, Status},
    reconcile::{Desired, Managed, Note, Problem, Route, Scope, collection, compare, object},
};

/// A template.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Template",
    namespaced,
    status = "Status",
    shortname = "wtemplate",
    doc = "A template that a server keeps applied as a stack; its text comes inline or from a ConfigMap."
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.template) != has(self.configMapRef)").message("give template or configMapRef, one of them"))]
pub struct TemplateSpec {
    /// Name of the stack on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// The template, as YAML or JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 524_288))]
    pub template: Option<String>,
    /// The ConfigMap key that holds the template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_map_ref: Option<KeySelector>,
    /// Values for the template's environment references.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Values for the template's secret references, each from a Secret.
    #[serde(default)]
    pub secret_refs: BTreeMap<String, KeySelector>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

impl Managed for Template {
    const ROUTE: Route = Route::new("/api/v2/stacks", "stacks");
    const SENDS_SECRETS_AT_CREATION: bool = false;

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let spec = &self.spec;
        let name = name_or(&spec.name, self);
        let text = scope.text(spec.template.as_ref(), spec.config_map_ref.as_ref()).await?;
        let (mut secrets, mut versions) = (Map::new(), Vec::new());
        for (member, selector) in &spec.secret_refs {
            let (value, version) = scope.secret(selector).await?;
            secrets.insert(member.clone(), json!(value));
            versions.push(version);
        }
        let asked = json!({ "contents": objects(&text)?, "env": spec.env });
        let version = compare::digest(&json!([asked, versions]));
        let apply = json!({
            "orgID": scope.organization_id()?,
            "template": { "contents": asked["contents"] },
            "envRefs": spec.env,
            "secrets": secrets,
        });
        Ok(Desired {
            fields: fields(json!({ "name": name }), &spec.description),
            once: scope.in_organization()?,
            // Not a secret as a whole, but like one: the server does not tell it again.
            secret: object(json!({ "apply": apply })),
            secret_version: Some(version),
            name,
        })
    }

    async fn create(&self, scope: &Scope<'_>, desired: &Desired) -> Result<Value, Problem> {
        let bare = Desired { secret: Map::new(), ..desired.clone() };
        collection::create(Self::ROUTE, scope, &bare).await
    }

    async fn update(
        &self,
        scope: &Scope<'_>,
        actual: &Value,
        desired: &Desired,
        mut difference: Map<String, Value>,
    ) -> Result<(), Problem> {
        let applied = difference.remove("apply");
        if !difference.is_empty() {
            collection::update(Self::ROUTE, scope, actual, desired, difference).await?;
        }
        if applied.is_some() {
            apply(scope, desired, collection::id_of(actual).unwrap_or_default(), false).await?;
        }
        Ok(())
    }

    /// A dry run tells whether the stack's objects are as the template says.
    async fn attend(
        &self,
        scope: &Scope<'_>,
        id: &str,
        before: &Status,
        status: &mut Status,
    ) -> Result<Vec<Note>, Problem> {
        let desired = self.desired(scope).await?;
        let mut notes = Vec::new();
        let mut pending = changes(&apply(scope, &desired, id, true).await?);
        let seen = |pending: &Vec<Value>| Some(compare::digest(&json!([desired.secret_version, pending])));
        if !pending.is_empty() && before.accepted != seen(&pending) {
            apply(scope, &desired, id, false).await?;
            notes.push(Note::normal("Applied", format!("applied the template to the stack {id}")));
            pending = changes(&apply(scope, &desired, id, true).await?);
        }
        status.accepted = if pending.is_empty() { None } else { seen(&pending) };
        Ok(notes)
    }

    async fn delete(&self, scope: &Scope<'_>, id: &str) -> Result<(), Problem> {
        let call = Call::new(Method::DELETE, format!("{}/{id}", Self::ROUTE.path));
        match scope.remote.call(call.with("orgID", scope.organization_id()?)).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.is_missing() => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }
}

async fn apply(scope: &Scope<'_>, desired: &Desired, id: &str, dry: bool) -> Result<Value, Problem> {
    let mut body = desired.secret.get("apply").cloned().unwrap_or_default();
    body["stackID"] = json!(id);
    body["dryRun"] = json!(dry);
    Ok(scope.remote.call(Call::new(Method::POST, "/api/v2/templates/apply").body(body)).await?)
}

/// The objects of a template's text: YAML documents, or JSON.
fn objects(text: &str) -> Result<Vec<Value>, Problem> {
    let told = |error: String| Problem::Invalid(format!("the template cannot be read: {error}"));
    if let Ok(Value::Array(objects)) = serde_json::from_str(text) {
        return Ok(objects);
    }
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|e| told(e.to_string()))?;
    let mut objects = Vec::new();
    for document in documents {
        match document {
            Value::Array(items) => objects.extend(items),
            Value::Null => {}
            other => objects.push(other),
        }
    }
    if objects.is_empty() {
        return Err(told("it holds no object".into()));
    }
    Ok(objects)
}

/// What a dry run would change.
fn changes(answer: &Value) -> Vec<Value> {
    let kinds = answer.get("diff").and_then(Value::as_object).into_iter().flatten();
    kinds
        .flat_map(|(_, entries)| entries.as_array().into_iter().flatten())
        .filter(|entry| {
            let state = entry.get("stateStatus").or_else(|| entry.get("status")).and_then(Value::as_str);
            let (old, new) = (entry.get("old"), entry.get("new"));
            state != Some("exists") || new.is_some() && old != new
        })
        .cloned()
        .collect()
}
