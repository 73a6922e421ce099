//! `and`, `or`, `not`, `exists` and signs. Null is unknown.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use weir_flux_syntax::ast::{LogicalOperator, UnaryOperator};
use weir_table::{Bools, ColumnType, Floats, Ints, repeat_each};

use super::{Level, Rows, bools, per_row};
use crate::error::Result;
use crate::eval::ops;
use crate::rowfn::column::Vector;
use crate::value::Value;

/// Where a boolean is true, and where it is false; neither where it is null.
pub(in crate::rowfn) struct Truth {
    pub(in crate::rowfn) yes: BooleanBuffer,
    pub(in crate::rowfn) no: BooleanBuffer,
}

impl Truth {
    /// A bit a row; nothing is true or false where there is no boolean. `None` if the vector is of no booleans.
    fn at(vector: &Vector, level: Level, rows: &Rows<'_>) -> Option<Self> {
        let len = level.len(rows);
        let (set, unset) = (|| BooleanBuffer::new_set(len), || BooleanBuffer::new_unset(len));
        let spread: ArrayRef;
        let array = match vector {
            Vector::Const(Value::Bool(true)) => return Some(Self { yes: set(), no: unset() }),
            Vector::Const(Value::Bool(false)) => return Some(Self { yes: unset(), no: set() }),
            Vector::Const(Value::Null(_)) => return Some(Self { yes: unset(), no: unset() }),
            Vector::Run(ty, array) | Vector::Rows(ty, array) if *ty != ColumnType::Bool => {
                return (array.null_count() == array.len()).then(|| Self { yes: unset(), no: unset() });
            }
            Vector::Run(_, array) if level == Level::Row => {
                spread = repeat_each(array, &rows.batch().offsets);
                &spread
            }
            Vector::Run(_, array) | Vector::Rows(_, array) => array,
            _ => return None,
        };
        let array = Bools::of(array)?.0;
        let values = array.values();
        Some(match array.nulls().filter(|n| n.null_count() > 0) {
            None => Self { yes: values.clone(), no: !values },
            Some(nulls) => Self { yes: values & nulls.inner(), no: &!values & nulls.inner() },
        })
    }

    fn into_array(self) -> BooleanArray {
        let known = &self.yes | &self.no;
        let nulls = (known.count_set_bits() < known.len()).then(|| NullBuffer::new(known));
        bools(self.yes, nulls)
    }
}

/// A boolean a row, whatever the vector is made of; `None` if it is of no booleans.
pub(in crate::rowfn) fn truth(vector: &Vector, rows: &Rows<'_>) -> Option<Truth> {
    Truth::at(vector, Level::Row, rows)
}

/// `left and right`, `left or right`; `null_is_false` as for values.
pub(in crate::rowfn) fn logical(
    operator: LogicalOperator,
    left: &Vector,
    right: &Vector,
    null_is_false: bool,
    rows: &Rows<'_>,
) -> Result<Vector> {
    let level = match (left, right) {
        (Vector::Const(_), Vector::Const(_)) => None,
        (Vector::Rows(..), _) | (_, Vector::Rows(..)) => Some(Level::Row),
        _ => Some(Level::Run),
    };
    if let Some(level) = level
        && let (Some(mut l), Some(r)) = (Truth::at(left, level, rows), Truth::at(right, level, rows))
    {
        if null_is_false {
            l.no = !&l.yes;
        }
        let both = match operator {
            LogicalOperator::And => Truth { yes: &l.yes & &r.yes, no: &l.no | &r.no },
            LogicalOperator::Or => Truth { yes: &l.yes | &r.yes, no: &l.no & &r.no },
        };
        return Ok(level.vector(ColumnType::Bool, Arc::new(both.into_array())));
    }
    per_row(&[left.clone(), right.clone()], rows, |v| ops::logical(operator, &v[0], &v[1], null_is_false))
}

/// `-x`, `+x`, `not x`.
pub(in crate::rowfn) fn unary(operator: UnaryOperator, v: &Vector, rows: &Rows<'_>) -> Result<Vector> {
    let level = if matches!(v, Vector::Run(..)) { Level::Run } else { Level::Row };
    if let Vector::Run(ty, array) | Vector::Rows(ty, array) = v {
        let nulls = || array.nulls().cloned();
        let answer: Option<ArrayRef> = match (operator, ty) {
            (UnaryOperator::Not, ColumnType::Bool) => {
                Bools::of(array).map(|a| Arc::new(bools(!a.0.values(), nulls())) as ArrayRef)
            }
            (UnaryOperator::Minus, ColumnType::Int) => Ints::of(array).map(|a| {
                let values: Vec<i64> = a.0.values().iter().map(|v| v.wrapping_neg()).collect();
                Arc::new(Int64Array::new(values.into(), nulls())) as ArrayRef
            }),
            (UnaryOperator::Minus, ColumnType::Float) => Floats::of(array).map(|a| {
                let values: Vec<f64> = a.0.values().iter().map(|v| -v).collect();
                Arc::new(Float64Array::new(values.into(), nulls())) as ArrayRef
            }),
            (UnaryOperator::Plus, ColumnType::Int | ColumnType::UInt | ColumnType::Float) => {
                Some(Arc::clone(array))
            }
            _ => None,
        };
        if let Some(answer) = answer {
            return Ok(level.vector(*ty, answer));
        }
    }
    per_row(std::slice::from_ref(v), rows, |v| ops::unary(operator, &v[0]))
}

/// `exists x`.
pub(in crate::rowfn) fn exists(v: &Vector) -> Vector {
    match v {
        Vector::Const(v) => Vector::Const(Value::Bool(!v.is_null())),
        Vector::Record(_) => Vector::Const(Value::Bool(true)),
        Vector::Values(values) => {
            let bits = BooleanBuffer::collect_bool(values.len(), |i| !values[i].is_null());
            Vector::Rows(ColumnType::Bool, Arc::new(bools(bits, None)))
        }
        Vector::Rows(_, a) => Vector::Rows(ColumnType::Bool, Arc::new(not_null(a))),
        Vector::Run(_, a) => Vector::Run(ColumnType::Bool, Arc::new(not_null(a))),
    }
}

fn not_null(array: &ArrayRef) -> BooleanArray {
    match array.logical_nulls() {
        Some(nulls) => BooleanArray::new(nulls.into_inner(), None),
        None => BooleanArray::new(BooleanBuffer::new_set(array.len()), None),
    }
}
