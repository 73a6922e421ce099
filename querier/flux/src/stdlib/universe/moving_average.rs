//! `movingAverage(n:)`: the mean of the last rows.

use weir_table::TableBatch;

use super::moving::{period, replace, value_column};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "movingAverage",
    signature: "(<-tables: stream[{B with _value: A}], n: int) => stream[{B with _value: float}] where A: Numeric",
    doc: "The mean of each value and the `n - 1` before it. Nulls are left out; a table that is short of one row has \
          none, one of fewer has its mean.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct MovingAverage {
    n: usize,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(MovingAverage { n: period(args.required("n")?, "moving average")? })
}

/// Sums of so many values are made anew for each row; longer ones are carried along.
const SHORT: usize = 256;

fn moving(values: &[Option<f64>], n: usize) -> Vec<Option<f64>> {
    let of = |window: &[Option<f64>]| {
        let (mut sum, mut count) = (0.0, 0usize);
        for v in window.iter().flatten() {
            sum += v;
            count += 1;
        }
        (sum, count)
    };
    let mean = |(sum, count): (f64, usize)| (count > 0).then(|| sum / count as f64);
    // One row too few is none at all, fewer are taken together: so does the reference.
    if values.len() < n {
        return if values.is_empty() || values.len() + 1 == n { Vec::new() } else { vec![mean(of(values))] };
    }
    if n <= SHORT {
        return values.windows(n).map(|window| mean(of(window))).collect();
    }
    let mut state = of(&values[..n]);
    let mut out = Vec::with_capacity(values.len() + 1 - n);
    out.push(mean(state));
    for i in n..values.len() {
        let oldest = values[i - n];
        // What a sum has lost does not come back: it is made anew when it lost all, and now and then.
        if i % n == 0 || oldest.is_some_and(|v| !v.is_finite()) {
            state = of(&values[i + 1 - n..=i]);
        } else {
            if let Some(v) = oldest {
                state = (state.0 - v, state.1 - 1);
            }
            if let Some(v) = values[i] {
                state = (state.0 + v, state.1 + 1);
            }
        }
        out.push(mean(state));
    }
    out
}

impl MovingAverage {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        replace(batch, &value_column(batch)?, "moving average", |values| moving(values, self.n))
    }
}

impl Spec for MovingAverage {
    fn name(&self) -> &'static str {
        "movingAverage"
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
