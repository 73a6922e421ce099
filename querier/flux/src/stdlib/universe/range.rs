//! `range(start:, stop:)`: rows of a range of time. Over a bucket it becomes part of the scan.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array};
use weir_table::{Column, ColumnType, Ints, TableBatch, filter_rows};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, PerTables, Run};
use crate::plan::{Bounds, KeyUse, Node, Spec, bounds_of, range};
use crate::registry::{Body, Definition};
use crate::stdlib::influxdata::influxdb::remote::RemoteScript;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "range",
    signature: "(<-tables: stream[{A with _time: time}], start: B, ?stop: C) => \
                stream[{A with _time: time, _start: time, _stop: time}]",
    doc: "Keeps the rows from `start` (inclusive) to `stop` (exclusive, now by default).",
    body: Body::Native(call),
};

/// A range of time.
#[derive(Debug, Clone)]
pub struct Range {
    /// The times.
    pub bounds: Bounds,
    time: Arc<str>,
    start: Arc<str>,
    stop: Arc<str>,
}

impl Range {
    /// The bounds of each table: those it had, narrowed to the range if they overlap it, else the range. A table that had
    /// only one of them keeps that.
    fn narrowed(&self, batch: &TableBatch) -> Vec<Bounds> {
        let key = |label: &str| {
            let column = batch.column(label).filter(|c| c.is_key() && c.ty == ColumnType::Time)?;
            Ints::of(column.data.array())
        };
        let (starts, stops) = (key(&self.start), key(&self.stop));
        let of_run = |run: usize| {
            let at = |bounds: &Option<Ints<'_>>| bounds.as_ref().and_then(|b| b.get(run));
            if starts.is_none() || stops.is_none() {
                let start = at(&starts).unwrap_or(self.bounds.start);
                return Bounds { start, stop: at(&stops).unwrap_or(self.bounds.stop) };
            }
            let had = at(&starts).zip(at(&stops));
            let both = had.map(|(start, stop)| self.bounds.intersect(Bounds { start, stop }));
            both.filter(|b| !b.is_empty()).unwrap_or(self.bounds)
        };
        (0..batch.runs()).map(of_run).collect()
    }

    /// Whether it looks at `_time` and sets `_start` and `_stop`.
    pub fn has_default_columns(&self) -> bool {
        &*self.time == "_time" && &*self.start == "_start" && &*self.stop == "_stop"
    }
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let start = bound(&args.required::<Value>("start")?, cx)?;
    let stop = match args.get("stop") {
        Some(stop) => bound(stop, cx)?,
        None => cx.now()?,
    };
    let range = Range {
        bounds: Bounds { start, stop },
        time: args.string_or("timeColumn", "_time")?,
        start: args.string_or("startColumn", "_start")?,
        stop: args.string_or("stopColumn", "_stop")?,
    };
    let input = args.tables()?;
    let remote = input.spec_as::<RemoteScript>().filter(|_| range.has_default_columns());
    match remote.and_then(|script| script.within(range.bounds, &args.location)) {
        // The other server is asked for the range, not for all it has.
        Some(node) => Ok(Value::Stream(node)),
        None => args.transform(range),
    }
}

/// Nanoseconds of an average month: a twelfth of 365.25 days. Bounds relative to now count months so, as the
/// reference does, not by the calendar.
const MONTH: i64 = 2_629_800_000_000_000;

/// A bound: a time, a duration from now, or whole seconds since 1970.
fn bound(value: &Value, cx: &Context) -> Result<i64> {
    let out_of_range = || FluxError::invalid("time is out of range");
    match value {
        Value::Time(t) => Ok(*t),
        Value::Int(seconds) => seconds.checked_mul(1_000_000_000).ok_or_else(out_of_range),
        Value::Duration(d) => {
            let months = d.signed_months().checked_mul(MONTH).ok_or_else(out_of_range)?;
            let delta = months.checked_add(d.signed_nanoseconds()).ok_or_else(out_of_range)?;
            Ok(cx.now()?.saturating_add(delta))
        }
        other => Err(FluxError::invalid(format!("value is not a time, got {}", other.nature()))),
    }
}

/// What a column that holds no times is refused with.
fn not_of_time(what: &str, label: &str) -> FluxError {
    FluxError::invalid(format!("range error: provided {what} column {label} is not of type time"))
}

impl Spec for Range {
    fn name(&self) -> &'static str {
        "range"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        range(self.bounds)
    }

    fn bounds(&self, inputs: &[Option<Bounds>]) -> Option<Bounds> {
        Some(match inputs.first().copied().flatten() {
            Some(input) => input.intersect(self.bounds),
            None => self.bounds,
        })
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let input = node.input().and_then(|i| bounds_of(i, &mut HashMap::new()));
        let own = input.map_or(self.bounds, |b| b.intersect(self.bounds));
        // Where nothing is left, the reference's bounds are those of no time at all.
        let own = if own.is_empty() { Bounds { start: 0, stop: 0 } } else { own };
        let range = Self { bounds: own, ..self.clone() };
        Ok(PerTables::over(inputs.remove(0), run, move |batch| {
            let missing = || {
                FluxError::invalid(format!("range error: supplied time column {} doesn't exist", range.time))
            };
            let index = batch.find(&range.time).ok_or_else(missing)?;
            let column = &batch.columns[index];
            if column.ty != ColumnType::Time {
                return Err(not_of_time("time", &range.time));
            }
            for (what, label) in [("start", &range.start), ("stop", &range.stop)] {
                if batch.column(label).is_some_and(|c| c.ty != ColumnType::Time) {
                    return Err(not_of_time(what, label));
                }
            }
            let values = batch.row_values(index);
            let times = Ints::of(&values).ok_or_else(missing)?;
            let Bounds { start, stop } = range.bounds;
            let keep: BooleanArray = (0..times.len())
                .map(|i| Some(times.get(i).is_some_and(|t| start <= t && t < stop)))
                .collect();
            let mut out = filter_rows(&batch, &keep);
            // `_start` and `_stop` join the group key, in front; bounds that were in it are narrowed.
            let (starts, stops): (Vec<i64>, Vec<i64>) =
                range.narrowed(&batch).into_iter().map(|b| (b.start, b.stop)).unzip();
            for (label, values) in [(&range.stop, stops), (&range.start, starts)] {
                let array: ArrayRef = Arc::new(Int64Array::from(values));
                let column = Column::key(Arc::clone(label), ColumnType::Time, array);
                match out.find(label) {
                    Some(i) => out.columns[i] = column,
                    None => out.columns.insert(0, column),
                }
            }
            Ok(Some(out))
        }))
    }

    fn validate(&self, _node: &Node) -> Result<()> {
        if self.bounds.is_empty() {
            return Err(FluxError::invalid("cannot query an empty range"));
        }
        Ok(())
    }
}
