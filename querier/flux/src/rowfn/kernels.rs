//! Operators on vectors.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use weir_flux_syntax::ast::{LogicalOperator, Operator, UnaryOperator};
use weir_table::{Bools, ColumnType, Floats, Ints, Strings, TableBatch, repeat_each};

use super::RecordColumns;
use super::column::Vector;
use crate::error::Result;
use crate::eval::ops;
use crate::value::{Function, Value};

/// Computes a value for each row from the values of some vectors; once, if all are the same for all rows; once a
/// table, if all are the same within a table.
pub(super) fn per_row(
    parts: &[Vector],
    batch: &TableBatch,
    mut f: impl FnMut(&[Value]) -> Result<Value>,
) -> Result<Vector> {
    let mut values = Vec::with_capacity(parts.len());
    if parts.iter().all(|p| matches!(p, Vector::Const(_))) {
        values.extend(parts.iter().map(|p| p.value(0, 0)));
        return Ok(Vector::Const(f(&values)?));
    }
    let mut out = Vec::with_capacity(batch.rows());
    for run in 0..batch.runs() {
        for row in batch.run(run) {
            values.clear();
            values.extend(parts.iter().map(|p| p.value(run, row)));
            out.push(f(&values)?);
        }
    }
    Ok(Vector::from_values(out))
}

/// `left operator right`.
pub(super) fn binary(
    operator: Operator,
    left: &Vector,
    right: &Vector,
    batch: &TableBatch,
) -> Result<Vector> {
    if let Some(fast) = floats(operator, left, right, batch).or_else(|| ints(operator, left, right, batch)) {
        return Ok(fast);
    }
    if let Some(fast) = text_test(operator, left, right, batch) {
        return Ok(fast);
    }
    per_row(&[left.clone(), right.clone()], batch, |v| ops::binary(operator, &v[0], &v[1]))
}

enum Side<'a, A> {
    One(A),
    Each(&'a dyn Array),
}

fn rows(vector: &Vector, batch: &TableBatch) -> Option<(ColumnType, ArrayRef)> {
    match vector {
        Vector::Rows(ty, a) => Some((*ty, Arc::clone(a))),
        Vector::Run(ty, a) => Some((*ty, repeat_each(a, &batch.offsets))),
        _ => None,
    }
}

fn floats(operator: Operator, left: &Vector, right: &Vector, batch: &TableBatch) -> Option<Vector> {
    fn side<'a>(v: &Vector, column: &'a Option<(ColumnType, ArrayRef)>) -> Option<Side<'a, f64>> {
        match (v, column) {
            (Vector::Const(Value::Float(f)), _) => Some(Side::One(*f)),
            (_, Some((ColumnType::Float, a))) => Some(Side::Each(a)),
            _ => None,
        }
    }
    if matches!((left, right), (Vector::Const(_), Vector::Const(_))) {
        return None;
    }
    let (lc, rc) = (rows(left, batch), rows(right, batch));
    let (l, r) = (side(left, &lc)?, side(right, &rc)?);
    let n = batch.rows();
    let nulls = union_nulls(&l, &r);
    macro_rules! zip {
        ($f:expr) => {
            match (&l, &r) {
                (Side::Each(a), Side::Each(b)) => {
                    let (a, b) = (Floats::of(*a)?.0.values(), Floats::of(*b)?.0.values());
                    a.iter().zip(b.iter()).map(|(x, y)| $f(*x, *y)).collect()
                }
                (Side::Each(a), Side::One(b)) => {
                    Floats::of(*a)?.0.values().iter().map(|x| $f(*x, *b)).collect()
                }
                (Side::One(a), Side::Each(b)) => {
                    Floats::of(*b)?.0.values().iter().map(|y| $f(*a, *y)).collect()
                }
                (Side::One(_), Side::One(_)) => return None,
            }
        };
    }
    let values: Vec<f64> = match operator {
        Operator::Addition => zip!(|x: f64, y: f64| x + y),
        Operator::Subtraction => zip!(|x: f64, y: f64| x - y),
        Operator::Multiplication => zip!(|x: f64, y: f64| x * y),
        Operator::Division => zip!(|x: f64, y: f64| x / y),
        Operator::Modulo => zip!(|x: f64, y: f64| x % y),
        Operator::Power => zip!(f64::powf),
        _ => {
            let bits: Vec<bool> = match operator {
                Operator::Equal => zip!(|x: f64, y: f64| x == y),
                Operator::NotEqual => zip!(|x: f64, y: f64| x != y),
                Operator::LessThan => zip!(|x: f64, y: f64| x < y),
                Operator::LessThanEqual => zip!(|x: f64, y: f64| x <= y),
                Operator::GreaterThan => zip!(|x: f64, y: f64| x > y),
                Operator::GreaterThanEqual => zip!(|x: f64, y: f64| x >= y),
                _ => return None,
            };
            debug_assert_eq!(bits.len(), n);
            return Some(bools(bits, nulls));
        }
    };
    Some(Vector::Rows(ColumnType::Float, Arc::new(Float64Array::new(values.into(), nulls))))
}

