//! The tables of a pivot that was put together in memory.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, UInt32Array};
use weir_table::{Column, ColumnType, TableBatch, concat, null_array, take};

use super::{CELL, Head, Output, table_has_column};
use crate::error::Result;
use crate::exec::{Budget, Collected, Run, interrupt};

/// What tables of one batch have in common: the head, and the new columns.
type Shape = (Arc<Head>, Vec<(Arc<str>, ColumnType)>);

/// One batch for all tables of one shape. New columns stand in the order of their labels if the tables come from
/// storage, else in the order in which they first appear.
pub(super) fn build(
    batches: &[TableBatch],
    mut outputs: Vec<Output>,
    long: &[(ColumnType, ArrayRef)],
    stored: bool,
    run: &Run,
) -> Result<Vec<TableBatch>> {
    let mut budget = Budget::new(run)?;
    for output in &mut outputs {
        let rows = output.origins.len();
        for (_, _, cells) in &mut output.columns {
            budget.add((rows - cells.len()) * CELL)?;
            cells.resize(rows, None);
        }
        let sorted = output.origins.windows(2).all(|w| w[0].0 <= w[1].0);
        if output.ascending && !sorted {
            let mut order: Vec<usize> = (0..rows).collect();
            order.sort_by(|&x, &y| output.origins[x].0.cmp(&output.origins[y].0));
            output.origins = order.iter().map(|&i| output.origins[i].clone()).collect();
            for (_, _, cells) in &mut output.columns {
                *cells = order.iter().map(|&i| cells[i]).collect();
            }
        }
        if stored {
            output.columns.sort_by(|x, y| x.0.cmp(&y.0));
        }
    }
    let mut shapes: Vec<(Shape, Vec<Output>)> = Vec::new();
    let mut index: HashMap<Shape, usize> = HashMap::new();
    let mut last = 0;
    for output in outputs {
        // Tables are mostly like the one before.
        let same = |((head, new), _): &(Shape, Vec<Output>)| {
            Arc::ptr_eq(head, &output.head)
                && new.len() == output.columns.len()
                && new.iter().zip(&output.columns).all(|(a, b)| a.0 == b.0 && a.1 == b.1)
        };
        if !shapes.get(last).is_some_and(same) {
            let new = output.columns.iter().map(|(l, t, _)| (Arc::clone(l), *t)).collect();
            let shape = (Arc::clone(&output.head), new);
            last = *index.entry(shape).or_insert_with_key(|shape| {
                shapes.push((shape.clone(), Vec::new()));
                shapes.len() - 1
            });
        }
        shapes[last].1.push(output);
    }
    // Tables that are built count until all are: then the caller counts them.
    let mut built = Collected::default();
    for ((head, new), members) in shapes {
        let rows: usize = members.iter().map(|m| m.origins.len()).sum();
        // The places of one column, and a cell a column: texts are mostly longer than numbers.
        let _making = run.memory.reserve(rows * (8 + 8 * (head.row_columns.len() + new.len())))?;
        built.push(build_shape(batches, &head, &new, &members, long)?, &run.memory)?;
    }
    Ok(built.batches)
}

fn build_shape(
    batches: &[TableBatch],
    head: &Head,
    new: &[(Arc<str>, ColumnType)],
    members: &[Output],
    long: &[(ColumnType, ArrayRef)],
) -> Result<TableBatch> {
    let mut offsets = vec![0];
    for m in members {
        offsets.push(offsets[offsets.len() - 1] + m.origins.len());
    }
    let mut columns: Vec<Column> = Vec::new();
    for (label, ty) in &head.key {
        let picks = members.iter().map(|m| m.first);
        let array = pick(batches, label, *ty, picks, true);
        columns.push(Column::key(Arc::clone(label), *ty, array));
    }
    for (label, ty) in &head.row_columns {
        let picks = members.iter().flat_map(|m| m.origins.iter().map(|o| (o.1, o.2)));
        let array = pick(batches, label, *ty, picks, false);
        columns.push(Column::row(Arc::clone(label), *ty, array));
    }
    // The columns that stay keep their order.
    columns.sort_by_key(|c| head.stay.iter().position(|label| *label == c.label));
    for (i, (label, ty)) in new.iter().enumerate() {
        interrupt::check()?;
        let indices: UInt32Array = members.iter().flat_map(|m| m.columns[i].2.iter().copied()).collect();
        let array = match long.iter().find(|(t, _)| t == ty) {
            Some((_, values)) => take(values, &indices),
            None => null_array(*ty, indices.len()),
        };
        let column = Column::row(Arc::clone(label), *ty, array);
        if columns.iter().any(|c| c.label == *label) {
            return Err(table_has_column(label));
        }
        columns.push(column);
    }
    Ok(TableBatch::new(columns, offsets))
}

/// Cells of a column picked from batches: by run where the column is a key column and `by_run`, else by row.
fn pick(
    batches: &[TableBatch],
    label: &str,
    ty: ColumnType,
    picks: impl Iterator<Item = (usize, usize)>,
    by_run: bool,
) -> ArrayRef {
    let mut parts: Vec<ArrayRef> = Vec::new();
    let mut current: Option<(usize, Vec<u32>)> = None;
    let mut flush = |current: &mut Option<(usize, Vec<u32>)>| {
        if let Some((b, indices)) = current.take() {
            let array = match batches[b].find(label) {
                None => null_array(ty, indices.len()),
                Some(i) if by_run => take(batches[b].columns[i].data.array(), &UInt32Array::from(indices)),
                Some(i) => take(&batches[b].row_values(i), &UInt32Array::from(indices)),
            };
            parts.push(array);
        }
    };
    for (b, i) in picks {
        match &mut current {
            Some((at, indices)) if *at == b => indices.push(i as u32),
            _ => {
                flush(&mut current);
                current = Some((b, vec![i as u32]));
            }
        }
    }
    flush(&mut current);
    if parts.is_empty() { null_array(ty, 0) } else { concat(&parts) }
}
