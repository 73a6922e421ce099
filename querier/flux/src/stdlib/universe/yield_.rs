//! `yield(name:)`: makes the stream a result of the script.

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "yield",
    signature: "(<-tables: stream[A], ?name: string) => stream[A]",
    doc: "Delivers the tables as a result of the query, under a name.",
    body: Body::Native(call),
};

/// Hands tables on.
#[derive(Debug)]
pub(crate) struct Yield;

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let name = args.string_or("name", "_result")?;
    let value = args.transform(Yield)?;
    if let Value::Stream(node) = &value {
        cx.add_result(Some(name), node);
    }
    Ok(value)
}

impl Spec for Yield {
    fn name(&self) -> &'static str {
        "yield"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(inputs.remove(0))
    }
}
