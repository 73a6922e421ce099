//! `tripleExponentialDerivative(n:)`: TRIX.

use weir_table::TableBatch;

use super::moving::{exponential, period, replace, value_column};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "tripleExponentialDerivative",
    signature: "(<-tables: stream[{B with _value: A}], n: int) => stream[{B with _value: float}] where A: Numeric, B: Record",
    doc: "The change in percent of an exponential moving average taken three times.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct TripleExponentialDerivative {
    n: usize,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    // The incumbent takes this for its own fault.
    let n = period(args.required("n")?, "triple exponential derivative");
    let n = n.map_err(|e| FluxError::internal(e.to_string()))?;
    args.transform(TripleExponentialDerivative { n })
}

impl TripleExponentialDerivative {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let what = "exponential moving average";
        replace(batch, &value_column(batch)?, what, |values| {
            // The third average is there from this row on.
            let first = 3 * (self.n - 1);
            if values.is_empty() {
                return Vec::new();
            }
            if values.len() <= first {
                return vec![None];
            }
            let one = exponential(values, self.n);
            let two = exponential(&one, self.n);
            let three = exponential(&two, self.n);
            three.windows(2).map(|w| Some((w[1]? / w[0]? - 1.0) * 100.0)).collect()
        })
    }
}

impl Spec for TripleExponentialDerivative {
    fn name(&self) -> &'static str {
        "tripleExponentialDerivative"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