fn ints(operator: Operator, left: &Vector, right: &Vector, batch: &TableBatch) -> Option<Vector> {
    fn side<'a>(
        v: &Vector,
        column: &'a Option<(ColumnType, ArrayRef)>,
    ) -> Option<(Side<'a, i64>, ColumnType)> {
        match (v, column) {
            (Vector::Const(Value::Int(i)), _) => Some((Side::One(*i), ColumnType::Int)),
            (Vector::Const(Value::Time(i)), _) => Some((Side::One(*i), ColumnType::Time)),
            (_, Some((ty @ (ColumnType::Int | ColumnType::Time), a))) => Some((Side::Each(a), *ty)),
            _ => None,
        }
    }
    if matches!((left, right), (Vector::Const(_), Vector::Const(_))) {
        return None;
    }
    let (lc, rc) = (rows(left, batch), rows(right, batch));
    let ((l, lt), (r, rt)) = (side(left, &lc)?, side(right, &rc)?);
    if lt != rt {
        return None;
    }
    let nulls = union_nulls(&l, &r);
    macro_rules! zip {
        ($f:expr) => {
            match (&l, &r) {
                (Side::Each(a), Side::Each(b)) => {
                    let (a, b) = (Ints::of(*a)?.0.values(), Ints::of(*b)?.0.values());
                    a.iter().zip(b.iter()).map(|(x, y)| $f(*x, *y)).collect()
                }
                (Side::Each(a), Side::One(b)) => {
                    Ints::of(*a)?.0.values().iter().map(|x| $f(*x, *b)).collect()
                }
                (Side::One(a), Side::Each(b)) => {
                    Ints::of(*b)?.0.values().iter().map(|y| $f(*a, *y)).collect()
                }
                (Side::One(_), Side::One(_)) => return None,
            }
        };
    }
    let bits: Vec<bool> = match operator {
        Operator::Equal => zip!(|x: i64, y: i64| x == y),
        Operator::NotEqual => zip!(|x: i64, y: i64| x != y),
        Operator::LessThan => zip!(|x: i64, y: i64| x < y),
        Operator::LessThanEqual => zip!(|x: i64, y: i64| x <= y),
        Operator::GreaterThan => zip!(|x: i64, y: i64| x > y),
        Operator::GreaterThanEqual => zip!(|x: i64, y: i64| x >= y),
        // Division and modulo by zero are errors, and times are not added: both go the slow way.
        Operator::Addition | Operator::Subtraction | Operator::Multiplication if lt == ColumnType::Int => {
            let values: Vec<i64> = match operator {
                Operator::Addition => zip!(i64::wrapping_add),
                Operator::Subtraction => zip!(i64::wrapping_sub),
                _ => zip!(i64::wrapping_mul),
            };
            return Some(Vector::Rows(ColumnType::Int, Arc::new(Int64Array::new(values.into(), nulls))));
        }
        _ => return None,
    };
    Some(bools(bits, nulls))
}

