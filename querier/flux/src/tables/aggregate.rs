//! Aggregates: one row of each table.
//!
//! The output holds the key columns and the aggregated ones. Tables without rows are aggregated too: their count is
//! 0, and all else is null.

use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, PrimitiveArray};
use weir_table::{Column, ColumnType, TableBatch};

use super::digest::Digest;
use super::less_tables;
use super::numbers::{Numbers, by_run};
use super::rows::{one_row_each, or_else, with_key, zero};
use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::exec::ordering::first_of;
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec, labels};
use crate::value::Value;

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// How many rows there are, nulls included.
    Count,
    /// The same, of columns of any type.
    Rows,
    /// The sum.
    Sum,
    /// The same, where windows without rows have been left out: those that are left sum up to nothing, not to null,
    /// unless there are nulls among the values.
    WindowSum,
    /// The mean.
    Mean,
    /// The difference between the greatest and the least value.
    Spread,
    /// The standard deviation, of a sample or of a whole population.
    Stddev {
        /// Whether the values are the whole population.
        population: bool,
    },
    /// The skewness.
    Skew,
    /// A quantile of floats, interpolated between the two values next to it.
    ExactQuantile(f64),
    /// A quantile of any numbers, estimated with a t-digest.
    Estimate {
        /// The quantile, from 0 to 1.
        q: f64,
        /// How exactly.
        compression: f64,
    },
}

impl Kind {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count | Self::Rows => "count",
            Self::Sum | Self::WindowSum => "sum",
            Self::Mean => "mean",
            Self::Spread => "spread",
            Self::Stddev { .. } => "stddev",
            Self::Skew => "skew",
            Self::ExactQuantile(_) | Self::Estimate { .. } => "quantile",
        }
    }

    /// The aggregate of each run of `array`, which holds values of type `ty`; `None` if the type has none.
    pub fn compute(
        self,
        ty: ColumnType,
        array: &ArrayRef,
        offsets: &[usize],
    ) -> Option<(ColumnType, ArrayRef)> {
        if matches!(self, Self::Count | Self::Rows) {
            let counts = offsets.windows(2).map(|w| (w[1] - w[0]) as i64).collect::<Vec<_>>();
            let counted = self == Self::Rows || ty != ColumnType::Time;
            return counted.then(|| (ColumnType::Int, Arc::new(Int64Array::from(counts)) as ArrayRef));
        }
        let numbers = Numbers::of(ty, array)?;
        Some(match self {
            Self::Count | Self::Rows => return None,
            Self::Sum => sums(ty, numbers, offsets),
            Self::WindowSum if array.null_count() > 0 => sums(ty, numbers, offsets),
            Self::WindowSum => {
                let (ty, sums) = sums(ty, numbers, offsets);
                (ty, or_else(&sums, &zero(ty)))
            }
            Self::Spread => match numbers {
                Numbers::Int(a) => {
                    (ty, fold(a, offsets, |v| extent(v).map_or(0, |(lo, hi)| hi.wrapping_sub(lo))))
                }
                Numbers::UInt(a) => (ty, fold(a, offsets, |v| extent(v).map_or(0, |(lo, hi)| hi - lo))),
                Numbers::Float(a) => (ty, fold(a, offsets, |v| extent(v).map_or(0.0, |(lo, hi)| hi - lo))),
            },
            Self::Mean => floats(numbers, offsets, |v| v.iter().sum::<f64>() / v.len() as f64),
            Self::Stddev { population } => floats(numbers, offsets, |v| stddev(v, population)),
            Self::Skew => floats(numbers, offsets, skew),
            Self::ExactQuantile(_) if ty != ColumnType::Float => return None,
            Self::ExactQuantile(q) => {
                let mut sorted = Vec::new();
                floats(numbers, offsets, |v| {
                    sorted.clear();
                    sorted.extend_from_slice(v);
                    interpolated(&mut sorted, q)
                })
            }
            Self::Estimate { q, compression } => {
                let mut digest = Digest::new(compression);
                floats(numbers, offsets, |v| {
                    digest.clear();
                    for block in v.chunks(BLOCK) {
                        if interrupt::check().is_err() {
                            return f64::NAN;
                        }
                        block.iter().for_each(|&x| digest.add(x));
                    }
                    digest.quantile(q)
                })
            }
        })
    }
}

