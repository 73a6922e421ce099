//! `array.filter(arr:, fn:)`.

use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "array",
    name: "filter",
    signature: "(<-arr: [A], fn: (x: A) => bool) => [A]",
    doc: "The elements for which `fn` is true.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let arr: Arc<Vec<Value>> = args.pipe("arr")?;
    let f = args.function("fn")?;
    let mut out = Vec::new();
    for item in arr.iter() {
        match cx.call(&f, Args::new([("x", item.clone())]).at(args.location.clone()))? {
            Value::Bool(true) => out.push(item.clone()),
            Value::Bool(false) | Value::Null(_) => {}
            other => return Err(FluxError::invalid(format!("expected bool but found {}", other.nature()))),
        }
    }
    Ok(Value::array(out))
}
