//! The kinds of values that bodies are made of.

use serde_json::{Map, Value, json};

/// A schema that has a name.
pub(super) fn of(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// 16 hexadecimal digits, not all zero.
pub(super) fn id() -> Value {
    json!({"type": "string", "pattern": "^[0-9a-f]{16}$", "example": "0000000000000001"})
}

/// A text.
pub(super) fn text() -> Value {
    json!({"type": "string"})
}

/// A text that is not empty.
pub(super) fn some_text() -> Value {
    json!({"type": "string", "minLength": 1})
}

/// One of a few words.
pub(super) fn word(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

/// A moment in RFC 3339.
pub(super) fn time() -> Value {
    json!({"type": "string", "format": "date-time"})
}

/// A whole number.
pub(super) fn number() -> Value {
    json!({"type": "integer", "format": "int64"})
}

/// A whole number from a range.
pub(super) fn from_to(least: i64, most: i64) -> Value {
    json!({"type": "integer", "format": "int64", "minimum": least, "maximum": most})
}

/// Yes or no.
pub(super) fn flag() -> Value {
    json!({"type": "boolean"})
}

/// Anything at all.
pub(super) fn any() -> Value {
    json!({})
}

/// An object of which nothing is said.
pub(super) fn some_object() -> Value {
    json!({"type": "object"})
}

/// Any number of values.
pub(super) fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

/// At least one value.
pub(super) fn some(of: Value) -> Value {
    json!({"type": "array", "items": of, "minItems": 1})
}

/// Values by name.
pub(super) fn map(of: Value) -> Value {
    json!({"type": "object", "additionalProperties": of})
}

/// The value, or null.
pub(super) fn or_null(mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        return json!({"nullable": true, "allOf": [schema]});
    }
    schema["nullable"] = json!(true);
    schema
}

/// One of several.
pub(super) fn either(schemas: &[Value]) -> Value {
    json!({"anyOf": schemas})
}

/// Where more is to be found.
pub(super) fn links() -> Value {
    map(text())
}

/// Members by name; a name that ends in `!` is always there.
pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in members {
        let plain = name.trim_end_matches('!');
        if plain.len() < name.len() {
            required.push(plain.to_owned());
        }
        properties.insert(plain.to_owned(), schema);
    }
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}
