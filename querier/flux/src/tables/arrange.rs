//! The order of columns. Scripts don't call it; rules put it where the reference's storage, which aggregates for itself,
//! answers columns in another order than the operations that stand in the script.

use std::sync::Arc;

use weir_table::{Column, TableBatch};

use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, PerBatch, Run};
use crate::plan::{Node, Spec, labels};

/// Puts some columns first, in this order; those that are not there are passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arranged(pub(crate) Vec<Arc<str>>);

impl Arranged {
    /// The node with these columns first.
    pub(crate) fn over<'a>(node: Arc<Node>, labels: impl IntoIterator<Item = &'a str>) -> Arc<Node> {
        let location = node.location.clone();
        Node::new(Self(labels.into_iter().map(Into::into).collect()), vec![node], location)
    }

    fn apply(&self, mut batch: TableBatch) -> TableBatch {
        let place = |c: &Column| self.0.iter().position(|l| *l == c.label).unwrap_or(self.0.len());
        batch.columns.sort_by_key(place);
        batch
    }
}

impl Spec for Arranged {
    fn name(&self) -> &'static str {
        "columns"
    }

    fn details(&self) -> String {
        labels(&self.0)
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let input = inputs.pop().ok_or_else(|| FluxError::internal("columns of nothing are arranged"))?;
        let arranged = self.clone();
        Ok(PerBatch::rows(input, run, move |batch| Ok(Some(arranged.apply(batch)))))
    }
}