fn union_nulls<T>(l: &Side<'_, T>, r: &Side<'_, T>) -> Option<NullBuffer> {
    let of = |s: &Side<'_, T>| match s {
        Side::Each(a) => a.nulls().cloned(),
        Side::One(_) => None,
    };
    NullBuffer::union(of(l).as_ref(), of(r).as_ref())
}

fn bools(bits: Vec<bool>, nulls: Option<NullBuffer>) -> Vector {
    Vector::Rows(ColumnType::Bool, Arc::new(BooleanArray::new(BooleanBuffer::from(bits), nulls)))
}

/// Text against a constant text or regular expression: decided once a distinct text where the column is coded.
fn text_test(operator: Operator, left: &Vector, right: &Vector, batch: &TableBatch) -> Option<Vector> {
    let Vector::Const(constant @ (Value::String(_) | Value::Regexp(_))) = right else { return None };
    if matches!(operator, Operator::Addition) {
        return None;
    }
    let test = |text: &str| match (constant, operator) {
        (Value::String(s), op) => Some(ops::holds(op, text.cmp(s))),
        (Value::Regexp(r), Operator::RegexpMatch) => Some(r.is_match(text)),
        (Value::Regexp(r), Operator::NotRegexpMatch) => Some(!r.is_match(text)),
        _ => None,
    };
    match left {
        Vector::Run(ColumnType::String, a) => {
            let answers = test_texts(Strings::of(a)?, &test)?;
            let array: ArrayRef = Arc::new(answers);
            Some(Vector::Rows(ColumnType::Bool, repeat_each(&array, &batch.offsets)))
        }
        Vector::Rows(ColumnType::String, a) => {
            Some(Vector::Rows(ColumnType::Bool, Arc::new(test_texts(Strings::of(a)?, &test)?)))
        }
        _ => None,
    }
}

fn test_texts(strings: Strings<'_>, test: &impl Fn(&str) -> Option<bool>) -> Option<BooleanArray> {
    match strings {
        Strings::Dictionary(codes, values) if values.len() < codes.len() => {
            let answers: Vec<Option<bool>> = (0..values.len())
                .map(|i| if values.is_null(i) { Some(None) } else { test(values.value(i)).map(Some) })
                .collect::<Option<_>>()?;
            Some(
                (0..codes.len())
                    .map(|i| if codes.is_null(i) { None } else { answers[codes.keys().value(i) as usize] })
                    .collect(),
            )
        }
        _ => (0..strings.len())
            .map(|i| match strings.get(i) {
                None => Some(None),
                Some(text) => test(text).map(Some),
            })
            .collect::<Option<Vec<_>>>()
            .map(BooleanArray::from),
    }
}

/// `left and right`, `left or right`, three-valued.
pub(super) fn logical(
    operator: LogicalOperator,
    left: &Vector,
    right: &Vector,
    batch: &TableBatch,
) -> Result<Vector> {
    if let (Some((ColumnType::Bool, l)), Some((ColumnType::Bool, r))) =
        (rows(left, batch), rows(right, batch))
        && let (Some(l), Some(r)) = (Bools::of(&l), Bools::of(&r))
        && l.0.null_count() == 0
        && r.0.null_count() == 0
    {
        let bits = match operator {
            LogicalOperator::And => l.0.values() & r.0.values(),
            LogicalOperator::Or => l.0.values() | r.0.values(),
        };
        return Ok(Vector::Rows(ColumnType::Bool, Arc::new(BooleanArray::new(bits, None))));
    }
    per_row(&[left.clone(), right.clone()], batch, |v| ops::logical(operator, &v[0], &v[1]))
}

