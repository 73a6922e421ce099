//! The properties of views, typed: what a chart knows is kept and defaulted, everything else is dropped.

mod kinds;
mod shape;

use serde_json::{Map, Value, json};

use crate::CatalogError;

/// The properties of a view, complete and of a known type.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewProperties(Value);

impl Default for ViewProperties {
    /// Those of a view that has not been chosen yet.
    fn default() -> Self {
        Self(json!({"shape": "empty"}))
    }
}

impl ViewProperties {
    /// Checks and completes properties as a request gives them. None or an empty object are those of no view yet.
    ///
    /// # Errors
    /// [`CatalogError::ViewProperties`]: the type is unknown, or a property is of another type than it must be.
    pub fn new(given: &Value) -> Result<Self, CatalogError> {
        let refuse = |text: String| Err(CatalogError::ViewProperties(text));
        let empty = Map::new();
        let given = match given {
            Value::Null => &empty,
            Value::Object(given) => given,
            _ => return refuse("view properties must be an object".to_owned()),
        };
        let text = |key: &str| given.get(key).and_then(Value::as_str).unwrap_or_default();
        match text("shape") {
            "chronograf-v2" => {}
            "" | "empty" => return Ok(Self::default()),
            other => return refuse(format!("unknown shape {other:?}")),
        }
        // A type nobody knows has no properties.
        let Some(fields) = kinds::fields_of(text("type")) else { return Ok(Self::default()) };
        match shape::complete(fields, given) {
            Ok(complete) => Ok(Self(Value::Object(complete))),
            Err(place) => refuse(format!("view property {place} is of another type than it must be")),
        }
    }

    /// As they were stored: complete already.
    pub(crate) fn stored(value: Value) -> Self {
        Self(value)
    }

    /// The properties as JSON.
    pub fn json(&self) -> &Value {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_dropped_and_what_is_absent_gets_its_default() {
        let view = json!({"nonsense": 1, "type": "single-stat", "shape": "chronograf-v2", "suffix": "ms",
            "colors": [{"hex": "#fff", "value": 2.0}], "decimalPlaces": {"digits": 2}});
        let view = ViewProperties::new(&view).unwrap();
        let want = json!({"shape": "chronograf-v2", "type": "single-stat", "queries": null, "prefix": "",
            "tickPrefix": "", "suffix": "ms", "tickSuffix": "",
            "colors": [{"id": "", "type": "", "hex": "#fff", "name": "", "value": 2}],
            "decimalPlaces": {"isEnforced": false, "digits": 2}, "note": "", "showNoteWhenEmpty": false});
        assert_eq!(view.json(), &want);
        assert_eq!(ViewProperties::new(view.json()).unwrap(), view);
    }

    #[test]
    fn refusals_name_the_place() {
        let refusal = |view: Value| ViewProperties::new(&view).unwrap_err().to_string();
        let shape = "chronograf-v2";
        let pie = ViewProperties::new(&json!({"shape": shape, "type": "pie"})).unwrap();
        assert_eq!(pie, ViewProperties::default());
        assert_eq!(refusal(json!({"shape": "old"})), "unknown shape \"old\"");
        let bad = json!({"shape": shape, "type": "xy", "queries": [{"text": 5}]});
        assert!(refusal(bad).contains("queries.text"));
        assert_eq!(ViewProperties::new(&Value::Null).unwrap(), ViewProperties::default());
    }
}
