//! JSON into Rust's types as loosely as the reference's decoder takes it: names of members in any case, `null` as if
//! the member were not there or, in lists and maps, as the empty value of its type, and of members that stand twice
//! the last.

use std::collections::BTreeMap;

use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Error, Map, Value, json};
use weir_model::IdError;

/// The value as a `T`.
///
/// # Errors
/// It is of another type; the text says at which member.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    T::deserialize(Loose(value))
}

/// Methods that take a value of a type, or the type's empty one for `null`.
macro_rules! empty_if_null {
    ($($method:ident: $empty:tt,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0 {
                Value::Null => Self(json!($empty)).deserialize_any(visitor),
                value => Self(value).deserialize_any(visitor),
            }
        }
    )*};
}

/// A value on its way into a type.
struct Loose(Value);

impl<'de> Deserializer<'de> for Loose {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(members) => visitor.visit_map(Members { rest: members.into_iter(), value: None }),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(Self(value)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(members) => {
                visitor.visit_map(Fields { rest: known(members, fields).into_iter(), value: None })
            }
            Value::Null => Self(json!({})).deserialize_struct(name, fields, visitor),
            // Field by field in their order, an array would be taken for an object.
            Value::Array(_) => Err(Error::custom("an object is expected, not an array")),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    empty_if_null! {
        deserialize_bool: false,
        deserialize_i32: 0,
        deserialize_i64: 0,
        deserialize_u32: 0,
        deserialize_u64: 0,
        deserialize_f64: 0.0,
        deserialize_str: "",
        deserialize_string: "",
        deserialize_seq: [],
        deserialize_map: {},
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// The members that `fields` names, in any case; one of the very name goes before others.
fn known(members: Map<String, Value>, fields: &[&'static str]) -> BTreeMap<&'static str, Value> {
    let mut found = BTreeMap::new();
    let mut exact = Vec::new();
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
        if let Some(field) = fields.iter().find(|field| **field == name) {
            exact.push((*field, value));
        } else if let Some(field) = fields.iter().find(|field| field.eq_ignore_ascii_case(&name)) {
            found.insert(*field, value);
        }
    }
    found.extend(exact);
    found
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(Loose(item))).transpose()
    }
}

/// The members of an object that any names may be in.
struct Members {
    rest: serde_json::map::IntoIter,
    value: Option<Value>,
}

impl<'de> MapAccess<'de> for Members {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Loose(self.value.take().unwrap_or_default()))
    }
}

/// The members of an object that stands for a struct.
struct Fields {
    rest: std::collections::btree_map::IntoIter<&'static str, Value>,
    value: Option<(&'static str, Value)>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some((name, value));
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let (name, value) = self.value.take().unwrap_or_default();
        seed.deserialize(Loose(value)).map_err(|error| {
            let text = error.to_string();
            // What is wrong with an id is told without its name, as in the reference.
            let of_an_id = [IdError::Length, IdError::Invalid].iter().any(|error| error.to_string() == text);
            Error::custom(if of_an_id { text } else { format!("{name}: {text}") })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Outer {
        org_id: String,
        #[serde(default)]
        count: i32,
        inner: Option<Inner>,
        #[serde(default)]
        any: Value,
        #[serde(default)]
        list: Vec<Inner>,
        #[serde(default)]
        words: BTreeMap<String, String>,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Inner {
        name: Option<String>,
    }

    #[test]
    fn members_are_found_as_the_reference_finds_them() {
        let told = |text: &str| match from_value::<Outer>(serde_json::from_str(text).unwrap()) {
            Ok(Outer { org_id, count, inner, any, list, words }) => {
                let names = inner.iter().chain(&list).map(|inner| inner.name.as_deref().unwrap_or("-"));
                let names = names.chain(words.iter().flat_map(|(key, word)| [&key[..], &word[..]]));
                format!("{org_id} {count} [{}] {any}", names.collect::<Vec<_>>().join(" "))
            }
            Err(error) => error.to_string(),
        };
        for (text, want) in [
            (r#"{"orgID": "a", "COUNT": 2}"#, "a 2 [] null"),
            (r#"{"orgId": "a", "ORGID": "b"}"#, "a 0 [] null"),
            (r#"{"orgid": "a", "orgid": "b", "count": null}"#, "b 0 [] null"),
            (r#"{"orgId": "a", "inner": {"Name": "x"}, "List": [{"NAME": "y"}, {}]}"#, "a 0 [x y -] null"),
            (r#"{"orgId": "a", "inner": null, "any": {"Kept": null}}"#, r#"a 0 [] {"Kept":null}"#),
            (r#"{"orgId": "a", "list": [null], "words": {"k": null}}"#, "a 0 [- k ] null"),
            (r#"{"orgId": 5}"#, "orgId: invalid type: integer `5`, expected a string"),
            (r#"{"orgId": "a", "inner": []}"#, "inner: an object is expected, not an array"),
            (r#"{"orgId": "a", "count": 1.5}"#, "count: invalid type: floating point `1.5`, expected i32"),
            ("{}", "missing field `orgId`"),
        ] {
            assert_eq!(told(text), want, "{text}");
        }
    }
}
