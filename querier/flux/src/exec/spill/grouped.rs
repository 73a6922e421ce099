//! Rows put into other tables, on disk: see [`crate::exec::regroup`].

use arrow_array::ArrayRef;
use weir_table::{ColumnType, KeyEncoder, KeySlots, TableBatch};

use super::{Keys, Shape, TableSorter};
use crate::error::Result;
use crate::exec::chunks::chunks;
use crate::exec::regroup::{key_places, labels_of};
use crate::exec::{BoxOperator, Budget, Run};

/// Groups batches that come one by one.
#[derive(Debug)]
pub(crate) struct Grouped {
    slots: KeySlots,
    tables: TableSorter,
    keys: Budget,
}

impl Grouped {
    /// No rows yet.
    ///
    /// # Errors
    /// When queries may not use the disk.
    pub(crate) fn new(run: &Run) -> Result<Self> {
        Ok(Self { slots: KeySlots::new(), tables: TableSorter::new(run, None)?, keys: Budget::new(run)? })
    }

    /// Adds the rows of a batch, grouped by the columns for which `is_key` answers true.
    ///
    /// # Errors
    /// When memory or disk are full, or tables of one key have a column of different types.
    pub(crate) fn push(&mut self, batch: &TableBatch, is_key: &dyn Fn(&str) -> bool) -> Result<()> {
        let places = key_places(batch, is_key);
        let labels = labels_of(batch, &places);
        let shape: Shape = batch.columns.iter().map(|c| (c.label.clone(), c.ty, is_key(&c.label))).collect();
        let shape = self.tables.shape(shape);
        let by_run = places.iter().all(|&i| batch.columns[i].is_key());
        let mut buffer = Vec::new();
        for piece in chunks(batch) {
            let arrays: Vec<(ColumnType, ArrayRef)> = places
                .iter()
                .map(|&i| {
                    let c = &piece.columns[i];
                    (c.ty, if by_run { ArrayRef::clone(c.data.array()) } else { piece.row_values(i) })
                })
                .collect();
            let encoder = KeyEncoder::new(arrays.iter().map(|(t, a)| (*t, a)));
            let mut keys = Keys::default();
            let mut table_of = |index: usize, run: usize, row: usize| -> Result<usize> {
                buffer.clear();
                encoder.encode_labelled(&labels, index, &mut buffer);
                let (slot, new) = self.slots.slot(&buffer);
                if new {
                    self.keys.add(2 * buffer.len() + 48)?;
                    self.tables.table(&shape, &piece, run, row)?;
                } else {
                    self.tables.widen(slot, &shape)?;
                }
                Ok(slot)
            };
            for run in 0..piece.runs() {
                let rows = piece.run(run);
                if by_run {
                    let table = table_of(run, run, rows.start)?;
                    rows.for_each(|_| keys.push_table(table));
                } else {
                    for row in rows {
                        keys.push_table(table_of(row, run, row)?);
                    }
                }
            }
            self.tables.rows(&piece, &shape, keys)?;
        }
        Ok(())
    }

    /// The tables in order of first appearance.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn finish(self) -> Result<BoxOperator> {
        self.tables.finish()
    }
}
