//! Expressions from JSON.

use std::sync::Arc;

use serde_json::Value;

use super::read::{Read, Reader, block};
use crate::ast::{
    ArrayExpression, ArrayItem, BadExpression, BinaryExpression, BooleanLiteral, CallExpression,
    ConditionalExpression, DateTimeLiteral, DictExpression, DictItem, Duration, DurationLiteral,
    DurationUnit, Expression, FloatLiteral, FunctionBody, FunctionExpression, Identifier, IndexExpression,
    IntegerLiteral, InterpolatedPart, LabelLiteral, LogicalExpression, LogicalOperator, MemberExpression,
    ObjectExpression, Operator, ParenExpression, PipeExpression, PipeLiteral, Property, PropertyKey,
    RegexpLiteral, StringExpression, StringExpressionPart, StringLiteral, TextPart, UnaryExpression,
    UnaryOperator, UnsignedIntegerLiteral, WithSource,
};
use crate::text;

pub(super) fn identifier(r: &Reader<'_>) -> Read<Identifier> {
    if r.kind()? != "Identifier" {
        return r.refuse("an Identifier is needed");
    }
    Ok(Identifier { base: r.base()?, name: r.text("name")? })
}

pub(super) fn string_literal(r: &Reader<'_>) -> Read<StringLiteral> {
    if r.kind()? != "StringLiteral" {
        return r.refuse("a StringLiteral is needed");
    }
    Ok(StringLiteral { base: r.base()?, value: r.text("value")? })
}

pub(super) fn label(r: &Reader<'_>) -> Read<LabelLiteral> {
    Ok(LabelLiteral { base: r.base()?, value: r.text("value")? })
}

pub(super) fn property_key(r: &Reader<'_>) -> Read<PropertyKey> {
    Ok(match r.kind()? {
        "Identifier" => PropertyKey::Identifier(identifier(r)?),
        "StringLiteral" => PropertyKey::String(string_literal(r)?),
        other => return r.refuse(format!("{other} is no property key")),
    })
}

pub(super) fn member(r: &Reader<'_>) -> Read<MemberExpression> {
    Ok(MemberExpression {
        base: r.base()?,
        object: r.at("object", expression)?,
        lbrack: r.comments("lbrack")?,
        property: r.at("property", property_key)?,
        rbrack: r.comments("rbrack")?,
    })
}

pub(super) fn expression(r: &Reader<'_>) -> Read<Expression> {
    let kind = r.kind()?;
    let base = r.base()?;
    Ok(match kind {
        "Identifier" => Expression::Identifier(identifier(r)?),
        "ArrayExpression" => Expression::Array(Box::new(ArrayExpression {
            base,
            lbrack: r.comments("lbrack")?,
            elements: r.list("elements", |r| {
                Ok(ArrayItem { expression: expression(r)?, comma: r.comments("comma")? })
            })?,
            rbrack: r.comments("rbrack")?,
        })),
        "DictExpression" => Expression::Dict(Box::new(DictExpression {
            base,
            lbrack: r.comments("lbrack")?,
            elements: r.list("elements", |r| {
                let (key, val) = (r.at("key", expression)?, r.at("val", expression)?);
                Ok(DictItem { key, val, comma: r.comments("comma")? })
            })?,
            rbrack: r.comments("rbrack")?,
        })),
        "FunctionExpression" => Expression::Function(Arc::new(FunctionExpression {
            base,
            lparen: r.comments("lparen")?,
            params: r.list("params", property)?,
            rparen: r.comments("rparen")?,
            arrow: r.comments("arrow")?,
            body: r.at("body", |r| match r.kind()? {
                "Block" => block(r).map(FunctionBody::Block),
                _ => expression(r).map(FunctionBody::Expression),
            })?,
        })),
        "LogicalExpression" => Expression::Logical(Box::new(LogicalExpression {
            base,
            operator: r.parsed("operator", |v| LogicalOperator::from_text(v.as_str()?))?,
            left: r.at("left", expression)?,
            right: r.at("right", expression)?,
        })),
        "ObjectExpression" => Expression::Object(Box::new(object(r)?)),
        "MemberExpression" => Expression::Member(Box::new(member(r)?)),
        "IndexExpression" => Expression::Index(Box::new(IndexExpression {
            base,
            array: r.at("array", expression)?,
            lbrack: r.comments("lbrack")?,
            index: r.at("index", expression)?,
            rbrack: r.comments("rbrack")?,
        })),
        "BinaryExpression" => Expression::Binary(Box::new(BinaryExpression {
            base,
            operator: r.parsed("operator", |v| Operator::from_text(v.as_str()?))?,
            left: r.at("left", expression)?,
            right: r.at("right", expression)?,
        })),
        "UnaryExpression" => Expression::Unary(Box::new(UnaryExpression {
            base,
            operator: r.parsed("operator", |v| UnaryOperator::from_text(v.as_str()?))?,
            argument: r.at("argument", expression)?,
        })),
        "PipeExpression" => Expression::Pipe(Box::new(PipeExpression {
            base,
            argument: r.at("argument", expression)?,
            call: r.at("call", call)?,
        })),
        "CallExpression" => Expression::Call(Box::new(call(r)?)),
        "ConditionalExpression" => Expression::Conditional(Box::new(ConditionalExpression {
            base,
            tk_if: r.comments("tk_if")?,
            test: r.at("test", expression)?,
            tk_then: r.comments("tk_then")?,
            consequent: r.at("consequent", expression)?,
            tk_else: r.comments("tk_else")?,
            alternate: r.at("alternate", expression)?,
        })),
        "StringExpression" => {
            Expression::String(Box::new(StringExpression { base, parts: r.list("parts", string_part)? }))
        }
        "ParenExpression" => Expression::Paren(Box::new(ParenExpression {
            base,
            lparen: r.comments("lparen")?,
            expression: r.at("expression", expression)?,
            rparen: r.comments("rparen")?,
        })),
        "BadExpression" => Expression::Bad(Box::new(BadExpression {
            base,
            text: r.text("text")?,
            expression: r.maybe("expression", expression)?,
        })),
        _ => return literal(r, kind),
    })
}

