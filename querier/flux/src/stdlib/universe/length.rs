//! `length(arr:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "length",
    signature: "(<-arr: [A]) => int",
    doc: "How many elements an array has.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let arr: Arc<Vec<Value>> = args.pipe("arr")?;
    Ok(Value::Int(arr.len() as i64))
}
