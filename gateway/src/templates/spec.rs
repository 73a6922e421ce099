//! Values of a template, read leniently: what is of another type is absent, as in the reference.

use serde_json::{Map, Value};

/// An object of a template.
pub(crate) type Object = Map<String, Value>;

/// A text; numbers are texts too.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(float) if number.is_f64() => format!("{float}"),
            _ => number.to_string(),
        }),
        _ => None,
    }
}

/// A number without a fraction where it has none: `2.0` is written as `2`.
pub(crate) fn shortest(number: f64) -> Value {
    // Up to here every whole number is exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return Value::from(number as i64);
    }
    Value::from(number)
}

/// Reading of objects.
pub(crate) trait Read {
    /// The text under `key`, or none.
    fn text(&self, key: &str) -> String;
    /// The text in lower case without surrounding space.
    fn word(&self, key: &str) -> String;
    /// The text in upper case without surrounding space.
    fn capitals(&self, key: &str) -> String;
    /// The flag under `key`.
    fn flag(&self, key: &str) -> bool;
    /// The whole number under `key`; fractions are cut off.
    fn whole(&self, key: &str) -> Option<i64>;
    /// The number under `key`, else 0.
    fn number(&self, key: &str) -> f64;
    /// The duration under `key` in nanoseconds, else 0.
    fn duration(&self, key: &str) -> i64;
    /// The object under `key`.
    fn object(&self, key: &str) -> Option<&Object>;
    /// The objects of the list under `key`.
    fn objects(&self, key: &str) -> Vec<&Object>;
    /// The texts of the list under `key`; `None` if there is no list.
    fn texts(&self, key: &str) -> Option<Vec<String>>;
}

impl Read for Object {
    fn text(&self, key: &str) -> String {
        self.get(key).and_then(text_of).unwrap_or_default()
    }

    fn word(&self, key: &str) -> String {
        self.text(key).trim().to_lowercase()
    }

    fn capitals(&self, key: &str) -> String {
        self.text(key).trim().to_uppercase()
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    fn whole(&self, key: &str) -> Option<i64> {
        let value = self.get(key)?;
        value.as_i64().or_else(|| value.as_f64().map(|float| float as i64))
    }

    fn number(&self, key: &str) -> f64 {
        self.get(key).and_then(Value::as_f64).unwrap_or_default()
    }

    fn duration(&self, key: &str) -> i64 {
        super::durations::parse(&self.text(key)).unwrap_or_default()
    }

    fn object(&self, key: &str) -> Option<&Object> {
        self.get(key)?.as_object()
    }

    fn objects(&self, key: &str) -> Vec<&Object> {
        let all = self.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        all.iter().filter_map(Value::as_object).collect()
    }

    fn texts(&self, key: &str) -> Option<Vec<String>> {
        let all = self.get(key)?.as_array()?;
        Some(all.iter().filter_map(text_of).collect())
    }
}

/// Writing of objects: what is empty is left out.
pub(crate) trait Write {
    /// A value, if it is not empty: no null, `false`, 0, `""`, `[]`.
    fn put(&mut self, key: &str, value: impl Into<Value>);
}

impl Write for Object {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        let empty = match &value {
            Value::Null | Value::Bool(false) => true,
            Value::Bool(true) | Value::Object(_) => false,
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::String(text) => text.is_empty(),
            Value::Array(all) => all.is_empty(),
        };
        if !empty {
            self.insert(key.to_owned(), value);
        }
    }
}
