//! Reading JSON as the API's older half does: null is what is absent, and types are kept to.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};
use weir_database::{DatabaseError, Row};

use crate::CatalogError;

/// For `deserialize_with`: null is the default.
pub(super) fn lenient<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A part of a request's or a row's JSON.
///
/// # Errors
/// Invalid, with what is wrong.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, CatalogError> {
    serde_json::from_value(value.clone()).map_err(|error| CatalogError::Monitoring(error.to_string()))
}

/// The text under a key; `""` if there is none.
///
/// # Errors
/// Invalid, if there is something else.
pub(super) fn text(value: &Value, key: &str) -> Result<String, CatalogError> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(CatalogError::Monitoring(format!("{key} must be a text"))),
    }
}

/// A float as the API writes it: without a fraction where there is none.
pub(super) fn number(value: f64) -> Value {
    // Up to here every whole number is exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A column that holds JSON.
///
/// # Errors
/// The database's.
pub(super) fn column(row: &Row, name: &str) -> weir_model::Result<Value> {
    let wrong = |error: serde_json::Error| DatabaseError::Column {
        column: name.to_owned(),
        reason: error.to_string(),
    };
    Ok(serde_json::from_str(&row.get::<String, _>(name)?).map_err(wrong)?)
}
