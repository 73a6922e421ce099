//! What `columns` and `keys` have in common: a row for each label of a table.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray, UInt32Array};
use weir_table::{Column, ColumnType, TableBatch, take};

use crate::error::Result;
use crate::eval::Args;
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::tables::per_tables;
use crate::tables::rows::with_key;
use crate::value::Value;

/// Answers the labels of each table.
#[derive(Debug, Clone)]
pub(crate) struct ColumnNames {
    /// Whether only those of the group key.
    pub(crate) key_only: bool,
    /// The column that holds them.
    pub(crate) column: Arc<str>,
}

impl ColumnNames {
    /// Ends a call of `columns` or `keys`.
    pub(super) fn call(key_only: bool, args: &Args) -> Result<Value> {
        args.transform(Self { key_only, column: args.string_or("column", "_value")? })
    }

    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let labels: Vec<&str> =
            batch.columns.iter().filter(|c| !self.key_only || c.is_key()).map(|c| &*c.label).collect();
        let n = labels.len();
        let texts: ArrayRef = Arc::new(StringArray::from(labels));
        let indices: UInt32Array = (0..batch.runs()).flat_map(|_| 0..n as u32).collect::<Vec<_>>().into();
        let offsets = (0..=batch.runs()).map(|run| run * n).collect();
        let column = Column::row(Arc::clone(&self.column), ColumnType::String, take(&texts, &indices));
        with_key(batch, vec![column], offsets)
    }
}

impl Spec for ColumnNames {
    fn name(&self) -> &'static str {
        if self.key_only { "keys" } else { "columns" }
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let names = self.clone();
        per_tables(inputs, run, node, move |batch| names.apply(&batch).map(Some))
    }
}
