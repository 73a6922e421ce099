//! Records and arguments.

use super::MAX_INLINE_ITEMS;
use super::comment::{comments, trailing_comments};
use super::doc::{Doc, cat, comma_list, line, line_if, line_or_nothing_if, nil};
use super::expression::{hang_expression, identifier};
use super::hang::{Hang, nested};
use super::literal::string_literal;
use crate::ast::{ObjectExpression, Property, PropertyKey};

pub(super) fn object(n: &ObjectExpression) -> Hang {
    properties(n, "{", "}")
}

/// A record as a call's arguments, without braces.
pub(super) fn arguments(n: &ObjectExpression) -> Hang {
    properties(n, "", "")
}

fn properties(n: &ObjectExpression, open: &str, close: &str) -> Hang {
    let hard = n.properties.len() > MAX_INLINE_ITEMS;
    let edge = line_or_nothing_if(hard);
    let braces = |s: &str| if s.is_empty() { nil() } else { Doc::from(s) };
    let head = match &n.with {
        None => edge.clone(),
        Some(with) => {
            let gap = if with.with.is_empty() { Doc::from(" ") } else { nil() };
            let gap_after = if n.properties.is_empty() { nil() } else { line_if(hard) };
            cat![identifier(&with.source), comments(&with.with), gap, "with", gap_after].group()
        }
    };
    let items = n.properties.iter().map(|p| cat![property(p), trailing_comments(&p.comma)]);
    let body = cat![head, comma_list(items, line_if(hard)), trailing_comments(&n.rbrace)];
    let prefix = cat![comments(&n.lbrace), braces(open)];
    Hang { affixes: vec![nested(prefix, cat![edge, braces(close)])], body }
}

fn property(n: &Property) -> Doc {
    let Some(value) = &n.value else { return property_key(&n.key) };
    let prefix = cat![property_key(&n.key), trailing_comments(&n.separator), ":"];
    hang_expression(value).prepend(line()).within(nested(prefix, nil())).doc()
}

pub(super) fn property_key(n: &PropertyKey) -> Doc {
    match n {
        PropertyKey::Identifier(n) => identifier(n),
        PropertyKey::String(n) => string_literal(n),
    }
}
