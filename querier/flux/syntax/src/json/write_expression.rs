//! Expressions to JSON.

use serde_json::{Value, json};

use super::write::{Object, block};
use crate::ast::{
    CallExpression, DictItem, Expression, FunctionBody, FunctionExpression, Identifier, MemberExpression,
    ObjectExpression, Property, PropertyKey, StringExpressionPart, StringLiteral,
};
use crate::text::format_date_time;

pub(super) fn identifier(n: &Identifier) -> Value {
    Object::new("Identifier", &n.base).with("name", n.name.as_str()).done()
}

pub(super) fn string_literal(n: &StringLiteral) -> Value {
    Object::new("StringLiteral", &n.base).with("value", n.value.as_str()).done()
}

pub(super) fn property_key(n: &PropertyKey) -> Value {
    match n {
        PropertyKey::Identifier(n) => identifier(n),
        PropertyKey::String(n) => string_literal(n),
    }
}

pub(super) fn member(n: &MemberExpression) -> Value {
    Object::new("MemberExpression", &n.base)
        .with("object", expression(&n.object))
        .comments("lbrack", &n.lbrack)
        .with("property", property_key(&n.property))
        .comments("rbrack", &n.rbrack)
        .done()
}

pub(super) fn expression(n: &Expression) -> Value {
    match n {
        Expression::Identifier(n) => identifier(n),
        Expression::Array(n) => Object::new("ArrayExpression", &n.base)
            .comments("lbrack", &n.lbrack)
            .list("elements", &n.elements, |item| expression(&item.expression))
            .comments("rbrack", &n.rbrack)
            .done(),
        Expression::Dict(n) => Object::new("DictExpression", &n.base)
            .comments("lbrack", &n.lbrack)
            .list("elements", &n.elements, dict_item)
            .comments("rbrack", &n.rbrack)
            .done(),
        Expression::Function(n) => function(n),
        Expression::Logical(n) => Object::new("LogicalExpression", &n.base)
            .with("operator", n.operator.as_str())
            .with("left", expression(&n.left))
            .with("right", expression(&n.right))
            .done(),
        Expression::Object(n) => object(n),
        Expression::Member(n) => member(n),
        Expression::Index(n) => Object::new("IndexExpression", &n.base)
            .with("array", expression(&n.array))
            .comments("lbrack", &n.lbrack)
            .with("index", expression(&n.index))
            .comments("rbrack", &n.rbrack)
            .done(),
        Expression::Binary(n) => Object::new("BinaryExpression", &n.base)
            .with("operator", n.operator.as_str())
            .with("left", expression(&n.left))
            .with("right", expression(&n.right))
            .done(),
        Expression::Unary(n) => Object::new("UnaryExpression", &n.base)
            .with("operator", n.operator.as_str())
            .with("argument", expression(&n.argument))
            .done(),
        Expression::Pipe(n) => Object::new("PipeExpression", &n.base)
            .with("argument", expression(&n.argument))
            .with("call", call(&n.call))
            .done(),
        Expression::Call(n) => call(n),
        Expression::Conditional(n) => Object::new("ConditionalExpression", &n.base)
            .comments("tk_if", &n.tk_if)
            .with("test", expression(&n.test))
            .comments("tk_then", &n.tk_then)
            .with("consequent", expression(&n.consequent))
            .comments("tk_else", &n.tk_else)
            .with("alternate", expression(&n.alternate))
            .done(),
        Expression::String(n) => {
            Object::new("StringExpression", &n.base).list("parts", &n.parts, string_part).done()
        }
        Expression::Paren(n) => Object::new("ParenExpression", &n.base)
            .comments("lparen", &n.lparen)
            .with("expression", expression(&n.expression))
            .comments("rparen", &n.rparen)
            .done(),
        Expression::Bad(n) => Object::new("BadExpression", &n.base)
            .with("text", n.text.as_str())
            .with("expression", n.expression.as_ref().map_or(Value::Null, expression))
            .done(),
        literal => self::literal(literal),
    }
}

fn literal(n: &Expression) -> Value {
    let of = |ty: &str, value: Value| Object::new(ty, n.base()).with("value", value).done();
    match n {
        Expression::Integer(n) => of("IntegerLiteral", Value::from(n.value.to_string())),
        Expression::Uint(n) => of("UnsignedIntegerLiteral", Value::from(n.value.to_string())),
        Expression::Float(n) => of("FloatLiteral", float(n.value)),
        Expression::StringLit(n) => string_literal(n),
        Expression::Boolean(n) => of("BooleanLiteral", Value::from(n.value)),
        Expression::DateTime(n) => of("DateTimeLiteral", Value::from(format_date_time(n.value, n.offset))),
        Expression::Regexp(n) => of("RegexpLiteral", Value::from(n.value.as_str())),
        Expression::Label(n) => of("LabelLiteral", Value::from(n.value.as_str())),
        Expression::Duration(n) => Object::new("DurationLiteral", &n.base)
            .list("values", &n.values, |d| json!({ "magnitude": d.magnitude, "unit": d.unit.as_str() }))
            .done(),
        // Only the pipe literal is left; it has no value.
        other => Object::new("PipeLiteral", other.base()).done(),
    }
}

/// Whole floats are written without a point, as the incumbent does.
fn float(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { Value::from(value as i64) } else { Value::from(value) }
}

fn dict_item(n: &DictItem) -> Value {
    Object::bare("DictItem").with("key", expression(&n.key)).with("val", expression(&n.val)).done()
}

fn function(n: &FunctionExpression) -> Value {
    let body = match &n.body {
        FunctionBody::Block(n) => block(n),
        FunctionBody::Expression(n) => expression(n),
    };
    Object::new("FunctionExpression", &n.base)
        .comments("lparen", &n.lparen)
        .list("params", &n.params, property)
        .comments("rparen", &n.rparen)
        .comments("arrow", &n.arrow)
        .with("body", body)
        .done()
}

fn object(n: &ObjectExpression) -> Value {
    let mut object = Object::new("ObjectExpression", &n.base).comments("lbrace", &n.lbrace);
    if let Some(with) = &n.with {
        object = object.with("with", identifier(&with.source));
    }
    object.list("properties", &n.properties, property).comments("rbrace", &n.rbrace).done()
}

fn property(n: &Property) -> Value {
    Object::new("Property", &n.base)
        .with("key", property_key(&n.key))
        .comments("separator", &n.separator)
        .with("value", n.value.as_ref().map_or(Value::Null, expression))
        .comments("comma", &n.comma)
        .done()
}

fn call(n: &CallExpression) -> Value {
    let mut object = Object::new("CallExpression", &n.base)
        .with("callee", expression(&n.callee))
        .comments("lparen", &n.lparen);
    if !n.arguments.is_empty() {
        object = object.list("arguments", &n.arguments, expression);
    }
    object.comments("rparen", &n.rparen).done()
}

fn string_part(n: &StringExpressionPart) -> Value {
    match n {
        StringExpressionPart::Text(n) => {
            Object::new("TextPart", &n.base).with("value", n.value.as_str()).done()
        }
        StringExpressionPart::Interpolated(n) => {
            Object::new("InterpolatedPart", &n.base).with("expression", expression(&n.expression)).done()
        }
    }
}