/// The sum of each run that has values; null for the others.
fn sums(ty: ColumnType, numbers: Numbers<'_>, offsets: &[usize]) -> (ColumnType, ArrayRef) {
    match numbers {
        Numbers::Int(a) => (ty, fold(a, offsets, |v| v.iter().fold(0i64, |s, &x| s.wrapping_add(x)))),
        Numbers::UInt(a) => (ty, fold(a, offsets, |v| v.iter().fold(0u64, |s, &x| s.wrapping_add(x)))),
        Numbers::Float(a) => (ty, fold(a, offsets, |v| v.iter().sum())),
    }
}

/// `f` of each run that has values; null for the others.
fn fold<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    offsets: &[usize],
    mut f: impl FnMut(&[T::Native]) -> T::Native,
) -> ArrayRef {
    let values = by_run(array, offsets, |v| (!v.is_empty()).then(|| f(v)));
    Arc::new(values.into_iter().collect::<PrimitiveArray<T>>())
}

/// `f` of each run that has values, as floats; null for the others.
fn floats(
    numbers: Numbers<'_>,
    offsets: &[usize],
    mut f: impl FnMut(&[f64]) -> f64,
) -> (ColumnType, ArrayRef) {
    let values = match numbers {
        Numbers::Float(a) => return (ColumnType::Float, fold::<Float64Type>(a, offsets, f)),
        other => other.floats_by_run(offsets, |v| (!v.is_empty()).then(|| f(v))),
    };
    (ColumnType::Float, Arc::new(Float64Array::from(values)))
}

fn extent<T: Copy + PartialOrd>(values: &[T]) -> Option<(T, T)> {
    let (&first, rest) = values.split_first()?;
    Some(
        rest.iter()
            .fold((first, first), |(lo, hi), &v| (if v < lo { v } else { lo }, if v > hi { v } else { hi })),
    )
}

fn stddev(values: &[f64], population: bool) -> f64 {
    let (mut n, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for &v in values {
        n += 1.0;
        let delta = v - mean;
        mean += delta / n;
        squares += delta * (v - mean);
    }
    (squares / if population { n } else { n - 1.0 }).sqrt()
}

fn skew(values: &[f64]) -> f64 {
    let (mut n, mut m1, mut m2, mut m3) = (0.0f64, 0.0, 0.0, 0.0);
    for &v in values {
        let before = n;
        n += 1.0;
        let delta = v - m1;
        let step = delta / n;
        let term = delta * step * before;
        m3 += term * step * (n - 2.0) - 3.0 * step * m2;
        m2 += term;
        m1 += step;
    }
    if n < 2.0 { f64::NAN } else { n.sqrt() * m3 / m2.powf(1.5) }
}

/// So many values are added to a digest between two looks whether the query was cancelled. The answer is NaN then, and
/// whoever asked for it looks too.
const BLOCK: usize = 1 << 16;

fn interpolated(values: &mut Vec<f64>, q: f64) -> f64 {
    let all = values.len();
    // NaN is less than any number here.
    let order = |a: &f64, b: &f64| b.is_nan().cmp(&a.is_nan()).then(a.total_cmp(b));
    if first_of(values, all, order).is_err() {
        return f64::NAN;
    }
    let place = q * (values.len() - 1) as f64;
    let (below, above) = (place.floor(), place.ceil());
    let at = |x: f64| values[(x as usize).min(values.len() - 1)];
    if below == above { at(below) } else { at(below) * (above - place) + at(above) * (place - below) }
}

/// An aggregate of some columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// What is computed.
    pub kind: Kind,
    /// Of which columns.
    pub columns: Vec<Arc<str>>,
}

