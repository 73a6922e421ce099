//! `objectKeys(o:)`.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::{Record, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "objectKeys",
    signature: "(o: A) => [string] where A: Record",
    doc: "The labels of a record.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let record: Arc<Record> = args.required("o")?;
    Ok(Value::array(record.iter().map(|(label, _)| Value::String(Arc::clone(label))).collect()))
}