fn literal(r: &Reader<'_>, kind: &str) -> Read<Expression> {
    let base = r.base()?;
    Ok(match kind {
        "IntegerLiteral" => Expression::Integer(IntegerLiteral {
            base,
            value: r.parsed("value", |v| v.as_str().map_or_else(|| v.as_i64(), |s| s.parse().ok()))?,
        }),
        "UnsignedIntegerLiteral" => Expression::Uint(UnsignedIntegerLiteral {
            base,
            value: r.parsed("value", |v| v.as_str().map_or_else(|| v.as_u64(), |s| s.parse().ok()))?,
        }),
        "FloatLiteral" => Expression::Float(FloatLiteral { base, value: r.parsed("value", Value::as_f64)? }),
        "StringLiteral" => Expression::StringLit(string_literal(r)?),
        "BooleanLiteral" => {
            Expression::Boolean(BooleanLiteral { base, value: r.parsed("value", Value::as_bool)? })
        }
        "DateTimeLiteral" => {
            let (value, offset) = r.parsed("value", |v| text::date_time(v.as_str()?))?;
            Expression::DateTime(DateTimeLiteral { base, value, offset })
        }
        "RegexpLiteral" => {
            let value = r.parsed("value", |v| {
                let pattern = v.as_str()?;
                regex::Regex::new(pattern).ok().map(|_| pattern.to_owned())
            })?;
            Expression::Regexp(RegexpLiteral { base, value })
        }
        "DurationLiteral" => {
            let values = r.list("values", |r| {
                let magnitude = r.parsed("magnitude", Value::as_i64)?;
                let unit = r.parsed("unit", |v| DurationUnit::from_text(v.as_str()?))?;
                Ok(Duration { magnitude, unit })
            })?;
            Expression::Duration(DurationLiteral { base, values })
        }
        "PipeLiteral" => Expression::PipeLit(PipeLiteral { base }),
        "LabelLiteral" => Expression::Label(label(r)?),
        other => return r.refuse(format!("{other} is no expression")),
    })
}

fn object(r: &Reader<'_>) -> Read<ObjectExpression> {
    // Some writers give the bare name, others the name with the comments before `with`.
    let with = r.maybe("with", |r| {
        if r.has("source") {
            Ok(WithSource { source: r.at("source", identifier)?, with: r.comments("with")? })
        } else {
            Ok(WithSource { source: identifier(r)?, with: Vec::new() })
        }
    })?;
    Ok(ObjectExpression {
        base: r.base()?,
        lbrace: r.comments("lbrace")?,
        with,
        properties: r.list("properties", property)?,
        rbrace: r.comments("rbrace")?,
    })
}

fn property(r: &Reader<'_>) -> Read<Property> {
    Ok(Property {
        base: r.base()?,
        key: r.at("key", property_key)?,
        separator: r.comments("separator")?,
        value: r.maybe("value", expression)?,
        comma: r.comments("comma")?,
    })
}

fn call(r: &Reader<'_>) -> Read<CallExpression> {
    if r.kind()? != "CallExpression" {
        return r.refuse("a CallExpression is needed");
    }
    Ok(CallExpression {
        base: r.base()?,
        callee: r.at("callee", expression)?,
        lparen: r.comments("lparen")?,
        arguments: r.list("arguments", expression)?,
        rparen: r.comments("rparen")?,
    })
}

fn string_part(r: &Reader<'_>) -> Read<StringExpressionPart> {
    let base = r.base()?;
    Ok(match r.kind()? {
        "TextPart" => StringExpressionPart::Text(TextPart { base, value: r.text("value")? }),
        "InterpolatedPart" => StringExpressionPart::Interpolated(InterpolatedPart {
            base,
            expression: r.at("expression", expression)?,
        }),
        other => return r.refuse(format!("{other} is no part of a string")),
    })
}
