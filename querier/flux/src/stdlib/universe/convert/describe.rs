//! The type of a value, as Flux writes types.

use crate::stdlib::universe::display::type_of_function;
use crate::value::Value;

/// The type of a value: `int`, `{x: int}`, `[string]`.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null(Some(ty)) => ty.name().to_owned(),
        Value::Array(items) => format!("[{}]", items.first().map_or_else(|| "A".to_owned(), describe)),
        Value::Record(record) => {
            let mut fields: Vec<_> = record.iter().map(|(k, v)| format!("{k}: {}", describe(v))).collect();
            fields.sort();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Dict(dict) => match dict.iter().next() {
            Some((k, v)) => format!("[{}: {}]", describe(&k.0), describe(v)),
            None => "[A: B]".to_owned(),
        },
        Value::Function(function) => type_of_function(function).unwrap_or_else(|| value.nature().to_owned()),
        other => other.nature().to_owned(),
    }
}
