//! Tags: what checks put on statuses, and what rules ask of them.

use serde::{Deserialize, Deserializer, Serialize};

use super::json::lenient;
use crate::CatalogError;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tag {
    /// Its key.
    #[serde(deserialize_with = "lenient")]
    pub key: String,
    /// Its value.
    #[serde(deserialize_with = "lenient")]
    pub value: String,
}

impl Tag {
    /// The tag of a `key:value` in a query; `None` for what does not read so.
    pub fn parse(text: &str) -> Option<Self> {
        let (key, value) = text.split_once(':')?;
        let word =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        (word(key) && word(value)).then(|| Self { key: key.to_owned(), value: value.to_owned() })
    }

    pub(super) fn check(&self) -> Result<(), CatalogError> {
        if self.key.is_empty() || self.value.is_empty() {
            return Err(CatalogError::Monitoring("tag must contain a key and a value".to_owned()));
        }
        Ok(())
    }
}

/// How a rule compares a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TagOperator {
    /// The value is this.
    #[default]
    Equal,
    /// The value is another.
    NotEqual,
    /// The value matches this expression.
    EqualRegex,
    /// The value does not match it.
    NotEqualRegex,
}

impl TagOperator {
    /// As the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::NotEqual => "notequal",
            Self::EqualRegex => "equalregex",
            Self::NotEqualRegex => "notequalregex",
        }
    }
}

impl<'de> Deserialize<'de> for TagOperator {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let all = [Self::Equal, Self::NotEqual, Self::EqualRegex, Self::NotEqualRegex];
        let found = all.into_iter().find(|operator| operator.as_str() == text);
        found.ok_or_else(|| serde::de::Error::custom("unrecognized operator"))
    }
}

/// What a rule asks of a tag of statuses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TagRule {
    /// The tag.
    #[serde(flatten)]
    pub tag: Tag,
    /// How it is compared.
    #[serde(deserialize_with = "lenient")]
    pub operator: TagOperator,
}
