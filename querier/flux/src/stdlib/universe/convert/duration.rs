//! `duration(v:)`.

use weir_table::time::Duration;

use super::{bad_syntax, cannot, convert};
use crate::error::Result;
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "duration",
    signature: "(v: A) => duration",
    doc: "Converts to duration: text such as \"1h30m\", and numbers of nanoseconds.",
    body: Body::Native(|args, _| to_duration(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_duration(value: &Value) -> Result<Value> {
    convert(value, None, |value| match value {
        Value::Duration(_) => Ok(value.clone()),
        Value::Int(n) => Ok(Value::Duration(Duration::from_nanoseconds(*n))),
        Value::UInt(n) => Ok(Value::Duration(Duration::from_nanoseconds(n.cast_signed()))),
        Value::String(s) => Duration::parse(s).map(Value::Duration).ok_or_else(|| bad_syntax(s, "duration")),
        other => Err(cannot(other, "duration")),
    })
}
