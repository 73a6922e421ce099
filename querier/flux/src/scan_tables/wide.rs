//! Tables with a column a field, as `pivot` makes them of a read: the form in which the scan answers its rows.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, UInt32Array};
use weir_batch::{FieldArray, SeriesBatch};
use weir_table::{Column, ColumnType, TableBatch, take};

use super::{LABELS, TableOrder, TagSet, coded, column_type, tag_columns, tag_sets, texts, wrong_type};
use crate::error::{FluxError, Result};
use crate::exec::interrupt;
use crate::plan::Bounds;
use crate::stdlib::universe::pivot::table_has_column;

/// Series, by their places in a tag set, that have values of the same fields.
struct Alike {
    fields: Vec<usize>,
    series: Vec<u32>,
}

/// Adds the tables of a batch to `out`: one a series, with the fields that it has a value of in the order of their names.
///
/// # Errors
/// When a series has a field of two types, or a tag and a field of one name.
pub(super) fn wide(
    batch: &SeriesBatch,
    bounds: Bounds,
    order: TableOrder,
    out: &mut VecDeque<TableBatch>,
) -> Result<()> {
    let mut fields: Vec<&FieldArray> = batch.fields.iter().collect();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    for set in &tag_sets(batch, order) {
        for alike in alike(batch, set, &fields, order)? {
            let own: Vec<&FieldArray> = alike.fields.iter().map(|&f| fields[f]).collect();
            out.push_back(tables(batch, bounds, set, &alike.series, &own)?);
        }
    }
    Ok(())
}

/// The series of a tag set by the fields that they have; neighbours only, where tables must keep their order.
fn alike(batch: &SeriesBatch, set: &TagSet, fields: &[&FieldArray], order: TableOrder) -> Result<Vec<Alike>> {
    let mut all: Vec<Alike> = Vec::new();
    let mut index: HashMap<Vec<usize>, usize> = HashMap::new();
    let mut last = 0;
    let mut own: Vec<usize> = Vec::new();
    for (place, &series) in set.series.iter().enumerate() {
        interrupt::tick(place)?;
        let rows = batch.offsets[series]..batch.offsets[series + 1];
        own.clear();
        own.extend((0..fields.len()).filter(|&f| has_any(&fields[f].values, &rows)));
        if own.is_empty() {
            continue;
        }
        if all.get(last).is_none_or(|alike| alike.fields != own) {
            let known = if order == TableOrder::Any { index.get(&own).copied() } else { None };
            last = match known {
                Some(known) => known,
                None => {
                    differ(&own, fields)?;
                    if order == TableOrder::Any {
                        index.insert(own.clone(), all.len());
                    }
                    all.push(Alike { fields: own.clone(), series: Vec::new() });
                    all.len() - 1
                }
            };
        }
        all[last].series.push(place as u32);
    }
    Ok(all)
}

/// Whether there is a value among these rows.
fn has_any(values: &ArrayRef, rows: &Range<usize>) -> bool {
    match values.nulls() {
        None => !rows.is_empty(),
        Some(nulls) => nulls.slice(rows.start, rows.len()).null_count() < rows.len(),
    }
}

/// Fails if two of the fields have one name.
fn differ(own: &[usize], fields: &[&FieldArray]) -> Result<()> {
    let Some(twice) = own.windows(2).find(|w| fields[w[0]].name == fields[w[1]].name) else { return Ok(()) };
    let ty = |f: usize| fields[f].field_type().map(column_type).ok_or_else(wrong_type);
    Err(FluxError::invalid(format!(
        "schema collision: column \"{}\" is both of type {} and {}",
        fields[twice[0]].name,
        ty(twice[0])?,
        ty(twice[1])?
    )))
}

/// The tables of some series of a tag set, all of which have these fields.
fn tables(
    batch: &SeriesBatch,
    bounds: Bounds,
    set: &TagSet,
    series: &[u32],
    fields: &[&FieldArray],
) -> Result<TableBatch> {
    let runs: Vec<Range<usize>> = series
        .iter()
        .map(|&place| set.series[place as usize])
        .map(|s| batch.offsets[s]..batch.offsets[s + 1])
        .collect();
    let (rows, offsets) = rows_of(&runs, fields);
    let pick = |array: &ArrayRef| match &rows {
        Rows::Slice(start, count) => array.slice(*start, *count),
        Rows::Some(places) => take(array, places),
    };
    let time_key = |t: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![t; series.len()])) };
    let times: ArrayRef = Arc::new(batch.times.clone());
    let mut columns = vec![
        Column::key("_start", ColumnType::Time, time_key(bounds.start)),
        Column::key("_stop", ColumnType::Time, time_key(bounds.stop)),
        Column::row("_time", ColumnType::Time, pick(&times)),
        Column::key(
            "_measurement",
            ColumnType::String,
            coded(vec![0; series.len()], texts(vec![&batch.measurement]))?,
        ),
    ];
    // Tags that a table with `_field` and `_value` would not have, it does not have without them.
    columns.extend(tag_columns(set, series, |tag| LABELS.contains(&tag))?);
    for field in fields {
        if columns.iter().any(|c| c.label == field.name) {
            return Err(table_has_column(&field.name));
        }
        let ty = field.field_type().map(column_type).ok_or_else(wrong_type)?;
        columns.push(Column::row(Arc::clone(&field.name), ty, pick(&field.values)));
    }
    Ok(TableBatch::new(columns, offsets))
}

/// Which rows of the batch are of some tables.
enum Rows {
    /// So many, from some row on.
    Slice(usize, usize),
    /// Those at these places.
    Some(UInt32Array),
}

/// The rows of some runs that have a value of some of the fields, and where the runs of these begin.
fn rows_of(runs: &[Range<usize>], fields: &[&FieldArray]) -> (Rows, Vec<usize>) {
    let mut offsets = Vec::with_capacity(runs.len() + 1);
    offsets.push(0);
    let full = fields.iter().any(|f| {
        let Some(nulls) = f.values.nulls() else { return true };
        runs.iter().all(|run| nulls.slice(run.start, run.len()).null_count() == 0)
    });
    let mut end = 0;
    if full && runs.windows(2).all(|w| w[0].end == w[1].start) {
        for run in runs {
            end += run.len();
            offsets.push(end);
        }
        return (Rows::Slice(runs.first().map_or(0, |run| run.start), end), offsets);
    }
    let mut places: Vec<u32> = Vec::new();
    for run in runs {
        let any = |row: &usize| full || fields.iter().any(|f| f.values.is_valid(*row));
        places.extend(run.clone().filter(any).map(|row| row as u32));
        offsets.push(places.len());
    }
    (Rows::Some(UInt32Array::from(places)), offsets)
}
