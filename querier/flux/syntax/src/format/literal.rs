//! Literals.

use super::comment::comments;
use super::doc::{Doc, cat, concat, intersperse, nil, raw_line, text, verbatim};
use super::expression::expression;
use super::hang::{Hang, nested};
use crate::ast::{Expression, LabelLiteral, StringExpression, StringExpressionPart, StringLiteral};
use crate::text::{escape, format_date_time};

/// A literal without its comments.
pub(super) fn literal(e: &Expression) -> Doc {
    match e {
        Expression::Integer(n) => text(n.value.to_string()),
        Expression::Uint(n) => text(n.value.to_string()),
        Expression::Float(n) => {
            let mut s = n.value.to_string();
            if !s.contains('.') {
                s.push_str(".0");
            }
            text(s)
        }
        Expression::Duration(n) => {
            text(n.values.iter().map(|d| format!("{}{}", d.magnitude, d.unit)).collect::<String>())
        }
        Expression::Boolean(n) => text(n.value.to_string()),
        Expression::DateTime(n) => text(format_date_time(n.value, n.offset)),
        Expression::Regexp(n) if n.value.is_empty() => Doc::from("/(?:)/"),
        Expression::Regexp(n) => verbatim(format!("/{}/", n.value.replace('/', "\\/"))),
        Expression::PipeLit(_) => Doc::from("<-"),
        Expression::Label(n) => label(n),
        _ => nil(),
    }
}

pub(super) fn label(n: &LabelLiteral) -> Doc {
    let mut chars = n.value.chars();
    let plain = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && !crate::scanner::is_keyword(&n.value);
    if plain { text(format!(".{}", n.value)) } else { verbatim(format!(".\"{}\"", escape(&n.value))) }
}

pub(super) fn string_literal(n: &StringLiteral) -> Doc {
    hang_string(n).doc()
}

/// A string as it stood in the source if that is known.
pub(super) fn hang_string(n: &StringLiteral) -> Hang {
    let before = comments(&n.base.comments);
    let source = n.base.location.text();
    if source.is_empty() {
        let quote = || Doc::from("\"");
        Hang { affixes: vec![nested(cat![before, quote()], quote())], body: verbatim(escape(&n.value)) }
    } else {
        Hang::plain(cat![before, verbatim(source)])
    }
}

/// A string with interpolation, also as it stood: checks and rules hold templates that users wrote.
pub(super) fn string_expression(n: &StringExpression) -> Hang {
    let source = n.base.location.text();
    if !source.is_empty() {
        return Hang::plain(cat![comments(&n.base.comments), verbatim(source)]);
    }
    let parts = n.parts.iter().map(|part| match part {
        StringExpressionPart::Text(n) => {
            intersperse(n.value.split('\n').map(|line| verbatim(escape(line))), &raw_line())
        }
        StringExpressionPart::Interpolated(n) => cat!["${", expression(&n.expression), "}"],
    });
    let body = concat(parts);
    Hang { affixes: vec![nested(cat![comments(&n.base.comments), "\""], Doc::from("\""))], body }
}
