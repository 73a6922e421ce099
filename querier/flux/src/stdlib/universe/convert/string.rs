//! `string(v:)`.

use weir_table::ColumnType;

use super::{cannot, convert};
use crate::error::{FluxError, Result};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "string",
    signature: "(v: A) => string",
    doc: "Converts to text. Bytes must be UTF-8.",
    body: Body::Native(|args, _| to_string(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_string(value: &Value) -> Result<Value> {
    convert(value, Some(ColumnType::String), |value| match value {
        Value::String(_) => Ok(value.clone()),
        Value::Bool(_)
        | Value::Int(_)
        | Value::UInt(_)
        | Value::Float(_)
        | Value::Time(_)
        | Value::Duration(_) => Ok(Value::from(value.to_string())),
        Value::Bytes(b) => match std::str::from_utf8(b) {
            Ok(text) => Ok(Value::from(text)),
            Err(_) => {
                Err(FluxError::invalid("bytes contained non utf8 bytes, cannot be converted into a string"))
            }
        },
        other => Err(cannot(other, "string")),
    })
}
