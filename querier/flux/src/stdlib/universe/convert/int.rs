//! `int(v:)`.

use weir_table::{ColumnType, text};

use super::{bad_syntax, cannot, convert};
use crate::error::Result;
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "int",
    signature: "(v: A) => int",
    doc: "Converts to int: numbers without their fraction, texts of integers, times and durations as nanoseconds.",
    body: Body::Native(|args, _| to_int(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_int(value: &Value) -> Result<Value> {
    convert(value, Some(ColumnType::Int), |value| match value {
        Value::Int(_) => Ok(value.clone()),
        Value::UInt(n) => Ok(Value::Int(n.cast_signed())),
        Value::Float(n) => Ok(Value::Int(truncate(*n))),
        Value::Bool(b) => Ok(Value::Int(i64::from(*b))),
        Value::Time(t) => Ok(Value::Int(*t)),
        Value::Duration(d) => Ok(Value::Int(d.mean_nanoseconds())),
        Value::String(s) => text::parse_int(s).map(Value::Int).ok_or_else(|| bad_syntax(s, "int")),
        other => Err(cannot(other, "int")),
    })
}

/// The integer part; what does not fit becomes the least integer, as on the incumbent's hardware.
pub(crate) fn truncate(n: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&n) { n as i64 } else { i64::MIN }
}
