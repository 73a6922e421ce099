//! A server and a cluster in memory.

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use crate::{
    api::{Call, Failure, Method, Remote},
    crd::Status,
    reconcile::{
        Claims, Cluster, Identity, Managed, Note, Organization, Problem, Record, Scope, SecretText,
        SecretView, Sibling, conditions,
    },
};

/// A server that keeps collections of objects, as v2's API does.
#[derive(Default)]
pub(super) struct FakeServer {
    state: Mutex<ServerState>,
}

#[derive(Default)]
struct ServerState {
    objects: BTreeMap<String, Vec<Map<String, Value>>>,
    next: u64,
    writes: usize,
    silent_at: Option<usize>,
}

impl FakeServer {
    /// The objects of a collection.
    pub(super) fn all(&self, path: &str) -> Vec<Value> {
        let state = self.state.lock();
        state.objects.get(path).into_iter().flatten().cloned().map(Value::Object).collect()
    }

    /// Puts an object there as another client would.
    pub(super) fn put(&self, path: &str, object: Value) -> String {
        let mut state = self.state.lock();
        state.add(path, &object)
    }

    /// Changes an object as another client would.
    pub(super) fn change(&self, path: &str, id: &str, change: Value) {
        let mut state = self.state.lock();
        state.merge(path, id, &change);
    }

    /// Removes an object as another client would.
    pub(super) fn remove(&self, path: &str, id: &str) {
        self.state.lock().objects.entry(path.into()).or_default().retain(|o| o["id"] != id);
    }

    /// How many writes were made.
    pub(super) fn writes(&self) -> usize {
        self.state.lock().writes
    }

    /// The write of this number (from now on, the first is 1) is done, but its answer is lost.
    pub(super) fn lose_answer(&self, number: usize) {
        let mut state = self.state.lock();
        state.silent_at = Some(state.writes + number);
    }

    fn answer(&self, call: &Call) -> Result<Value, Failure> {
        let mut state = self.state.lock();
        let refused =
            |status: u16, code: &str| Failure::Refused { status, code: code.into(), message: code.into() };
        let body = call.body.clone().unwrap_or_default();
        let (collection, id) = match call.path.rsplit_once('/') {
            Some((collection, id)) if id.len() == 16 => (collection.to_owned(), Some(id.to_owned())),
            _ => (call.path.clone(), None),
        };
        let answer = match (&call.method, id) {
            (&Method::GET, None) => {
                let key = collection.rsplit('/').next().unwrap_or_default().to_owned();
                let rows = state.objects.get(&collection).into_iter().flatten();
                let wanted = |name: &str| call.query.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone());
                let rows: Vec<&Map<String, Value>> = rows
                    .filter(|o| wanted("name").is_none_or(|name| o["name"] == name.as_str()))
                    .filter(|o| wanted("orgID").is_none_or(|id| o["orgID"] == id.as_str()))
                    .collect();
                return Ok(json!({ key: rows }));
            }
            (&Method::GET, Some(id)) => {
                let found =
                    state.objects.get(&collection).into_iter().flatten().find(|o| o["id"] == id.as_str());
                return found.cloned().map(Value::Object).ok_or(refused(404, "not found"));
            }
            (&Method::POST, None) => {
                if collection.ends_with("buckets") && state.has_name(&collection, &body) {
                    return Err(refused(422, "conflict"));
                }
                let id = state.add(&collection, &body);
                let made = state.objects[&collection].iter().find(|o| o["id"] == id.as_str()).cloned();
                let mut made = Value::Object(made.unwrap_or_default());
                if collection.ends_with("authorizations") {
                    made["token"] = json!(format!("secret of {id}"));
                    made["org"] = json!("home");
                }
                made
            }
            (&Method::PATCH | &Method::PUT, Some(id)) => state.merge(&collection, &id, &body),
            (&Method::DELETE, Some(id)) => {
                let rows = state.objects.entry(collection).or_default();
                let before = rows.len();
                rows.retain(|o| o["id"] != id.as_str());
                if rows.len() == before {
                    return Err(refused(404, "not found"));
                }
                Value::Null
            }
            _ => return Err(refused(405, "method not allowed")),
        };
        state.writes += 1;
        if state.silent_at == Some(state.writes) {
            return Err(Failure::Unreachable("connection reset".into()));
        }
        Ok(answer)
    }
}

