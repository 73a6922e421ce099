//! `json.parse(data:)`.

use std::sync::Arc;

use serde_json::Value as Json;

use super::fault;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::stdlib::universe::convert::describe;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental/json",
    name: "parse",
    signature: "(data: bytes) => A",
    doc: "Reads JSON: objects become records, numbers floats. The script must know what it will find.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let data: Arc<[u8]> = args.required("data")?;
    value(&read(&data)?)
}

/// Reads a JSON document.
pub(crate) fn read(data: &[u8]) -> Result<Json> {
    serde_json::from_slice(data)
        .map_err(|e| FluxError::internal(fault::of(data).unwrap_or_else(|| format!("invalid JSON: {e}"))))
}

fn value(json: &Json) -> Result<Value> {
    Ok(match json {
        Json::Null => Value::Null(None),
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Float(n.as_f64().unwrap_or(f64::NAN)),
        Json::String(s) => Value::from(s.as_str()),
        Json::Array(items) => array(items)?,
        Json::Object(fields) => {
            let fields: Result<Vec<_>> = fields.iter().map(|(k, v)| Ok((k.as_str(), value(v)?))).collect();
            Value::record(fields?)
        }
    })
}

/// An array, whose elements must be of one type.
fn array(items: &[Json]) -> Result<Value> {
    let items = items.iter().map(value).collect::<Result<Vec<_>>>()?;
    let mut types = items.iter().filter(|item| !item.is_null()).map(describe);
    if let Some(first) = types.next()
        && types.any(|other| other != first)
    {
        return Err(FluxError::invalid("array values must all be the same type"));
    }
    Ok(Value::array(items))
}
