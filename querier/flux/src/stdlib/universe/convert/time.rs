//! `time(v:)`.

use weir_table::{ColumnType, text};

use super::{cannot, convert};
use crate::error::{FluxError, Result};
use crate::registry::{Body, Definition};
use crate::value::{Value, quoted};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "time",
    signature: "(v: A) => time",
    doc: "Converts to time: texts in RFC 3339 or dates, and integers as nanoseconds since 1970.",
    body: Body::Native(|args, _| to_time(&args.required("v")?)),
};

/// Converts a value.
pub(crate) fn to_time(value: &Value) -> Result<Value> {
    convert(value, Some(ColumnType::Time), |value| match value {
        Value::Time(_) => Ok(value.clone()),
        Value::Int(n) => Ok(Value::Time(*n)),
        Value::UInt(n) => Ok(Value::Time(n.cast_signed())),
        Value::String(s) => text::parse_time(s).map(Value::Time).ok_or_else(|| {
            FluxError::invalid(format!(
                "cannot convert string {} to time due to invalid syntax: cannot parse date{}",
                quoted(s),
                if s.contains('T') { " time" } else { "" }
            ))
        }),
        other => Err(cannot(other, "time")),
    })
}
