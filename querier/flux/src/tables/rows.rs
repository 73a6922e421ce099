//! Picking rows and tables out of batches.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, UInt32Array};
use weir_table::{Column, ColumnData, ColumnType, Ints, Scalar, TableBatch, concat, repeat, take};

use crate::error::{FluxError, Result};

/// The rows at `indices`; `offsets` tells which belong to which table (one more than there are tables).
pub fn take_rows(batch: &TableBatch, indices: Vec<u32>, offsets: Vec<usize>) -> TableBatch {
    if indices.len() == batch.rows() && *offsets == *batch.offsets && in_order(&indices) {
        return batch.clone();
    }
    let indices = UInt32Array::from(indices);
    let columns = batch.columns.iter().map(|c| take_column(c, &indices)).collect();
    TableBatch::new(columns, offsets)
}

/// A column with the cells at `indices`; a key column stays as it is.
pub fn take_column(column: &Column, indices: &UInt32Array) -> Column {
    match &column.data {
        ColumnData::Key(_) => column.clone(),
        ColumnData::Row(a) => Column { data: ColumnData::Row(take(a, indices)), ..column.clone() },
    }
}

/// The batch with zeros, empty strings and false in the place of nulls. The reference's selectors that keep a row aside
/// while they look for a better one forget which of its cells were null.
pub(crate) fn without_nulls(mut batch: TableBatch) -> TableBatch {
    for column in &mut batch.columns {
        let ColumnData::Row(cells) = &column.data else { continue };
        if cells.null_count() == 0 {
            continue;
        }
        column.data = ColumnData::Row(or_else(cells, &zero(column.ty)));
    }
    batch
}

/// One zero, empty string or false.
pub(crate) fn zero(ty: ColumnType) -> ArrayRef {
    let zero = match ty {
        ColumnType::Bool => Scalar::Bool(false),
        ColumnType::Int => Scalar::Int(0),
        ColumnType::UInt => Scalar::UInt(0),
        ColumnType::Float => Scalar::Float(0.0),
        ColumnType::String => Scalar::String("".into()),
        ColumnType::Time => Scalar::Time(0),
    };
    repeat(&zero, ty, 1)
}

/// The array with the only cell of `value` in the place of nulls.
pub(crate) fn or_else(array: &ArrayRef, value: &ArrayRef) -> ArrayRef {
    let n = array.len() as u32;
    let indices: UInt32Array =
        (0..n).map(|i| if array.is_null(i as usize) { n } else { i }).collect::<Vec<_>>().into();
    take(&concat(&[Arc::clone(array), Arc::clone(value)]), &indices)
}

/// Whether these are the first numbers in their order.
pub(crate) fn in_order(indices: &[u32]) -> bool {
    indices.iter().enumerate().all(|(i, &x)| i == x as usize)
}

/// One range of rows of each table; `range` answers the first and the row after the last, counted in the batch.
pub fn take_ranges(
    batch: &TableBatch,
    mut range: impl FnMut(std::ops::Range<usize>) -> std::ops::Range<usize>,
) -> TableBatch {
    let mut indices: Vec<u32> = Vec::new();
    let mut offsets = Vec::with_capacity(batch.runs() + 1);
    offsets.push(0);
    for run in 0..batch.runs() {
        let kept = range(batch.run(run));
        indices.extend(kept.start as u32..kept.end as u32);
        offsets.push(indices.len());
    }
    take_rows(batch, indices, offsets)
}

/// Some tables of a batch, with their rows.
pub fn keep_runs(batch: &TableBatch, runs: &[u32]) -> TableBatch {
    if runs.len() == batch.runs() && in_order(runs) {
        return batch.clone();
    }
    let mut rows: Vec<u32> = Vec::new();
    let mut offsets = Vec::with_capacity(runs.len() + 1);
    offsets.push(0);
    for &run in runs {
        rows.extend(batch.run(run as usize).map(|r| r as u32));
        offsets.push(rows.len());
    }
    let (rows, runs) = (UInt32Array::from(rows), UInt32Array::from(runs.to_vec()));
    let columns = batch
        .columns
        .iter()
        .map(|c| match &c.data {
            ColumnData::Key(a) => Column { data: ColumnData::Key(take(a, &runs)), ..c.clone() },
            ColumnData::Row(a) => Column { data: ColumnData::Row(take(a, &rows)), ..c.clone() },
        })
        .collect();
    TableBatch::new(columns, offsets)
}

/// The key columns of a batch, and new row columns after them: what aggregates answer.
///
/// # Errors
/// When a new column is called as a key column, or as another new one.
pub fn with_key(batch: &TableBatch, columns: Vec<Column>, offsets: Vec<usize>) -> Result<TableBatch> {
    let mut all: Vec<Column> = batch.key_columns().cloned().collect();
    for column in columns {
        if all.iter().any(|c| c.label == column.label) {
            return Err(has_column(&column.label));
        }
        all.push(column);
    }
    Ok(TableBatch::new(all, offsets))
}

/// What a table is refused for whose columns have one label twice.
pub fn has_column(label: &str) -> FluxError {
    FluxError::invalid(format!("table builder already has column with label {label}"))
}

/// Offsets of `runs` tables of one row each.
pub fn one_row_each(runs: usize) -> Vec<usize> {
    (0..=runs).collect()
}

/// The times of a column, one a row.
///
/// # Errors
/// When there is no such column, or it holds no times.
pub fn times(batch: &TableBatch, label: &str) -> Result<Int64Array> {
    let Some(index) = batch.find(label) else {
        return Err(FluxError::invalid(format!("no column \"{label}\" exists")));
    };
    let ty = batch.columns[index].ty;
    if ty != ColumnType::Time {
        return Err(FluxError::invalid(format!("time column \"{label}\" is type {ty} and not time")));
    }
    let values: ArrayRef = batch.row_values(index);
    Ints::of(&values)
        .map(|a| a.0.clone())
        .ok_or_else(|| FluxError::internal("a time column holds no integers"))
}

/// The batch with a row column put in the place of the one with its label, or at the end.
pub fn put(batch: &mut TableBatch, label: &Arc<str>, ty: ColumnType, values: ArrayRef) {
    batch.set_column(Column { label: Arc::clone(label), ty, data: ColumnData::Row(values) });
}
