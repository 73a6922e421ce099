//! Arrays, dictionaries and records.

use super::{Base, Comment, Expression, Identifier, StringLiteral};

/// `[a, b]`.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrayExpression {
    /// Common parts.
    pub base: Base,
    /// Comments before `[`.
    pub lbrack: Vec<Comment>,
    /// The items.
    pub elements: Vec<ArrayItem>,
    /// Comments before `]`.
    pub rbrack: Vec<Comment>,
}

/// One item of an array.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrayItem {
    /// Its value.
    pub expression: Expression,
    /// Comments before the comma.
    pub comma: Vec<Comment>,
}

/// `[k: v]`.
#[derive(Debug, Clone, PartialEq)]
pub struct DictExpression {
    /// Common parts.
    pub base: Base,
    /// Comments before `[`.
    pub lbrack: Vec<Comment>,
    /// The items.
    pub elements: Vec<DictItem>,
    /// Comments before `]`.
    pub rbrack: Vec<Comment>,
}

/// One item of a dictionary.
#[derive(Debug, Clone, PartialEq)]
pub struct DictItem {
    /// The key.
    pub key: Expression,
    /// The value.
    pub val: Expression,
    /// Comments before the comma.
    pub comma: Vec<Comment>,
}

/// `{a: 1}`, `{r with a: 1}`; also the arguments of a call (without braces).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObjectExpression {
    /// Common parts.
    pub base: Base,
    /// Comments before `{`.
    pub lbrace: Vec<Comment>,
    /// The record that is extended.
    pub with: Option<WithSource>,
    /// The properties.
    pub properties: Vec<Property>,
    /// Comments before `}`.
    pub rbrace: Vec<Comment>,
}

/// `r with`.
#[derive(Debug, Clone, PartialEq)]
pub struct WithSource {
    /// The record.
    pub source: Identifier,
    /// Comments before `with`.
    pub with: Vec<Comment>,
}

/// `key: value`, `key`, or a parameter `key = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Common parts.
    pub base: Base,
    /// The key.
    pub key: PropertyKey,
    /// Comments before `:` or `=`.
    pub separator: Vec<Comment>,
    /// The value; none in shorthand.
    pub value: Option<Expression>,
    /// Comments before the comma.
    pub comma: Vec<Comment>,
}

/// A property's name.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyKey {
    /// `a`
    Identifier(Identifier),
    /// `"a b"`
    String(StringLiteral),
}

impl PropertyKey {
    /// The name itself.
    pub fn name(&self) -> &str {
        match self {
            Self::Identifier(i) => &i.name,
            Self::String(s) => &s.value,
        }
    }

    /// The common parts.
    pub fn base(&self) -> &Base {
        match self {
            Self::Identifier(i) => &i.base,
            Self::String(s) => &s.base,
        }
    }
}
