//! Tables that have rows: for operations that do not answer the others.

use std::sync::Arc;

use arrow_array::UInt32Array;
use weir_table::{Column, TableBatch, take};

use crate::error::Result;
use crate::exec::{BoxOperator, Operator};

/// Passes on the tables of a stream that have rows, or those that others want too. A table that is split between batches
/// has rows if one of its pieces has.
#[derive(Debug, Default)]
pub(crate) struct Full {
    /// Whether tables without rows are passed on too.
    keep_empty: bool,
    /// Whether the table that the next batch may go on with was passed on.
    begun: bool,
}

impl Full {
    /// Tables without rows too, if they are to be kept.
    pub(crate) fn or_empty(keep_empty: bool) -> Self {
        Self { keep_empty, begun: false }
    }

    /// What is passed on of the next batch.
    pub(crate) fn pass(&mut self, mut batch: TableBatch) -> Option<TableBatch> {
        let continues = batch.continues && self.begun;
        let stays = |run: usize| !batch.run(run).is_empty() || self.keep_empty && !(run == 0 && continues);
        let kept: Vec<u32> = (0..batch.runs()).filter(|&run| stays(run)).map(|run| run as u32).collect();
        // An empty piece of a table does not end it.
        self.begun = match batch.runs() {
            0 => self.begun,
            runs => kept.last() == Some(&(runs as u32 - 1)) || runs == 1 && continues,
        };
        let &first = kept.first()?;
        if kept.len() < batch.runs() {
            batch = without_empty(&batch, &kept);
        }
        batch.continues = continues && first == 0;
        Some(batch)
    }
}

/// A stream of the tables that have rows.
pub(crate) struct FullTables {
    input: BoxOperator,
    full: Full,
}

impl FullTables {
    /// Those of `input`.
    pub(crate) fn over(input: BoxOperator) -> BoxOperator {
        Box::new(Self { input, full: Full::default() })
    }
}

impl Operator for FullTables {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        while let Some(batch) = self.input.next()? {
            if let Some(full) = self.full.pass(batch) {
                return Ok(Some(full));
            }
        }
        Ok(None)
    }
}

/// The batch without its empty tables; `None` if nothing is left.
pub(crate) fn drop_empty(batch: TableBatch) -> Option<TableBatch> {
    let full: Vec<u32> = (0..batch.runs()).filter(|&r| !batch.run(r).is_empty()).map(|r| r as u32).collect();
    if full.is_empty() {
        return None;
    }
    if full.len() == batch.runs() {
        return Some(batch);
    }
    Some(without_empty(&batch, &full))
}

/// Some tables of a batch; those left out must be empty.
fn without_empty(batch: &TableBatch, runs: &[u32]) -> TableBatch {
    let indices = UInt32Array::from(runs.to_vec());
    let mut offsets = vec![0];
    offsets.extend(runs.iter().map(|&r| batch.offsets[r as usize + 1]));
    let columns = batch
        .columns
        .iter()
        .map(|c| match c.is_key() {
            true => Column::key(Arc::clone(&c.label), c.ty, take(c.data.array(), &indices)),
            false => c.clone(),
        })
        .collect();
    TableBatch::new(columns, offsets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use weir_table::ColumnType;

    fn batch(keys: &[&str], offsets: &[usize], continues: bool) -> TableBatch {
        let key: ArrayRef = Arc::new(StringArray::from(keys.to_vec()));
        let rows: ArrayRef = Arc::new(Int64Array::from_iter_values(0..offsets[offsets.len() - 1] as i64));
        let columns =
            vec![Column::key("k", ColumnType::String, key), Column::row("v", ColumnType::Int, rows)];
        TableBatch { continues, ..TableBatch::new(columns, offsets.to_vec()) }
    }

    fn shown(batch: Option<TableBatch>) -> Option<(Vec<usize>, bool)> {
        batch.map(|b| (b.offsets.to_vec(), b.continues))
    }

    #[test]
    fn tables_without_rows_are_left_out() {
        let mut full = Full::default();
        assert_eq!(
            shown(full.pass(batch(&["a", "b", "c"], &[0, 0, 2, 2], false))),
            Some((vec![0, 2], false))
        );
        assert_eq!(shown(full.pass(batch(&["d"], &[0, 0], false))), None);
    }

    #[test]
    fn a_table_whose_first_piece_was_empty_begins_with_the_next() {
        let mut full = Full::default();
        assert_eq!(shown(full.pass(batch(&["a", "b"], &[0, 1, 1], false))), Some((vec![0, 1], false)));
        assert_eq!(shown(full.pass(batch(&["b"], &[0, 2], true))), Some((vec![0, 2], false)));
        assert_eq!(shown(full.pass(batch(&["b"], &[0, 0], true))), None);
        assert_eq!(shown(full.pass(batch(&["b", "c"], &[0, 1, 2], true))), Some((vec![0, 1, 2], true)));
    }
}
