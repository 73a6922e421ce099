//! Operators on values. Row functions use the same code wherever they do not run on whole columns, so both agree.

use std::cmp::Ordering;

use weir_flux_syntax::ast::{LogicalOperator, Operator, UnaryOperator};

use crate::error::{FluxError, Result};
use crate::value::{Value, limits};

/// `left operator right`. Null on either side gives null, of the type that the operator has.
pub fn binary(operator: Operator, left: &Value, right: &Value) -> Result<Value> {
    use Operator as O;
    use Value as V;
    if left.is_null() || right.is_null() {
        return Ok(V::Null(match operator {
            O::Addition | O::Subtraction | O::Multiplication | O::Division | O::Modulo => {
                left.column_type().or(right.column_type())
            }
            O::Power => Some(weir_table::ColumnType::Float),
            _ => Some(weir_table::ColumnType::Bool),
        }));
    }
    if let (V::Dynamic(l), r) | (r, V::Dynamic(l)) = (left, right)
        && !matches!(r, V::Dynamic(_))
        && matches!(left, V::Dynamic(_))
    {
        return binary(operator, l, right);
    }
    let unsupported = || {
        FluxError::invalid(format!(
            "unsupported binary expression {} {} {}",
            left.nature(),
            operator.as_str(),
            right.nature()
        ))
    };
    Ok(match (operator, left, right) {
        (O::Addition, V::Int(a), V::Int(b)) => V::Int(a.wrapping_add(*b)),
        (O::Addition, V::UInt(a), V::UInt(b)) => V::UInt(a.wrapping_add(*b)),
        (O::Addition, V::Float(a), V::Float(b)) => V::Float(a + b),
        (O::Addition, V::String(a), V::String(b)) => {
            limits::text(a.len() + b.len())?;
            V::String([&**a, &**b].concat().into())
        }
        (O::Subtraction, V::Int(a), V::Int(b)) => V::Int(a.wrapping_sub(*b)),
        (O::Subtraction, V::UInt(a), V::UInt(b)) => V::UInt(a.wrapping_sub(*b)),
        (O::Subtraction, V::Float(a), V::Float(b)) => V::Float(a - b),
        (O::Multiplication, V::Int(a), V::Int(b)) => V::Int(a.wrapping_mul(*b)),
        (O::Multiplication, V::UInt(a), V::UInt(b)) => V::UInt(a.wrapping_mul(*b)),
        (O::Multiplication, V::Float(a), V::Float(b)) => V::Float(a * b),
        (O::Division, V::Int(_), V::Int(0)) | (O::Division, V::UInt(_), V::UInt(0)) => {
            return Err(FluxError::invalid("cannot divide by zero"));
        }
        (O::Division, V::Int(a), V::Int(b)) => V::Int(a.wrapping_div(*b)),
        (O::Division, V::UInt(a), V::UInt(b)) => V::UInt(a / b),
        (O::Division, V::Float(a), V::Float(b)) => V::Float(a / b),
        (O::Modulo, V::Int(_), V::Int(0)) | (O::Modulo, V::UInt(_), V::UInt(0)) => {
            return Err(FluxError::invalid("cannot mod zero"));
        }
        (O::Modulo, V::Int(a), V::Int(b)) => V::Int(a.wrapping_rem(*b)),
        (O::Modulo, V::UInt(a), V::UInt(b)) => V::UInt(a % b),
        (O::Modulo, V::Float(a), V::Float(b)) => V::Float(a % b),
        (O::Power, V::Int(a), V::Int(b)) => V::Float((*a as f64).powf(*b as f64)),
        (O::Power, V::UInt(a), V::UInt(b)) => V::Float((*a as f64).powf(*b as f64)),
        (O::Power, V::Float(a), V::Float(b)) => V::Float(a.powf(*b)),
        (O::RegexpMatch, V::String(s), V::Regexp(r)) => V::Bool(r.is_match(s)),
        (O::NotRegexpMatch, V::String(s), V::Regexp(r)) => V::Bool(!r.is_match(s)),
        (O::Equal, V::Bool(a), V::Bool(b)) => V::Bool(a == b),
        (O::NotEqual, V::Bool(a), V::Bool(b)) => V::Bool(a != b),
        // The incumbent knows when these are equal, and has no operator for when they are not.
        (O::Equal, V::Bytes(_), V::Bytes(_))
        | (O::Equal, V::Array(_), V::Array(_))
        | (O::Equal, V::Record(_), V::Record(_)) => {
            limits::whole(left)?;
            V::Bool(left == right)
        }
        (
            O::Equal | O::NotEqual | O::LessThan | O::LessThanEqual | O::GreaterThan | O::GreaterThanEqual,
            left,
            right,
        ) => match order(left, right).ok_or_else(unsupported)? {
            Some(ordering) => V::Bool(holds(operator, ordering)),
            None => V::Bool(operator == O::NotEqual), // NaN
        },
        _ => return Err(unsupported()),
    })
}

