//! Arithmetic on columns of numbers.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, UInt64Array};
use arrow_buffer::NullBuffer;
use weir_flux_syntax::ast::Operator;
use weir_table::{ColumnType, Floats, Ints, Uints};

use super::{Level, Rows, Side};
use crate::error::{FluxError, Result};
use crate::value::Value;

/// Numbers of one type.
#[derive(Clone, Copy)]
pub(super) enum Numbers<'a, T> {
    One(T),
    Each(&'a [T]),
}

pub(super) fn floats(side: &Side) -> Option<Numbers<'_, f64>> {
    match side {
        Side::One(Value::Float(v)) => Some(Numbers::One(*v)),
        Side::Each(ColumnType::Float, array) => Some(Numbers::Each(Floats::of(array)?.0.values())),
        _ => None,
    }
}

pub(super) fn ints(side: &Side) -> Option<Numbers<'_, i64>> {
    match side {
        Side::One(Value::Int(v)) => Some(Numbers::One(*v)),
        Side::Each(ColumnType::Int, array) => Some(Numbers::Each(Ints::of(array)?.0.values())),
        _ => None,
    }
}

pub(super) fn times(side: &Side) -> Option<Numbers<'_, i64>> {
    match side {
        Side::One(Value::Time(v)) => Some(Numbers::One(*v)),
        Side::Each(ColumnType::Time, array) => Some(Numbers::Each(Ints::of(array)?.0.values())),
        _ => None,
    }
}

pub(super) fn uints(side: &Side) -> Option<Numbers<'_, u64>> {
    match side {
        Side::One(Value::UInt(v)) => Some(Numbers::One(*v)),
        Side::Each(ColumnType::UInt, array) => Some(Numbers::Each(Uints::of(array)?.0.values())),
        _ => None,
    }
}

/// Where either side has no value.
pub(super) fn nulls(l: &Side, r: &Side) -> Option<NullBuffer> {
    NullBuffer::union(l.nulls().as_ref(), r.nulls().as_ref())
}

pub(super) fn zip<T: Copy, U>(l: Numbers<'_, T>, r: Numbers<'_, T>, f: impl Fn(T, T) -> U) -> Vec<U> {
    match (l, r) {
        (Numbers::Each(a), Numbers::Each(b)) => a.iter().zip(b).map(|(x, y)| f(*x, *y)).collect(),
        (Numbers::Each(a), Numbers::One(y)) => a.iter().map(|x| f(*x, y)).collect(),
        (Numbers::One(x), Numbers::Each(b)) => b.iter().map(|y| f(x, *y)).collect(),
        (Numbers::One(x), Numbers::One(y)) => vec![f(x, y)],
    }
}

/// `left operator right` of two columns of numbers of one type, or of one and a constant. `None` if there is no such
/// kernel.
///
/// # Errors
/// When a row that counts divides by zero.
pub(super) fn arithmetic(
    operator: Operator,
    l: &Side,
    r: &Side,
    level: Level,
    rows: &Rows<'_>,
) -> Result<Option<(ColumnType, ArrayRef)>> {
    let nulls = || nulls(l, r);
    if let (Some(a), Some(b)) = (floats(l), floats(r)) {
        let values = match operator {
            Operator::Addition => zip(a, b, |x, y| x + y),
            Operator::Subtraction => zip(a, b, |x, y| x - y),
            Operator::Multiplication => zip(a, b, |x, y| x * y),
            Operator::Division => zip(a, b, |x, y| x / y),
            Operator::Modulo => zip(a, b, |x, y| x % y),
            Operator::Power => zip(a, b, f64::powf),
            _ => return Ok(None),
        };
        return Ok(Some((ColumnType::Float, Arc::new(Float64Array::new(values.into(), nulls())))));
    }
    if let (Some(a), Some(b)) = (ints(l), ints(r)) {
        let values = match operator {
            Operator::Addition => zip(a, b, i64::wrapping_add),
            Operator::Subtraction => zip(a, b, i64::wrapping_sub),
            Operator::Multiplication => zip(a, b, i64::wrapping_mul),
            Operator::Division | Operator::Modulo => {
                let nulls = nulls();
                refuse_zero(b, nulls.as_ref(), level, rows)?;
                // What stands where there is no value, or where nobody looks, may be zero.
                match operator {
                    Operator::Division => zip(a, b, |x, y| if y == 0 { 0 } else { x.wrapping_div(y) }),
                    _ => zip(a, b, |x, y| if y == 0 { 0 } else { x.wrapping_rem(y) }),
                }
            }
            Operator::Power => {
                let values = zip(a, b, |x, y| (x as f64).powf(y as f64));
                return Ok(Some((ColumnType::Float, Arc::new(Float64Array::new(values.into(), nulls())))));
            }
            _ => return Ok(None),
        };
        return Ok(Some((ColumnType::Int, Arc::new(Int64Array::new(values.into(), nulls())))));
    }
    let (Some(a), Some(b)) = (uints(l), uints(r)) else { return Ok(None) };
    let values = match operator {
        Operator::Addition => zip(a, b, u64::wrapping_add),
        Operator::Subtraction => zip(a, b, u64::wrapping_sub),
        Operator::Multiplication => zip(a, b, u64::wrapping_mul),
        Operator::Division | Operator::Modulo => {
            let nulls = nulls();
            refuse_zero(b, nulls.as_ref(), level, rows)?;
            match operator {
                Operator::Division => zip(a, b, |x, y| x.checked_div(y).unwrap_or(0)),
                _ => zip(a, b, |x, y| x.checked_rem(y).unwrap_or(0)),
            }
        }
        Operator::Power => {
            let values = zip(a, b, |x, y| (x as f64).powf(y as f64));
            return Ok(Some((ColumnType::Float, Arc::new(Float64Array::new(values.into(), nulls())))));
        }
        _ => return Ok(None),
    };
    Ok(Some((ColumnType::UInt, Arc::new(UInt64Array::new(values.into(), nulls())))))
}

/// Fails if a divisor that counts is zero. The interpreter, which is asked then, says it better.
fn refuse_zero<T: Copy + PartialEq + Default>(
    divisors: Numbers<'_, T>,
    nulls: Option<&NullBuffer>,
    level: Level,
    rows: &Rows<'_>,
) -> Result<()> {
    let zero = T::default();
    let counts = |at: usize| nulls.is_none_or(|n| n.is_valid(at)) && level.is_active(at, rows);
    let found = match divisors {
        Numbers::One(d) => d == zero && (0..level.len(rows)).any(counts),
        Numbers::Each(all) => all.iter().enumerate().any(|(at, d)| *d == zero && counts(at)),
    };
    if found { Err(FluxError::invalid("cannot divide by zero")) } else { Ok(()) }
}
