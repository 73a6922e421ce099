//! `chandeMomentumOscillator(n:, columns:)`: CMO.

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
    name: "chandeMomentumOscillator",
    signature: "(<-tables: stream[A], n: int, ?columns: [string]) => stream[B] where A: Record, B: Record",
    doc: "The difference of rises and falls among the last `n` changes, in percent of their sum.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct ChandeMomentumOscillator {
    n: usize,
    columns: Vec<std::sync::Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(ChandeMomentumOscillator {
        n: period(args.required("n")?, "chande momentum oscillator")?,
        columns: args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]),
    })
}

/// The sums of rises and of falls among the last `n` changes, from row `n` on. A null counts as zero.
pub(super) fn momenta(values: &[Option<f64>], n: usize) -> Vec<(f64, f64)> {
    late_momenta(values, n, 0)
}

/// The same with changes that are left out `late` rows too late.
pub(super) fn late_momenta(values: &[Option<f64>], n: usize, late: usize) -> Vec<(f64, f64)> {
    let at = |i: usize| values[i].unwrap_or(0.0);
    let change_at = |i: usize| if i == 0 { 0.0 } else { at(i) - at(i - 1) };
    let (mut rise, mut fall) = (0.0, 0.0);
    let mut out = Vec::with_capacity(values.len().saturating_sub(n));
    for i in 1..values.len() {
        let change = at(i) - at(i - 1);
        if change > 0.0 {
            rise += change;
        } else {
            fall -= change;
        }
        if i >= n {
            out.push((rise, fall));
            let oldest = change_at(i + 1 - n - late.min(i + 1 - n));
            if oldest > 0.0 {
                rise -= oldest;
            } else {
                fall += oldest;
            }
        }
    }
    out
}

impl ChandeMomentumOscillator {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        replace_all(batch, &self.columns, "chande momentum oscillator", |values| {
            let momenta = momenta(values, self.n);
            momenta.into_iter().map(|(rise, fall)| Some(100.0 * (rise - fall) / (rise + fall))).collect()
        })
    }
}

impl Spec for ChandeMomentumOscillator {
    fn name(&self) -> &'static str {
        "chandeMomentumOscillator"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}
