//! `quantile(q:, column:, method:, compression:)`: a quantile of a column of each table.

use std::sync::Arc;

use arrow_array::Array;
use weir_table::{Floats, KeyEncoder, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::ordering::first_of;
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::universe::fill_empty::fill_empty;
use crate::tables::aggregate::{Aggregate, Kind};
use crate::tables::per_tables;
use crate::tables::rows::without_nulls;
use crate::tables::select::{selected, take_picked};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "quantile",
    signature: "(<-tables: stream[A], ?column: string, q: float, ?compression: float, ?method: string) => \
                stream[A] where A: Record",
    doc: "A quantile of a column of each table: estimated (\"estimate_tdigest\", the default), interpolated \
          (\"exact_mean\"), or the row that has it (\"exact_selector\").",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let q = args.required("q")?;
    quantile(args, q)
}

/// The quantile `q`, with the other arguments as they were given.
pub(super) fn quantile(args: &mut Args, q: f64) -> Result<Value> {
    if !(0.0..=1.0).contains(&q) {
        return Err(FluxError::invalid("quantile must be between 0 and 1"));
    }
    let method = args.string_or("method", "estimate_tdigest")?;
    let compression = args.or("compression", 0.0)?;
    if compression > 0.0 && &*method != "estimate_tdigest" {
        return Err(FluxError::invalid("compression parameter is only valid for method estimate_tdigest"));
    }
    match &*method {
        "estimate_tdigest" => {
            let compression = if compression == 0.0 { 1000.0 } else { compression };
            Aggregate::call(Kind::Estimate { q, compression }, args)
        }
        "exact_mean" => Aggregate::call(Kind::ExactQuantile(q), args),
        // The incumbent's selector looks at `_value` whatever the call says.
        "exact_selector" => args.transform(QuantileSelector { q, column: "_value".into() }),
        other => Err(FluxError::invalid(format!("unknown method {other}"))),
    }
}

/// The row that has a quantile.
#[derive(Debug, Clone)]
struct QuantileSelector {
    q: f64,
    column: Arc<str>,
}

impl QuantileSelector {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let (ty, values) = selected(batch, &self.column)?;
        let floats = Floats::of(&values).map(|f| f.0);
        let encoder = KeyEncoder::new([(ty, &values)]);
        let mut rows: Vec<usize> = Vec::new();
        let picked = batch.offsets.windows(2).map(|w| {
            rows.clear();
            rows.extend((w[0]..w[1]).filter(|&i| values.is_valid(i)));
            if rows.is_empty() {
                return None;
            }
            let all = rows.len();
            let (mut x, mut y) = (Vec::new(), Vec::new());
            let ordered = first_of(&mut rows, all, |&a, &b| {
                let values = match floats {
                    Some(f) => f.value(a).total_cmp(&f.value(b)),
                    None => {
                        // The bytes sort as the values do.
                        x.clear();
                        y.clear();
                        encoder.encode(a, &mut x);
                        encoder.encode(b, &mut y);
                        x.cmp(&y)
                    }
                };
                values.then(a.cmp(&b))
            });
            if ordered.is_err() {
                return None; // the query was cancelled
            }
            let place = (self.q * rows.len() as f64).ceil() as usize;
            Some(rows[place.saturating_sub(1).min(rows.len() - 1)])
        });
        let picked = picked.collect();
        // A table without values has a row of nulls.
        Ok(fill_empty(without_nulls(take_picked(batch, picked))))
    }
}

impl Spec for QuantileSelector {
    fn name(&self) -> &'static str {
        "quantile"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let selector = self.clone();
        per_tables(inputs, run, node, move |batch| selector.apply(&batch).map(Some))
    }
}
