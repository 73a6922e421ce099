//! `experimental/record`: records whose fields are not known when the script is written.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::natives;
use crate::value::{Record, Value};

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/record", name: "record", members: &[&ANY, &GET] };

static ANY: Definition = Definition {
    package: "experimental/record",
    name: "any",
    signature: "A where A: Record",
    doc: "A record without fields that passes for any record, as a default for parameters.",
    body: Body::Constant(|| Value::Record(Arc::new(Record::new()))),
};

natives! { "experimental/record":
    GET = "get", "(r: A, key: string, default: B) => B where A: Record",
        "The field of a record with this label, or `default` if there is none.", get;
}

fn get(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (r, key): (Arc<Record>, Arc<str>) = (args.required("r")?, args.required("key")?);
    match r.get(&key) {
        Some(value) if !value.is_null() => Ok(value.clone()),
        _ => args.required("default"),
    }
}
