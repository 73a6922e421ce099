//! `if test then yes else no`.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::UInt32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, StringArray, UInt32Array, UInt64Array,
};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use weir_table::{Bools, ColumnType, Strings};

use super::numbers::{Numbers, floats, ints, times, uints};
use super::{Side, per_row, sides};
use crate::error::Result;
use crate::rowfn::RecordColumns;
use crate::rowfn::column::Vector;
use crate::rowfn::rows::Rows;
use crate::value::Value;

/// For each row the value of `yes` where `test` holds, and that of `no` elsewhere.
pub(in crate::rowfn) fn choose(
    test: &BooleanBuffer,
    yes: &Vector,
    no: &Vector,
    rows: &Rows<'_>,
) -> Result<Vector> {
    if let (Vector::Record(y), Vector::Record(n)) = (yes, no) {
        return choose_records(test, y, n, rows);
    }
    let test_vector = Vector::Rows(ColumnType::Bool, Arc::new(BooleanArray::new(test.clone(), None)));
    if let Some((_, sides)) = sides(&[&test_vector, yes, no], rows)
        && let [_, y, n] = sides.as_slice()
        && let Some((ty, array)) = columns(test, y, n)
    {
        return Ok(Vector::Rows(ty, array));
    }
    per_row(&[test_vector, yes.clone(), no.clone()], rows, |v| match &v[0] {
        Value::Bool(true) => Ok(v[1].clone()),
        _ => Ok(v[2].clone()),
    })
}

/// The type of a side; `None` if no column holds it, or it is null of no type.
fn type_of(side: &Side) -> Option<ColumnType> {
    match side {
        Side::One(value) => value.column_type(),
        Side::Each(ty, _) => Some(*ty),
    }
}

/// A value of the type in place of a null, which stands for it.
fn filled(side: &Side, ty: ColumnType) -> Side {
    match side {
        Side::One(Value::Null(_)) => Side::One(match ty {
            ColumnType::Bool => Value::Bool(false),
            ColumnType::Int => Value::Int(0),
            ColumnType::UInt => Value::UInt(0),
            ColumnType::Float => Value::Float(0.0),
            ColumnType::String => Value::from(""),
            ColumnType::Time => Value::Time(0),
        }),
        Side::One(value) => Side::One(value.clone()),
        Side::Each(ty, array) => Side::Each(*ty, Arc::clone(array)),
    }
}

/// Where a side has values.
fn validity(side: &Side, len: usize) -> BooleanBuffer {
    match side {
        Side::One(value) if value.is_null() => BooleanBuffer::new_unset(len),
        _ => side.nulls().map_or_else(|| BooleanBuffer::new_set(len), NullBuffer::into_inner),
    }
}

fn columns(test: &BooleanBuffer, yes: &Side, no: &Side) -> Option<(ColumnType, ArrayRef)> {
    let ty = match (type_of(yes), type_of(no)) {
        (Some(y), Some(n)) if y == n => y,
        (Some(y), _) if matches!(no, Side::One(Value::Null(_))) => y,
        (_, Some(n)) if matches!(yes, Side::One(Value::Null(_))) => n,
        _ => return None,
    };
    let (y, n) = (filled(yes, ty), filled(no, ty));
    let has_null = |side: &Side| matches!(side, Side::One(Value::Null(_))) || side.nulls().is_some();
    let nulls = (has_null(yes) || has_null(no)).then(|| {
        let len = test.len();
        NullBuffer::new(&(test & &validity(yes, len)) | &(&!test & &validity(no, len)))
    });
    let array: ArrayRef = match ty {
        ColumnType::Int => Arc::new(Int64Array::new(pick(test, ints(&y)?, ints(&n)?).into(), nulls)),
        ColumnType::Time => Arc::new(Int64Array::new(pick(test, times(&y)?, times(&n)?).into(), nulls)),
        ColumnType::UInt => Arc::new(UInt64Array::new(pick(test, uints(&y)?, uints(&n)?).into(), nulls)),
        ColumnType::Float => Arc::new(Float64Array::new(pick(test, floats(&y)?, floats(&n)?).into(), nulls)),
        ColumnType::Bool => {
            let (y, n) = (truths(&y, test.len())?, truths(&n, test.len())?);
            Arc::new(BooleanArray::new(&(test & &y) | &(&!test & &n), nulls))
        }
        ColumnType::String => texts(test, &y, &n, nulls)?,
    };
    Some((ty, array))
}

