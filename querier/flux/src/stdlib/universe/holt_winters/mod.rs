//! `holtWinters(n:, interval:, …)`: a forecast.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array};
use weir_table::forecast::{self, Search};
use weir_table::time::{self, Duration};
use weir_table::{Column, ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::numbers::Numbers;
use crate::tables::per_tables;
use crate::tables::rows::{times, with_key};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "holtWinters",
    signature: "(<-tables: stream[A], n: int, interval: duration, ?withFit: bool, ?column: string, \
                ?timeColumn: string, ?seasonality: int, ?withMinSSE: bool) => stream[B] where A: Record, B: Record",
    doc: "Forecasts `n` values of each table with the damped Holt-Winters method, seasonal if `seasonality` is 2 or \
          more. With `withMinSSE` the column `minSSE` tells how badly the method fits.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct HoltWinters {
    n: usize,
    interval: Duration,
    with_fit: bool,
    with_error: bool,
    column: Arc<str>,
    time: Arc<str>,
    season: usize,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let n: i64 = args.required("n")?;
    let season: i64 = args.or("seasonality", 0)?;
    let interval: Duration = args.required("interval")?;
    if interval.is_zero() || interval.negative {
        return Err(FluxError::invalid("interval must be positive"));
    }
    args.transform(HoltWinters {
        n: usize::try_from(n).unwrap_or(0),
        interval,
        with_fit: args.or("withFit", false)?,
        with_error: args.or("withMinSSE", false)?,
        column: args.string_or("column", "_value")?,
        time: args.string_or("timeColumn", "_time")?,
        season: usize::try_from(season).unwrap_or(0),
    })
}

/// Values at even distances, and where they begin and end.
struct Series {
    values: Vec<Option<f64>>,
    start: i64,
    stop: i64,
}

impl HoltWinters {
    fn apply(&self, batch: &TableBatch, run: &Run) -> Result<TableBatch> {
        let find = |what: &str, label: &str| {
            batch.find(label).ok_or_else(|| FluxError::invalid(format!("cannot find {what} {label}")))
        };
        find("time column", &self.time)?;
        let index = find("column", &self.column)?;
        let ty = batch.columns[index].ty;
        let values = batch.row_values(index);
        let Some(numbers) = Numbers::of(ty, &values) else {
            return Err(FluxError::invalid(format!(
                "holtWinters can work only on numerical types, got {ty}"
            )));
        };
        let values = numbers.to_floats();
        let times = times(batch, &self.time)?;
        let mut out_times: Vec<i64> = Vec::new();
        let mut out_values: Vec<f64> = Vec::new();
        let mut errors: Vec<f64> = Vec::new();
        let mut offsets = vec![0];
        let mut room = run.memory.reserve(0)?;
        for run in 0..batch.runs() {
            let rows = batch.run(run).filter(|&i| times.is_valid(i));
            let series =
                self.even(rows.map(|i| (times.value(i), values.is_valid(i).then(|| values.value(i)))));
            if series.values.iter().flatten().any(|v| !v.is_finite()) {
                return Err(FluxError::invalid("NaN/Inf in input"));
            }
            interrupt::check()?;
            // The values at even distances, the fit and the forecast, and what comes of them, which grows by doubling.
            let values = series.values.len().saturating_add(self.n);
            room.grow(values.saturating_mul(8 + 16 + 3 * 16))?;
            let stop = || interrupt::check().is_err();
            let (error, forecast) = forecast::with_error(
                &series.values,
                self.n,
                self.season,
                self.with_fit,
                Search::Adaptive,
                &stop,
            );
            interrupt::check()?;
            let mut t = if self.with_fit { series.start } else { self.later(series.stop)? };
            for value in forecast {
                out_values.push(value);
                errors.push(error);
                out_times.push(t);
                t = self.later(t)?;
            }
            offsets.push(out_values.len());
        }
        let times: ArrayRef = Arc::new(Int64Array::from(out_times));
        let values: ArrayRef = Arc::new(Float64Array::from(out_values));
        let mut columns = vec![
            Column::row("_time", ColumnType::Time, times),
            Column::row("_value", ColumnType::Float, values),
        ];
        if self.with_error {
            columns.push(Column::row("minSSE", ColumnType::Float, Arc::new(Float64Array::from(errors))));
        }
        with_key(batch, columns, offsets)
    }

    fn later(&self, t: i64) -> Result<i64> {
        time::add(t, self.interval, &jiff::tz::TimeZone::UTC).map_err(|e| FluxError::invalid(e.to_string()))
    }

    /// One value for each interval: the first in it, null where there is none. Nulls before the first value are
    /// passed over.
    fn even(&self, points: impl Iterator<Item = (i64, Option<f64>)>) -> Series {
        // An interval of months has no fixed length; its mean one is near enough to tell neighbours apart.
        let step = self
            .interval
            .nanoseconds
            .saturating_add(self.interval.months.saturating_mul(2_629_746_000_000_000))
            .max(1);
        let rounded = |t: i64| (t.saturating_add(step / 2)).div_euclid(step).saturating_mul(step);
        let mut series = Series { values: Vec::new(), start: 0, stop: 0 };
        let mut end: Option<i64> = None;
        for (t, value) in points {
            let place = rounded(t);
            match &mut end {
                None => {
                    if value.is_none() {
                        continue;
                    }
                    series.start = t;
                    end = Some(place);
                }
                Some(end) => {
                    if place <= *end {
                        continue;
                    }
                    *end = end.saturating_add(step);
                    // As many intervals as the data is long at most, or a gap of centuries would fill the memory.
                    while place > *end && series.values.len() < 1_000_000 {
                        series.values.push(None);
                        *end = end.saturating_add(step);
                    }
                }
            }
            series.values.push(value);
            series.stop = t;
        }
        series
    }
}

impl Spec for HoltWinters {
    fn name(&self) -> &'static str {
        "holtWinters"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (this, means) = (self.clone(), run.clone());
        per_tables(inputs, run, node, move |batch| this.apply(&batch, &means).map(Some))
    }
}
