//! The group key of tables that the storage grouped. Scripts don't call it; the plan puts it under operations that
//! answer the key.
//!
//! Tables that the reference's storage groups have all columns of the grouping in their key, those too that none of
//! their rows has: these are the empty text there. Rows do not show them, but what is made of the key does.

use std::sync::Arc;

use arrow_array::StringArray;
use weir_table::{Column, ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, PerBatch, Run};
use crate::plan::{Node, Spec, labels};

/// Adds columns that are missing to the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyOfRead(pub(crate) Vec<Arc<str>>);

impl KeyOfRead {
    fn apply(&self, mut batch: TableBatch) -> TableBatch {
        let runs = batch.runs();
        for label in &self.0 {
            if batch.find(label).is_none() {
                let empty = StringArray::from_iter_values(std::iter::repeat_n("", runs));
                batch.columns.push(Column::key(Arc::clone(label), ColumnType::String, Arc::new(empty)));
            }
        }
        batch
    }
}

impl Spec for KeyOfRead {
    fn name(&self) -> &'static str {
        "key"
    }

    fn details(&self) -> String {
        labels(&self.0)
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let input = inputs.pop().ok_or_else(|| FluxError::internal("the key of nothing is wanted"))?;
        let key = self.clone();
        Ok(PerBatch::rows(input, run, move |batch| Ok(Some(key.apply(batch)))))
    }
}
