//! The order of tables. Scripts don't call it; plans have it where the order shows in the rows of a table that is made of
//! several, and where the reference has the tables of an operation in the order of their keys.

use std::sync::Arc;

use weir_table::TableBatch;

use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Operator, Order, Regrouper, Run};
use crate::plan::{Node, Spec};

/// Puts tables in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyOrder;

impl KeyOrder {
    /// The tables of a node, in order.
    pub(crate) fn over(node: Arc<Node>) -> Arc<Node> {
        let location = node.location.clone();
        Node::new(Self, vec![node], location)
    }
}

impl Spec for KeyOrder {
    fn name(&self) -> &'static str {
        "keyOrder"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let input = inputs.pop().ok_or_else(|| FluxError::internal("tables of nothing are put in order"))?;
        Ok(Box::new(Ordered { input: Some(input), run: run.clone(), tables: None }))
    }
}

struct Ordered {
    input: Option<BoxOperator>,
    run: Run,
    tables: Option<BoxOperator>,
}

impl Operator for Ordered {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(mut input) = self.input.take() {
            let mut all = Regrouper::new(&self.run).in_order(Order::KeysOnly);
            while let Some(batch) = input.next()? {
                all.push_tables(batch)?;
            }
            drop(input);
            self.tables = Some(all.finish()?);
        }
        self.tables.as_mut().map_or(Ok(None), |tables| tables.next())
    }
}
