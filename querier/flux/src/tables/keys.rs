//! Group keys as bytes.

use weir_table::{KeyEncoder, TableBatch};

/// The group key of a table: equal bytes stand for equal keys, whatever order the columns have.
pub fn table_key(batch: &TableBatch, run: usize) -> Vec<u8> {
    let mut columns: Vec<_> = batch.key_columns().collect();
    columns.sort_by(|a, b| a.label.cmp(&b.label));
    let mut out = Vec::new();
    for c in &columns {
        out.extend(c.label.as_bytes());
        out.push(0);
    }
    out.push(0);
    KeyEncoder::new(columns.iter().map(|c| (c.ty, c.data.array()))).encode(run, &mut out);
    out
}
