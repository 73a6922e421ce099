//! Assertions over streams: they pass the tables on, or end the query.

use std::sync::Arc;

use weir_model::ErrorCode;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, collect};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::experimental::diff::Diff;
use crate::stdlib::lazy::lazy;
use crate::tables::{Call, per_tables};
use crate::value::Value;

/// `assertEquals(name:, got:, want:)`.
pub(crate) static ASSERT_EQUALS: Definition = Definition {
    package: "testing",
    name: "assertEquals",
    signature: "(name: string, <-got: stream[A], want: stream[A]) => stream[A]",
    doc: "Ends the query with an error if two streams differ, else answers the first.",
    body: Body::Native(assert_equals),
};

/// `assertEmpty()`.
pub(crate) static ASSERT_EMPTY: Definition = Definition {
    package: "testing",
    name: "assertEmpty",
    signature: "(<-tables: stream[A]) => stream[A]",
    doc: "Ends the query with an error if a table has rows.",
    body: Body::Native(|args, _| args.transform(AssertEmpty)),
};

#[derive(Debug)]
struct AssertEquals {
    name: Arc<str>,
}

fn assert_equals(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (got, want): (Arc<Node>, Arc<Node>) = (args.pipe("got")?, args.required("want")?);
    let spec = AssertEquals { name: args.required("name")? };
    Ok(Value::Stream(Node::new(spec, vec![got, want], args.location.clone())))
}

impl Spec for AssertEquals {
    fn name(&self) -> &'static str {
        "assertEquals"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (got, want) = (inputs.remove(0), inputs.remove(0));
        let run = run.clone();
        let error =
            Call::of(node).tell(FluxError::invalid(format!("test {}: got and want differ", self.name)));
        Ok(lazy(move || {
            let (got, want) = (collect(got, &run)?, collect(want, &run)?);
            let diff = Diff { epsilon: 0.0, nans_equal: true };
            match diff.compare(&got.batches, &want.batches, &run.memory) {
                Ok(differences) if differences.is_empty() => Ok(got.batches),
                Err(e) if e.is_out_of_memory() || e.code == ErrorCode::Canceled => Err(e),
                _ => Err(error),
            }
        }))
    }
}

#[derive(Debug)]
struct AssertEmpty;

impl Spec for AssertEmpty {
    fn name(&self) -> &'static str {
        "assertEmpty"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        per_tables(inputs, run, node, |batch| match batch.rows() {
            0 => Ok(Some(batch)),
            rows => Err(FluxError::new(
                ErrorCode::Invalid,
                format!("found {rows} rows in tables that should be empty"),
            )),
        })
    }
}
