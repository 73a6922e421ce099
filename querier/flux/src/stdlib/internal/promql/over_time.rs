//! Functions of all values of a series: one row a table.

use std::sync::Arc;

use arrow_array::{Array, Float64Array};
use weir_table::{Column, ColumnType, Floats, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{Node, Spec};
use crate::stdlib::native::natives;
use crate::tables::per_tables;
use crate::tables::rows::{keep_runs, times, with_key};
use crate::value::Value;

natives! { "internal/promql":
    CHANGES = "changes", "(<-tables: stream[{A with _value: float}]) => stream[{B with _value: float}]",
        "How often the value changed.", |args, _| args.transform(OverTime::Changes);
    RESETS = "resets", "(<-tables: stream[{A with _value: float}]) => stream[{B with _value: float}]",
        "How often the value fell, as a counter does that begins anew.", |args, _| args.transform(OverTime::Resets);
    HOLT_WINTERS = "holtWinters",
        "(<-tables: stream[{A with _time: time, _value: float}], ?smoothingFactor: float, ?trendFactor: float) => \
         stream[{B with _value: float}]",
        "The last value, smoothed together with its trend.", holt_winters;
    LINEAR_REGRESSION = "linearRegression",
        "(<-tables: stream[{A with _time: time, _stop: time, _value: float}], ?predict: bool, ?fromNow: float) => \
         stream[{B with _value: float}]",
        "The slope a second of the line through the values, or where it leads.",
        |args, _| args.transform(OverTime::Line { predict: args.or("predict", false)?, ahead: args.or("fromNow", 0.0)? });
}

fn holt_winters(args: &mut Args, _cx: &crate::eval::Context) -> Result<Value> {
    let (smoothing, trend) = (args.or("smoothingFactor", 0.0)?, args.or("trendFactor", 0.0)?);
    for (name, factor) in [("smoothing", smoothing), ("trend", trend)] {
        if !(factor > 0.0 && factor < 1.0) {
            let text = format!("invalid {name} factor. Expected: 0 < {} < 1, got: {factor}", &name[..2]);
            return Err(FluxError::invalid(text));
        }
    }
    args.transform(OverTime::Smooth { smoothing, trend })
}

#[derive(Debug, Clone, Copy)]
enum OverTime {
    Changes,
    Resets,
    Smooth { smoothing: f64, trend: f64 },
    Line { predict: bool, ahead: f64 },
}

impl OverTime {
    /// The answer for a series; `None` where there is none. `stop` is the end of the series' range.
    fn of(self, times: &[i64], values: &[f64], stop: i64) -> Option<f64> {
        match self {
            Self::Changes => (!values.is_empty()).then(|| {
                values.windows(2).filter(|w| w[0] != w[1] && !(w[0].is_nan() && w[1].is_nan())).count() as f64
            }),
            Self::Resets => {
                (!values.is_empty()).then(|| values.windows(2).filter(|w| w[1] < w[0]).count() as f64)
            }
            Self::Smooth { smoothing, trend } => {
                let [first, second, ..] = values else { return None };
                let (mut level, mut slope) = (*first, second - first);
                for (n, value) in values.iter().enumerate().skip(1) {
                    let next = smoothing * value + (1.0 - smoothing) * (level + slope);
                    // The trend of the first step is the step itself.
                    if n + 1 < values.len() {
                        slope = trend * (next - level) + (1.0 - trend) * slope;
                    }
                    level = next;
                }
                Some(level)
            }
            Self::Line { predict, ahead } => {
                if values.len() < 2 {
                    return None;
                }
                let (mut n, mut sx, mut sy, mut sxx, mut sxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
                // A prediction counts from the end of the range.
                let zero = if predict { stop } else { times[0] };
                for (t, y) in times.iter().zip(values) {
                    let x = (t - zero) as f64 / 1e9;
                    n += 1.0;
                    sx += x;
                    sy += y;
                    sxx += x * x;
                    sxy += x * y;
                }
                let slope = (sxy - sx * sy / n) / (sxx - sx * sx / n);
                let at_zero = sy / n - slope * sx / n;
                Some(if predict { slope * ahead + at_zero } else { slope })
            }
        }
    }

    fn apply(self, batch: &TableBatch) -> Result<TableBatch> {
        each_series(batch, |times, values, bounds| self.of(times, values, bounds.1))
    }
}

impl Spec for OverTime {
    fn name(&self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Resets => "resets",
            Self::Smooth { .. } => "holtWinters",
            Self::Line { .. } => "linearRegression",
        }
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = *self;
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}

/// One row for each table, with its `_value` from the times and values of the table's rows that have both and the
/// bounds `_start` and `_stop`; tables for which `f` has no answer are left out.
pub(super) fn each_series(
    batch: &TableBatch,
    f: impl Fn(&[i64], &[f64], (i64, i64)) -> Option<f64>,
) -> Result<TableBatch> {
    let times = times(batch, "_time").ok();
    let Some(index) = batch.find("_value") else {
        return Err(FluxError::invalid("no column \"_value\" exists"));
    };
    let array = batch.row_values(index);
    let Some(values) = Floats::of(&array) else {
        return Err(FluxError::invalid("the column \"_value\" must hold floats"));
    };
    let bound =
        |label: &str, run: usize| match batch.find(label).map(|i| batch.cell(i, run, batch.run(run).start)) {
            Some(weir_table::Scalar::Time(t)) => t,
            _ => 0,
        };
    let (mut kept, mut answers) = (Vec::new(), Vec::new());
    let (mut ts, mut vs) = (Vec::new(), Vec::new());
    for run in 0..batch.runs() {
        interrupt::check()?;
        let rows = batch.run(run);
        if rows.is_empty() {
            continue;
        }
        ts.clear();
        vs.clear();
        for i in rows {
            let time = times.as_ref().map_or(Some(0), |t| t.is_valid(i).then(|| t.value(i)));
            if let (Some(t), Some(v)) = (time, values.get(i)) {
                ts.push(t);
                vs.push(v);
            }
        }
        if let Some(answer) = f(&ts, &vs, (bound("_start", run), bound("_stop", run))) {
            kept.push(run as u32);
            answers.push(answer);
        }
    }
    let keys = keep_runs(batch, &kept);
    let offsets = (0..=kept.len()).collect();
    let value = Column::row("_value", ColumnType::Float, Arc::new(Float64Array::from(answers)));
    with_key(&keys, vec![value], offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_summed_up() {
        let seconds = |s: i64| s * 1_000_000_000;
        let times = [seconds(0), seconds(10), seconds(20)];
        assert_eq!(OverTime::Changes.of(&times, &[1.0, 1.0, 2.0], 0), Some(1.0));
        assert_eq!(OverTime::Resets.of(&times, &[5.0, 1.0, 2.0], 0), Some(1.0));
        let line =
            |predict, ahead| OverTime::Line { predict, ahead }.of(&times, &[0.0, 5.0, 10.0], seconds(20));
        assert_eq!(line(false, 0.0), Some(0.5));
        assert_eq!(line(true, 60.0), Some(40.0));
        // A straight line goes on as it went.
        let smooth = OverTime::Smooth { smoothing: 0.3, trend: 0.7 }.of(&times, &[0.0, 5.0, 10.0], 0);
        assert!((smooth.unwrap() - 10.0).abs() < 1e-12);
    }
}
