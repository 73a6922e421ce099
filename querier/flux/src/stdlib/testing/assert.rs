//! Assertions over streams: they end the query if they fail.

use std::collections::HashSet;
use std::sync::Arc;

use weir_model::ErrorCode;
use weir_table::TableBatch;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, Whole, collect};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::experimental::diff::Diff;
use crate::stdlib::lazy::lazy;
use crate::tables::Call;
use crate::tables::keys::table_key;
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
    doc: "Ends the query with an error if a table has rows, else answers no tables.",
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
        let (run, name, call) = (run.clone(), Arc::clone(&self.name), Call::of(node));
        Ok(lazy(move || {
            let (got, want) = (collect(got, &run)?, collect(want, &run)?);
            let diff = Diff { epsilon: 0.0, nans_equal: true };
            match diff.compare(&got.batches, &want.batches, &run.memory) {
                Ok(differences) if differences.is_empty() => Ok(got.batches),
                Err(e) if e.is_out_of_memory() || e.code == ErrorCode::Canceled => Err(e),
                _ => Err(call.tell(FluxError::internal(unequal(&name, &got.batches, &want.batches)))),
            }
        }))
    }
}

/// How two streams differ: in their tables' number, in group keys, or else in rows.
fn unequal(name: &str, got: &[TableBatch], want: &[TableBatch]) -> String {
    let [got, want] = [got, want].map(|batches| {
        let tables = batches.iter().flat_map(|b| (0..b.runs()).map(move |run| table_key(b, run)));
        tables.collect::<HashSet<_>>()
    });
    if got.len() != want.len() {
        "assertEquals streams had unequal table counts".to_owned()
    } else if got != want {
        format!("test {name}: unequal group key sets")
    } else {
        format!("test {name}: tables not equal")
    }
}

#[derive(Debug)]
struct AssertEmpty;

impl Spec for AssertEmpty {
    fn name(&self) -> &'static str {
        "assertEmpty"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let mut input = Whole::over(inputs.remove(0), run);
        let call = Call::of(node);
        Ok(lazy(move || {
            let mut tables = 0;
            while let Some(batch) = input.next()? {
                tables += (0..batch.runs()).filter(|run| !batch.run(*run).is_empty()).count();
            }
            if tables > 0 {
                let message = format!("found {tables} tables that were not empty");
                return Err(call.tell(FluxError::invalid(message)));
            }
            Ok(Vec::new())
        }))
    }
}
