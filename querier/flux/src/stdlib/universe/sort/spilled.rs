//! Sorting on disk.

use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use weir_table::{ColumnType, Floats, KeyEncoder, TableBatch};

use super::Sort;
use crate::error::Result;
use crate::exec::chunks::chunks;
use crate::exec::spill::{Keys, Shape, TableSorter};
use crate::exec::{BoxOperator, Run};

/// Tables on their way to disk. Rows are ordered as in memory, but for NaN, which has no place there: here it is greater
/// than all other numbers.
pub(super) struct Spilled<'a> {
    sort: &'a Sort,
    tables: TableSorter,
}

impl<'a> Spilled<'a> {
    pub(super) fn new(sort: &'a Sort, run: &Run) -> Result<Self> {
        Ok(Self { sort, tables: TableSorter::new(run, sort.limit)? })
    }

    /// Adds tables; the first goes on where the last one ended if the batch says so.
    pub(super) fn push(&mut self, batch: &TableBatch) -> Result<()> {
        let shape: Shape = batch.columns.iter().map(|c| (Arc::clone(&c.label), c.ty, c.is_key())).collect();
        let shape = self.tables.shape(shape);
        for piece in chunks(batch) {
            // Within a table a key column is the same in all rows and decides nothing.
            let arrays: Vec<Option<(ColumnType, ArrayRef)>> = self
                .sort
                .columns
                .iter()
                .map(|label| piece.column(label).filter(|c| !c.is_key()))
                .map(|column| column.map(|c| (c.ty, comparable(c.ty, c.data.array()))))
                .collect();
            let encoders: Vec<Option<(KeyEncoder<'_>, &ArrayRef)>> = arrays
                .iter()
                .map(|column| column.as_ref().map(|(ty, array)| (KeyEncoder::new([(*ty, array)]), array)))
                .collect();
            let mut keys = Keys::default();
            for run in 0..piece.runs() {
                let rows = piece.run(run);
                let table = if run == 0 && piece.continues && self.tables.len() > 0 {
                    let last = self.tables.len() - 1;
                    self.tables.widen(last, &shape)?;
                    last
                } else {
                    self.tables.table(&shape, &piece, run, rows.start)?
                };
                for row in rows {
                    keys.push(|out| {
                        out.extend((table as u64).to_be_bytes());
                        for encoder in &encoders {
                            self.cell(encoder.as_ref(), row, out);
                        }
                    });
                }
            }
            self.tables.rows(&piece, &shape, keys)?;
        }
        Ok(())
    }

    /// Appends what a cell is ordered by: nulls first, whichever the direction.
    fn cell(&self, encoder: Option<&(KeyEncoder<'_>, &ArrayRef)>, row: usize, out: &mut Vec<u8>) {
        let Some((encoder, _)) = encoder.filter(|(_, array)| array.is_valid(row)) else { return out.push(0) };
        out.push(1);
        let start = out.len();
        encoder.encode(row, out);
        if self.sort.desc {
            out[start..].iter_mut().for_each(|byte| *byte = !*byte);
        }
    }

    pub(super) fn finish(self) -> Result<BoxOperator> {
        self.tables.finish()
    }
}

/// The cells so that equal ones have equal bits.
fn comparable(ty: ColumnType, array: &ArrayRef) -> ArrayRef {
    let one = |v: f64| if v.is_nan() { f64::NAN } else { v + 0.0 };
    match Floats::of(array).filter(|_| ty == ColumnType::Float) {
        Some(floats) => Arc::new(floats.0.unary::<_, Float64Type>(one)),
        None => Arc::clone(array),
    }
}
