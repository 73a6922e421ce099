//! `unique(column:)`: the first row of each different value of a column.

use std::sync::Arc;

use arrow_array::ArrayRef;
use weir_table::{ColumnType, KeyEncoder, KeySlots, TableBatch};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::take_rows;
use crate::tables::select::selected;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "unique",
    signature: "(<-tables: stream[A], ?column: string) => stream[A] where A: Record",
    doc: "Keeps the first row of each different value of a column, in each table.",
    body: Body::Native(call),
};

/// The first row of each different value.
#[derive(Debug, Clone)]
pub(crate) struct Unique {
    /// Of which column.
    pub(crate) column: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Unique { column: args.string_or("column", "_value")? })
}

/// The row of the first appearance of each different value in each run; null is a value too.
pub(super) fn first_rows(ty: ColumnType, array: &ArrayRef, offsets: &[usize]) -> (Vec<u32>, Vec<usize>) {
    let encoder = KeyEncoder::new([(ty, array)]);
    let mut rows = Vec::new();
    let mut out = Vec::with_capacity(offsets.len());
    out.push(0);
    let mut buffer = Vec::new();
    for w in offsets.windows(2) {
        let mut slots = KeySlots::new();
        for row in w[0]..w[1] {
            if interrupt::tick(row).is_err() {
                break; // the query was cancelled
            }
            buffer.clear();
            encoder.encode(row, &mut buffer);
            if slots.slot(&buffer).1 {
                rows.push(row as u32);
            }
        }
        out.push(rows.len());
    }
    (rows, out)
}

impl Unique {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let (ty, values) = selected(batch, &self.column)?;
        let (rows, offsets) = first_rows(ty, &values, &batch.offsets);
        Ok(take_rows(batch, rows, offsets))
    }
}

impl Spec for Unique {
    fn name(&self) -> &'static str {
        "unique"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        format!("column={}", self.column)
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let unique = self.clone();
        per_tables(inputs, run, node, move |batch| unique.apply(&batch).map(Some))
    }
}
