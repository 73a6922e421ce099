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
    let given: Vec<Arc<Node>> = args.required("tables")?;
    if given.is_empty() {
        return Err(FluxError::invalid("tables must be a non-empty list"));
    }
    // A stream that is given twice counts once, as in the reference.
    let mut tables: Vec<Arc<Node>> = Vec::with_capacity(given.len());
    for stream in given {
        if !tables.iter().any(|known| Arc::ptr_eq(known, &stream)) {
            tables.push(stream);
        }
    }
    Ok(Value::Stream(Node::new(Union, tables, args.location.clone())))
}

impl Spec for Union {
    fn name(&self) -> &'static str {
        "union"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let chain = Box::new(Chain { inputs: inputs.into() });
        Ok(Box::new(Regrouped::new(chain, run, TableBatch::is_key).by_keys()))
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
