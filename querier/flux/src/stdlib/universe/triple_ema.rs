//! `tripleEMA(n:)`: an exponential moving average that follows faster still.

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
    name: "tripleEMA",
    signature: "(<-tables: stream[{A with _value: B}], n: int) => stream[C] where B: Numeric, C: Record",
    doc: "The triple exponential moving average: 3·ema − 3·ema of ema + ema of that.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct TripleEma {
    n: i64,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(TripleEma { n: args.required("n")? })
}

impl TripleEma {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let n = period(self.n, "moving average")?;
        replace(batch, &value_column(batch)?, "exponential moving average", |values| {
            let one = exponential(values, n);
            let two = exponential(&one, n);
            let three = exponential(&two, n);
            // All end with the run's last row.
            let one = one.iter().skip(one.len() - three.len());
            let two = two.iter().skip(two.len() - three.len());
            one.zip(two).zip(&three).map(|((a, b), c)| Some(3.0 * (*a)? - 3.0 * (*b)? + (*c)?)).collect()
        })
    }
}

impl Spec for TripleEma {
    fn name(&self) -> &'static str {
        "tripleEMA"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