/// `-x`, `not x`.
pub(super) fn unary(operator: UnaryOperator, v: &Vector, batch: &TableBatch) -> Result<Vector> {
    per_row(std::slice::from_ref(v), batch, |v| ops::unary(operator, &v[0]))
}

/// `exists x`.
pub(super) fn exists(v: &Vector, batch: &TableBatch) -> Vector {
    match v {
        Vector::Const(v) => Vector::Const(Value::Bool(!v.is_null())),
        Vector::Record(_) => Vector::Const(Value::Bool(true)),
        Vector::Values(values) => bools(values.iter().map(|v| !v.is_null()).collect(), None),
        Vector::Rows(_, a) => Vector::Rows(ColumnType::Bool, Arc::new(not_null(a))),
        Vector::Run(_, a) => {
            let present: ArrayRef = Arc::new(not_null(a));
            Vector::Rows(ColumnType::Bool, repeat_each(&present, &batch.offsets))
        }
    }
}

fn not_null(array: &ArrayRef) -> BooleanArray {
    match array.logical_nulls() {
        Some(nulls) => BooleanArray::new(nulls.into_inner(), None),
        None => BooleanArray::new(BooleanBuffer::new_set(array.len()), None),
    }
}

/// `if test then yes else no`, for each row; null takes the else branch.
pub(super) fn choose(test: &Vector, yes: &Vector, no: &Vector, batch: &TableBatch) -> Result<Vector> {
    if let (Vector::Record(y), Vector::Record(n)) = (yes, no) {
        return choose_records(test, y, n, batch);
    }
    per_row(&[test.clone(), yes.clone(), no.clone()], batch, |v| match &v[0] {
        Value::Bool(true) => Ok(v[1].clone()),
        Value::Bool(false) | Value::Null(_) => Ok(v[2].clone()),
        other => Err(crate::error::FluxError::invalid(format!("expected bool but found {}", other.nature()))),
    })
}

fn choose_records(
    test: &Vector,
    yes: &RecordColumns,
    no: &RecordColumns,
    batch: &TableBatch,
) -> Result<Vector> {
    let null = Vector::Const(Value::Null(None));
    let find = |columns: &RecordColumns, label: &str| {
        columns.iter().find(|(k, _)| &**k == label).map_or_else(|| null.clone(), |(_, v)| v.clone())
    };
    let mut labels: Vec<_> = yes.iter().map(|(k, _)| Arc::clone(k)).collect();
    labels.extend(no.iter().map(|(k, _)| Arc::clone(k)).filter(|k| !yes.iter().any(|(y, _)| y == k)));
    let columns: Result<RecordColumns> = labels
        .into_iter()
        .map(|k| {
            let v = choose(test, &find(yes, &k), &find(no, &k), batch)?;
            Ok((k, v))
        })
        .collect();
    Ok(Vector::Record(columns?))
}

/// `float(v:)`, `int(v:)`, `uint(v:)` of a numeric column; `None` where there is no kernel.
pub(super) fn conversion(
    function: &Function,
    named: &RecordColumns,
    batch: &TableBatch,
) -> Result<Option<Vector>> {
    let (Some(definition), [(label, v)]) = (function.definition(), named.as_slice()) else { return Ok(None) };
    if definition.package != "universe" || &**label != "v" {
        return Ok(None);
    }
    let Some((ty, array)) = rows(v, batch) else { return Ok(None) };
    Ok(match (definition.name, ty) {
        ("float", ColumnType::Float) | ("int", ColumnType::Int) => Some(Vector::Rows(ty, array)),
        ("float", ColumnType::Int) => Ints::of(&array).map(|a| {
            let values: Vec<f64> = a.0.values().iter().map(|v| *v as f64).collect();
            let floats = Float64Array::new(values.into(), a.0.nulls().cloned());
            Vector::Rows(ColumnType::Float, Arc::new(floats))
        }),
        _ => None,
    })
}
