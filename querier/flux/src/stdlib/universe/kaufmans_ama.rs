//! `kaufmansAMA(n:, column:)`: an adaptive moving average.

use weir_table::TableBatch;

use super::chande_momentum_oscillator::late_momenta;
use super::moving::{period, replace};
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
    name: "kaufmansAMA",
    signature: "(<-tables: stream[A], n: int, ?column: string) => stream[B] where A: Record, B: Record",
    doc: "Kaufman's adaptive moving average: it follows fast where values move in one direction, and slowly where they sway.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct KaufmansAma {
    n: i64,
    column: std::sync::Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(KaufmansAma { n: args.required("n")?, column: args.string_or("column", "_value")? })
}

impl KaufmansAma {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let n = period(self.n, "KaufmansAMA")?;
        replace(batch, &self.column, "KAMA", |values| {
            // The fast pace is 2/3.
            let (above_slow, slow) = (56.0 / 93.0, 2.0 / 31.0);
            let mut average: Option<f64> = None;
            // The reference keeps the last changes in a ring, which for one of them it reads before it writes.
            let momenta = late_momenta(values, n, usize::from(n == 1));
            let rows = momenta.into_iter().zip(n..).map(|((rise, fall), i)| {
                let before = average.unwrap_or_else(|| values[i - 1].unwrap_or(0.0));
                let efficiency = (100.0 * (rise - fall) / (rise + fall)).abs() / 100.0;
                let pace = (efficiency * above_slow + slow).powi(2);
                average = Some(before + pace * (values[i].unwrap_or(0.0) - before));
                average
            });
            rows.collect()
        })
    }
}

impl Spec for KaufmansAma {
    fn name(&self) -> &'static str {
        "kaufmansAMA"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
