//! What a property may be, and how an object is brought into its shape.

use serde_json::{Map, Value, json};

/// A property of a view.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Left out when it is empty; otherwise it stands there with its default.
    pub(super) optional: bool,
}

/// The type of a property.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    Flag,
    Whole,
    Number,
    /// A list of texts; null by default, as are the other lists and the map.
    Texts,
    Numbers,
    Objects(&'static [Field]),
    /// Always there, with all its properties.
    Object(&'static [Field]),
    /// Objects by name.
    Map(&'static [Field]),
    /// Whatever it is.
    Any,
}

/// A property that always stands there.
pub(super) const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, optional: false }
}

/// A property that is left out when it is empty.
pub(super) const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, optional: true }
}

/// The object with exactly these properties, in this order.
///
/// # Errors
/// The place of a value that is of another type.
pub(super) fn complete(fields: &[Field], given: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut complete = Map::new();
    for field in fields {
        let value = given.get(field.name).unwrap_or(&Value::Null);
        let value = bring(field.kind, value).map_err(|place| match place.as_str() {
            "" => field.name.to_owned(),
            _ => format!("{}.{place}", field.name),
        })?;
        if !(field.optional && is_empty(&value)) {
            complete.insert(field.name.to_owned(), value);
        }
    }
    Ok(complete)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(_) => false,
    }
}

/// One value in its shape; null, as elsewhere in the API, is what is absent.
fn bring(kind: Kind, value: &Value) -> Result<Value, String> {
    let here = || Err(String::new());
    Ok(match (kind, value) {
        (Kind::Object(fields), Value::Null) => Value::Object(complete(fields, &Map::new())?),
        (Kind::Object(fields), Value::Object(object)) => Value::Object(complete(fields, object)?),
        (Kind::Text, Value::Null) => json!(""),
        (Kind::Flag, Value::Null) => json!(false),
        (Kind::Whole | Kind::Number, Value::Null) => json!(0),
        (Kind::Texts | Kind::Numbers | Kind::Objects(_) | Kind::Map(_), Value::Null) => Value::Null,
        (Kind::Any, any) => any.clone(),
        (Kind::Text, Value::String(_)) | (Kind::Flag, Value::Bool(_)) => value.clone(),
        (Kind::Whole, Value::Number(number)) if number.is_i64() || number.is_u64() => value.clone(),
        (Kind::Number, Value::Number(number)) => Value::Number(shortest(number)),
        (Kind::Texts, Value::Array(all)) if all.iter().all(Value::is_string) => value.clone(),
        (Kind::Numbers, Value::Array(all)) => {
            all.iter().map(|one| bring(Kind::Number, one)).collect::<Result<_, _>>()?
        }
        (Kind::Objects(fields), Value::Array(all)) => {
            all.iter().map(|one| bring(Kind::Object(fields), one)).collect::<Result<_, _>>()?
        }
        (Kind::Map(fields), Value::Object(all)) => {
            let each = |(name, one): (&String, &Value)| Ok((name.clone(), bring(Kind::Object(fields), one)?));
            Value::Object(all.iter().map(each).collect::<Result<_, String>>()?)
        }
        _ => return here(),
    })
}

/// The number without a fraction where it has none: `2.0` is written as `2`.
fn shortest(number: &serde_json::Number) -> serde_json::Number {
    // Up to here every whole number is exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float) if float.fract() == 0.0 && float.abs() < EXACT => (float as i64).into(),
        _ => number.clone(),
    }
}
