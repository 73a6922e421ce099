//! `union(tables:)`: the tables of several streams; tables of one group key become one.

use std::sync::Arc;

use weir_table::TableBatch;

use super::group::Regrouped;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Operator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "union",
    signature: "(tables: [stream[A]]) => stream[A] where A: Record",
    doc: "Puts the tables of several streams into one stream. Tables with the same group key are merged.",
    body: Body::Native(call),
};

/// A union.
#[derive(Debug)]
pub(crate) struct Union;

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let tables: Vec<Arc<Node>> = args.required("tables")?;
    if tables.is_empty() {
        return Err(FluxError::invalid("tables must be a non-empty list"));
    }
    Ok(Value::Stream(Node::new(Union, tables, args.location.clone())))
}

impl Spec for Union {
    fn name(&self) -> &'static str {
        "union"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let chain = Box::new(Chain { inputs: inputs.into() });
        Ok(Regrouped::over(chain, run, TableBatch::is_key))
    }
}

/// One stream after the other.
struct Chain {
    inputs: std::collections::VecDeque<BoxOperator>,
}

impl Operator for Chain {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        while let Some(input) = self.inputs.front_mut() {
            if let Some(batch) = input.next()? {
                return Ok(Some(batch));
            }
            self.inputs.pop_front();
        }
        Ok(None)
    }
}
