//! `float(v:)`.

use weir_table::{ColumnType, text};

use super::{bad_syntax, cannot, convert};
use crate::error::Result;
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "float",
    signature: "(v: A) => float",
    doc: "Converts to float: numbers, texts of numbers, and true and false as 1 and 0.",
    body: Body::Native(|args, _| to_float(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_float(value: &Value) -> Result<Value> {
    convert(value, Some(ColumnType::Float), |value| match value {
        Value::Float(_) => Ok(value.clone()),
        Value::Int(n) => Ok(Value::Float(*n as f64)),
        Value::UInt(n) => Ok(Value::Float(*n as f64)),
        Value::Bool(b) => Ok(Value::Float(f64::from(u8::from(*b)))),
        Value::String(s) => text::parse_float(s).map(Value::Float).ok_or_else(|| bad_syntax(s, "float")),
        other => Err(cannot(other, "float")),
    })
}