impl ServerState {
    fn add(&mut self, path: &str, object: &Value) -> String {
        self.next += 1;
        let id = format!("{:016x}", self.next);
        let mut object = object.as_object().cloned().unwrap_or_default();
        object.insert("id".into(), json!(id));
        self.objects.entry(path.into()).or_default().push(object);
        id
    }

    fn merge(&mut self, path: &str, id: &str, change: &Value) -> Value {
        let rows = self.objects.entry(path.into()).or_default();
        let Some(row) = rows.iter_mut().find(|o| o["id"] == id) else { return Value::Null };
        row.extend(change.as_object().cloned().unwrap_or_default());
        Value::Object(row.clone())
    }

    fn has_name(&self, path: &str, object: &Value) -> bool {
        self.objects.get(path).into_iter().flatten().any(|o| o["name"] == object["name"])
    }
}

impl Remote for FakeServer {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Value, Failure>> {
        async move { self.answer(&call) }.boxed()
    }
}

/// Secrets and other resources in memory.
#[derive(Default)]
pub(super) struct FakeCluster {
    pub(super) secrets: Mutex<BTreeMap<String, SecretView>>,
    pub(super) siblings: Mutex<BTreeMap<String, Sibling>>,
    pub(super) owner: Mutex<Option<String>>,
    pub(super) poked: Mutex<Vec<String>>,
    pub(super) refuse_secrets: Mutex<bool>,
}

impl Cluster for FakeCluster {
    fn secret<'a>(&'a self, _: &'a str, name: &'a str) -> BoxFuture<'a, Result<Option<SecretView>, Problem>> {
        async move { Ok(self.secrets.lock().get(name).cloned()) }.boxed()
    }

    fn write_secret<'a>(&'a self, secret: SecretText) -> BoxFuture<'a, Result<(), Problem>> {
        async move {
            if *self.refuse_secrets.lock() {
                return Err(Problem::Cluster("the API server: timed out".into()));
            }
            let data = secret.data.into_iter().map(|(key, value)| (key, value.into_bytes())).collect();
            let view = SecretView {
                data,
                version: "1".into(),
                annotations: secret.annotations,
                ours: true,
                owner: secret.owned.then_some(secret.owner.uid),
            };
            self.secrets.lock().insert(secret.name, view);
            Ok(())
        }
        .boxed()
    }

    fn config_map<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<BTreeMap<String, String>>, Problem>> {
        async move { Ok(None) }.boxed()
    }

    fn sibling(&self, kind: &str, _: &str, name: &str) -> Option<Sibling> {
        self.siblings.lock().get(&format!("{kind}/{name}")).cloned()
    }

    fn owner(&self, _: &str, _: &str, _: &str, _: &str) -> Option<String> {
        self.owner.lock().clone()
    }

    fn poke(&self, kind: &str, namespace: &str, name: &str) {
        self.poked.lock().push(format!("{kind} {namespace}/{name}"));
    }
}

/// The status that was written last before an attempt was over.
#[derive(Default)]
pub(super) struct Recorded(Mutex<Option<Status>>);

impl Record for Recorded {
    fn record<'a>(&'a self, status: &'a Status) -> BoxFuture<'a, Result<(), Problem>> {
        *self.0.lock() = Some(status.clone());
        async { Ok(()) }.boxed()
    }
}

/// A world to reconcile in.
#[derive(Default)]
pub(super) struct World {
    pub(super) server: FakeServer,
    pub(super) cluster: FakeCluster,
    pub(super) claims: Claims,
    pub(super) recorded: Recorded,
    /// Seconds since 2026.
    pub(super) clock: Mutex<i64>,
}

