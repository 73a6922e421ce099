//! One row as a record, for the interpreter.

use std::sync::Arc;

use weir_table::TableBatch;

use crate::value::{Record, Value};

/// Reads rows of a batch as records.
pub(crate) struct RowReader<'a> {
    batch: &'a TableBatch,
}

impl<'a> RowReader<'a> {
    pub(crate) fn new(batch: &'a TableBatch) -> Self {
        Self { batch }
    }

    /// Row `row` of table `run`, labels in column order.
    pub(crate) fn record(&self, run: usize, row: usize) -> Record {
        self.batch
            .columns
            .iter()
            .enumerate()
            .map(|(i, c)| (Arc::clone(&c.label), Value::from_scalar(self.batch.cell(i, run, row), c.ty)))
            .collect()
    }
}
