//! What the moving averages have in common: rows that come out later than values go in.
//!
//! Each answers, for a run of values, some last rows of the run and a value for each.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, Float64Array};
use weir_table::{ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::tables::numbers::Numbers;
use crate::tables::rows::{put, take_ranges};

/// The period, which must be positive; `what` names the average in the message. Most averages look at it when a table
/// comes.
pub(super) fn period(n: i64, what: &str) -> Result<usize> {
    match usize::try_from(n) {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(FluxError::invalid(format!(
            "cannot take {what} with a period of {n} (must be greater than 0)"
        ))),
    }
}

/// Puts floats that `f` computes of a numeric column into its place. `f` is given the values of a run and answers
/// those of the last rows, as many as there are values; the other rows are dropped.
pub(super) fn replace(
    batch: &TableBatch,
    label: &Arc<str>,
    what: &str,
    mut f: impl FnMut(&[Option<f64>]) -> Vec<Option<f64>>,
) -> Result<TableBatch> {
    replace_all(batch, std::slice::from_ref(label), what, &mut f)
}

/// The same for several columns; of each run `f` answers as many values for one column as for another. Columns that
/// are not there are passed over, but rows are left out all the same.
pub(super) fn replace_all(
    batch: &TableBatch,
    labels: &[Arc<str>],
    what: &str,
    mut f: impl FnMut(&[Option<f64>]) -> Vec<Option<f64>>,
) -> Result<TableBatch> {
    let mut kept: Vec<usize> = Vec::new();
    let mut computed: Vec<(Arc<str>, Float64Array)> = Vec::new();
    for label in labels {
        let Some(index) = batch.find(label) else { continue };
        let ty = batch.columns[index].ty;
        let values = batch.row_values(index);
        let Some(numbers) = Numbers::of(ty, &values) else {
            return Err(FluxError::invalid(format!("cannot take {what} of column {label} (type {ty})")));
        };
        let floats = numbers.to_floats();
        let mut out: Vec<Option<f64>> = Vec::with_capacity(floats.len());
        let mut run_values: Vec<Option<f64>> = Vec::new();
        kept.clear();
        for w in batch.offsets.windows(2) {
            run_values.clear();
            run_values.extend((w[0]..w[1]).map(|i| floats.is_valid(i).then(|| floats.value(i))));
            let results = f(&run_values);
            kept.push(results.len().min(run_values.len()));
            out.extend(results);
        }
        computed.push((Arc::clone(label), Float64Array::from(out)));
    }
    if computed.is_empty() {
        let nothing = |w: &[usize]| f(&vec![None; w[1] - w[0]]).len().min(w[1] - w[0]);
        kept = batch.offsets.windows(2).map(nothing).collect();
    }
    let mut run = 0;
    let mut out = take_ranges(batch, |range: Range<usize>| {
        let n = kept[run];
        run += 1;
        range.end - n..range.end
    });
    for (label, values) in computed {
        put(&mut out, &label, ColumnType::Float, Arc::new(values));
    }
    Ok(out)
}

/// The column of values, which must be there.
pub(super) fn value_column(batch: &TableBatch) -> Result<Arc<str>> {
    match batch.column("_value") {
        Some(c) => Ok(Arc::clone(&c.label)),
        None => Err(FluxError::invalid("cannot find _value column")),
    }
}

/// The exponential moving average: the mean of the first `n` values, then each value weighted with 2/(n+1). A null
/// leaves the average as it was. Fewer values than `n` have their mean as the only result.
pub(super) fn exponential(values: &[Option<f64>], n: usize) -> Vec<Option<f64>> {
    if values.is_empty() {
        return Vec::new();
    }
    let start = n.min(values.len());
    let (first, rest) = values.split_at(start);
    let known: Vec<f64> = first.iter().copied().flatten().collect();
    let mut average = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
    let weight = 2.0 / (n as f64 + 1.0);
    let mut out = Vec::with_capacity(rest.len() + 1);
    out.push(average);
    for value in rest {
        average = match (average, value) {
            (Some(a), Some(v)) => Some(v * weight + a * (1.0 - weight)),
            (None, v) => *v,
            (a, None) => a,
        };
        out.push(average);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_keep_the_average() {
        let v = [Some(1.0), None, Some(3.0), None];
        assert_eq!(exponential(&v, 2), [Some(1.0), Some(3.0 * 2.0 / 3.0 + 1.0 / 3.0), Some(7.0 / 3.0)]);
        assert_eq!(exponential(&[None, None, Some(30.0)], 2), [None, Some(30.0)]);
    }

    #[test]
    fn few_values_have_their_mean() {
        assert_eq!(exponential(&[Some(1.0), Some(2.0)], 10), [Some(1.5)]);
        assert!(exponential(&[], 10).is_empty());
    }
}
