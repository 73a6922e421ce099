//! `dynamic.dynamic(v:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::{Record, Value, limits};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental/dynamic",
    name: "dynamic",
    signature: "(v: A) => dynamic",
    doc: "The value as a dynamic one, and all within it.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let v: Value = args.required("v")?;
    limits::whole(&v)?;
    wrap(&v)
}

fn wrap(value: &Value) -> Result<Value> {
    let inner = match value {
        Value::Dynamic(_) => return Ok(value.clone()),
        Value::Array(items) => Value::array(items.iter().map(wrap).collect::<Result<_>>()?),
        Value::Record(record) => {
            let fields: Result<Record> = record.iter().map(|(k, v)| Ok((Arc::clone(k), wrap(v)?))).collect();
            Value::Record(Arc::new(fields?))
        }
        basic => basic.clone(),
    };
    Ok(Value::Dynamic(Arc::new(inner)))
}
