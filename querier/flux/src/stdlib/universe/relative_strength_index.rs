//! `relativeStrengthIndex(n:, columns:)`: RSI.

use weir_table::TableBatch;

use super::moving::{period, replace_all};
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
    name: "relativeStrengthIndex",
    signature: "(<-tables: stream[A], n: int, ?columns: [string]) => stream[B] where A: Record, B: Record",
    doc: "How much of the last changes were rises, from 0 to 100, smoothed over `n` rows.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct RelativeStrengthIndex {
    n: usize,
    columns: Vec<std::sync::Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(RelativeStrengthIndex {
        n: period(args.required("n")?, "relative strength index")?,
        columns: args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]),
    })
}

/// A mean of the first `n` numbers, smoothed from then on.
struct Smoothed {
    n: usize,
    seen: usize,
    counted: usize,
    value: f64,
}

impl Smoothed {
    fn new(n: usize) -> Self {
        Self { n, seen: 0, counted: 0, value: 0.0 }
    }

    fn add(&mut self, v: f64) {
        self.value = if self.counted == 0 {
            v
        } else if self.seen < self.n {
            (self.value * self.counted as f64 + v) / (self.counted + 1) as f64
        } else {
            let weight = 1.0 / self.n as f64;
            v * weight + self.value * (1.0 - weight)
        };
        self.counted += 1;
        self.seen += 1;
    }
}

fn strength(values: &[Option<f64>], n: usize) -> Vec<Option<f64>> {
    let (mut up, mut down) = (Smoothed::new(n), Smoothed::new(n));
    // The first value counts as a change from zero, as it does in the incumbent.
    let mut last: Option<f64> = None;
    let mut out = Vec::with_capacity(values.len());
    let index = |up: &Smoothed, down: &Smoothed| 100.0 - 100.0 / (1.0 + up.value / down.value);
    for (i, value) in values.iter().enumerate() {
        match value {
            Some(v) => {
                let change = v - last.unwrap_or(0.0);
                up.add(change.max(0.0));
                down.add((-change).max(0.0));
                last = Some(*v);
            }
            None => {
                up.seen += 1;
                down.seen += 1;
            }
        }
        if i >= n {
            out.push(last.map(|_| index(&up, &down)));
        }
    }
    if out.is_empty() && !values.is_empty() {
        out.push(Some(index(&up, &down)));
    }
    out
}

impl RelativeStrengthIndex {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        replace_all(batch, &self.columns, "relative strength index", |values| strength(values, self.n))
    }
}

impl Spec for RelativeStrengthIndex {
    fn name(&self) -> &'static str {
        "relativeStrengthIndex"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
