//! `bytes(v:)`.

use super::{cannot, convert};
use crate::error::Result;
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "bytes",
    signature: "(v: A) => bytes",
    doc: "The bytes of a text.",
    body: Body::Native(|args, _| to_bytes(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_bytes(value: &Value) -> Result<Value> {
    convert(value, None, |value| match value {
        Value::String(s) => Ok(Value::Bytes(s.as_bytes().into())),
        other => Err(cannot(other, "bytes")),
    })
}
