//! How far values are from the middle of their table, counted in the distance that is usual there.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, StringArray};
use weir_table::{Column, ColumnType, Floats, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::digest::Digest;
use crate::tables::per_tables;
use crate::tables::rows::keep_runs;
use crate::value::Value;

/// `_deviations(threshold:)`.
pub(super) static DEFINITION: Definition = Definition {
    package: "contrib/anaisdg/anomalydetection",
    name: "_deviations",
    signature: "(<-tables: stream[A], threshold: float) => stream[B] where A: Record, B: Record",
    doc: "How many times farther than usual each value is from the median of its table; tables of like values are left out.",
    body: Body::Native(call),
};

/// What makes a median distance comparable with the standard deviation of normally distributed values.
const NORMAL: f64 = 1.4826;

#[derive(Debug, Clone, Copy)]
struct Deviations {
    threshold: f64,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Deviations { threshold: args.required("threshold")? })
}

impl Spec for Deviations {
    fn name(&self) -> &'static str {
        "mad"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let deviations = *self;
        per_tables(inputs, run, node, move |batch| deviations.apply(&batch).map(Some))
    }
}

impl Deviations {
    fn apply(self, batch: &TableBatch) -> Result<TableBatch> {
        let Some(index) = batch.find("_value") else {
            return Err(FluxError::invalid("no column \"_value\" exists"));
        };
        let values = batch.row_values(index);
        let Some(values) = Floats::of(&values).map(|f| f.0) else {
            return Err(FluxError::invalid(format!(
                "values must be floats, got {}",
                batch.columns[index].ty
            )));
        };
        let mut digest = Digest::new(1000.0);
        let (mut runs, mut far, mut usual) = (Vec::new(), Vec::new(), Vec::new());
        for run in 0..batch.runs() {
            let cells = || batch.run(run).map(|row| values.is_valid(row).then(|| values.value(row)));
            let middle = median(&mut digest, cells().flatten());
            let distances = || cells().map(|v| v.map(|v| (v - middle).abs()));
            let common = median(&mut digest, distances().flatten());
            if common * NORMAL > 0.0 {
                runs.push(run as u32);
                far.extend(distances());
                usual.extend(batch.run(run).map(|_| common));
            }
        }
        let mut out = keep_runs(batch, &runs);
        out.columns.retain(|c| c.label.as_ref() != "_start" && c.label.as_ref() != "_stop");
        let times: Vec<Option<f64>> = far.iter().zip(&usual).map(|(f, u)| f.map(|f| f / u)).collect();
        let levels =
            times.iter().map(|t| if t.is_some_and(|t| t >= self.threshold) { "anomaly" } else { "normal" });
        let levels: ArrayRef = Arc::new(StringArray::from_iter_values(levels));
        let mad = usual.iter().map(|u| u * NORMAL).collect::<Float64Array>();
        for (label, ty, cells) in [
            ("_value", ColumnType::Float, Arc::new(Float64Array::from(times)) as ArrayRef),
            ("_value_diff", ColumnType::Float, Arc::new(Float64Array::from(far))),
            ("_value_diff_med", ColumnType::Float, Arc::new(Float64Array::from(usual))),
            ("MAD", ColumnType::Float, Arc::new(mad)),
            ("level", ColumnType::String, levels),
        ] {
            out.set_column(Column::row(label, ty, cells));
        }
        out.columns.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(out)
    }
}

/// The value in the middle, as `median()` estimates it.
fn median(digest: &mut Digest, values: impl Iterator<Item = f64>) -> f64 {
    digest.clear();
    values.for_each(|v| digest.add(v));
    digest.quantile(0.5)
}
