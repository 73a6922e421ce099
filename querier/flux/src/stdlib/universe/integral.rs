//! `integral(unit:, column:, timeColumn:, interpolate:)`: the area under a curve.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array};
use weir_table::time::Duration;
use weir_table::{Column, ColumnData, ColumnType, Ints, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::aggregate::aggregated;
use crate::tables::numbers::Numbers;
use crate::tables::per_tables;
use crate::tables::rows::{one_row_each, times, with_key};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "integral",
    signature: "(<-tables: stream[A], ?unit: duration, ?timeColumn: string, ?column: string, \
                ?interpolate: string) => stream[B] where A: Record, B: Record",
    doc: "The area under the curve of a column of each table, by the trapezoidal rule. With interpolate \"linear\" \
          the curve goes on to the bounds of the table in straight lines.",
    body: Body::Native(call),
};

/// The area under a curve.
#[derive(Debug, Clone)]
pub(crate) struct Integral {
    unit: f64,
    column: Arc<str>,
    time: Arc<str>,
    interpolate: bool,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let interpolate = *args.string_or("interpolate", "")? == *"linear";
    args.transform(Integral::read(args, interpolate)?)
}

impl Integral {
    /// Reads the arguments but for `interpolate`.
    pub(crate) fn read(args: &Args, interpolate: bool) -> Result<Self> {
        let unit = args.duration("unit")?.unwrap_or(Duration::from_nanoseconds(1_000_000_000));
        Ok(Self {
            unit: unit.signed_nanoseconds() as f64,
            column: args.string_or("column", "_value")?,
            time: args.string_or("timeColumn", "_time")?,
            interpolate,
        })
    }

    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let bound = |label: &str| match batch.column(label).map(|c| &c.data) {
            Some(ColumnData::Key(a)) => Ok(Arc::clone(a)),
            _ => Err(FluxError::invalid(format!(
                "integral function needs {label} column to be part of group key"
            ))),
        };
        let (start, stop) = (bound("_start")?, bound("_stop")?);
        let column = aggregated(batch, &self.column)?;
        let Some(numbers) = Numbers::of(column.ty, column.data.array()) else {
            return Err(FluxError::invalid(format!("cannot perform integral over {}", column.ty)));
        };
        let times = times(batch, &self.time)?;
        if times.null_count() > 0 {
            return Err(FluxError::invalid("integral found null time in time column"));
        }
        let values = numbers.to_floats();
        let mut areas: Vec<f64> = Vec::with_capacity(batch.runs());
        let mut points: Vec<(i64, f64)> = Vec::new();
        for run in 0..batch.runs() {
            points.clear();
            let mut last: Option<i64> = None;
            for i in batch.run(run) {
                interrupt::tick(i)?;
                let t = times.value(i);
                match last {
                    Some(l) if t < l => {
                        return Err(FluxError::invalid("integral found out-of-order times in time column"));
                    }
                    Some(l) if t == l => continue,
                    _ => last = Some(t),
                }
                if values.is_valid(i) {
                    points.push((t, values.value(i)));
                }
            }
            let at = |a: &ArrayRef| Ints::of(a).and_then(|a| a.get(run)).unwrap_or(0);
            areas.push(self.area(&points, at(&start), at(&stop)));
        }
        let areas: ArrayRef = Arc::new(Float64Array::from(areas));
        let column = Column::row(Arc::clone(&self.column), ColumnType::Float, areas);
        with_key(batch, vec![column], one_row_each(batch.runs()))
    }

    fn area(&self, points: &[(i64, f64)], start: i64, stop: i64) -> f64 {
        let trapezoid = |a: f64, b: f64, width: i64| 0.5 * (a + b) * width as f64 / self.unit;
        match points {
            [] => 0.0,
            [_] if !self.interpolate => 0.0,
            // A value that stands alone stood all the time.
            [(_, v)] => v * (stop - start) as f64 / self.unit,
            _ => {
                let mut sum: f64 =
                    points.windows(2).map(|w| trapezoid(w[0].1, w[1].1, w[1].0 - w[0].0)).sum();
                if self.interpolate {
                    let slope = |a: (i64, f64), b: (i64, f64)| (b.1 - a.1) / (b.0 - a.0) as f64;
                    let (a, b) = (points[0], points[1]);
                    if start < a.0 {
                        sum += trapezoid(a.1 - slope(a, b) * (a.0 - start) as f64, a.1, a.0 - start);
                    }
                    let (a, b) = (points[points.len() - 2], points[points.len() - 1]);
                    sum += trapezoid(b.1 + slope(a, b) * (stop - b.0) as f64, b.1, stop - b.0);
                }
                sum
            }
        }
    }
}

impl Spec for Integral {
    fn name(&self) -> &'static str {
        "integral"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let integral = self.clone();
        per_tables(inputs, run, node, move |batch| integral.apply(&batch).map(Some))
    }
}
