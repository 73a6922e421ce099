//! What the operator must be allowed to do, no more.

use serde_json::{Value, json};

use crate::crd::{GROUP, definitions};

/// The rules of a ClusterRole. The Lease's own Role needs get, create and update of leases in one namespace.
#[must_use]
pub fn rules() -> Value {
    let kinds: Vec<String> =
        definitions().into_iter().map(|definition| definition.spec.names.plural).collect();
    let with = |sub: &str| -> Vec<String> { kinds.iter().map(|kind| format!("{kind}/{sub}")).collect() };
    json!([
        { "apiGroups": [GROUP], "resources": kinds, "verbs": ["get", "list", "watch", "patch"] },
        { "apiGroups": [GROUP], "resources": with("status"), "verbs": ["patch"] },
        { "apiGroups": [GROUP], "resources": with("finalizers"), "verbs": ["update"] },
        { "apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "create", "patch"] },
        { "apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"] },
        { "apiGroups": ["events.k8s.io"], "resources": ["events"], "verbs": ["create", "patch"] },
    ])
}
