//! Expressions.

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_flux_syntax::ast::{
    CallExpression, Expression, Identifier, IndexExpression, LogicalOperator, MemberExpression,
    ObjectExpression, UnaryOperator,
};

use super::{Args, Context, Scope, literal, ops};
use crate::error::{FluxError, Result};
use crate::registry;
use crate::value::{Closure, DictKey, Function, Record, Value};

/// The value of an expression.
pub(crate) fn eval(expression: &Expression, scope: &Scope, cx: &Context) -> Result<Value> {
    Ok(match expression {
        Expression::Identifier(e) => scope.lookup(&e.name, cx)?,
        Expression::Paren(e) => eval(&e.expression, scope, cx)?,
        Expression::Integer(e) => Value::Int(e.value),
        Expression::Uint(e) => Value::UInt(e.value),
        Expression::Float(e) => Value::Float(e.value),
        Expression::Boolean(e) => Value::Bool(e.value),
        Expression::StringLit(e) => Value::String(e.value.as_str().into()),
        Expression::String(e) => literal::interpolate(e, scope, cx)?,
        Expression::Duration(e) => literal::duration(e)?,
        Expression::DateTime(e) => {
            let ns = weir_table::time::nanoseconds(e.value).map_err(|x| FluxError::invalid(x.to_string()))?;
            Value::Time(ns)
        }
        Expression::Regexp(e) => literal::regexp(&e.value)?,
        Expression::Label(e) => Value::String(e.value.as_str().into()),
        Expression::Array(e) => {
            let items: Result<Vec<_>> = e.elements.iter().map(|i| eval(&i.expression, scope, cx)).collect();
            Value::array(items?)
        }
        Expression::Dict(e) => {
            let mut dict = BTreeMap::new();
            for item in &e.elements {
                dict.insert(DictKey(eval(&item.key, scope, cx)?), eval(&item.val, scope, cx)?);
            }
            Value::Dict(Arc::new(dict))
        }
        Expression::Object(e) => object(e, "duplicate key in object", scope, cx)?,
        Expression::Function(e) => Value::Function(Function::Closure(Arc::new(Closure {
            literal: Arc::clone(e),
            scope: scope.clone(),
        }))),
        Expression::Member(e) => member(e, scope, cx)?,
        Expression::Index(e) => index(e, scope, cx)?,
        Expression::Call(e) => call(e, None, scope, cx)?,
        Expression::Pipe(e) => {
            let piped = eval(&e.argument, scope, cx)?;
            call(&e.call, Some(piped), scope, cx)?
        }
        Expression::Binary(e) => {
            let (left, right) = (eval(&e.left, scope, cx)?, eval(&e.right, scope, cx)?);
            cx.hold_value(ops::binary(e.operator, &left, &right)?)?
        }
        Expression::Logical(e) => {
            let left = eval(&e.left, scope, cx)?;
            match (e.operator, &left) {
                (LogicalOperator::And, Value::Bool(false)) | (LogicalOperator::Or, Value::Bool(true)) => left,
                (LogicalOperator::And, Value::Null(_)) if cx.reads_null_as_false() => Value::Bool(false),
                _ => {
                    let right = eval(&e.right, scope, cx)?;
                    ops::logical(e.operator, &left, &right, cx.reads_null_as_false())?
                }
            }
        }
        Expression::Unary(e) => {
            let argument = eval(&e.argument, scope, cx)?;
            match e.operator {
                UnaryOperator::Exists => Value::Bool(!argument.is_null()),
                UnaryOperator::Plus if !cx.is_of_rows() => {
                    return Err(FluxError::invalid("unsupported operator \"+\" to unary expression"));
                }
                operator => ops::unary(operator, &argument)?,
            }
        }
        Expression::Conditional(e) => match eval(&e.test, scope, cx)? {
            Value::Bool(true) => eval(&e.consequent, scope, cx)?,
            Value::Bool(false) | Value::Null(_) => eval(&e.alternate, scope, cx)?,
            _ => return Err(FluxError::invalid("conditional test expression is not a boolean value")),
        },
        Expression::PipeLit(_) => return Err(FluxError::invalid("a pipe literal stands for no value here")),
        Expression::Bad(e) => return Err(FluxError::invalid(format!("invalid expression: {}", e.text))),
    })
}

