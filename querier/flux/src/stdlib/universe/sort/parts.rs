//! Sorting in parts, with helpers: some tables each, or some rows of a long table, whose parts are merged.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::UInt32Array;
use weir_table::{Column, TableBatch};

use crate::error::Result;
use crate::exec::Run;
use crate::exec::ordering::{first_of, merge_blocks};
use crate::exec::side_by_side::{Piece, pieces, side_by_side};
use crate::tables::rows::{in_order, take_column};

/// A row, behind what it is sorted by.
type Pair = (u64, u32);

/// The batch with the rows of each table in the order of their numbers; `None` if that is not worth helpers.
pub(super) fn by_keys(batch: &TableBatch, keys: &Arc<Vec<u64>>, run: &Run) -> Result<Option<TableBatch>> {
    let count = pieces(batch.rows(), run);
    if count < 2 {
        return Ok(None);
    }
    let part = batch.rows().div_ceil(count);
    let mut rows: Vec<u32> = Vec::with_capacity(batch.rows());
    let mut first = 0;
    while first < batch.runs() {
        // Tables up to the next that is long, or that one.
        let long = |at: &usize| batch.run(*at).len() > part;
        let next = (first..batch.runs()).find(long).unwrap_or(batch.runs());
        if next > first {
            rows.extend(tables(batch, first..next, part, keys, run)?.into_iter().flatten());
            first = next;
        } else {
            rows.extend(table(batch.run(first), part, keys, run)?.into_iter().map(|pair| pair.1));
            first += 1;
        }
    }
    if in_order(&rows) {
        return Ok(Some(batch.clone()));
    }
    let rows = UInt32Array::from(rows);
    let take = |column: &Column| -> Piece<Column> {
        let (column, rows) = (column.clone(), rows.clone());
        Arc::new(move || Ok(take_column(&column, &rows)))
    };
    let columns = side_by_side(batch.columns.iter().map(take).collect(), run)?;
    Ok(Some(TableBatch { columns, ..batch.clone() }))
}

/// Rows in order.
fn sorted(rows: Range<usize>, keys: &[u64]) -> Result<Vec<Pair>> {
    let mut pairs: Vec<Pair> = rows.map(|row| (keys[row], row as u32)).collect();
    let all = pairs.len();
    first_of(&mut pairs, all, Ord::cmp)?;
    Ok(pairs)
}

/// The rows of some tables, one table after the other.
fn tables(
    batch: &TableBatch,
    runs: Range<usize>,
    part: usize,
    keys: &Arc<Vec<u64>>,
    run: &Run,
) -> Result<Vec<Vec<u32>>> {
    let mut work: Vec<Piece<Vec<u32>>> = Vec::new();
    let mut first = runs.start;
    while first < runs.end {
        let begin = batch.offsets[first];
        let fit = batch.offsets[first..=runs.end].partition_point(|&offset| offset <= begin + part) - 1;
        let end = first + fit.max(1);
        let (offsets, keys) = (Arc::clone(&batch.offsets), Arc::clone(keys));
        work.push(Arc::new(move || {
            let mut rows = Vec::with_capacity(offsets[end] - offsets[first]);
            for table in first..end {
                rows.extend(
                    sorted(offsets[table]..offsets[table + 1], &keys)?.into_iter().map(|pair| pair.1),
                );
            }
            Ok(rows)
        }));
        first = end;
    }
    side_by_side(work, run)
}

/// The rows of a long table.
fn table(rows: Range<usize>, part: usize, keys: &Arc<Vec<u64>>, run: &Run) -> Result<Vec<Pair>> {
    let parts = rows.clone().step_by(part.max(1)).map(|start| start..(start + part).min(rows.end));
    let piece = |part: Range<usize>| -> Piece<Vec<Pair>> {
        let keys = Arc::clone(keys);
        Arc::new(move || sorted(part.clone(), &keys))
    };
    let mut all = side_by_side(parts.map(piece).collect(), run)?.concat();
    merge_blocks(&mut all, part, |a, b| a < b)?;
    Ok(all)
}
