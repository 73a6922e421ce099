//! Conversions between basic types. Null stays null; a dynamic value converts as what it holds.

pub(crate) mod bool;
pub(crate) mod bytes;
mod describe;
pub(crate) mod duration;
pub(crate) mod float;
pub(crate) mod int;
pub(crate) mod string;
mod tables;
pub(crate) mod time;
pub(crate) mod uint;

use weir_table::ColumnType;

use crate::error::{FluxError, Result};
use crate::value::{Value, quoted};

pub(crate) use describe::describe;
pub(crate) use tables::{TO_BOOL, TO_FLOAT, TO_INT, TO_STRING, TO_TIME, TO_UINT};

/// Converts one value, with what all conversions have in common.
fn convert(value: &Value, ty: Option<ColumnType>, f: impl Fn(&Value) -> Result<Value>) -> Result<Value> {
    match value {
        Value::Null(_) => Ok(Value::Null(ty)),
        Value::Dynamic(inner) => convert(inner, ty, f),
        other => f(other),
    }
}

fn cannot(value: &Value, to: &str) -> FluxError {
    FluxError::invalid(format!("cannot convert {} to {to}", describe(value)))
}

fn bad_syntax(text: &str, to: &str) -> FluxError {
    FluxError::invalid(format!("cannot convert string {} to {to} due to invalid syntax", quoted(text)))
}
