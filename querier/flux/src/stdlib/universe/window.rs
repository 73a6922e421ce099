//! `window(every:)`: a table for each window of time.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, UInt32Array};
use weir_table::time::Duration;
use weir_table::window::{Window, Zone};
use weir_table::{Column, ColumnData, ColumnType, Ints, TableBatch, take};

use super::group::Regrouped;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, PerBatch, Run};
use crate::plan::{Bounds, Node, Spec, bounds_of};
use crate::registry::{Body, Definition};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "window",
    signature: "(<-tables: stream[A], ?every: duration, ?period: duration, ?offset: duration, \
                ?location: {zone: string, offset: duration}, ?timeColumn: string, ?startColumn: string, \
                ?stopColumn: string, ?createEmpty: bool) => stream[B] where A: Record, B: Record",
    doc: "Puts each row into a table for its window of time, with the window's bounds in `_start` and `_stop`.",
    body: Body::Native(call),
};

/// The infinite duration: one window for all of the bounds.
pub(crate) fn is_infinite(d: Duration) -> bool {
    d.months == 0 && d.nanoseconds == i64::MAX
}

#[derive(Debug, Clone)]
struct WindowSpec {
    /// `None`: one window, as long as the bounds.
    window: Option<Window>,
    time: Arc<str>,
    start: Arc<str>,
    stop: Arc<str>,
    create_empty: bool,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let every = args.duration("every")?.unwrap_or_default();
    let period = args.duration("period")?.unwrap_or_default();
    let offset = args.duration("offset")?.unwrap_or_default();
    if every.is_zero() && period.is_zero() {
        return Err(FluxError::invalid(
            "window function requires at least one of \"every\" or \"period\" to be set and non-zero",
        ));
    }
    let every_or_period = if every.is_zero() { period } else { every };
    let period = if period.is_zero() { every } else { period };
    let window = if is_infinite(every_or_period) {
        None
    } else {
        let window = Window::new(every_or_period, period, offset, zone(args, cx)?);
        Some(window.ok_or_else(|| {
            FluxError::invalid(format!("parameter \"every\" must be nonzero, positive and not mix months with other units, got {every_or_period}"))
        })?)
    };
    args.transform(WindowSpec {
        window,
        time: args.string_or("timeColumn", "_time")?,
        start: args.string_or("startColumn", "_start")?,
        stop: args.string_or("stopColumn", "_stop")?,
        create_empty: args.or("createEmpty", false)?,
    })
}

/// The `location` argument, else the option, as a zone.
pub(crate) fn zone(args: &Args, cx: &Context) -> Result<Zone> {
    let value = match args.get("location") {
        Some(v) => v.clone(),
        None => match cx.option("internal/location", "location") {
            Some(v) => v,
            None => return Ok(Zone::utc()),
        },
    };
    let Value::Record(record) = &value else {
        return Err(FluxError::invalid(format!("location must be a record, got {}", value.nature())));
    };
    let name = match record.get("zone") {
        Some(Value::String(s)) => s.to_string(),
        _ => "UTC".to_owned(),
    };
    let shift = match record.get("offset") {
        Some(Value::Duration(d)) => *d,
        _ => Duration::default(),
    };
    Zone::named(&name, shift).ok_or_else(|| FluxError::invalid(format!("unknown time zone {name}")))
}

impl Spec for WindowSpec {
    fn name(&self) -> &'static str {
        "window"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let bounds = node.input().and_then(|i| bounds_of(i, &mut HashMap::new()));
        if self.create_empty && bounds.is_none() && self.window.is_some() {
            return Err(FluxError::invalid(
                "window: unable to create empty windows without bounds; use range before window",
            ));
        }
        let spec = self.clone();
        let mut constant: Option<(i64, i64)> = None;
        let mut merge = false;
        let unique = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let flag = Arc::clone(&unique);
        let windowed = PerBatch::tables(inputs.remove(0), run, move |batch| {
            // Tables that differ in their old bounds only may end up in one window.
            match constant_bounds(&spec, &batch) {
                Some(b) if constant.is_none_or(|c| c == b) => constant = Some(b),
                _ => merge = true,
            }
            if merge {
                flag.store(false, std::sync::atomic::Ordering::Relaxed);
            }
            spec.apply(&batch, bounds).map(Some)
        });
        if self.window.is_some() && self.window.as_ref().is_some_and(|w| !w.is_tiling()) {
            return Ok(Merge::new(windowed, run, unique));
        }
        Ok(Merge::new(windowed, run, unique))
    }
}

