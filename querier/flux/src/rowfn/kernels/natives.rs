//! Functions of the library that say themselves how columns are computed.

use std::sync::Arc;

use arrow_array::{Float64Array, Int64Array};
use weir_table::ColumnType;

use super::{Rows, numbers, sides};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::registry::{Definition, Kernel, OfTime};
use crate::rowfn::RecordColumns;
use crate::rowfn::column::Vector;

/// A function's answer for all rows; `None` if it has no kernel, or not for what it is given.
pub(in crate::rowfn) fn native(
    definition: &Definition,
    named: &RecordColumns,
    rows: &Rows<'_>,
    cx: &Context,
) -> Result<Option<Vector>> {
    let argument = |name: &str| named.iter().find(|(label, _)| **label == *name).map(|(_, v)| v);
    match definition.kernel() {
        Some(Kernel::Float(x, f)) if named.len() == 1 => {
            Ok(argument(x).and_then(|x| floats(&[x, x], rows, |x, _| f(x))))
        }
        Some(Kernel::Floats([x, y], f)) if named.len() == 2 => {
            Ok(argument(x).zip(argument(y)).and_then(|(x, y)| floats(&[x, y], rows, f)))
        }
        Some(Kernel::Time(t, ty, prepare)) => {
            let others = named.iter().filter(|(label, _)| **label != *t);
            let others: Option<Vec<_>> = others
                .map(|(label, v)| match v {
                    Vector::Const(value) => Some((Arc::clone(label), value.clone())),
                    Vector::Record(columns) if columns.iter().all(|(_, c)| matches!(c, Vector::Const(_))) => {
                        Some((Arc::clone(label), v.value(0, 0)))
                    }
                    _ => None,
                })
                .collect();
            match (argument(t), others) {
                (Some(t), Some(others)) => times(t, ty, rows, || prepare(&Args::new(others), cx)),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

fn floats(of: &[&Vector; 2], rows: &Rows<'_>, f: impl Fn(f64, f64) -> f64) -> Option<Vector> {
    let (level, sides) = sides(of, rows)?;
    let [x, y] = sides.as_slice() else { return None };
    let values = numbers::zip(numbers::floats(x)?, numbers::floats(y)?, f);
    let answers = Float64Array::new(values.into(), numbers::nulls(x, y));
    Some(level.vector(ColumnType::Float, Arc::new(answers)))
}

/// Times of a column, all of them there: what no time is an error, which is told row by row.
fn times(
    t: &Vector,
    ty: ColumnType,
    rows: &Rows<'_>,
    prepare: impl FnOnce() -> Result<OfTime>,
) -> Result<Option<Vector>> {
    let Some((level, sides)) = sides(&[t], rows) else { return Ok(None) };
    let Some(numbers::Numbers::Each(times)) = sides.first().and_then(numbers::times) else { return Ok(None) };
    if sides.iter().any(|side| side.nulls().is_some_and(|nulls| nulls.null_count() > 0)) {
        return Ok(None);
    }
    let f = prepare()?;
    let answer = |(at, time): (usize, &i64)| if level.is_active(at, rows) { f(*time) } else { Ok(0) };
    let values: Vec<i64> = times.iter().enumerate().map(answer).collect::<Result<_>>()?;
    Ok(Some(level.vector(ty, Arc::new(Int64Array::from(values)))))
}
