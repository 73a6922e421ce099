//! `doubleEMA(n:)`: an exponential moving average that follows faster.

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
    name: "doubleEMA",
    signature: "(<-tables: stream[{A with _value: B}], n: int) => stream[C] where B: Numeric, C: Record",
    doc: "The double exponential moving average: 2·ema − ema of ema.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct DoubleEma {
    n: i64,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(DoubleEma { n: args.required("n")? })
}

impl DoubleEma {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let n = period(self.n, "moving average")?;
        replace(batch, &value_column(batch)?, "exponential moving average", |values| {
            let one = exponential(values, n);
            let two = exponential(&one, n);
            // Both end with the run's last row.
            let one = one.iter().skip(one.len() - two.len());
            one.zip(&two).map(|(a, b)| Some(2.0 * (*a)? - (*b)?)).collect()
        })
    }
}

impl Spec for DoubleEma {
    fn name(&self) -> &'static str {
        "doubleEMA"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