fn pick<T: Copy>(test: &BooleanBuffer, yes: Numbers<'_, T>, no: Numbers<'_, T>) -> Vec<T> {
    let tests = test.iter();
    match (yes, no) {
        (Numbers::Each(y), Numbers::Each(n)) => {
            tests.zip(y.iter().zip(n)).map(|(t, (y, n))| if t { *y } else { *n }).collect()
        }
        (Numbers::Each(y), Numbers::One(n)) => tests.zip(y).map(|(t, y)| if t { *y } else { n }).collect(),
        (Numbers::One(y), Numbers::Each(n)) => tests.zip(n).map(|(t, n)| if t { y } else { *n }).collect(),
        (Numbers::One(y), Numbers::One(n)) => tests.map(|t| if t { y } else { n }).collect(),
    }
}

fn truths(side: &Side, len: usize) -> Option<BooleanBuffer> {
    Some(match side {
        Side::One(Value::Bool(true)) => BooleanBuffer::new_set(len),
        Side::One(Value::Bool(false)) => BooleanBuffer::new_unset(len),
        Side::Each(ColumnType::Bool, array) => Bools::of(array)?.0.values().clone(),
        _ => return None,
    })
}

/// Two texts become codes.
fn texts(test: &BooleanBuffer, yes: &Side, no: &Side, nulls: Option<NullBuffer>) -> Option<ArrayRef> {
    if let (Side::One(Value::String(y)), Side::One(Value::String(n))) = (yes, no) {
        let codes: Vec<u32> = test.iter().map(|t| u32::from(!t)).collect();
        let texts: ArrayRef = Arc::new(StringArray::from(vec![&**y, &**n]));
        let coded = DictionaryArray::<UInt32Type>::try_new(UInt32Array::new(codes.into(), nulls), texts);
        return coded.ok().map(|d| Arc::new(d) as ArrayRef);
    }
    enum Text<'a> {
        One(&'a str),
        Each(Strings<'a>),
    }
    impl<'a> Text<'a> {
        fn of(side: &'a Side) -> Option<Self> {
            match side {
                Side::One(Value::String(text)) => Some(Self::One(text)),
                Side::Each(ColumnType::String, array) => Strings::of(array).map(Self::Each),
                _ => None,
            }
        }

        fn get(&self, i: usize) -> &'a str {
            match self {
                Self::One(text) => text,
                Self::Each(texts) => texts.get(i).unwrap_or_default(),
            }
        }
    }
    let (y, n) = (Text::of(yes)?, Text::of(no)?);
    let mut out = StringBuilder::with_capacity(test.len(), test.len() * 8);
    for (i, t) in test.iter().enumerate() {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(i)) {
            out.append_null();
        } else {
            out.append_value(if t { y.get(i) } else { n.get(i) });
        }
    }
    Some(Arc::new(out.finish()))
}

fn choose_records(
    test: &BooleanBuffer,
    yes: &RecordColumns,
    no: &RecordColumns,
    rows: &Rows<'_>,
) -> Result<Vector> {
    let find = |columns: &RecordColumns, label: &str| {
        let found = columns.iter().find(|(k, _)| &**k == label);
        found.map_or(Vector::Const(Value::Null(None)), |(_, v)| v.clone())
    };
    let mut labels: Vec<_> = yes.iter().map(|(k, _)| Arc::clone(k)).collect();
    labels.extend(no.iter().map(|(k, _)| Arc::clone(k)).filter(|k| !yes.iter().any(|(y, _)| y == k)));
    let columns: Result<RecordColumns> = labels
        .into_iter()
        .map(|k| {
            let v = choose(test, &find(yes, &k), &find(no, &k), rows)?;
            Ok((k, v))
        })
        .collect();
    Ok(Vector::Record(columns?))
}
