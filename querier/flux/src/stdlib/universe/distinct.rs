//! `distinct(column:)`: the different values of a column of each table.

use std::sync::Arc;

use arrow_array::UInt32Array;
use weir_table::{Column, ColumnType, Scalar, TableBatch, repeat, take};

use super::unique::first_rows;
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::{one_row_each, with_key};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "distinct",
    signature: "(<-tables: stream[A], ?column: string) => stream[B] where A: Record, B: Record",
    doc: "The different values of a column of each table, in order of first appearance, as `_value`.",
    body: Body::Native(call),
};

/// The different values of a column.
#[derive(Debug, Clone)]
pub(crate) struct Distinct {
    /// Of which column.
    pub(crate) column: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Distinct { column: args.string_or("column", "_value")? })
}

impl Distinct {
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
        let array = column.data.array();
        if column.is_key() {
            let values = Arc::clone(array);
            return with_key(batch, vec![Column::row(label, ty, values)], one_row_each(batch.runs()));
        }
        let (rows, offsets) = first_rows(ty, array, &batch.offsets);
        let values = take(array, &UInt32Array::from(rows));
        with_key(batch, vec![Column::row(label, ty, values)], offsets)
    }
}

impl Spec for Distinct {
    fn name(&self) -> &'static str {
        "distinct"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn details(&self) -> String {
        format!("column={}", self.column)
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let distinct = self.clone();
        per_tables(inputs, run, node, move |batch| distinct.apply(&batch).map(Some))
    }
}
