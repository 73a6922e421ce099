//! Group keys as bytes.

use weir_table::{KeyEncoder, TableBatch};

/// The group keys of the tables of a batch: equal bytes stand for equal keys, whatever order the columns have.
#[derive(Debug)]
pub struct TableKeys<'a> {
    labels: Vec<u8>,
    encoder: KeyEncoder<'a>,
}

impl<'a> TableKeys<'a> {
    /// Of a batch.
    pub fn of(batch: &'a TableBatch) -> Self {
        let mut columns: Vec<_> = batch.key_columns().collect();
        columns.sort_by(|a, b| a.label.cmp(&b.label));
        let mut labels = Vec::new();
        for c in &columns {
            labels.extend(c.label.as_bytes());
            labels.push(0);
        }
        labels.push(0);
        Self { labels, encoder: KeyEncoder::new(columns.iter().map(|c| (c.ty, c.data.array()))) }
    }

    /// Appends the key of a table.
    pub fn write(&self, run: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.labels);
        self.encoder.encode(run, out);
    }
}

/// The group key of a table.
pub fn table_key(batch: &TableBatch, run: usize) -> Vec<u8> {
    let mut out = Vec::new();
    TableKeys::of(batch).write(run, &mut out);
    out
}
