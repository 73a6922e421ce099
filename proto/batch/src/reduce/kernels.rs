//! Summaries of stretches of a column.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, PrimitiveArray, UInt64Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};

use super::{Picked, ReducedField, Reductions};
use crate::FieldType;

/// Summaries of a field: one for each stretch of rows.
pub(super) fn reduce(
    name: &Arc<str>,
    ty: FieldType,
    values: &ArrayRef,
    times: &[i64],
    cuts: &[Range<usize>],
    wanted: Reductions,
) -> ReducedField {
    let nulls = values.nulls().filter(|n| n.null_count() > 0);
    let count_of = |rows: &Range<usize>| match nulls {
        None => rows.len(),
        Some(nulls) => rows.len() - nulls.slice(rows.start, rows.len()).null_count(),
    };
    let count: Vec<u64> = cuts.iter().map(|rows| count_of(rows) as u64).collect();
    let has: Option<NullBuffer> =
        count.contains(&0).then(|| count.iter().map(|n| *n > 0).collect::<Vec<bool>>().into());
    let ends = Ends { nulls, times, cuts, wanted };
    let mut out = ReducedField {
        name: name.clone(),
        ty,
        count: UInt64Array::from(count),
        sum: None,
        float_sum: None,
        min: None,
        max: None,
        first: wanted.first.then(|| ends.pick(values, false)),
        last: wanted.last.then(|| ends.pick(values, true)),
    };
    match ty {
        FieldType::Float => {
            let add = |v: &[f64]| v.iter().sum::<f64>();
            numbers::<Float64Type>(&mut out, values, &ends, has.as_ref(), add, |v| v, |a, b| a < b);
        }
        FieldType::Integer => {
            let sum = |v: &[i64]| v.iter().fold(0i64, |s, x| s.wrapping_add(*x));
            numbers::<Int64Type>(&mut out, values, &ends, has.as_ref(), sum, |v| v as f64, |a, b| a < b);
        }
        FieldType::Unsigned => {
            let sum = |v: &[u64]| v.iter().fold(0u64, |s, x| s.wrapping_add(*x));
            numbers::<UInt64Type>(&mut out, values, &ends, has.as_ref(), sum, |v| v as f64, |a, b| a < b);
        }
        FieldType::Boolean | FieldType::String => {}
    }
    out
}

struct Ends<'a> {
    nulls: Option<&'a NullBuffer>,
    times: &'a [i64],
    cuts: &'a [Range<usize>],
    wanted: Reductions,
}

impl Ends<'_> {
    fn is_valid(&self, row: usize) -> bool {
        self.nulls.is_none_or(|n| n.is_valid(row))
    }

    /// The first or last value of each stretch.
    fn pick(&self, values: &ArrayRef, last: bool) -> Picked {
        let row_of = |rows: &Range<usize>| {
            if last {
                rows.clone().rev().find(|row| self.is_valid(*row))
            } else {
                rows.clone().find(|row| self.is_valid(*row))
            }
        };
        let rows: Vec<Option<usize>> = self.cuts.iter().map(row_of).collect();
        Picked { values: take(values, &rows), times: self.wanted.times.then(|| self.times_of(&rows)) }
    }

    fn times_of(&self, rows: &[Option<usize>]) -> Int64Array {
        rows.iter().map(|row| row.map(|row| self.times[row])).collect()
    }
}

/// The values of some rows.
pub(super) fn take(values: &ArrayRef, rows: &[Option<usize>]) -> ArrayRef {
    fn primitive<T: ArrowPrimitiveType>(values: &PrimitiveArray<T>, rows: &[Option<usize>]) -> ArrayRef {
        let some = |row: &Option<usize>| row.filter(|row| values.is_valid(*row)).map(|row| values.value(row));
        Arc::new(rows.iter().map(some).collect::<PrimitiveArray<T>>())
    }
    if let Some(values) = values.as_primitive_opt::<Float64Type>() {
        return primitive(values, rows);
    }
    if let Some(values) = values.as_primitive_opt::<Int64Type>() {
        return primitive(values, rows);
    }
    if let Some(values) = values.as_primitive_opt::<UInt64Type>() {
        return primitive(values, rows);
    }
    if let Some(values) = values.as_boolean_opt() {
        let mut out = BooleanBuilder::with_capacity(rows.len());
        rows.iter()
            .for_each(|row| out.append_option(row.filter(|r| values.is_valid(*r)).map(|r| values.value(r))));
        return Arc::new(out.finish());
    }
    let mut out = StringBuilder::new();
    let texts = values.as_string_opt::<i32>();
    let text = |row: usize| texts.filter(|t| t.is_valid(row)).map(|t| t.value(row));
    rows.iter().for_each(|row| out.append_option(row.and_then(text)));
    Arc::new(out.finish())
}

/// Sums and extremes of numbers. `float` makes one a float, `less` orders them.
fn numbers<T: ArrowPrimitiveType>(
    out: &mut ReducedField,
    values: &ArrayRef,
    ends: &Ends<'_>,
    has: Option<&NullBuffer>,
    sum: impl Fn(&[T::Native]) -> T::Native,
    float: impl Fn(T::Native) -> f64,
    less: impl Fn(T::Native, T::Native) -> bool + Copy,
) {
    let Some(array) = values.as_primitive_opt::<T>() else { return };
    let all: &[T::Native] = array.values();
    // Stretches with nulls are packed first.
    let mut packed: Vec<T::Native> = Vec::new();
    let mut sums = Vec::with_capacity(if ends.wanted.sum { ends.cuts.len() } else { 0 });
    let (mut float_sums, mut least, mut greatest) = (Vec::new(), Vec::new(), Vec::new());
    for (rows, count) in ends.cuts.iter().zip(out.count.values()) {
        let stretch = if *count as usize == rows.len() {
            &all[rows.clone()]
        } else {
            packed.clear();
            packed.extend(rows.clone().filter(|row| ends.is_valid(*row)).map(|row| all[row]));
            &packed
        };
        if ends.wanted.sum {
            sums.push(sum(stretch));
        }
        if ends.wanted.float_sum {
            float_sums.push(stretch.iter().map(|v| float(*v)).sum::<f64>());
        }
        if ends.wanted.min {
            least.push(extreme(stretch, less));
        }
        if ends.wanted.max {
            greatest.push(extreme(stretch, |a, b| less(b, a)));
        }
    }
    let column = |values: Vec<T::Native>| PrimitiveArray::<T>::new(ScalarBuffer::from(values), has.cloned());
    if ends.wanted.sum {
        out.sum = Some(Arc::new(column(sums)));
    }
    if ends.wanted.float_sum {
        out.float_sum = Some(Float64Array::new(ScalarBuffer::from(float_sums), has.cloned()));
    }
    let picked = |values: Vec<T::Native>| {
        let row_of = |(rows, value): (&Range<usize>, &T::Native)| {
            rows.clone().find(|row| all[*row] == *value && ends.is_valid(*row))
        };
        let times = ends
            .wanted
            .times
            .then(|| ends.times_of(&ends.cuts.iter().zip(&values).map(row_of).collect::<Vec<_>>()));
        Picked { values: Arc::new(column(values)), times }
    };
    out.min = ends.wanted.min.then(|| picked(least));
    out.max = ends.wanted.max.then(|| picked(greatest));
}

/// The first value that no other is before.
fn extreme<N: Copy + Default>(values: &[N], before: impl Fn(N, N) -> bool) -> N {
    let Some((first, rest)) = values.split_first() else { return N::default() };
    rest.iter().fold(*first, |best, value| if before(*value, best) { *value } else { best })
}
