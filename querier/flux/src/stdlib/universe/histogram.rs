//! `histogram(bins:, column:, upperBoundColumn:, countColumn:, normalize:)`: how many values lie below some bounds.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array};
use weir_table::{Column, ColumnType, Floats, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::with_key;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "histogram",
    signature: "(<-tables: stream[A], ?column: string, ?upperBoundColumn: string, ?countColumn: string, \
                bins: [float], ?normalize: bool) => stream[B] where A: Record, B: Record",
    doc: "The cumulative histogram of a column of each table: how many values are not above each bound.",
    body: Body::Native(call),
};

/// A histogram.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    column: Arc<str>,
    bound: Arc<str>,
    count: Arc<str>,
    bins: Vec<f64>,
    normalize: bool,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(Histogram::read(args)?)
}

impl Histogram {
    /// Reads the arguments.
    pub(crate) fn read(args: &Args) -> Result<Self> {
        let mut bins: Vec<f64> = args.required("bins")?;
        bins.sort_by(f64::total_cmp);
        Ok(Self {
            column: args.string_or("column", "_value")?,
            bound: args.string_or("upperBoundColumn", "le")?,
            count: args.string_or("countColumn", "_value")?,
            bins,
            normalize: args.or("normalize", false)?,
        })
    }

    fn apply(&self, batch: &TableBatch, run: &Run) -> Result<TableBatch> {
        let Some(index) = batch.find(&self.column) else {
            return Err(FluxError::invalid(format!("column \"{}\" is missing", self.column)));
        };
        let ty = batch.columns[index].ty;
        let values = batch.row_values(index);
        let Some(values) = Floats::of(&values).filter(|_| ty == ColumnType::Float).map(|v| v.0) else {
            return Err(FluxError::invalid(format!("column \"{}\" must be a float got {ty}", self.column)));
        };
        let n = self.bins.len();
        let _made = run.memory.reserve(batch.runs().saturating_add(1).saturating_mul(n * 16))?;
        let mut counts: Vec<f64> = Vec::with_capacity(batch.runs() * n);
        let mut bounds: Vec<f64> = Vec::with_capacity(batch.runs() * n);
        for run in 0..batch.runs() {
            interrupt::check()?;
            let mut table = vec![0.0; n];
            let mut total = 0.0;
            for i in batch.run(run).filter(|&i| values.is_valid(i)) {
                interrupt::tick(i)?;
                let v = values.value(i);
                total += 1.0;
                let bin =
                    self.bins.partition_point(|b| b.partial_cmp(&v).is_none_or(std::cmp::Ordering::is_lt));
                match table.get_mut(bin) {
                    Some(count) => *count += 1.0,
                    None => {
                        return Err(FluxError::invalid(format!(
                            "found value greater than any bin, {bin} {n} {v:.6} {:.6}",
                            self.bins.last().copied().unwrap_or(f64::NAN)
                        )));
                    }
                }
            }
            let mut sum = 0.0;
            for count in table {
                sum += count;
                counts.push(if self.normalize { sum / total } else { sum });
            }
            bounds.extend(&self.bins);
        }
        let float = |label: &Arc<str>, values: Vec<f64>| {
            let values: ArrayRef = Arc::new(Float64Array::from(values));
            Column::row(Arc::clone(label), ColumnType::Float, values)
        };
        let columns = vec![float(&self.bound, bounds), float(&self.count, counts)];
        with_key(batch, columns, (0..=batch.runs()).map(|run| run * n).collect())
    }
}

impl Spec for Histogram {
    fn name(&self) -> &'static str {
        "histogram"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (histogram, means) = (self.clone(), run.clone());
        per_tables(inputs, run, node, move |batch| histogram.apply(&batch, &means).map(Some))
    }
}
