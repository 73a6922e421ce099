//! Joining on disk: both streams are sorted by the columns of `on`, and joined range by range.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, UInt32Array, UInt64Array};
use weir_table::{Column, ColumnData, ColumnType, KeyEncoder, TableBatch, Uints, plain, take};

use super::Join;
use crate::error::{FluxError, Result};
use crate::exec::chunks::chunks;
use crate::exec::spill::{ColumnId, Keys, Ranges, Shape, SortedRows, Sorter};
use crate::exec::{BoxOperator, Regrouper, Run};

/// Joins two streams.
pub(super) fn join_on_disk(
    join: &Join,
    left: BoxOperator,
    right: BoxOperator,
    run: &Run,
) -> Result<BoxOperator> {
    let (left, left_shapes) = Side::read(join, left, run)?;
    let (right, right_shapes) = Side::read(join, right, run)?;
    let mut ranges = Ranges::of(left, right)?;
    let mut out = Regrouper::new(run);
    while let Some((l, r)) = ranges.next()? {
        if l.is_empty() || r.is_empty() {
            continue;
        }
        let (l, r) = (left_shapes.batches(&l)?, right_shapes.batches(&r)?);
        let size = l.iter().chain(&r).map(TableBatch::memory_size).sum();
        let _range = run.memory.reserve(size)?;
        join.apply(&l, &r, run, &mut out)?;
    }
    drop(ranges);
    out.finish()
}

/// The rows of a stream on their way to disk.
struct Side {
    rows: Sorter,
    /// The column that tells the shape of a row's table.
    mark: ColumnId,
    shapes: Vec<Shape>,
}

/// A column: where it is among the sorted ones, its label and type, and whether it is of the group key.
type Known = (ColumnId, Arc<str>, ColumnType, bool);

/// What the tables looked like whose rows are on disk.
struct Shapes {
    mark: ColumnId,
    /// For each shape its columns, and where they are among the sorted ones.
    shapes: Vec<Vec<Known>>,
}

impl Side {
    fn read(join: &Join, mut input: BoxOperator, run: &Run) -> Result<(crate::exec::spill::Merge, Shapes)> {
        let mut rows = Sorter::new(run)?;
        let mark = rows.column(&"\0shape".into(), ColumnType::UInt);
        let mut side = Self { rows, mark, shapes: Vec::new() };
        while let Some(batch) = input.next()? {
            side.push(join, &batch)?;
        }
        drop(input);
        let mut shapes = Vec::new();
        for shape in &side.shapes {
            let columns = shape
                .iter()
                .map(|(label, ty, is_key)| (side.rows.column(label, *ty), Arc::clone(label), *ty, *is_key));
            shapes.push(columns.collect());
        }
        Ok((side.rows.finish()?, Shapes { mark, shapes }))
    }

    fn push(&mut self, join: &Join, batch: &TableBatch) -> Result<()> {
        // Rows of tables that lack a column match nothing.
        let Some(places) = join.on.iter().map(|l| batch.find(l)).collect::<Option<Vec<_>>>() else {
            return Ok(());
        };
        let shape: Shape = batch.columns.iter().map(|c| (Arc::clone(&c.label), c.ty, c.is_key())).collect();
        let number = self.shapes.iter().position(|known| *known == shape).unwrap_or_else(|| {
            self.shapes.push(shape);
            self.shapes.len() - 1
        });
        for piece in chunks(batch) {
            let arrays: Vec<ArrayRef> =
                (0..piece.columns.len()).map(|i| plain(&piece.row_values(i))).collect();
            let kept: UInt32Array = (0..piece.rows() as u32)
                .filter(|&row| places.iter().all(|&i| !arrays[i].is_null(row as usize)))
                .collect();
            let on = places.iter().map(|&i| (piece.columns[i].ty, &arrays[i]));
            let encoder = KeyEncoder::new(on);
            let mut keys = Keys::default();
            for &row in kept.values() {
                keys.push(|out| encoder.encode(row as usize, out));
            }
            let mark = UInt64Array::from(vec![number as u64; kept.len()]);
            let mut columns: Vec<(ColumnId, ArrayRef)> = vec![(self.mark, Arc::new(mark))];
            for (column, array) in piece.columns.iter().zip(&arrays) {
                let array =
                    if kept.len() == piece.rows() { Arc::clone(array) } else { plain(&take(array, &kept)) };
                columns.push((self.rows.column(&column.label, column.ty), array));
            }
            self.rows.push(keys, columns)?;
        }
        Ok(())
    }
}

impl Shapes {
    /// Sorted rows as batches of the shapes that they had, a table for each row: a join does not ask which rows were of
    /// one table.
    fn batches(&self, rows: &[SortedRows]) -> Result<Vec<TableBatch>> {
        let lost = || FluxError::internal("a row on disk has lost a column");
        let mut batches = Vec::new();
        for block in rows {
            let marks = Uints::of(block.column(self.mark).ok_or_else(lost)?).ok_or_else(lost)?.0.values();
            for (number, shape) in self.shapes.iter().enumerate() {
                let picks: UInt32Array =
                    (0..marks.len() as u32).filter(|&i| marks[i as usize] == number as u64).collect();
                if picks.is_empty() {
                    continue;
                }
                let columns = shape.iter().map(|(id, label, ty, is_key)| {
                    let array = take(block.column(*id).ok_or_else(lost)?, &picks);
                    let data = if *is_key { ColumnData::Key(array) } else { ColumnData::Row(array) };
                    Ok(Column { label: Arc::clone(label), ty: *ty, data })
                });
                let offsets: Vec<usize> = (0..=picks.len()).collect();
                batches.push(TableBatch::new(columns.collect::<Result<_>>()?, offsets));
            }
        }
        Ok(batches)
    }
}
