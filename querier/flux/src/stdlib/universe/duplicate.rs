//! `duplicate(column:, as:)`: a copy of a column.

use std::sync::Arc;

use weir_table::{Column, ColumnData, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::{Rekeyed, rekey};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "duplicate",
    signature: "(<-tables: stream[A], column: string, as: string) => stream[B] where A: Record, B: Record",
    doc: "Copies a column under another name, or over the column that has the name.",
    body: Body::Native(call),
};

/// Copies a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Duplicate {
    /// The column.
    pub(crate) column: Arc<str>,
    /// The name of the copy.
    pub(crate) copy: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Duplicate { column: args.required("column")?, copy: args.required("as")? })
}

impl Duplicate {
    fn apply(&self, mut batch: TableBatch) -> Result<Rekeyed> {
        let Some(index) = batch.find(&self.column) else {
            return Err(FluxError::invalid(format!(
                "duplicate error: column \"{}\" doesn't exist",
                self.column
            )));
        };
        let source = batch.columns[index].clone();
        let over_key = batch.is_key(&self.copy) && self.copy != self.column;
        let data =
            if over_key && source.is_key() { source.data } else { ColumnData::Row(batch.row_values(index)) };
        if self.copy != self.column {
            batch.set_column(Column { label: Arc::clone(&self.copy), ty: source.ty, data });
        }
        Ok(Rekeyed { batch, may_collide: over_key })
    }
}

impl Spec for Duplicate {
    fn name(&self) -> &'static str {
        "duplicate"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        format!("{} as {}", self.column, self.copy)
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let duplicate = self.clone();
        rekey(inputs, run, node, move |batch| duplicate.apply(batch).map(Some))
    }
}
