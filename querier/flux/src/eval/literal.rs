//! Literals that need more than a copy.

use std::sync::Arc;

use weir_flux_syntax::ast::{DurationLiteral, StringExpression, StringExpressionPart};
use weir_table::time::Duration;

use super::{Context, Scope, eval};
use crate::error::{FluxError, Result};
use crate::value::{Regexp, Value, limits};

/// The value of a duration literal.
pub(super) fn duration(literal: &DurationLiteral) -> Result<Value> {
    let (months, nanoseconds) = literal.months_nanoseconds().ok_or_else(|| {
        FluxError::invalid(format!("duration {} is out of range", literal.base.location.text()))
    })?;
    Ok(Value::Duration(Duration { months, nanoseconds, negative: false }))
}

/// The value of a string with interpolated expressions.
pub(super) fn interpolate(literal: &StringExpression, scope: &Scope, cx: &Context) -> Result<Value> {
    let mut out = String::new();
    for part in &literal.parts {
        match part {
            StringExpressionPart::Text(t) => out.push_str(&t.value),
            StringExpressionPart::Interpolated(p) => {
                let value = eval(&p.expression, scope, cx)?;
                if value.is_null() {
                    let place = p.base.location.to_string();
                    return Err(FluxError::invalid(format!(
                        "{}: interpolated expression produced a null value",
                        place.trim_start_matches('@')
                    )));
                }
                push_value(&mut out, &value)?;
            }
        }
    }
    cx.hold_value(Value::String(out.into()))
}

/// Appends a value to an interpolated string.
pub(crate) fn push_value(out: &mut String, value: &Value) -> Result<()> {
    use std::fmt::Write;
    match value {
        Value::Null(_) => {
            return Err(FluxError::invalid("cannot interpolate expression: value is null"));
        }
        Value::String(s) => {
            limits::text(out.len() + s.len())?;
            out.push_str(s);
        }
        Value::Bool(_)
        | Value::Int(_)
        | Value::UInt(_)
        | Value::Float(_)
        | Value::Time(_)
        | Value::Duration(_) => {
            let _ = write!(out, "{value}"); // writing to a String cannot fail
        }
        Value::Dynamic(inner) => push_value(out, inner)?,
        other => {
            return Err(FluxError::invalid(format!(
                "cannot interpolate expression: {} is not convertible to string",
                other.nature()
            )));
        }
    }
    Ok(())
}

/// The compiled form of a regular expression literal.
pub(super) fn regexp(pattern: &str) -> Result<Value> {
    Regexp::new(pattern)
        .map(|r| Value::Regexp(Arc::new(r)))
        .map_err(|e| FluxError::invalid(format!("regex parse error: {e}")))
}
