//! `display(v:)`.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "display",
    signature: "(v: A) => string",
    doc: "Shows any value as text, for people. The form is not fixed.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let v: Value = args.required("v")?;
    Ok(Value::from(v.to_string()))
}
