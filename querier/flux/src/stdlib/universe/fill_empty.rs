//! `_fillEmpty()`: a row of nulls for each empty table.

use std::sync::Arc;

use arrow_array::UInt32Array;
use weir_table::{Column, ColumnData, TableBatch, take};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, PerTables, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "_fillEmpty",
    signature: "(<-tables: stream[A]) => stream[A] where A: Record",
    doc: "Gives each empty table one row without values.",
    body: Body::Native(call),
};

/// Puts a row into empty tables.
#[derive(Debug)]
pub(crate) struct FillEmpty;

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(FillEmpty)
}

impl Spec for FillEmpty {
    fn name(&self) -> &'static str {
        "fill"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(PerTables::over(inputs.remove(0), run, |batch| Ok(Some(fill_empty(batch)))))
    }
}

/// The batch with a row of nulls in each empty table.
pub(crate) fn fill_empty(batch: TableBatch) -> TableBatch {
    if (0..batch.runs()).all(|r| !batch.run(r).is_empty()) {
        return batch;
    }
    let mut rows: Vec<Option<u32>> = Vec::with_capacity(batch.rows() + batch.runs());
    let mut offsets = vec![0];
    for run in 0..batch.runs() {
        let range = batch.run(run);
        if range.is_empty() {
            rows.push(None);
        }
        rows.extend(range.map(|r| Some(r as u32)));
        offsets.push(rows.len());
    }
    let rows = UInt32Array::from(rows);
    let columns = batch
        .columns
        .iter()
        .map(|c| match &c.data {
            ColumnData::Key(_) => c.clone(),
            ColumnData::Row(a) => Column { data: ColumnData::Row(take(a, &rows)), ..c.clone() },
        })
        .collect();
    TableBatch { columns, offsets: Arc::from(offsets), continues: false }
}
