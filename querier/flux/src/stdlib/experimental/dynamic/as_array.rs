//! `dynamic.asArray(v:)`.

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::stdlib::universe::convert::describe;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental/dynamic",
    name: "asArray",
    signature: "(<-v: dynamic) => [dynamic]",
    doc: "The elements of a dynamic array.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    match &*super::argument(args)? {
        Value::Array(items) => Ok(Value::Array(std::sync::Arc::clone(items))),
        Value::Null(_) => Err(FluxError::invalid("unable to convert <null> to array")),
        other => Err(FluxError::invalid(format!("unable to convert {} to array", describe(other)))),
    }
}
