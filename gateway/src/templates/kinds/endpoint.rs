//! Notification endpoints.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{Authorized, EndpointFilter, EndpointKind, NewEndpoint, Paging};
use weir_model::{Error, Id, Result, Status};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, short_name, stamped};
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::reference::Reference;
use crate::templates::spec::{Object, Read, Write};
use crate::templates::template::{Input, Output};

/// A part that nobody is shown: where it stands, what its secret is called after, and what it is.
struct Secret {
    field: &'static str,
    suffix: &'static str,
    reference: Reference,
}

struct Described {
    name: String,
    description: String,
    status: String,
    /// Where it is, without secrets; null for one of which only a stack knows.
    place: Value,
    secrets: Vec<Secret>,
    existing: Option<weir_catalog::Endpoint>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let (spec, kind) = (input.spec, input.kind);
    let auth = spec.word("type");
    let all = [
        ("password", "password"),
        ("routingKey", "routing-key"),
        ("token", "token"),
        ("username", "username"),
    ];
    let mut secrets: Vec<Secret> = all
        .into_iter()
        .map(|(field, suffix)| Secret { field, suffix, reference: input.references.resolve(spec, field) })
        .collect();
    secrets.iter().for_each(|secret| input.references.note(&secret.reference));
    let given =
        |field: &str| secrets.iter().any(|secret| secret.field == field && secret.reference.has_value());
    let mut invalid: Vec<Invalid> = short_name(&input.name, 1).into_iter().collect();
    let url = spec.text("url");
    if url.is_empty() || url.chars().any(char::is_control) {
        invalid.push(Invalid::new("url", "must be valid url"));
    }
    let mut status = spec.word("status");
    if status.is_empty() {
        status = Status::Active.to_string();
    }
    if status.parse::<Status>().is_err() {
        let reason = "not a valid status; valid statues are one of [active, inactive]";
        invalid.push(Invalid::new("status", reason));
    }
    let method = spec.capitals("method");
    let (place, used): (Value, &[&str]) = match kind {
        Kind::NotificationEndpointPagerDuty => {
            if !given("routingKey") {
                invalid.push(Invalid::new("routingKey", "must be provide"));
            }
            (json!({"clientURL": url, "type": "pagerduty"}), &["routingKey"])
        }
        Kind::NotificationEndpointSlack => (json!({"url": url, "type": "slack"}), &["token"]),
        Kind::NotificationEndpointHttp => {
            if !["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"].contains(&method.as_str()) {
                invalid.push(Invalid::new("method", "http method must be a valid HTTP verb"));
            }
            let used: &[&str] = match auth.as_str() {
                "basic" => &["password", "username"],
                "bearer" => &["token"],
                "none" => &[],
                _ => {
                    let reason =
                        format!("invalid type provided {auth:?}; valid type is 1 in [basic, bearer, none]");
                    invalid.push(Invalid::new("type", reason));
                    &[]
                }
            };
            for field in used.iter().filter(|field| !given(field)) {
                invalid.push(Invalid::new(*field, "must provide non empty string"));
            }
            (json!({"url": url, "authMethod": auth, "method": method, "type": "http"}), used)
        }
        _ => (Value::Null, &[]),
    };
    secrets.retain(|secret| used.contains(&secret.field));
    let description = spec.text("description");
    let body = Described { name: input.name, description, status, place, secrets, existing: None };
    Output { body: Box::new(body), invalid: in_spec(invalid), references: Vec::new(), name: None }
}

impl Described {
    /// As the API takes it: secrets by their names, or with their values.
    fn taken(&self) -> Value {
        let mut value = self.place.clone();
        value["name"] = json!(self.name);
        value["description"] = json!(self.description);
        value["status"] = json!(self.status);
        for secret in &self.secrets {
            let reference = &secret.reference;
            value[secret.field] = if reference.secret.is_empty() {
                json!(reference.text())
            } else {
                json!(format!("secret: {}", reference.secret))
            };
        }
        value
    }

    fn new_endpoint(&self) -> Result<NewEndpoint> {
        NewEndpoint::from_json(&self.taken()).map_err(Error::from)
    }

    /// As it is shown: values of secrets have names once they are kept.
    fn value(&self, shown: &Shown) -> Value {
        let Value::Object(place) = &self.place else { return Value::Null };
        let mut value = Map::new();
        if let Some(id) = shown.id {
            value.insert("id".to_owned(), json!(id));
        }
        value.insert("name".to_owned(), json!(self.name));
        value.put("description", self.description.clone());
        if shown.applied {
            value.insert("orgID".to_owned(), json!(shown.org));
        }
        value.insert("status".to_owned(), json!(self.status));
        value.insert("createdAt".to_owned(), json!("0001-01-01T00:00:00Z"));
        value.insert("updatedAt".to_owned(), json!("0001-01-01T00:00:00Z"));
        let fields: &[&str] = match place.text("type").as_str() {
            "http" => &["url", "token", "username", "password", "authMethod", "method", "contentTemplate"],
            "pagerduty" => &["clientURL", "routingKey"],
            _ => &["url", "token"],
        };
        for field in fields {
            let text = match self.secrets.iter().find(|secret| secret.field == *field) {
                Some(secret) => self.name_of(secret, shown),
                None => place.text(field),
            };
            value.insert((*field).to_owned(), json!(text));
        }
        value.insert("type".to_owned(), place.get("type").cloned().unwrap_or_default());
        Value::Object(value)
    }

