//! Comparisons of columns.

use std::sync::Arc;

use arrow_array::{Array, BooleanArray, Float64Array};
use arrow_buffer::BooleanBuffer;
use weir_flux_syntax::ast::Operator;
use weir_table::{Bools, ColumnType, Ints, Strings, Uints};

use super::numbers::{Numbers, floats, ints, nulls, times, uints};
use super::{Side, bools};
use crate::eval::ops;
use crate::value::{Regexp, Value};

/// `left operator right` of two columns, or of one and a constant; `None` if there is no such kernel.
pub(super) fn compare(operator: Operator, l: &Side, r: &Side) -> Option<BooleanArray> {
    let bits = if let (Some(a), Some(b)) = (ints(l), ints(r)) {
        ordered(operator, a, b)?
    } else if let (Some(a), Some(b)) = (floats(l), floats(r)) {
        ordered(operator, a, b)?
    } else if let (Some(a), Some(b)) = (times(l), times(r)) {
        ordered(operator, a, b)?
    } else if let (Some(a), Some(b)) = (uints(l), uints(r)) {
        ordered(operator, a, b)?
    } else if is_float(l) != is_float(r)
        && let (Some(a), Some(b)) = (in_floats(l), in_floats(r))
    {
        ordered(operator, floats(&a)?, floats(&b)?)?
    } else {
        return texts(operator, l, r).or_else(|| truths(operator, l, r));
    };
    Some(bools(bits, nulls(l, r)))
}

fn is_float(side: &Side) -> bool {
    matches!(side, Side::One(Value::Float(_)) | Side::Each(ColumnType::Float, _))
}

/// Numbers as floats: integers of different types do not compare this way, but one with a float does.
fn in_floats(side: &Side) -> Option<Side> {
    let column = |values: Vec<f64>| Side::Each(ColumnType::Float, Arc::new(Float64Array::from(values)));
    Some(match side {
        Side::One(Value::Int(v)) => Side::One(Value::Float(*v as f64)),
        Side::One(Value::UInt(v)) => Side::One(Value::Float(*v as f64)),
        Side::One(Value::Float(v)) => Side::One(Value::Float(*v)),
        Side::Each(ColumnType::Int, a) => column(Ints::of(a)?.0.values().iter().map(|v| *v as f64).collect()),
        Side::Each(ColumnType::UInt, a) => {
            column(Uints::of(a)?.0.values().iter().map(|v| *v as f64).collect())
        }
        Side::Each(ColumnType::Float, a) => Side::Each(ColumnType::Float, Arc::clone(a)),
        _ => return None,
    })
}

fn ordered<T: Copy + PartialOrd>(
    operator: Operator,
    l: Numbers<'_, T>,
    r: Numbers<'_, T>,
) -> Option<BooleanBuffer> {
    Some(match operator {
        Operator::Equal => zip(l, r, |x, y| x == y),
        Operator::NotEqual => zip(l, r, |x, y| x != y),
        Operator::LessThan => zip(l, r, |x, y| x < y),
        Operator::LessThanEqual => zip(l, r, |x, y| x <= y),
        Operator::GreaterThan => zip(l, r, |x, y| x > y),
        Operator::GreaterThanEqual => zip(l, r, |x, y| x >= y),
        _ => return None,
    })
}

fn zip<T: Copy>(l: Numbers<'_, T>, r: Numbers<'_, T>, f: impl Fn(T, T) -> bool) -> BooleanBuffer {
    match (l, r) {
        (Numbers::Each(a), Numbers::Each(b)) => {
            let b = &b[..a.len()];
            BooleanBuffer::collect_bool(a.len(), |i| f(a[i], b[i]))
        }
        (Numbers::Each(a), Numbers::One(y)) => BooleanBuffer::collect_bool(a.len(), |i| f(a[i], y)),
        (Numbers::One(x), Numbers::Each(b)) => BooleanBuffer::collect_bool(b.len(), |i| f(x, b[i])),
        (Numbers::One(x), Numbers::One(y)) => BooleanBuffer::collect_bool(1, |_| f(x, y)),
    }
}

/// Texts with texts, or with a regular expression.
fn texts(operator: Operator, l: &Side, r: &Side) -> Option<BooleanArray> {
    let is_order = !matches!(
        operator,
        Operator::Addition
            | Operator::Subtraction
            | Operator::Multiplication
            | Operator::Division
            | Operator::Modulo
            | Operator::Power
            | Operator::RegexpMatch
            | Operator::NotRegexpMatch
    );
    match (l, r) {
        (Side::Each(ColumnType::String, a), Side::One(Value::Regexp(regexp))) => {
            let wanted = match operator {
                Operator::RegexpMatch => true,
                Operator::NotRegexpMatch => false,
                _ => return None,
            };
            let regexp: &Regexp = regexp;
            Some(tested(Strings::of(a)?, |text| regexp.is_match(text) == wanted))
        }
        (Side::Each(ColumnType::String, a), Side::One(Value::String(b))) if is_order => {
            Some(tested(Strings::of(a)?, |text| ops::holds(operator, text.cmp(b))))
        }
        (Side::One(Value::String(a)), Side::Each(ColumnType::String, b)) if is_order => {
            Some(tested(Strings::of(b)?, |text| ops::holds(operator, (**a).cmp(text))))
        }
        (Side::Each(ColumnType::String, a), Side::Each(ColumnType::String, b)) if is_order => {
            let (a, b) = (Strings::of(a)?, Strings::of(b)?);
            let bits = BooleanBuffer::collect_bool(a.len(), |i| match (a.get(i), b.get(i)) {
                (Some(x), Some(y)) => ops::holds(operator, x.cmp(y)),
                _ => false,
            });
            Some(bools(bits, nulls(l, r)))
        }
        _ => None,
    }
}

/// A test of each text: once a distinct text where they are coded.
fn tested(texts: Strings<'_>, test: impl Fn(&str) -> bool) -> BooleanArray {
    if let Strings::Dictionary(codes, values) = texts
        && values.len() < codes.len()
    {
        let answers: Vec<bool> =
            (0..values.len()).map(|i| values.is_valid(i) && test(values.value(i))).collect();
        let keys = codes.keys().values();
        // A null's code may lie anywhere.
        let bits = BooleanBuffer::collect_bool(keys.len(), |i| {
            answers.get(keys[i] as usize).copied().unwrap_or_default()
        });
        return bools(bits, codes.logical_nulls());
    }
    let bits = BooleanBuffer::collect_bool(texts.len(), |i| texts.get(i).is_some_and(&test));
    let nulls = match texts {
        Strings::Plain(a) => a.nulls().cloned(),
        Strings::Dictionary(a, _) => a.logical_nulls(),
    };
    bools(bits, nulls)
}

/// Booleans are equal or not.
fn truths(operator: Operator, l: &Side, r: &Side) -> Option<BooleanArray> {
    let bits = |side: &Side, len: usize| {
        Some(match side {
            Side::One(Value::Bool(true)) => BooleanBuffer::new_set(len),
            Side::One(Value::Bool(false)) => BooleanBuffer::new_unset(len),
            Side::Each(ColumnType::Bool, a) => Bools::of(a)?.0.values().clone(),
            _ => return None,
        })
    };
    let len = match (l, r) {
        (Side::Each(_, a), _) | (_, Side::Each(_, a)) => a.len(),
        _ => 1,
    };
    let different = &bits(l, len)? ^ &bits(r, len)?;
    Some(match operator {
        Operator::Equal => bools(!&different, nulls(l, r)),
        Operator::NotEqual => bools(different, nulls(l, r)),
        _ => return None,
    })
}
