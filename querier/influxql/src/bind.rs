//! Bound parameters, as the JSON of a request gives them.

use serde_json::Value;
use weir_influxql_syntax::{Param, Params, parse_duration};

use crate::error::{InfluxQlError, Result};

/// Reads the parameters of a request; an empty text has none.
///
/// # Errors
/// Text that is no JSON object, or values that stand for nothing in InfluxQL.
pub fn parse_params(json: &str) -> Result<Params> {
    let mut out = Params::new();
    if json.is_empty() {
        return Ok(out);
    }
    let value: Value = serde_json::from_str(json).map_err(|error| {
        let why = if error.is_eof() { "unexpected EOF".to_owned() } else { error.to_string() };
        InfluxQlError::invalid(format!("error parsing query parameters: {why}"))
    })?;
    let Value::Object(map) = value else {
        return Err(InfluxQlError::invalid("error parsing query parameters: an object is expected"));
    };
    for (name, value) in map {
        out.insert(name, param(&value)?);
    }
    Ok(out)
}

fn param(value: &Value) -> Result<Param> {
    let bad = |what: &str| InfluxQlError::invalid(format!("error parsing json value: {what}"));
    Ok(match value {
        Value::String(text) => Param::String(text.clone()),
        Value::Bool(v) => Param::Boolean(*v),
        Value::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(v), ..) => Param::Integer(v),
            (_, Some(v), _) => Param::Unsigned(v),
            (_, _, Some(v)) if v.fract() == 0.0 && v.abs() >= 1.8e19 => {
                return Err(bad(&format!("strconv.ParseInt: parsing \"{v}\": value out of range")));
            }
            (_, _, Some(v)) => Param::Float(v),
            _ => return Err(bad("not a number")),
        },
        Value::Object(map) if map.len() == 1 => {
            let Some((kind, value)) = map.iter().next() else { return Err(bad("empty")) };
            match (kind.as_str(), value) {
                ("identifier", Value::String(text)) => Param::Identifier(text.clone()),
                ("ident", Value::String(text)) => Param::Identifier(text.clone()),
                ("string", Value::String(text)) => Param::String(text.clone()),
                ("regex", Value::String(text)) => Param::Regex(text.clone()),
                ("duration", Value::String(text)) if parse_duration(text).is_some() => {
                    Param::Duration(text.clone())
                }
                ("duration", Value::Number(n)) if n.as_i64().is_some_and(|v| v >= 0) => {
                    Param::Duration(format!("{n}ns"))
                }
                ("float" | "number", Value::Number(n)) => Param::Float(n.as_f64().unwrap_or_default()),
                ("integer" | "int", Value::Number(n)) if n.is_i64() => param(value)?,
                ("unsigned", Value::Number(n)) if n.is_u64() => param(value)?,
                (kind, _) => return Err(bad(&format!("unknown or malformed parameter of type {kind}"))),
            }
        }
        _ => return Err(bad("unsupported type")),
    })
}
