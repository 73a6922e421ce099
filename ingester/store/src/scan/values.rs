//! What is left of the predicate once each value is known to be the newest: values that fail become null, rows
//! without a value go, series without rows go.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, make_array};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, NullBuffer};
use arrow_select::filter::FilterBuilder;
use weir_batch::{ColumnRef, CompareOp, FieldArray, Literal, Predicate, SeriesBatch, SeriesKeys};

use super::job::{ColumnKey, Job};
use crate::error::{Result, StoreError};

/// Makes the answer of a job of its merged columns. `ends` are the ends of the job's units in the rows.
pub(crate) fn finish(
    job: &Job,
    columns: &[ColumnKey],
    mut arrays: Vec<ArrayRef>,
    mut sequences: Option<ArrayRef>,
    mut times: Int64Array,
    ends: &[usize],
) -> Result<Option<SeriesBatch>> {
    let mut rests: Vec<u32> = Vec::new();
    for unit in &job.units {
        if rests.last() != Some(&unit.rest) {
            rests.push(unit.rest);
        }
    }
    rests.sort_unstable();
    rests.dedup();
    for ((name, _), array) in columns.iter().zip(&mut arrays) {
        if let Some(keep) = wanted_values(job, &rests, name, array, ends) {
            *array = with_nulls(array, &keep)?;
        }
    }
    let mut row_ends = ends.to_vec();
    if let Some(keep) = rows_with_values(&arrays, times.len()) {
        for end in &mut row_ends {
            *end = keep.slice(0, *end).count_set_bits();
        }
        let filter = FilterBuilder::new(&BooleanArray::new(keep, None)).optimize().build();
        let failed = |e: arrow_schema::ArrowError| StoreError::Rows(e.to_string());
        for array in arrays.iter_mut().chain(&mut sequences) {
            *array = filter.filter(array.as_ref()).map_err(failed)?;
        }
        times = filter.filter(&times).map_err(failed)?.as_primitive::<Int64Type>().clone();
    }
    if times.is_empty() {
        return Ok(None);
    }
    let mut series = SeriesKeys::new();
    let mut offsets = vec![0];
    let (mut start, mut last) = (0, None);
    for (unit, end) in job.units.iter().zip(row_ends) {
        if end == start {
            continue;
        }
        if last.replace(unit.series) == Some(unit.series) {
            offsets.pop();
        } else {
            series.push(job.keys.get(unit.series));
        }
        offsets.push(end);
        start = end;
    }
    let fields = columns
        .iter()
        .zip(arrays)
        .filter(|(_, array)| array.null_count() < array.len())
        .map(|((name, _), values)| FieldArray { name: name.clone(), values })
        .collect();
    Ok(Some(SeriesBatch {
        measurement: job.measurement.clone(),
        series,
        offsets,
        times,
        sequences: sequences.map(|s| s.as_primitive::<UInt64Type>().clone()),
        fields,
    }))
}

/// Which values of a column the predicate wants; `None`: all.
fn wanted_values(
    job: &Job,
    rests: &[u32],
    field: &Arc<str>,
    array: &ArrayRef,
    ends: &[usize],
) -> Option<BooleanBuffer> {
    let verdicts: HashMap<u32, Predicate> =
        rests.iter().map(|rest| (*rest, job.filter.rest(*rest).for_field(field))).collect();
    if verdicts.values().all(|v| *v == Predicate::TRUE) {
        return None;
    }
    let mut keep = BooleanBufferBuilder::new(array.len());
    if let [rest] = rests {
        test_values(&verdicts[rest], array, 0..array.len(), &mut keep);
        return Some(keep.finish());
    }
    let mut start = 0;
    for (unit, end) in job.units.iter().zip(ends) {
        test_values(&verdicts[&unit.rest], array, start..*end, &mut keep);
        start = *end;
    }
    Some(keep.finish())
}

fn test_values(test: &Predicate, array: &ArrayRef, rows: Range<usize>, keep: &mut BooleanBufferBuilder) {
    if let Predicate::Constant(wanted) = test {
        keep.append_n(rows.len(), *wanted);
    } else if let Some(floats) = array.as_primitive_opt::<Float64Type>() {
        // The comparison that dashboards make, without building a literal a value.
        if let Predicate::Compare { column: ColumnRef::Value, op, literal: Literal::Float(limit) } = test
            && let Some(compare) = float_comparison(*op)
        {
            return floats.values()[rows].iter().for_each(|v| keep.append(compare(*v, *limit)));
        }
        floats.values()[rows].iter().for_each(|v| keep.append(test.holds_for_value(&Literal::Float(*v))));
    } else if let Some(integers) = array.as_primitive_opt::<Int64Type>() {
        integers.values()[rows].iter().for_each(|v| keep.append(test.holds_for_value(&Literal::Integer(*v))));
    } else if let Some(unsigned) = array.as_primitive_opt::<UInt64Type>() {
        unsigned.values()[rows]
            .iter()
            .for_each(|v| keep.append(test.holds_for_value(&Literal::Unsigned(*v))));
    } else if let Some(booleans) = array.as_boolean_opt() {
        rows.for_each(|i| keep.append(test.holds_for_value(&Literal::Boolean(booleans.value(i)))));
    } else if let Some(strings) = array.as_string_opt::<i32>() {
        rows.for_each(|i| {
            let holds =
                strings.is_valid(i) && test.holds_for_value(&Literal::String(strings.value(i).to_owned()));
            keep.append(holds);
        });
    } else {
        keep.append_n(rows.len(), false);
    }
}

fn float_comparison(op: CompareOp) -> Option<fn(f64, f64) -> bool> {
    Some(match op {
        CompareOp::Eq => |a, b| a == b,
        CompareOp::Ne => |a, b| a != b,
        CompareOp::Lt => |a, b| a < b,
        CompareOp::Le => |a, b| a <= b,
        CompareOp::Gt => |a, b| a > b,
        CompareOp::Ge => |a, b| a >= b,
        CompareOp::Match | CompareOp::NotMatch => return None,
    })
}

fn with_nulls(array: &ArrayRef, keep: &BooleanBuffer) -> Result<ArrayRef> {
    let nulls = NullBuffer::union(array.nulls(), Some(&NullBuffer::new(keep.clone())));
    let data = array.to_data().into_builder().nulls(nulls).build();
    Ok(make_array(data.map_err(|e| StoreError::Rows(e.to_string()))?))
}

/// Which rows have a value in some column; `None`: all.
fn rows_with_values(arrays: &[ArrayRef], rows: usize) -> Option<BooleanBuffer> {
    let mut any: Option<BooleanBuffer> = None;
    for array in arrays {
        match array.nulls().filter(|n| n.null_count() > 0) {
            None => return None,
            Some(nulls) => {
                any = Some(match any {
                    None => nulls.inner().clone(),
                    Some(known) => &known | nulls.inner(),
                });
            }
        }
    }
    let any = any.unwrap_or_else(|| BooleanBuffer::new_unset(rows));
    (any.count_set_bits() < rows).then_some(any)
}
