//! Whether the server's object is what the spec says.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The desired fields that the actual object does not have. Members that only the actual object has are the server's
/// own (ids, times, links, defaults) and do not count.
pub(crate) fn difference(desired: &Map<String, Value>, actual: &Value) -> Map<String, Value> {
    desired
        .iter()
        .filter(|(name, value)| !agrees(value, actual.get(name.as_str()).unwrap_or(&Value::Null)))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn agrees(desired: &Value, actual: &Value) -> bool {
    match (desired, actual) {
        (Value::Object(desired), actual) if actual.is_object() => desired
            .iter()
            .all(|(name, value)| agrees(value, actual.get(name.as_str()).unwrap_or(&Value::Null))),
        (Value::Array(desired), Value::Array(actual)) => {
            desired.len() == actual.len() && desired.iter().zip(actual).all(|(d, a)| agrees(d, a))
        }
        (Value::Number(desired), Value::Number(actual)) => {
            desired == actual || desired.as_f64().zip(actual.as_f64()).is_some_and(|(d, a)| d == a)
        }
        // Servers leave out what is empty.
        (desired, Value::Null) => is_empty(desired),
        (desired, actual) => desired == actual,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(b) => !b,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(_) => false,
    }
}

/// A digest of a desired state and of what the server holds in its place. While neither changes, a server that keeps a
/// form of its own is not written to again.
pub(crate) fn acceptance(desired: &Map<String, Value>, actual: &Value) -> String {
    let held: Map<String, Value> = desired
        .keys()
        .map(|name| (name.clone(), actual.get(name.as_str()).cloned().unwrap_or_default()))
        .collect();
    digest(&Value::from(vec![Value::Object(desired.clone()), Value::Object(held)]))
}

/// A short digest of a value.
pub(crate) fn digest(value: &Value) -> String {
    let hash = Sha256::digest(value.to_string().as_bytes());
    hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
