//! `mode(column:)`: the value that each table has most often.

use std::sync::Arc;

use arrow_array::UInt32Array;
use weir_table::{Column, ColumnType, KeyEncoder, KeySlots, Scalar, TableBatch, repeat, take};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::{one_row_each, with_key};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "mode",
    signature: "(<-tables: stream[A], ?column: string) => stream[{C with _value: B}] where A: Record, C: Record",
    doc: "The value that is most frequent in a column of each table, sorted if there are several; null if all are \
          equally frequent.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Mode {
    column: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Mode { column: args.string_or("column", "_value")? })
}

impl Mode {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let label: Arc<str> = "_value".into();
        let Some(column) = batch.column(&self.column) else {
            let texts = repeat(&Scalar::String("".into()), ColumnType::String, batch.runs());
            return with_key(
                batch,
                vec![Column::row(label, ColumnType::String, texts)],
                one_row_each(batch.runs()),
            );
        };
        let ty = column.ty;
        if column.is_key() {
            let values = Arc::clone(column.data.array());
            return with_key(batch, vec![Column::row(label, ty, values)], one_row_each(batch.runs()));
        }
        let array = column.data.array();
        let encoder = KeyEncoder::new([(ty, array)]);
        let mut rows: Vec<Option<u32>> = Vec::with_capacity(batch.runs());
        let mut offsets = Vec::with_capacity(batch.runs() + 1);
        offsets.push(0);
        let mut buffer = Vec::new();
        for run in 0..batch.runs() {
            if batch.run(run).is_empty() {
                // Of no rows there is no row.
                offsets.push(rows.len());
                continue;
            }
            let mut slots = KeySlots::new();
            // How often each value comes, and its first row.
            let mut counts: Vec<(usize, usize)> = Vec::new();
            for row in batch.run(run).filter(|&r| array.is_valid(r)) {
                if interrupt::tick(row).is_err() {
                    break; // the query was cancelled
                }
                buffer.clear();
                encoder.encode(row, &mut buffer);
                let (slot, new) = slots.slot(&buffer);
                if new {
                    counts.push((0, row));
                }
                counts[slot].0 += 1;
            }
            let most = counts.iter().map(|c| c.0).max().unwrap_or(0);
            let mut modes: Vec<usize> = counts.iter().filter(|c| c.0 == most).map(|c| c.1).collect();
            if modes.len() == counts.len() {
                rows.push(None);
            } else {
                modes.sort_by_cached_key(|&row| {
                    let mut key = Vec::new();
                    encoder.encode(row, &mut key); // the bytes sort as the values do
                    key
                });
                rows.extend(modes.into_iter().map(|r| Some(r as u32)));
            }
            offsets.push(rows.len());
        }
        let values = take(array, &UInt32Array::from(rows));
        with_key(batch, vec![Column::row(label, ty, values)], offsets)
    }
}

impl Spec for Mode {
    fn name(&self) -> &'static str {
        "mode"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let mode = self.clone();
        per_tables(inputs, run, node, move |batch| mode.apply(&batch).map(Some))
    }
}
