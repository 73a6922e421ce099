//! `uint(v:)`.

use weir_table::{ColumnType, text};

use super::{bad_syntax, cannot, convert, int};
use crate::error::Result;
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "uint",
    signature: "(v: A) => uint",
    doc: "Converts to uint: as `int` does; negative numbers wrap around.",
    body: Body::Native(|args, _| to_uint(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_uint(value: &Value) -> Result<Value> {
    convert(value, Some(ColumnType::UInt), |value| match value {
        Value::UInt(_) => Ok(value.clone()),
        Value::Int(n) => Ok(Value::UInt(n.cast_unsigned())),
        Value::Float(n) => Ok(Value::UInt(truncate(*n))),
        Value::Bool(b) => Ok(Value::UInt(u64::from(*b))),
        Value::Time(t) => Ok(Value::UInt(t.cast_unsigned())),
        Value::Duration(d) => Ok(Value::UInt(d.mean_nanoseconds().cast_unsigned())),
        Value::String(s) => text::parse_uint(s).map(Value::UInt).ok_or_else(|| bad_syntax(s, "uint")),
        other => Err(cannot(other, "uint")),
    })
}

/// The integer part of a float, wrapped around below zero.
pub(crate) fn truncate(n: f64) -> u64 {
    const HALF: f64 = 9_223_372_036_854_775_808.0;
    if (HALF..2.0 * HALF).contains(&n) { n as u64 } else { int::truncate(n).cast_unsigned() }
}
