//! `exponentialMovingAverage(n:)`: a moving average of fading weights.

use weir_table::TableBatch;

use super::moving::{exponential, period, replace, value_column};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "exponentialMovingAverage",
    signature: "(<-tables: stream[{B with _value: A}], n: int) => stream[{B with _value: A}] where A: Numeric",
    doc: "The moving average that weighs later values more, with 2/(n+1).",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct ExponentialMovingAverage {
    n: i64,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(ExponentialMovingAverage { n: args.required("n")? })
}

impl ExponentialMovingAverage {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let n = period(self.n, "moving average")?;
        replace(batch, &value_column(batch)?, "exponential moving average", |values| exponential(values, n))
    }
}

impl Spec for ExponentialMovingAverage {
    fn name(&self) -> &'static str {
        "exponentialMovingAverage"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
