//! From an Instance to a server that can be called.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use kube::{Resource, ResourceExt, runtime::reflector::ObjectRef};
use parking_lot::Mutex;
use serde_json::Value;

use super::context::Context;
use crate::{
    api::{Call, HttpServer, Remote},
    crd::{InstanceReference, KeySelector},
    kinds::Instance,
    reconcile::{Cluster, Organization, Problem},
};

/// How long a token, certificate or organization is believed without looking again.
const FRESH: Duration = Duration::from_secs(30);

/// A server that can be called.
pub(crate) struct Connection {
    pub(crate) remote: HttpServer,
    pub(crate) url: String,
    pub(crate) organization: Option<String>,
    organizations: Mutex<HashMap<String, (Instant, String)>>,
    since: Instant,
    generation: Option<i64>,
}

/// All connections, by namespace and name of the Instance.
#[derive(Default)]
pub(crate) struct Connections {
    open: Mutex<HashMap<(String, String), Arc<Connection>>>,
}

impl Context {
    /// The connection that a resource of `namespace` refers to.
    pub(crate) async fn connection(
        &self,
        namespace: &str,
        reference: &InstanceReference,
    ) -> Result<Arc<Connection>, Problem> {
        let InstanceReference { name, namespace: other } = reference;
        let home = other.as_deref().unwrap_or(namespace);
        let instance = self.instances.get(&ObjectRef::new(name).within(home));
        let instance =
            instance.ok_or_else(|| Problem::NoInstance(format!("there is no Instance {home}/{name}")))?;
        let allowed = &instance.spec.allowed_namespaces;
        if home != namespace && !allowed.iter().any(|a| a == "*" || a == namespace) {
            return Err(Problem::NoInstance(format!(
                "the Instance {home}/{name} does not list the namespace {namespace} under allowedNamespaces"
            )));
        }
        let key = (home.to_owned(), name.clone());
        let known = self.connections.open.lock().get(&key).cloned();
        if let Some(known) =
            known.filter(|k| k.since.elapsed() < FRESH && k.generation == instance.meta().generation)
        {
            return Ok(known);
        }
        let connection = Arc::new(self.connect(&instance).await?);
        self.connections.open.lock().insert(key, connection.clone());
        Ok(connection)
    }

    /// A connection made anew.
    pub(crate) async fn connect(&self, instance: &Instance) -> Result<Connection, Problem> {
        let namespace = instance.namespace().unwrap_or_default();
        let spec = &instance.spec;
        let token = self.secret_key(&namespace, &spec.token_secret_ref).await?;
        let token =
            String::from_utf8(token).map_err(|_| Problem::Instance("the token is not text".into()))?;
        let authorities = match (&spec.ca_secret_ref, &spec.ca_config_map_ref) {
            (Some(selector), _) => Some(self.secret_key(&namespace, selector).await?),
            (None, Some(KeySelector { name, key })) => {
                let map = self.config_map(&namespace, name).await?;
                let text = map.and_then(|mut map| map.remove(key));
                let missing =
                    || Problem::Instance(format!("there is no ConfigMap {name} with the key {key}"));
                Some(text.ok_or_else(missing)?.into_bytes())
            }
            (None, None) => None,
        };
        let remote = HttpServer::new(&spec.url, &token, authorities.as_deref(), self.metrics.clone());
        Ok(Connection {
            remote: remote.map_err(Problem::Instance)?,
            url: spec.url.trim_end_matches('/').to_owned(),
            organization: spec.organization.clone(),
            organizations: Mutex::default(),
            since: Instant::now(),
            generation: instance.meta().generation,
        })
    }

    /// Forgets the connection of an Instance, so that its token is read again.
    pub(crate) fn disconnect(&self, namespace: &str, reference: &InstanceReference) {
        let home = reference.namespace.as_deref().unwrap_or(namespace);
        self.connections.open.lock().remove(&(home.to_owned(), reference.name.clone()));
    }

    async fn secret_key(&self, namespace: &str, selector: &KeySelector) -> Result<Vec<u8>, Problem> {
        let KeySelector { name, key } = selector;
        let secret = self.secret(namespace, name).await?;
        let value = secret.and_then(|mut secret| secret.data.remove(key));
        value.ok_or_else(|| Problem::Instance(format!("there is no Secret {name} with the key {key}")))
    }
}

impl Connection {
    /// An organization by name.
    pub(crate) async fn organization(&self, name: &str) -> Result<Organization, Problem> {
        let known = self.organizations.lock().get(name).cloned();
        if let Some((_, id)) = known.filter(|(since, _)| since.elapsed() < FRESH) {
            return Ok(Organization { id, name: Some(name.to_owned()) });
        }
        let missing = || Problem::Waiting(format!("the server has no organization named {name}"));
        let answer = match self.remote.call(Call::get("/api/v2/orgs").with("org", name)).await {
            Ok(answer) => answer,
            Err(failure) if failure.is_missing() => return Err(missing()),
            Err(failure) => return Err(failure.into()),
        };
        let rows = answer.get("orgs").and_then(Value::as_array);
        let row = rows
            .and_then(|rows| rows.iter().find(|row| row.get("name").and_then(Value::as_str) == Some(name)));
        let id = row.and_then(|row| row.get("id")).and_then(Value::as_str).ok_or_else(missing)?.to_owned();
        self.organizations.lock().insert(name.to_owned(), (Instant::now(), id.clone()));
        Ok(Organization { id, name: Some(name.to_owned()) })
    }
}
