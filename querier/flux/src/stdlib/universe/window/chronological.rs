//! Rows in the order of their times.

use arrow_array::{Array, UInt32Array};
use weir_table::{Column, ColumnData, Ints, TableBatch, take};

use crate::error::{FluxError, Result};
use crate::exec::{Reservation, Run};
use crate::plan::Bounds;

/// The tables with their rows in the order of column `time`, and without the rows that have no time there, or one that is
/// not `within` some bounds; with what is taken of the query's memory for them. `None` if they are so already.
pub(super) fn chronological(
    batch: &TableBatch,
    time: usize,
    within: Option<Bounds>,
    run: &Run,
) -> Result<Option<(TableBatch, Reservation)>> {
    let ColumnData::Row(array) = &batch.columns[time].data else { return Ok(None) };
    let times = Ints::of(array).ok_or_else(|| FluxError::internal("times are no integers"))?;
    let ascends = |rows: std::ops::Range<usize>| times.0.values()[rows].is_sorted();
    let outside = |t: i64| within.is_some_and(|b| t < b.start || t >= b.stop);
    let all_within = !times.0.values().iter().any(|t| outside(*t));
    if times.0.null_count() == 0 && all_within && (0..batch.runs()).all(|run| ascends(batch.run(run))) {
        return Ok(None);
    }
    let reservation = run.memory.reserve(batch.memory_size() + batch.rows() * 4)?;
    let mut order: Vec<u32> = Vec::with_capacity(batch.rows());
    let mut offsets = vec![0];
    for table in 0..batch.runs() {
        run.check()?;
        let from = order.len();
        order.extend(
            batch.run(table).filter(|row| times.get(*row).is_some_and(|t| !outside(t))).map(|row| row as u32),
        );
        // Equal times keep the order of their rows.
        order[from..].sort_by_key(|row| times.get(*row as usize));
        offsets.push(order.len());
    }
    let order = UInt32Array::from(order);
    let column = |c: &Column| {
        let data = match &c.data {
            ColumnData::Key(values) => ColumnData::Key(values.clone()),
            ColumnData::Row(values) => ColumnData::Row(take(values, &order)),
        };
        Column { data, ..c.clone() }
    };
    let columns = batch.columns.iter().map(column).collect();
    Ok(Some((TableBatch { columns, offsets: offsets.into(), continues: false }, reservation)))
}