/// A record. A label that stands twice in it is refused with the words `twice`, but for functions of rows, in which
/// the last one counts.
fn object(e: &ObjectExpression, twice: &str, scope: &Scope, cx: &Context) -> Result<Value> {
    if !cx.is_of_rows() {
        for (i, property) in e.properties.iter().enumerate() {
            let name = property.key.name();
            if e.properties[..i].iter().any(|p| p.key.name() == name) {
                return Err(FluxError::invalid(format!("{twice}: \"{name}\"")));
            }
        }
    }
    let mut record = match &e.with {
        None => Record::new(),
        Some(with) => match scope.lookup(&with.source.name, cx)? {
            Value::Record(r) => (*r).clone(),
            Value::Null(_) => Record::new(),
            other => {
                return Err(FluxError::invalid(format!(
                    "record extension needs a record, but {} is {}",
                    with.source.name,
                    other.nature()
                )));
            }
        },
    };
    for p in &e.properties {
        let value = match &p.value {
            Some(value) => eval(value, scope, cx)?,
            None => scope.lookup(p.key.name(), cx)?,
        };
        record.set(p.key.name().into(), value);
    }
    Ok(Value::Record(Arc::new(record)))
}

fn member(e: &MemberExpression, scope: &Scope, cx: &Context) -> Result<Value> {
    // A package that was imported is a name, but a parameter or variable of that name goes before it.
    let object = eval(&e.object, scope, cx)?;
    member_of(&object, e.property.name(), cx)
}

/// The member of a value: a record's field, null where an open record has none; a package's name.
pub(crate) fn member_of(object: &Value, name: &str, cx: &Context) -> Result<Value> {
    match object {
        Value::Record(record) => Ok(record.get(name).cloned().unwrap_or(Value::Null(None))),
        Value::Package(path) => match registry::package(path).and_then(|p| p.member(name)) {
            Some(definition) => cx.member_value(definition),
            None => Err(FluxError::invalid(format!("package {path} has no member {name}"))),
        },
        Value::Dynamic(inner) => {
            if !matches!(**inner, Value::Record(_)) {
                return Err(no_members(inner, name));
            }
            let value = match member_of(inner, name, cx)? {
                Value::Dynamic(v) => return Ok(Value::Dynamic(v)),
                v => v,
            };
            Ok(Value::Dynamic(Arc::new(value)))
        }
        Value::Null(_) => Ok(Value::Null(None)),
        other => Err(no_members(other, name)),
    }
}

fn no_members(value: &Value, name: &str) -> FluxError {
    let nature = match value {
        Value::Null(_) => "invalid",
        other => other.nature(),
    };
    FluxError::invalid(format!("cannot access property \"{name}\" on value of type {nature}"))
}

fn index(e: &IndexExpression, scope: &Scope, cx: &Context) -> Result<Value> {
    let array = eval(&e.array, scope, cx)?;
    let index = eval(&e.index, scope, cx)?;
    match (&array, &index) {
        (Value::Array(items), Value::Int(i)) => {
            usize::try_from(*i).ok().and_then(|i| items.get(i)).cloned().ok_or_else(|| {
                FluxError::invalid(format!("cannot access element {i} of array of length {}", items.len()))
            })
        }
        (Value::Record(_) | Value::Package(_), Value::String(name)) => member_of(&array, name, cx),
        (Value::Dict(dict), key) => Ok(dict.get(&DictKey(key.clone())).cloned().unwrap_or(Value::Null(None))),
        (Value::Null(_), _) | (_, Value::Null(_)) => Ok(Value::Null(None)),
        _ => Err(FluxError::invalid(format!("cannot index {} with {}", array.nature(), index.nature()))),
    }
}

fn call(e: &CallExpression, piped: Option<Value>, scope: &Scope, cx: &Context) -> Result<Value> {
    let Value::Function(function) = eval(&e.callee, scope, cx)? else {
        return Err(FluxError::invalid(format!("{} is not a function", e.callee.base().location.text())));
    };
    let mut named: Vec<(Arc<str>, Value)> = Vec::new();
    if let Some(Expression::Object(arguments)) = e.arguments.first() {
        let Value::Record(record) = object(arguments, "duplicate keyword parameter specified", scope, cx)?
        else {
            return Err(FluxError::internal("arguments are no record"));
        };
        named.extend(record.iter().map(|(k, v)| (Arc::clone(k), v.clone())));
    }
    let mut args = Args::new(named);
    if let Some(piped) = piped {
        args = args.piped(piped);
    }
    let answered = |args| match &function {
        Function::Closure(_) => cx.call(&function, args),
        _ => cx.call(&function, args).and_then(|v| cx.hold_value(v)),
    };
    if cx.is_of_rows() {
        return answered(args);
    }
    let (place, before) = cx.enter(&e.base.location, name_of(&e.callee));
    let answer = answered(args.at(place));
    cx.leave(before);
    answer.map_err(|error| called(error, e))
}

/// The name under which a function is called.
fn name_of(callee: &Expression) -> &str {
    match callee {
        Expression::Identifier(Identifier { name, .. }) => name,
        Expression::Member(m) => m.property.name(),
        _ => "<anonymous function>",
    }
}

/// Says which call failed; functions of rows do not.
fn called(error: FluxError, e: &CallExpression) -> FluxError {
    error.context(format!("error calling function \"{}\" {}", name_of(&e.callee), e.base.location))
}
