//! `dict.fromList(pairs:)`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::{Record, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "dict",
    name: "fromList",
    signature: "(pairs: [{key: K, value: V}]) => [K:V] where K: Comparable",
    doc: "Makes a dictionary of records with `key` and `value`.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let pairs: Vec<Arc<Record>> = args.required("pairs")?;
    let mut dict = BTreeMap::new();
    for pair in pairs {
        match (pair.get("key"), pair.get("value")) {
            (Some(key), Some(value)) => dict.insert(super::key(key.clone())?, value.clone()),
            _ => return Err(FluxError::invalid("pairs must have a key and a value")),
        };
    }
    Ok(Value::Dict(Arc::new(dict)))
}