/// Merges tables of one key, if there may be such.
struct Merge;

impl Merge {
    fn new(input: BoxOperator, run: &Run, unique: Arc<std::sync::atomic::AtomicBool>) -> BoxOperator {
        Box::new(LazyMerge { input: Some(input), run: run.clone(), unique, merged: None })
    }
}

struct LazyMerge {
    input: Option<BoxOperator>,
    run: Run,
    unique: Arc<std::sync::atomic::AtomicBool>,
    merged: Option<BoxOperator>,
}

impl crate::exec::Operator for LazyMerge {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(merged) = &mut self.merged {
            return merged.next();
        }
        let Some(mut input) = self.input.take() else { return Ok(None) };
        let Some(batch) = input.next()? else { return Ok(None) };
        if self.unique.load(std::sync::atomic::Ordering::Relaxed) {
            self.input = Some(input);
            return Ok(Some(batch));
        }
        let rest = Box::new(Ahead { first: Some(batch), rest: input });
        let mut merged = Regrouped::new(rest, &self.run, |batches, b, label| batches[b].is_key(label));
        let next = merged.next();
        self.merged = Some(merged);
        next
    }
}

/// A stream with a batch put back in front.
struct Ahead {
    first: Option<TableBatch>,
    rest: BoxOperator,
}

impl crate::exec::Operator for Ahead {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        match self.first.take() {
            Some(batch) => Ok(Some(batch)),
            None => self.rest.next(),
        }
    }
}

/// The old bounds, if all tables of the batch have the same (or none), so that their other key columns differ.
fn constant_bounds(spec: &WindowSpec, batch: &TableBatch) -> Option<(i64, i64)> {
    let constant = |label: &str| -> Option<i64> {
        match batch.column(label) {
            Some(c) if c.is_key() && c.ty == ColumnType::Time => {
                let a = Ints::of(c.data.array())?;
                let first = a.get(0)?;
                (0..a.len()).all(|i| a.get(i) == Some(first)).then_some(first)
            }
            Some(c) if c.is_key() => None,
            _ => Some(0),
        }
    };
    if batch.runs() == 0 {
        return Some((0, 0));
    }
    Some((constant(&spec.start)?, constant(&spec.stop)?))
}

impl WindowSpec {
    fn apply(&self, batch: &TableBatch, bounds: Option<Bounds>) -> Result<TableBatch> {
        let missing = || FluxError::invalid(format!("missing time column \"{}\"", self.time));
        let index = batch.find(&self.time).ok_or_else(missing)?;
        if batch.columns[index].ty != ColumnType::Time {
            return Err(FluxError::invalid(format!("column \"{}\" is not of type time", self.time)));
        }
        let all = bounds.unwrap_or(Bounds { start: i64::MIN, stop: i64::MAX });
        let Some(window) = &self.window else {
            let runs = (0..batch.runs() as u32).collect();
            return Ok(self.with_bounds(batch, runs, vec![all.start; batch.runs()], vec![all.stop; batch.runs()], None));
        };
        let values = batch.row_values(index);
        let times = Ints::of(&values).ok_or_else(missing)?;
        let mut out = Cut::default();
        // Empty windows are the same for all tables.
        let every_window: Vec<(i64, i64)> = match (self.create_empty, bounds) {
            (true, Some(b)) => {
                let mut all = Vec::new();
                for i in window.overlapping(b.start, b.stop) {
                    let (start, stop) = window.bounds(i).map_err(|e| FluxError::invalid(e.to_string()))?;
                    all.push((start.max(b.start), stop.min(b.stop)));
                }
                all
            }
            _ => Vec::new(),
        };
        for run in 0..batch.runs() {
            out.cut_run(run, batch.run(run), &times, window, all, &every_window)?;
        }
        let in_order = out.rows.len() == batch.rows() && out.rows.iter().enumerate().all(|(i, r)| i == *r as usize);
        let rows = if in_order { None } else { Some(out.rows) };
        let mut result = self.with_bounds(batch, out.runs, out.starts, out.stops, rows);
        result.offsets = out.offsets.into();
        result.check().map_err(FluxError::internal)?;
        Ok(result)
    }

