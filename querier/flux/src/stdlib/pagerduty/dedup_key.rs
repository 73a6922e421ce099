//! `dedupKey()`: what tells PagerDuty which events are of one incident.

use std::fmt::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use sha2::{Digest, Sha256};
use weir_table::{Column, ColumnType, TableBatch, repeat_each};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "pagerduty",
    name: "dedupKey",
    signature: "(<-tables: stream[A], ?exclude: [string]) => stream[{A with _pagerdutyDedupKey: string}]",
    doc: "Adds a hash of each table's group key, without bounds and level.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct DedupKey {
    exclude: Vec<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let exclude = args.strings("exclude")?;
    args.transform(DedupKey {
        exclude: exclude.unwrap_or_else(|| ["_start", "_stop", "_level"].map(Arc::from).to_vec()),
    })
}

impl Spec for DedupKey {
    fn name(&self) -> &'static str {
        "dedupKey"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let exclude = self.exclude.clone();
        per_tables(inputs, run, node, move |mut batch| {
            let keys: ArrayRef = Arc::new(StringArray::from_iter_values(
                (0..batch.runs()).map(|run| hash(&batch, run, &exclude)),
            ));
            let values = repeat_each(&keys, &batch.offsets);
            batch.set_column(Column::row("_pagerdutyDedupKey", ColumnType::String, values));
            Ok(Some(batch))
        })
    }
}

fn hash(batch: &TableBatch, run: usize, exclude: &[Arc<str>]) -> String {
    let mut columns: Vec<_> = batch.columns.iter().enumerate().filter(|(_, c)| c.is_key()).collect();
    columns.retain(|(_, c)| !exclude.contains(&c.label));
    columns.sort_by(|a, b| a.1.label.cmp(&b.1.label));
    let mut hasher = Sha256::new();
    for (i, c) in columns {
        let value = Value::from_scalar(batch.cell(i, run, 0), c.ty);
        hasher.update(format!("{}\n{value}\n", c.label));
    }
    let mut out = String::with_capacity(64);
    for byte in hasher.finalize() {
        let _ = write!(out, "{byte:02x}"); // writing to a string cannot fail
    }
    out
}
