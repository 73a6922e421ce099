//! `array.map(arr:, fn:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "array",
    name: "map",
    signature: "(<-arr: [A], fn: (x: A) => B) => [B]",
    doc: "What `fn` makes of each element.",
    body: Body::Native(call),
};

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let arr: Arc<Vec<Value>> = args.pipe("arr")?;
    let f = args.function("fn")?;
    let items: Result<Vec<_>> = arr
        .iter()
        .map(|item| cx.call(&f, Args::new([("x", item.clone())]).at(args.location.clone())))
        .collect();
    Ok(Value::array(items?))
}
