//! `histogramQuantile(quantile:, …)`: a quantile out of a cumulative histogram.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use weir_table::{Column, ColumnType, Floats, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::with_key;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "histogramQuantile",
    signature: "(<-tables: stream[A], ?quantile: float, ?countColumn: string, ?upperBoundColumn: string, \
                ?valueColumn: string, ?minValue: float, ?onNonmonotonic: string) => stream[B] \
                where A: Record, B: Record",
    doc: "A quantile of each table's cumulative histogram, interpolated within the bin it falls into.",
    body: Body::Native(call),
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Falling {
    Error,
    Drop,
    Force,
}

/// A quantile of histograms.
#[derive(Debug, Clone)]
pub(crate) struct HistogramQuantile {
    quantile: f64,
    count: Arc<str>,
    bound: Arc<str>,
    value: Arc<str>,
    min: f64,
    falling: Falling,
}

#[derive(Debug, Clone, Copy)]
struct Bin {
    count: f64,
    bound: f64,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(HistogramQuantile::read(args)?)
}

impl HistogramQuantile {
    /// Reads the arguments.
    pub(crate) fn read(args: &Args) -> Result<Self> {
        let falling = match &*args.string_or("onNonmonotonic", "error")? {
            "error" => Falling::Error,
            "drop" => Falling::Drop,
            "force" => Falling::Force,
            _ => {
                return Err(FluxError::invalid(
                    "value provided to histogramQuantile parameter onNonmonotonic is invalid; must be one of \
                     \"error\", \"force\" or \"drop\"",
                ));
            }
        };
        Ok(Self {
            quantile: args.required("quantile")?,
            count: args.string_or("countColumn", "_value")?,
            bound: args.string_or("upperBoundColumn", "le")?,
            value: args.string_or("valueColumn", "_value")?,
            min: args.or("minValue", 0.0)?,
            falling,
        })
    }

    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let column = |label: &str, what: &str| -> Result<ArrayRef> {
            let Some(index) = batch.find(label) else {
                return Err(FluxError::invalid(format!("table is missing {what} column \"{label}\"")));
            };
            if batch.columns[index].ty != ColumnType::Float {
                return Err(FluxError::invalid(format!("{what} column \"{label}\" must be of type float")));
            }
            Ok(batch.row_values(index))
        };
        let (counts, bounds) = (column(&self.count, "count")?, column(&self.bound, "upper bound")?);
        let not_floats = || FluxError::internal("a column's array is not of its type");
        let counts = Floats::of(&counts).ok_or_else(not_floats)?;
        let bounds = Floats::of(&bounds).ok_or_else(not_floats)?;
        let mut values: Vec<Option<f64>> = Vec::new();
        let mut offsets = vec![0];
        let mut bins: Vec<Bin> = Vec::new();
        for run in 0..batch.runs() {
            bins.clear();
            for i in batch.run(run) {
                interrupt::tick(i)?;
                let null = |column: &str| FluxError::invalid(format!("unexpected null in the {column}"));
                let count = counts.get(i).ok_or_else(|| null("countColumn"))?;
                let bound = bounds.get(i).ok_or_else(|| null("upperBoundColumn"))?;
                bins.push(Bin { count, bound });
            }
            values.extend(self.of(&mut bins)?);
            offsets.push(values.len());
        }
        let values: ArrayRef = Arc::new(Float64Array::from(values));
        with_key(batch, vec![Column::row(Arc::clone(&self.value), ColumnType::Float, values)], offsets)
    }

    /// The quantile of one histogram, null if it counts nothing; none if it is to be dropped.
    fn of(&self, bins: &mut [Bin]) -> Result<Option<Option<f64>>> {
        bins.sort_by(|a, b| a.bound.total_cmp(&b.bound));
        let falls =
            bins.first().is_some_and(|b| b.count < 0.0) || bins.windows(2).any(|w| w[1].count < w[0].count);
        if falls {
            match self.falling {
                Falling::Error => {
                    return Err(FluxError::invalid("histogram records counts are not monotonic"));
                }
                Falling::Drop => return Ok(None),
                Falling::Force => {
                    let mut least = 0.0;
                    for bin in bins.iter_mut() {
                        bin.count = f64::max(bin.count, least);
                        least = bin.count;
                    }
                }
            }
        }
        let Some(last) = bins.last() else {
            return Err(FluxError::invalid("histogram is empty"));
        };
        if last.count == 0.0 {
            return Ok(Some(None));
        }
        let rank = self.quantile * last.count;
        let below = bins.iter().rposition(|b| rank >= b.count);
        let (low, high) = match below {
            None => (Bin { count: 0.0, bound: self.min }, bins[0]),
            Some(i) if i + 1 == bins.len() => return Ok(Some(Some(last.bound))),
            Some(i) => (bins[i], bins[i + 1]),
        };
        if rank == low.count {
            return Ok(Some(Some(low.bound)));
        }
        // There is no way to interpolate to infinity.
        if low.bound == f64::NEG_INFINITY {
            return Ok(Some(Some(high.bound)));
        }
        if high.bound == f64::INFINITY {
            return Ok(Some(Some(low.bound)));
        }
        let share = (rank - low.count) / (high.count - low.count);
        Ok(Some(Some(low.bound + (high.bound - low.bound) * share)))
    }
}

impl Spec for HistogramQuantile {
    fn name(&self) -> &'static str {
        "histogramQuantile"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let quantile = self.clone();
        per_tables(inputs, run, node, move |batch| quantile.apply(&batch).map(Some))
    }
}
