//! `types.isType` and `types.isNumeric`.

use std::sync::Arc;

use weir_table::ColumnType;

use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "types":
    IS_TYPE = "isType", "(v: A, type: string) => bool where A: Basic",
        "Whether a value is of the type with this name; false for a name that no type has.",
        |args, _| {
            let (v, name): (Value, Arc<str>) = (args.required("v")?, args.required("type")?);
            Ok(Value::Bool(type_name(&v) == &*name))
        };
    IS_NUMERIC = "isNumeric", "(v: A) => bool where A: Basic",
        "Whether a value is an int, a uint or a float.",
        |args, _| {
            let v: Value = args.required("v")?;
            Ok(Value::Bool(matches!(type_name(&v), "int" | "uint" | "float")))
        };
}

/// The type of a value; a null out of a column has the column's.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null(Some(ty)) => ColumnType::name(*ty),
        other => other.nature(),
    }
}