/// Whether an operator knows values of these natures.
pub(crate) fn is_supported(operator: Operator, left: &str, right: &str) -> bool {
    use Operator as O;
    let number = |nature| matches!(nature, "int" | "uint" | "float");
    let same = |natures: &[&str]| left == right && natures.contains(&left);
    match operator {
        O::Addition => same(&["int", "uint", "float", "string"]),
        O::Subtraction | O::Multiplication | O::Division | O::Modulo | O::Power => {
            same(&["int", "uint", "float"])
        }
        O::RegexpMatch | O::NotRegexpMatch => left == "string" && right == "regexp",
        O::Equal => {
            number(left) && number(right) || same(&["string", "time", "bool", "bytes", "array", "object"])
        }
        O::NotEqual => number(left) && number(right) || same(&["string", "time", "bool"]),
        O::LessThan | O::LessThanEqual | O::GreaterThan | O::GreaterThanEqual => {
            number(left) && number(right) || same(&["string", "time"])
        }
        _ => true,
    }
}

/// Whether a comparison operator holds for an ordering.
pub fn holds(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::LessThan => ordering.is_lt(),
        Operator::LessThanEqual => ordering.is_le(),
        Operator::GreaterThan => ordering.is_gt(),
        Operator::GreaterThanEqual => ordering.is_ge(),
        _ => false,
    }
}

/// `None`: the types do not compare. `Some(None)`: a NaN. Numbers of different types compare by value.
fn order(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    use Value as V;
    Some(match (left, right) {
        (V::Int(a), V::Int(b)) | (V::Time(a), V::Time(b)) => Some(a.cmp(b)),
        (V::UInt(a), V::UInt(b)) => Some(a.cmp(b)),
        (V::Float(a), V::Float(b)) => a.partial_cmp(b),
        (V::String(a), V::String(b)) => Some(a.cmp(b)),
        (V::Int(a), V::UInt(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (V::UInt(a), V::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (V::Int(a), V::Float(b)) => (*a as f64).partial_cmp(b),
        (V::Float(a), V::Int(b)) => a.partial_cmp(&(*b as f64)),
        (V::UInt(a), V::Float(b)) => (*a as f64).partial_cmp(b),
        (V::Float(a), V::UInt(b)) => a.partial_cmp(&(*b as f64)),
        // Durations neither: whether a month is longer than 30 days is not known without a date.
        _ => return None,
    })
}

/// `left and right`, `left or right`, three-valued: null is unknown. With `null_is_false` it is false on the left side,
/// and what the left side does not decide is what the right side says.
pub fn logical(operator: LogicalOperator, left: &Value, right: &Value, null_is_false: bool) -> Result<Value> {
    let truth = |v: &Value| match v {
        Value::Bool(b) => Ok(Some(*b)),
        Value::Null(_) => Ok(None),
        other => Err(FluxError::invalid(format!("expected bool but found {}", other.nature()))),
    };
    let (left, right) = (truth(left)?, truth(right)?);
    let left = if null_is_false { left.or(Some(false)) } else { left };
    let answer = match operator {
        LogicalOperator::And => match (left, right) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        LogicalOperator::Or => match (left, right) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
    };
    Ok(answer.map_or(Value::Null(Some(weir_table::ColumnType::Bool)), Value::Bool))
}

/// `-x`, `+x`, `not x`. `exists` is answered where the expression is evaluated.
pub fn unary(operator: UnaryOperator, value: &Value) -> Result<Value> {
    use UnaryOperator as O;
    use Value as V;
    Ok(match (operator, value) {
        (_, V::Null(ty)) => V::Null(*ty),
        (O::Not, V::Bool(b)) => V::Bool(!b),
        (O::Plus, V::Int(_) | V::Float(_) | V::UInt(_) | V::Duration(_)) => value.clone(),
        (O::Minus, V::Int(v)) => V::Int(v.wrapping_neg()),
        (O::Minus, V::Float(v)) => V::Float(-v),
        (O::Minus, V::Duration(v)) => V::Duration(-*v),
        _ => {
            return Err(FluxError::invalid(format!("unsupported unary expression {}", value.nature())));
        }
    })
}
