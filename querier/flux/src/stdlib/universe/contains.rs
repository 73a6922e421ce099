//! `contains(value:, set:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "contains",
    signature: "(value: A, set: [A]) => bool where A: Nullable",
    doc: "Whether an array has an element that equals a value.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let value: Value = args.required("value")?;
    let set: Arc<Vec<Value>> = args.required("set")?;
    Ok(Value::Bool(set.contains(&value)))
}