    /// The batch with its tables replaced: table `i` comes of table `runs[i]` and has these bounds.
    fn with_bounds(
        &self,
        batch: &TableBatch,
        runs: Vec<u32>,
        starts: Vec<i64>,
        stops: Vec<i64>,
        rows: Option<Vec<u32>>,
    ) -> TableBatch {
        let runs = UInt32Array::from(runs);
        let rows = rows.map(UInt32Array::from);
        let starts: ArrayRef = Arc::new(Int64Array::from(starts));
        let stops: ArrayRef = Arc::new(Int64Array::from(stops));
        let mut columns: Vec<Column> = batch
            .columns
            .iter()
            .map(|c| {
                let data = match &c.data {
                    ColumnData::Key(a) => ColumnData::Key(take(a, &runs)),
                    ColumnData::Row(a) => ColumnData::Row(match &rows {
                        Some(rows) => take(a, rows),
                        None => Arc::clone(a),
                    }),
                };
                Column { data, ..c.clone() }
            })
            .collect();
        // The time column may be the old start or stop; its rows keep their value, so it is spread before it is set.
        for (label, values) in [(&self.start, starts), (&self.stop, stops)] {
            let column = Column::key(Arc::clone(label), ColumnType::Time, values);
            match columns.iter().position(|c| c.label == *label) {
                Some(i) => columns[i] = column,
                None => columns.push(column),
            }
        }
        TableBatch { columns, offsets: Arc::clone(&batch.offsets), continues: false }
    }
}

/// Tables cut out of tables.
#[derive(Default)]
struct Cut {
    runs: Vec<u32>,
    starts: Vec<i64>,
    stops: Vec<i64>,
    rows: Vec<u32>,
    offsets: Vec<usize>,
}

impl Cut {
    fn push(&mut self, run: usize, bounds: (i64, i64)) {
        self.runs.push(run as u32);
        self.starts.push(bounds.0);
        self.stops.push(bounds.1);
        self.offsets.push(self.rows.len());
    }

    /// Cuts one table. Rows of a window stay in their order.
    fn cut_run(
        &mut self,
        run: usize,
        range: std::ops::Range<usize>,
        times: &Ints<'_>,
        window: &Window,
        clip: Bounds,
        every_window: &[(i64, i64)],
    ) -> Result<()> {
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        let clipped = |index: i64| -> Result<(i64, i64)> {
            let (start, stop) = window.bounds(index).map_err(|e| FluxError::invalid(e.to_string()))?;
            Ok((start.max(clip.start), stop.min(clip.stop)))
        };
        // Pieces of rows by window, in order of first appearance; mostly each is one stretch of rows.
        let mut found: Vec<((i64, i64), Vec<u32>)> = Vec::new();
        let mut places: HashMap<(i64, i64), usize> = HashMap::new();
        let mut last: Option<(i64, i64, usize)> = None;
        for row in range {
            let Some(t) = times.get(row) else {
                return Err(FluxError::invalid("null time found in time column: found null value in a window's time column"));
            };
            if t < clip.start || t >= clip.stop {
                continue;
            }
            if window.is_tiling() {
                let at = match last {
                    Some((start, stop, at)) if start <= t && t < stop => at,
                    _ => {
                        let (start, stop) = clipped(window.last_index(t))?;
                        let at = *places.entry((start, stop)).or_insert_with(|| {
                            found.push(((start, stop), Vec::new()));
                            found.len() - 1
                        });
                        last = Some((start, stop, at));
                        at
                    }
                };
                found[at].1.push(row as u32);
            } else {
                for index in window.indices_of(t) {
                    let bounds = clipped(index)?;
                    let at = *places.entry(bounds).or_insert_with(|| {
                        found.push((bounds, Vec::new()));
                        found.len() - 1
                    });
                    found[at].1.push(row as u32);
                }
            }
        }
        if every_window.is_empty() {
            for (bounds, rows) in found {
                self.rows.extend(rows);
                self.push(run, bounds);
            }
            return Ok(());
        }
        for bounds in every_window {
            if let Some(&at) = places.get(bounds) {
                self.rows.extend_from_slice(&found[at].1);
            }
            self.push(run, *bounds);
        }
        Ok(())
    }
}
