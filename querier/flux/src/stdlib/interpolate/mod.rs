//! `interpolate`: rows between rows.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array};
use weir_table::time::Duration;
use weir_table::window::{Window, Zone};
use weir_table::{Column, ColumnType, Floats, Ints, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition, Package};
use crate::tables::per_tables;
use crate::tables::rows::times;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "interpolate", name: "interpolate", members: &[&DEFINITION] };

/// `linear(every:)`.
pub(crate) static DEFINITION: Definition = Definition {
    package: "interpolate",
    name: "linear",
    signature: "(<-tables: stream[{T with _time: time, _value: float}], every: duration) => \
                stream[{T with _time: time, _value: float}]",
    doc: "Adds a row at each multiple of `every` between two rows that has none, on the line between the two.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct Linear {
    window: Window,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let every: Duration = args.required("every")?;
    let window = Window::new(every, every, Duration::default(), Zone::utc())
        .filter(|_| !every.negative && !every.is_zero())
        .ok_or_else(|| {
            FluxError::invalid("interpolate: every must be a positive duration of months or of time")
        })?;
    args.transform(Linear { window })
}

impl Spec for Linear {
    fn name(&self) -> &'static str {
        "interpolate.linear"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (window, run) = (self.window.clone(), run.clone());
        per_tables(inputs, &run.clone(), node, move |batch| linear(&window, &batch, &run).map(Some))
    }
}

fn linear(window: &Window, batch: &TableBatch, run: &Run) -> Result<TableBatch> {
    let stray = |c: &&Column| !c.is_key() && !matches!(&*c.label, "_time" | "_value");
    if let Some(column) = batch.columns.iter().find(stray) {
        return Err(FluxError::invalid(format!(
            "interpolate.linear requires column \"{}\" to be in group key",
            column.label
        )));
    }
    let old = times(batch, "_time")?;
    let old = Ints(&old);
    let Some(value) = batch.find("_value") else {
        return Err(FluxError::invalid("no column \"_value\" exists"));
    };
    let values = batch.row_values(value);
    let Some(values) = Floats::of(&values) else {
        let ty = batch.columns[value].ty;
        return Err(FluxError::invalid(format!("cannot interpolate {ty} values; expected float")));
    };
    let out_of_range = |e: weir_table::time::TimeError| FluxError::invalid(e.to_string());
    let (mut out_times, mut out_values) = (Vec::new(), Vec::new());
    let mut offsets = vec![0];
    let mut reservation = run.memory.reserve(0)?;
    for table in 0..batch.runs() {
        let mut before: Option<(i64, f64)> = None;
        for row in batch.run(table) {
            let missing = |what| FluxError::invalid(format!("null {what} found during linear interpolation"));
            let time = old.get(row).ok_or_else(|| missing("_time"))?;
            let value = values.get(row).ok_or_else(|| missing("_value"))?;
            if let Some((t0, v0)) = before {
                run.check()?;
                let slope = (value - v0) / time.saturating_sub(t0) as f64;
                let mut index = window.last_index(t0) + 1;
                loop {
                    let (at, _) = window.bounds(index).map_err(out_of_range)?;
                    if at >= time {
                        break;
                    }
                    out_times.push(at);
                    out_values.push(v0 + slope * (at - t0) as f64);
                    index += 1;
                    if out_times.len() % 1024 == 0 {
                        run.check()?;
                        reservation.grow(1024 * 32)?;
                    }
                }
            }
            out_times.push(time);
            out_values.push(value);
            before = Some((time, value));
        }
        offsets.push(out_times.len());
    }
    let new_times: ArrayRef = Arc::new(Int64Array::from(out_times));
    let new_values: ArrayRef = Arc::new(Float64Array::from(out_values));
    let columns = batch.columns.iter().map(|c| match &*c.label {
        _ if c.is_key() => c.clone(),
        "_time" => Column::row("_time", ColumnType::Time, Arc::clone(&new_times)),
        _ => Column::row("_value", ColumnType::Float, Arc::clone(&new_values)),
    });
    Ok(TableBatch::new(columns.collect(), offsets))
}
