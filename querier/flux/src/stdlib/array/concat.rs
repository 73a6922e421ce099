//! `array.concat(arr:, v:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "array",
    name: "concat",
    signature: "(<-arr: [A], v: [A]) => [A]",
    doc: "One array after the other.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let arr: Arc<Vec<Value>> = args.pipe("arr")?;
    let v: Arc<Vec<Value>> = args.required("v")?;
    Ok(Value::array(arr.iter().chain(v.iter()).cloned().collect()))
}
