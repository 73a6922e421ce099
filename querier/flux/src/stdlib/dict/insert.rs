//! `dict.insert(dict:, key:, value:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "dict",
    name: "insert",
    signature: "(dict: [K:V], key: K, value: V) => [K:V] where K: Comparable",
    doc: "The dictionary with a key set to a value.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let mut dict = (*super::dictionary(args)?).clone();
    dict.insert(super::key(args.required("key")?)?, args.required("value")?);
    Ok(Value::Dict(Arc::new(dict)))
}
