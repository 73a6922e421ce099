//! `derivative(unit:, nonNegative:, columns:, timeColumn:)`: how fast values change.

use std::sync::Arc;

use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{Array, ArrayRef, Float64Array, PrimitiveArray};
use weir_table::time::Duration;
use weir_table::{ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::numbers::{Numbers, is_valid};
use crate::tables::per_tables;
use crate::tables::rows::{put, take_rows, times};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "derivative",
    signature: "(<-tables: stream[A], ?unit: duration, ?nonNegative: bool, ?columns: [string], \
                ?timeColumn: string, ?initialZero: bool) => stream[B] where A: Record, B: Record",
    doc: "The change of each value since the one before it, for each unit of time. The first row is left out.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Derivative {
    unit: f64,
    non_negative: bool,
    initial_zero: bool,
    columns: Vec<Arc<str>>,
    time: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let unit = args.duration("unit")?.unwrap_or(Duration::from_nanoseconds(1_000_000_000));
    args.transform(Derivative {
        unit: unit.signed_nanoseconds() as f64,
        non_negative: args.or("nonNegative", false)?,
        initial_zero: args.or("initialZero", false)?,
        columns: args.strings("columns")?.unwrap_or_else(|| vec!["_value".into()]),
        time: args.string_or("timeColumn", "_time")?,
    })
}

impl Derivative {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let times = times(batch, &self.time)?;
        if times.null_count() > 0 {
            return Err(FluxError::invalid("derivative found null time in time column"));
        }
        let times = times.values();
        // Rows whose time is not later than the one before are passed over.
        let mut rows: Vec<u32> = Vec::with_capacity(batch.rows());
        let mut offsets = vec![0];
        for run in 0..batch.runs() {
            let mut last = None;
            for i in batch.run(run) {
                interrupt::tick(i)?;
                match last {
                    Some(t) if times[i] < t => {
                        return Err(FluxError::invalid("derivative found out-of-order times in time column"));
                    }
                    Some(t) if times[i] == t => {}
                    _ => {
                        last = Some(times[i]);
                        rows.push(i as u32);
                    }
                }
            }
            offsets.push(rows.len());
        }
        let mut kept: Vec<u32> = Vec::with_capacity(rows.len());
        let mut kept_offsets = vec![0];
        for w in offsets.windows(2) {
            kept.extend(rows[w[0]..w[1]].iter().skip(1));
            kept_offsets.push(kept.len());
        }
        let mut out = take_rows(batch, kept, kept_offsets);
        for column in batch.columns.iter().filter(|c| self.columns.contains(&c.label)) {
            let unsupported = || {
                FluxError::invalid(format!(
                    "unsupported derivative column type {}:{}",
                    column.label, column.ty
                ))
            };
            let numbers = Numbers::of(column.ty, column.data.array()).ok_or_else(unsupported)?;
            // The key stays what it is.
            if column.is_key() {
                continue;
            }
            let values: Float64Array = match numbers {
                Numbers::Int(a) => self.rates(a, times, &rows, &offsets, |p, v| v.wrapping_sub(p) as f64)?,
                Numbers::UInt(a) => {
                    let step = |p: u64, v: u64| if v < p { -((p - v) as f64) } else { (v - p) as f64 };
                    self.rates(a, times, &rows, &offsets, step)?
                }
                Numbers::Float(a) => self.rates(a, times, &rows, &offsets, |p, v| v - p)?,
            };
            let values: ArrayRef = Arc::new(values);
            put(&mut out, &column.label, ColumnType::Float, values);
        }
        Ok(out)
    }

    /// The rates of all rows but the first of each run. `step` answers the difference.
    fn rates<T: ArrowPrimitiveType>(
        &self,
        array: &PrimitiveArray<T>,
        times: &[i64],
        rows: &[u32],
        offsets: &[usize],
        step: impl Fn(T::Native, T::Native) -> f64,
    ) -> Result<Float64Array> {
        let values = array.values();
        let mut out: Vec<Option<f64>> = Vec::with_capacity(rows.len());
        for w in offsets.windows(2) {
            let mut previous = None;
            for (n, &row) in rows[w[0]..w[1]].iter().enumerate() {
                interrupt::tick(n)?;
                let i = row as usize;
                let valid = is_valid(array, i);
                if n > 0 {
                    out.push(match previous {
                        Some((t, p)) if valid => {
                            let elapsed = (times[i] - t) as f64 / self.unit;
                            match step(p, values[i]) {
                                d if d >= 0.0 || !self.non_negative || d.is_nan() => Some(d / elapsed),
                                _ if self.initial_zero => Some(0.0),
                                _ => None,
                            }
                        }
                        _ => None,
                    });
                }
                if valid {
                    previous = Some((times[i], values[i]));
                }
            }
        }
        Ok(Float64Array::from(out))
    }
}

impl Spec for Derivative {
    fn name(&self) -> &'static str {
        "derivative"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let derivative = self.clone();
        per_tables(inputs, run, node, move |batch| derivative.apply(&batch).map(Some))
    }
}