pub(super) const BUCKETS: &str = "/api/v2/buckets";
pub(super) const TOKENS: &str = "/api/v2/authorizations";

impl World {
    pub(super) fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_767_225_600 + *self.clock.lock()).unwrap()
    }

    pub(super) fn pass(&self, seconds: i64) {
        *self.clock.lock() += seconds;
    }

    pub(super) fn scope(&self, me: Identity) -> Scope<'_> {
        Scope {
            remote: &self.server,
            cluster: &self.cluster,
            claims: &self.claims,
            record: &self.recorded,
            server: "http://weir:8086",
            organization: Some(Organization { id: "00000000000000aa".into(), name: Some("home".into()) }),
            me,
            now: self.now(),
        }
    }

    /// Reconciles a resource once and stores its status in it, as the controller does.
    pub(super) fn reconcile<K: Managed>(&self, resource: &mut K) -> (Result<(), Problem>, Vec<Note>) {
        let (result, notes, status) = self.attempt(resource);
        *resource.status_mut() = Some(status);
        (result, notes)
    }

    /// Reconciles a resource once and loses what was learned, as a crash before the status is written does.
    pub(super) fn reconcile_and_crash<K: Managed>(&self, resource: &K) {
        let _ = self.attempt(resource);
    }

    /// Reconciles a resource once, and keeps only what was written down on the way.
    pub(super) fn reconcile_and_crash_late<K: Managed>(&self, resource: &mut K) {
        let _ = self.attempt(resource);
        if let Some(status) = self.recorded.0.lock().take() {
            *resource.status_mut() = Some(status);
        }
    }

    fn attempt<K: Managed>(&self, resource: &K) -> (Result<(), Problem>, Vec<Note>, Status) {
        let me = identity(resource);
        let scope = self.scope(me.clone());
        let mut status = resource.status().cloned().unwrap_or_default();
        let mut notes = Vec::new();
        let result = futures::executor::block_on(resource.settle(&scope, &mut status, &mut notes));
        conditions::conclude(&mut status, &me, &self.claims.standing(&me.uid), &result, scope.now);
        (result, notes, status)
    }

    /// Deletes a resource, as the controller does.
    pub(super) fn dismiss<K: Managed>(&self, resource: &K) -> Result<(), Problem> {
        let status = resource.status().cloned().unwrap_or_default();
        if crate::reconcile::settle::is_retained(resource, &status) {
            return Ok(());
        }
        let scope = self.scope(identity(resource));
        let mut notes = Vec::new();
        futures::executor::block_on(crate::reconcile::settle::depart(resource, &scope, &status, &mut notes))
    }
}

pub(super) fn identity<K: Managed>(resource: &K) -> Identity {
    let meta = resource.meta();
    Identity {
        kind: K::kind(&()).into_owned(),
        namespace: "team".into(),
        name: meta.name.clone().unwrap_or_default(),
        uid: meta.uid.clone().unwrap_or_default(),
        created: meta.labels.as_ref().and_then(|l| l.get("created").cloned()).unwrap_or_default(),
        generation: meta.generation,
        rotate: meta.annotations.as_ref().and_then(|a| a.get("weir.dev/rotate").cloned()),
    }
}

/// A resource from what a person would write.
pub(super) fn resource<K: Managed>(name: &str, spec: Value) -> K {
    let kind = K::kind(&());
    serde_json::from_value(json!({
        "apiVersion": "weir.dev/v1alpha1",
        "kind": kind,
        "metadata": { "name": name, "namespace": "team", "uid": format!("uid-of-{name}"), "generation": 1 },
        "spec": spec,
    }))
    .unwrap()
}

/// The status of a condition.
pub(super) fn condition<K: Managed>(resource: &K, kind: &str) -> Option<(String, String)> {
    let found = resource.status()?.conditions.iter().find(|c| c.kind == kind)?;
    Some((found.status.clone(), found.reason.clone()))
}