impl Aggregate {
    /// Ends a call of an aggregate function with the parameter `column`.
    ///
    /// # Errors
    /// When the arguments do not fit.
    pub fn call(kind: Kind, args: &mut Args) -> Result<Value> {
        let column = args.string_or("column", "_value")?;
        args.transform(Self { kind, columns: vec![column] })
    }

    /// The aggregates of a batch of whole tables.
    ///
    /// # Errors
    /// When a column is not there, or of a type that cannot be aggregated.
    pub fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let mut out = Vec::with_capacity(self.columns.len());
        for label in &self.columns {
            let column = aggregated(batch, label)?;
            let (ty, values) =
                self.kind.compute(column.ty, column.data.array(), &batch.offsets).ok_or_else(|| {
                    FluxError::invalid(format!("unsupported aggregate column type {}", column.ty))
                })?;
            out.push(Column::row(Arc::clone(label), ty, values));
        }
        with_key(batch, out, one_row_each(batch.runs()))
    }
}

/// A column to aggregate: it must be there, and not in the group key.
///
/// # Errors
/// When it is not so.
pub fn aggregated<'a>(batch: &'a TableBatch, label: &str) -> Result<&'a Column> {
    match batch.column(label) {
        None => Err(FluxError::invalid(format!("column \"{label}\" does not exist"))),
        Some(c) if c.is_key() => {
            Err(FluxError::invalid("cannot aggregate columns that are part of the group key"))
        }
        Some(c) => Ok(c),
    }
}

impl Spec for Aggregate {
    fn name(&self) -> &'static str {
        self.kind.name()
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn details(&self) -> String {
        match self.columns.as_slice() {
            [one] if **one == *"_value" => String::new(),
            columns => format!("columns={}", labels(columns)),
        }
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let aggregate = self.clone();
        less_tables(inputs, run, node, move |batch| aggregate.apply(&batch).map(Some))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_table::{Floats, Ints};

    fn of(kind: Kind, values: Vec<Option<f64>>, offsets: &[usize]) -> Vec<Option<f64>> {
        let array: ArrayRef = Arc::new(Float64Array::from(values));
        let (_, out) = kind.compute(ColumnType::Float, &array, offsets).expect("floats are aggregated");
        let view = Floats::of(&out).expect("floats");
        (0..view.len()).map(|i| view.get(i)).collect()
    }

    #[test]
    fn nulls_are_left_out_and_empty_runs_are_null() {
        let values = vec![Some(1.0), None, Some(3.0), None];
        let offsets = [0, 3, 3, 4];
        assert_eq!(of(Kind::Sum, values.clone(), &offsets), [Some(4.0), None, None]);
        assert_eq!(of(Kind::Mean, values.clone(), &offsets), [Some(2.0), None, None]);
        assert_eq!(of(Kind::Spread, values, &offsets), [Some(2.0), None, None]);
    }

    #[test]
    fn count_counts_rows() {
        let array: ArrayRef = Arc::new(Int64Array::from(vec![None, Some(1)]));
        let (_, out) = Kind::Count.compute(ColumnType::Int, &array, &[0, 2, 2]).expect("ints are counted");
        let view = Ints::of(&out).expect("ints");
        assert_eq!((view.get(0), view.get(1)), (Some(2), Some(0)));
    }

    #[test]
    fn moments_are_those_of_the_textbook() {
        let v: Vec<_> = [10.0, 14.0, 12.0, 12.0, 20.0, 17.5, 19.0, 25.0].map(Some).to_vec();
        let skew = of(Kind::Skew, v.clone(), &[0, 8])[0].expect("a value");
        assert!((skew - 0.433_567_290_338_905_2).abs() < 1e-12);
        let exact = of(Kind::ExactQuantile(0.25), v, &[0, 8])[0];
        assert_eq!(exact, Some(12.0));
    }
}
