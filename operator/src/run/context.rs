//! What all controllers share.

use std::{collections::HashMap, sync::Arc, time::Duration};

use kube::{
    Api, Client, Resource, ResourceExt,
    api::{Patch, PatchParams},
    core::NamespaceResourceScope,
    runtime::{
        events::{Event, EventType, Recorder, Reporter},
        reflector::Store,
    },
};
use parking_lot::Mutex;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use tokio::sync::broadcast;

use super::{MANAGER, connections::Connections, shelf::Shelves};
use crate::{
    crd::{GROUP, Status, VERSION},
    kinds::Instance,
    metrics::Metrics,
    reconcile::{Claims, Note, Problem},
};

/// What all controllers share.
pub(crate) struct Context {
    pub(crate) client: Client,
    /// The namespace that is watched; all when absent.
    pub(crate) namespace: Option<String>,
    /// How often everything is compared with the servers.
    pub(crate) resync: Duration,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) claims: Claims,
    pub(crate) shelves: Shelves,
    pub(crate) connections: Connections,
    pub(crate) instances: Store<Instance>,
    /// Tells that an Instance became usable, or another.
    pub(crate) instance_changed: broadcast::Sender<()>,
    recorder: Recorder,
    failures: Mutex<HashMap<String, u32>>,
    written: Mutex<HashMap<String, (u64, Status)>>,
}

impl Context {
    pub(crate) fn new(
        client: Client,
        namespace: Option<String>,
        resync: Duration,
        metrics: Arc<Metrics>,
        instances: Store<Instance>,
    ) -> Self {
        let reporter = Reporter { controller: MANAGER.into(), instance: std::env::var("HOSTNAME").ok() };
        Self {
            recorder: Recorder::new(client.clone(), reporter),
            client,
            namespace,
            resync,
            metrics,
            claims: Claims::default(),
            shelves: Shelves::default(),
            connections: Connections::default(),
            instances,
            instance_changed: broadcast::channel(16).0,
            failures: Mutex::default(),
            written: Mutex::default(),
        }
    }

    /// The API of a kind, in the namespaces that are watched.
    pub(crate) fn everywhere<K>(&self) -> Api<K>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    {
        match &self.namespace {
            Some(namespace) => Api::namespaced(self.client.clone(), namespace),
            None => Api::all(self.client.clone()),
        }
    }

    /// The API of a kind, in the namespace of one resource.
    pub(crate) fn beside<K>(&self, resource: &K) -> Api<K>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
    {
        Api::namespaced(self.client.clone(), &resource.namespace().unwrap_or_default())
    }

    /// Counts a write to the API server.
    pub(crate) fn wrote(&self, what: &str) {
        self.metrics.count("weir_operator_cluster_writes_total", &[("what", what)]);
    }

    /// The status of a resource: what was written last, if the watch has not brought it yet.
    pub(crate) fn latest_status<K: Resource>(&self, resource: &K, seen: Option<&Status>) -> Status {
        let uid = resource.meta().uid.clone().unwrap_or_default();
        let mut written = self.written.lock();
        match written.get(&uid) {
            Some((version, status)) if version_of(resource) < *version => status.clone(),
            _ => {
                written.remove(&uid);
                seen.cloned().unwrap_or_default()
            }
        }
    }

    /// Writes a status by server-side apply.
    pub(crate) async fn write_status<K>(&self, resource: &K, status: &Status) -> Result<(), Problem>
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + DeserializeOwned,
        K: std::fmt::Debug + Serialize,
    {
        let body = json!({
            "apiVersion": format!("{GROUP}/{VERSION}"),
            "kind": K::kind(&()),
            "metadata": { "name": resource.name_any(), "uid": resource.uid() },
            "status": status,
        });
        let parameters = PatchParams::apply(MANAGER).force();
        let api = self.beside(resource);
        let new: K = api.patch_status(&resource.name_any(), &parameters, &Patch::Apply(&body)).await?;
        self.wrote("status");
        let uid = resource.uid().unwrap_or_default();
        self.written.lock().insert(uid, (version_of(&new), status.clone()));
        Ok(())
    }

    /// Publishes events. One that is lost is no reason to try anything again.
    pub(crate) async fn publish<K: Resource<DynamicType = ()>>(&self, resource: &K, notes: &[Note]) {
        for note in notes {
            let kind = K::kind(&());
            self.metrics.count("weir_operator_events_total", &[("kind", &kind), ("reason", note.reason)]);
            let event = Event {
                type_: if note.warning { EventType::Warning } else { EventType::Normal },
                reason: note.reason.into(),
                note: Some(note.text.chars().take(1000).collect()),
                action: "Reconcile".into(),
                secondary: None,
            };
            self.wrote("event");
            if let Err(error) = self.recorder.publish(&event, &resource.object_ref(&())).await {
                tracing::warn!(%error, reason = note.reason, "cannot publish an event");
            }
        }
    }

    /// How long to wait after a failure: from one second, twice as long each time, with jitter, to two minutes.
    pub(crate) fn backoff(&self, uid: &str) -> Duration {
        let mut failures = self.failures.lock();
        let count = failures.entry(uid.to_owned()).or_default();
        *count = count.saturating_add(1);
        let seconds = 2_f64.powi(i32::try_from(*count).unwrap_or(8).min(8) - 1).min(120.0);
        jittered(Duration::from_secs_f64(seconds))
    }

    /// Forgets failures.
    pub(crate) fn succeeded(&self, uid: &str) {
        self.failures.lock().remove(uid);
    }

    /// Forgets everything about a resource that is gone.
    pub(crate) fn gone(&self, kind: &str, uid: &str) {
        self.succeeded(uid);
        self.written.lock().remove(uid);
        for rival in self.claims.release(uid) {
            self.shelves.poke(kind, &rival.namespace, &rival.name);
        }
    }
}

/// A fifth more or less, so that many resources do not ask at the same moment.
pub(crate) fn jittered(time: Duration) -> Duration {
    time.mul_f64(rand::random_range(0.8..1.2))
}

fn version_of<K: Resource>(resource: &K) -> u64 {
    resource.meta().resource_version.as_deref().and_then(|version| version.parse().ok()).unwrap_or(0)
}
