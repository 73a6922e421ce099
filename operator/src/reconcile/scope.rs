//! What a kind may use while it is reconciled.

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Claims, Cluster, Problem, Route, collection};
use crate::{
    api::Remote,
    crd::{KeySelector, Reference, Status},
};

/// Writes a resource's status down before an attempt is over.
pub trait Record: Send + Sync {
    /// Writes the status; returns once the API server has it.
    fn record<'a>(&'a self, status: &'a Status) -> BoxFuture<'a, Result<(), Problem>>;
}

/// Who is being reconciled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The kind, as in `Bucket`.
    pub kind: String,
    /// metadata.namespace.
    pub namespace: String,
    /// metadata.name.
    pub name: String,
    /// metadata.uid.
    pub uid: String,
    /// metadata.creationTimestamp.
    pub created: String,
    /// metadata.generation.
    pub generation: Option<i64>,
    /// The annotation weir.dev/rotate.
    pub rotate: Option<String>,
}

/// An organization on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name, where it is known.
    pub name: Option<String>,
}

/// What a kind may use while it is reconciled.
pub struct Scope<'a> {
    /// The server.
    pub remote: &'a dyn Remote,
    /// Secrets, ConfigMaps and other resources.
    pub cluster: &'a dyn Cluster,
    /// Who claims what.
    pub claims: &'a Claims,
    /// The resource's status.
    pub record: &'a dyn Record,
    /// The server's URL.
    pub server: &'a str,
    /// The organization of the object, for kinds that have one.
    pub organization: Option<Organization>,
    /// Who is being reconciled.
    pub me: Identity,
    /// The time.
    pub now: Timestamp,
}

impl Scope<'_> {
    /// The text that marks an object as made for this resource and no other: its uid is in it. Where names are narrow,
    /// it is one word.
    #[must_use]
    pub fn marker(&self, route: Route) -> String {
        let Identity { kind, namespace, name, uid, .. } = &self.me;
        if route.marker == "description" {
            format!("Managed by Kubernetes: {kind} {namespace}/{name} ({uid})")
        } else {
            format!("weir-operator-{uid}")
        }
    }

    /// Whether an object was made for this resource.
    #[must_use]
    pub fn is_marked(&self, route: Route, object: &Value) -> bool {
        let text = object.get(route.marker).and_then(Value::as_str);
        !self.me.uid.is_empty() && text.is_some_and(|text| text.contains(&self.me.uid))
    }

    /// The organization's id.
    ///
    /// # Errors
    /// When the kind has no organization.
    pub fn organization_id(&self) -> Result<&str, Problem> {
        match &self.organization {
            Some(organization) => Ok(&organization.id),
            None => Err(Problem::Invalid("there is no organization".into())),
        }
    }

    /// `{"orgID": …}`, which most objects are created with.
    ///
    /// # Errors
    /// When the kind has no organization.
    pub fn in_organization(&self) -> Result<serde_json::Map<String, Value>, Problem> {
        Ok(object(json!({ "orgID": self.organization_id()? })))
    }

    /// The value of a Secret's key, and a version that changes with it.
    ///
    /// # Errors
    /// When the Secret or its key is not there.
    pub async fn secret(&self, selector: &KeySelector) -> Result<(String, String), Problem> {
        let KeySelector { name, key } = selector;
        let secret = self.cluster.secret(&self.me.namespace, name).await?;
        let secret = secret.ok_or_else(|| Problem::Waiting(format!("there is no Secret {name}")))?;
        let bytes = secret.data.get(key);
        let bytes = bytes.ok_or_else(|| Problem::Waiting(format!("the Secret {name} has no key {key}")))?;
        let text = String::from_utf8(bytes.clone());
        let text =
            text.map_err(|_| Problem::Invalid(format!("key {key} of the Secret {name} is not text")))?;
        Ok((text.trim_end_matches(['\r', '\n']).to_owned(), secret.version))
    }

    /// The value of a ConfigMap's key.
    ///
    /// # Errors
    /// When the ConfigMap or its key is not there.
    pub async fn config(&self, selector: &KeySelector) -> Result<String, Problem> {
        let KeySelector { name, key } = selector;
        let map = self.cluster.config_map(&self.me.namespace, name).await?;
        let mut map = map.ok_or_else(|| Problem::Waiting(format!("there is no ConfigMap {name}")))?;
        map.remove(key).ok_or_else(|| Problem::Waiting(format!("the ConfigMap {name} has no key {key}")))
    }

    /// The text itself, or that of a ConfigMap's key.
    ///
    /// # Errors
    /// When neither is given, or the ConfigMap or its key is not there.
    pub async fn text(&self, text: Option<&String>, map: Option<&KeySelector>) -> Result<String, Problem> {
        match (text, map) {
            (Some(text), _) => Ok(text.clone()),
            (None, Some(selector)) => self.config(selector).await,
            (None, None) => Err(Problem::Invalid("there is neither a text nor a reference to one".into())),
        }
    }

    /// The id of an object, from a resource of this namespace or by its name on the server.
    ///
    /// # Errors
    /// When the resource is not there or has no object yet, or the server knows no object of that name.
    pub async fn id_of(
        &self,
        kind: &'static str,
        route: Route,
        name: Option<&String>,
        reference: Option<&Reference>,
    ) -> Result<String, Problem> {
        if let Some(Reference { name }) = reference {
            let found = self.cluster.sibling(kind, &self.me.namespace, name);
            let found = found.ok_or_else(|| Problem::Waiting(format!("there is no {kind} {name}")))?;
            if found.server.as_deref() != Some(self.server) {
                return match found.server {
                    Some(_) => Err(Problem::Invalid(format!("{kind} {name} is on another instance"))),
                    None => Err(Problem::Waiting(format!("{kind} {name} is not on its server yet"))),
                };
            }
            let id = found.id.filter(|_| found.ready);
            return id.ok_or_else(|| Problem::Waiting(format!("{kind} {name} is not ready")));
        }
        let Some(name) = name else {
            return Err(Problem::Invalid(format!("no {kind} is named")));
        };
        let found = collection::named(route, self, name).await?;
        match found.as_slice() {
            [one] => Ok(collection::id_of(one).unwrap_or_default().to_owned()),
            [] => Err(Problem::Waiting(format!("the server has no {kind} named {name}"))),
            _ => Err(Problem::Invalid(format!(
                "the server has several of {kind} named {name}: refer to a resource"
            ))),
        }
    }
}

/// The members of an object.
#[must_use]
pub fn object(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => serde_json::Map::new(),
    }
}