    fn name_of(&self, secret: &Secret, shown: &Shown) -> String {
        let reference = &secret.reference;
        match shown.id {
            _ if !reference.secret.is_empty() => format!("secret: {}", reference.secret),
            Some(id) if shown.applied && !reference.text().is_empty() => {
                format!("secret: {id}-{}", secret.suffix)
            }
            _ => String::new(),
        }
    }
}

fn as_it_is(endpoint: &weir_catalog::Endpoint) -> NewEndpoint {
    NewEndpoint {
        org_id: Some(endpoint.org_id),
        name: endpoint.name.clone(),
        description: endpoint.description.clone(),
        status: endpoint.status.to_string(),
        kind: endpoint.kind.clone(),
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        self.existing = match id {
            Some(id) => found(site.catalog.find_endpoint(id).await)?,
            None => {
                let filter = EndpointFilter { org_id: Some(site.org), org: None };
                let all = site.catalog.list_endpoints(&filter, &Paging::default()).await?;
                all.into_iter().find(|endpoint| endpoint.name == self.name)
            }
        };
        Ok(self.existing.as_ref().map(|endpoint| endpoint.id))
    }

    fn differs(&self) -> bool {
        let Some(endpoint) = &self.existing else { return true };
        // What is secret cannot be compared.
        let secret = self.secrets.iter().any(|secret| !secret.reference.text().is_empty());
        let Ok(new) = self.new_endpoint() else { return true };
        secret
            || endpoint.name != self.name
            || endpoint.description != self.description
            || endpoint.status.to_string() != self.status
            || endpoint.kind.json() != new.kind.json()
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        Ok(site.catalog.create_endpoint(site.org, self.new_endpoint()?).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        site.catalog.replace_endpoint(id, self.new_endpoint()?).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_endpoint(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(endpoint) = &self.existing else { return Ok(()) };
        site.catalog.replace_endpoint(id, as_it_is(endpoint)).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        match &self.existing {
            Some(endpoint) => Ok(site.catalog.create_endpoint(endpoint.org_id, as_it_is(endpoint)).await?.id),
            None => self.create(site, None).await,
        }
    }

    fn new_value(&self, shown: &Shown) -> Value {
        self.value(shown)
    }

    fn old_value(&self, _: &Shown) -> Value {
        let Some(endpoint) = &self.existing else { return Value::Null };
        let mut value = Map::from_iter([
            ("id".to_owned(), json!(endpoint.id)),
            ("name".to_owned(), json!(endpoint.name)),
        ]);
        value.put("description", endpoint.description.clone());
        value.insert("orgID".to_owned(), json!(endpoint.org_id));
        value.insert("status".to_owned(), json!(endpoint.status));
        stamped(&mut value, endpoint.kind.json(), endpoint.created_at, endpoint.updated_at);
        Value::Object(value)
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        Map::from_iter([("notificationEndpoint".to_owned(), self.value(shown))])
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let all = async |org_id| {
        catalog.list_endpoints(&EndpointFilter { org_id, org: None }, &Paging::default()).await
    };
    let endpoints = match wanted {
        Wanted::Id(id) => vec![catalog.find_endpoint(id).await?],
        Wanted::Name(name) => all(None).await?.into_iter().filter(|endpoint| endpoint.name == name).collect(),
        Wanted::OfOrg(org) => all(Some(org)).await?,
    };
    Ok(endpoints.iter().filter_map(exported).collect())
}

/// An endpoint as an object of a template; templates do not know Telegram.
fn exported(endpoint: &weir_catalog::Endpoint) -> Option<Exported> {
    let mut spec = Object::new();
    spec.put("description", endpoint.description.clone());
    spec.put("name", endpoint.name.clone());
    spec.put("status", endpoint.status.to_string());
    let mut put_secret = |field: &str, key: &str| {
        if !key.is_empty() {
            spec.insert(field.to_owned(), json!({"secretRef": {"key": key}}));
        }
    };
    let (kind, url) = match &endpoint.kind {
        EndpointKind::Http { url, token, username, password, auth_method, method, .. } => {
            put_secret("password", &password.key);
            put_secret("token", &token.key);
            put_secret("username", &username.key);
            spec.insert("method".to_owned(), json!(method));
            spec.insert("type".to_owned(), json!(auth_method));
            (Kind::NotificationEndpointHttp, url)
        }
        EndpointKind::PagerDuty { client_url, routing_key } => {
            put_secret("routingKey", &routing_key.key);
            (Kind::NotificationEndpointPagerDuty, client_url)
        }
        EndpointKind::Slack { url, token } => {
            put_secret("token", &token.key);
            (Kind::NotificationEndpointSlack, url)
        }
        EndpointKind::Telegram { .. } => return None,
    };
    spec.insert("url".to_owned(), json!(url));
    let (id, name) = (endpoint.id, endpoint.name.clone());
    Some(Exported { id, kind, spec, name, endpoint: None })
}
