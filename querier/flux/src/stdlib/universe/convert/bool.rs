//! `bool(v:)`.

use weir_table::ColumnType;

use super::{cannot, convert};
use crate::error::{FluxError, Result};
use crate::registry::{Body, Definition};
use crate::value::{Value, quoted};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "bool",
    signature: "(v: A) => bool",
    doc: "Converts to bool: the texts \"true\" and \"false\", and the numbers 1 and 0.",
    body: Body::Native(|args, _| to_bool(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_bool(value: &Value) -> Result<Value> {
    convert(value, Some(ColumnType::Bool), |value| {
        let number = |is_zero: bool, is_one: bool, text: String| match (is_zero, is_one) {
            (true, _) => Ok(Value::Bool(false)),
            (_, true) => Ok(Value::Bool(true)),
            _ => Err(FluxError::invalid(format!("cannot convert {text} to bool, must be 0 or 1"))),
        };
        match value {
            Value::Bool(_) => Ok(value.clone()),
            Value::Int(n) => number(*n == 0, *n == 1, format!("int {n}")),
            Value::UInt(n) => number(*n == 0, *n == 1, format!("uint {n}")),
            Value::Float(n) => number(*n == 0.0, *n == 1.0, format!("float {n:.6}")),
            Value::String(s) => match &**s {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(FluxError::invalid(format!("cannot convert string {} to bool", quoted(s)))),
            },
            other => Err(cannot(other, "bool")),
        }
    })
}
