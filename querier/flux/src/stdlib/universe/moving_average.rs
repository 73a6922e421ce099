//! `movingAverage(n:)`: the mean of the last rows.

use weir_table::TableBatch;

use super::moving::{period, replace, value_column};
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
    name: "movingAverage",
    signature: "(<-tables: stream[{B with _value: A}], n: int) => stream[{B with _value: float}] where A: Numeric",
    doc: "The mean of each value and the `n - 1` before it. Nulls are left out; a table of fewer rows has its mean.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct MovingAverage {
    n: i64,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(MovingAverage { n: args.required("n")? })
}

fn moving(values: &[Option<f64>], n: usize) -> Vec<Option<f64>> {
    let mut sum = 0.0;
    let mut count = 0usize;
    let mean = |sum: f64, count: usize| (count > 0).then(|| sum / count as f64);
    let mut out = Vec::with_capacity(values.len());
    for (i, value) in values.iter().enumerate() {
        if let Some(v) = value {
            sum += v;
            count += 1;
        }
        if i + 1 >= n {
            out.push(mean(sum, count));
            if let Some(oldest) = values[i + 1 - n] {
                sum -= oldest;
                count -= 1;
            }
        }
    }
    if out.is_empty() && !values.is_empty() {
        out.push(mean(sum, count));
    }
    out
}

impl MovingAverage {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let n = period(self.n, "moving average")?;
        replace(batch, &value_column(batch)?, "moving average", |values| moving(values, n))
    }
}

impl Spec for MovingAverage {
    fn name(&self) -> &'static str {
        "movingAverage"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
