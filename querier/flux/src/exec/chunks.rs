//! Batches in pieces: a function over whole columns makes several columns on its way to its answer, and these should
//! stay in the processor's cache, be few bytes, and not keep a cancelled query waiting.

use std::sync::Arc;

use weir_table::{Column, ColumnData, TableBatch};

/// So many rows are worked on at a time.
pub(crate) const ROWS: usize = 8192;

/// The pieces of a batch, each of at most [`ROWS`] rows: some of its tables, or some rows of one.
pub(crate) fn chunks(batch: &TableBatch) -> Chunks<'_> {
    Chunks { batch, run: 0, row: 0 }
}

pub(crate) struct Chunks<'a> {
    batch: &'a TableBatch,
    run: usize,
    row: usize,
}

impl Iterator for Chunks<'_> {
    type Item = TableBatch;

    fn next(&mut self) -> Option<TableBatch> {
        let batch = self.batch;
        if self.run >= batch.runs() {
            return None;
        }
        if self.run == 0 && self.row == 0 && batch.rows() <= ROWS {
            self.run = batch.runs();
            return Some(batch.clone());
        }
        let rows = batch.run(self.run);
        if rows.len() > ROWS {
            let start = self.row.max(rows.start);
            let end = (start + ROWS).min(rows.end);
            let part = part_of(batch, self.run, start, end);
            self.row = end;
            if end == rows.end {
                self.run += 1;
            }
            return Some(part);
        }
        let fitting = batch.offsets.partition_point(|offset| *offset <= rows.start + ROWS) - 1;
        let mut end = fitting.clamp(self.run + 1, batch.runs());
        // A long table is cut by itself.
        while end > self.run + 1 && batch.run(end - 1).len() > ROWS {
            end -= 1;
        }
        let part = batch.slice_runs(self.run..end);
        self.run = end;
        Some(part)
    }
}

/// Some rows of one table.
fn part_of(batch: &TableBatch, run: usize, start: usize, end: usize) -> TableBatch {
    let column = |column: &Column| Column {
        data: match &column.data {
            ColumnData::Key(values) => ColumnData::Key(values.slice(run, 1)),
            ColumnData::Row(values) => ColumnData::Row(values.slice(start, end - start)),
        },
        ..column.clone()
    };
    TableBatch {
        columns: batch.columns.iter().map(column).collect(),
        offsets: Arc::from([0, end - start]),
        continues: start > batch.offsets[run] || (run == 0 && batch.continues),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Int64Array;
    use weir_table::{ColumnType, Ints};

    use super::*;

    #[test]
    fn the_pieces_are_the_batch() {
        let offsets = vec![0, 0, 10, 10, 20_000, 20_001, 28_193, 28_193, 60_000, 60_000];
        let values: Vec<i64> = (0..60_000).collect();
        let keys: Vec<i64> = (0..9).collect();
        let columns = vec![
            Column::row("v", ColumnType::Int, Arc::new(Int64Array::from(values.clone()))),
            Column::key("k", ColumnType::Int, Arc::new(Int64Array::from(keys.clone()))),
        ];
        let batch = TableBatch::new(columns, offsets.clone());
        let (mut rows, mut tables, mut lengths) = (Vec::new(), Vec::new(), Vec::<usize>::new());
        for chunk in chunks(&batch) {
            chunk.check().unwrap();
            assert!(chunk.rows() <= ROWS);
            rows.extend_from_slice(Ints::of(chunk.columns[0].data.array()).unwrap().0.values());
            for run in 0..chunk.runs() {
                if run == 0 && chunk.continues {
                    *lengths.last_mut().unwrap() += chunk.run(run).len();
                } else {
                    tables.push(Ints::of(chunk.columns[1].data.array()).unwrap().0.value(run));
                    lengths.push(chunk.run(run).len());
                }
            }
        }
        assert_eq!(rows, values);
        assert_eq!(tables, keys);
        assert_eq!(lengths, offsets.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>());
    }
}
