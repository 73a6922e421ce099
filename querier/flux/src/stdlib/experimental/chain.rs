//! `chain(first:, second:)`: one stream after another has ended.

use std::sync::Arc;

use weir_table::TableBatch;

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Operator, Run};
use crate::plan::{Bounds, Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "chain",
    signature: "(first: stream[A], second: stream[B]) => stream[B] where A: Record, B: Record",
    doc: "Runs the first stream to its end, then answers the second.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct Chain;

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (first, second): (Arc<Node>, Arc<Node>) = (args.required("first")?, args.required("second")?);
    Ok(Value::Stream(Node::new(Chain, vec![first, second], args.location.clone())))
}

impl Spec for Chain {
    fn name(&self) -> &'static str {
        "chain"
    }

    fn bounds(&self, inputs: &[Option<Bounds>]) -> Option<Bounds> {
        inputs.get(1).copied().flatten()
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let first = Some(inputs.remove(0));
        Ok(Box::new(Chained { first, second: inputs.remove(0), run: run.clone() }))
    }
}

struct Chained {
    first: Option<BoxOperator>,
    second: BoxOperator,
    run: Run,
}

impl Operator for Chained {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(mut first) = self.first.take() {
            while first.next()?.is_some() {
                self.run.check()?;
            }
        }
        self.second.next()
    }
}
