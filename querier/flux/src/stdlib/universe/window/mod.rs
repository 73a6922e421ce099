//! `window(every:)`: a table for each window of time.

mod back;
mod chronological;
mod cut;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, UInt32Array};
use weir_table::time::Duration;
use weir_table::window::{Window, Zone};
use weir_table::{Column, ColumnData, ColumnType, Ints, TableBatch, take};

use self::back::{firsts, one_range, side_by_side};
use self::chronological::chronological;
use self::cut::{Cut, Place, WINDOW, place};
use super::group::Regrouped;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Budget, Hold, InOrder, Operator, Run, Whole};
use crate::plan::{Bounds, Node, Spec, bounds_of};
use crate::registry::{Body, Definition};
use crate::tables::Call;
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

/// A cut into windows.
#[derive(Debug, Clone)]
pub(crate) struct WindowSpec {
    /// `None`: one window, as long as the bounds.
    pub(crate) window: Option<Window>,
    /// The column whose times decide.
    pub(crate) time: Arc<str>,
    /// The column of the windows' starts.
    pub(crate) start: Arc<str>,
    /// The column of the windows' stops.
    pub(crate) stop: Arc<str>,
    create_empty: bool,
    /// Whether it does what the reference's `aggregateWindow` does at once for some aggregates: rows are looked at in the
    /// order of their times, and those without a time not at all; columns of the bounds that were no key before go to the
    /// end.
    of_aggregates: bool,
    /// Whether tables come in the order of their keys.
    by_keys: bool,
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
        of_aggregates: false,
        by_keys: false,
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

    fn details(&self) -> String {
        let mut text = self.window.as_ref().map_or("every=inf".to_owned(), Window::to_string);
        for (name, column, default) in [
            ("timeColumn", &self.time, "_time"),
            ("startColumn", &self.start, "_start"),
            ("stopColumn", &self.stop, "_stop"),
        ] {
            if **column != *default {
                text.push_str(&format!(" {name}={column}"));
            }
        }
        text + if self.create_empty { " createEmpty" } else { "" }
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let bounds = node.input().and_then(|i| bounds_of(i, &mut HashMap::new()));
        let Some(bounds) = bounds else {
            return Err(FluxError::invalid("nil bounds passed to window; use range to set the window range"));
        };
        let (spec, means, call) = (self.clone(), run.clone(), Call::of(node));
        let back = self.is_one_window() && side_by_side(node);
        let answers = InOrder::new(run, move |batch| {
            let old = if back { None } else { constant_bounds(&spec, &batch) };
            if bounds.is_empty() || batch.runs() == 0 {
                return Ok(Windowed { old, tables: None });
            }
            let tables = spec.apply(&batch, bounds, back, &means).map_err(|e| call.tell(e))?;
            let hold = means.memory.hold(&tables)?;
            Ok(Windowed { old, tables: Some((tables, hold)) })
        });
        let unique = back || one_range(node);
        let input = Whole::over(inputs.remove(0), run);
        let apart = self.of_aggregates;
        let windows = Windows { input, answers, back: back.then(|| run.clone()), old: None, unique, apart };
        if self.by_keys {
            let windows = Box::new(windows);
            return Ok(Box::new(Regrouped::new(windows, run, TableBatch::is_key).by_keys()));
        }
        Ok(Box::new(LazyMerge { windows: Some(windows), run: run.clone(), merged: None }))
    }
}

/// What a batch was cut into.
struct Windowed {
    /// The old bounds, if all its tables have the same.
    old: Option<(i64, i64)>,
    tables: Option<(TableBatch, Hold)>,
}

/// Cuts batch by batch.
struct Windows {
    input: BoxOperator,
    answers: InOrder<Windowed>,
    /// Whether windows are put back into the tables they were cut out of.
    back: Option<Run>,
    /// The old bounds of all tables so far.
    old: Option<(i64, i64)>,
    /// Whether no two tables can have the same key, as far as is known: tables that differ in their old bounds only may end
    /// up in one window.
    unique: bool,
    /// Whether windows of different tables stay apart, even those of one key: what is aggregated is each of its own.
    apart: bool,
}

impl Operator for Windows {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            let Some(Windowed { old, tables }) = self.answers.next(&mut self.input)? else { return Ok(None) };
            self.unique &= match &self.back {
                Some(run) => !run.context.has_twins(),
                None => old.is_some() && self.old.is_none_or(|known| old == Some(known)),
            };
            self.old = self.old.or(old);
            if let Some((batch, _hold)) = tables {
                return Ok(Some(batch));
            }
        }
    }
}

/// Merges tables of one key, if there may be such.
struct LazyMerge {
    windows: Option<Windows>,
    run: Run,
    merged: Option<BoxOperator>,
}

impl Operator for LazyMerge {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(merged) = &mut self.merged {
            return merged.next();
        }
        let Some(windows) = &mut self.windows else { return Ok(None) };
        let Some(batch) = windows.next()? else {
            self.windows = None;
            return Ok(None);
        };
        if windows.apart && !windows.unique {
            self.run.context.note_twins();
        }
        if windows.unique || windows.apart {
            return Ok(Some(batch));
        }
        let Some(windows) = self.windows.take() else { return Ok(None) };
        let rest = Box::new(Ahead { first: Some(batch), rest: Box::new(windows) });
        let mut merged = Regrouped::over(rest, &self.run, TableBatch::is_key);
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

impl Operator for Ahead {
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
    /// Whether it is a part of `aggregateWindow` for some aggregates.
    pub(crate) fn is_of_aggregates(&self) -> bool {
        self.of_aggregates
    }

    /// The same windows, their tables in the order of their keys.
    pub(crate) fn by_keys(&self) -> Self {
        Self { by_keys: true, ..self.clone() }
    }

    /// Whether times and bounds stand where they do by default.
    fn has_default_columns(&self) -> bool {
        *self.time == *"_time" && *self.start == *"_start" && *self.stop == *"_stop"
    }

    /// Whether it makes one window of all times, by the columns that have them by default.
    pub(crate) fn is_one_window(&self) -> bool {
        self.window.is_none() && self.has_default_columns() && !self.create_empty
    }

    /// Whether the storage of the reference can cut them.
    pub(crate) fn is_plain(&self) -> bool {
        self.has_default_columns() && self.window.as_ref().is_some_and(|w| w.is_plain() && w.is_tiling())
    }

    /// Whether it makes one window of all times, and an empty one beside it.
    pub(crate) fn is_all_of_time(&self) -> bool {
        self.window.is_none() && self.create_empty
    }

    /// Those of the windows that have rows.
    pub(crate) fn of_rows(&self) -> Self {
        Self { create_empty: false, ..self.clone() }
    }

    /// The same windows, as a part of `aggregateWindow` for some aggregates.
    pub(crate) fn of_aggregates(&self) -> Self {
        Self { of_aggregates: true, ..self.clone() }
    }

    /// Cuts the tables of a batch; with `back`, neighbours that get one key become one.
    fn apply(&self, batch: &TableBatch, all: Bounds, back: bool, means: &Run) -> Result<TableBatch> {
        let missing = || match self.of_aggregates {
            true => FluxError::invalid(format!("no time column: {}", self.time)),
            false => FluxError::invalid(format!("missing time column \"{}\"", self.time)),
        };
        let index = batch.find(&self.time).ok_or_else(missing)?;
        let ty = batch.columns[index].ty;
        if ty != ColumnType::Time {
            return Err(FluxError::invalid(match self.of_aggregates {
                true => format!("time column is not a time value: {}", ty.name()),
                false => format!("column \"{}\" is not of type time", self.time),
            }));
        }
        let Some(window) = &self.window else {
            return Ok(self.one_window(batch, all, back));
        };
        let ordered = if self.of_aggregates {
            // A row outside of the bounds is in none of all the windows.
            chronological(batch, index, self.create_empty.then_some(all), means)?
        } else {
            None
        };
        let batch = ordered.as_ref().map_or(batch, |(batch, _)| batch);
        let values = batch.row_values(index);
        let times = Ints::of(&values).ok_or_else(missing)?;
        // A row without a time belongs to the epoch, as in the reference.
        let times: Cow<'_, [i64]> = match times.0.null_count() {
            0 => Cow::Borrowed(times.0.values()),
            _ => times.0.iter().map(Option::unwrap_or_default).collect(),
        };
        let mut budget = Budget::new(means)?;
        let mut out = Cut::default();
        // Empty windows are the same for all tables.
        let mut every_window: Vec<Place> = Vec::new();
        let mut _empty = means.memory.reserve(0)?;
        if self.create_empty {
            let indices = window.overlapping(all.start, all.stop);
            // There may be more than any machine can hold, and it would take long to count to there.
            let count = usize::try_from(indices.end.saturating_sub(indices.start)).unwrap_or(usize::MAX);
            let each = batch.runs().saturating_mul(WINDOW).saturating_add(2 * size_of::<Place>());
            _empty.grow(count.saturating_mul(each))?;
            every_window.reserve_exact(count);
            out.reserve(count * batch.runs());
            for i in indices {
                let (start, stop) = window.bounds(i).map_err(|e| FluxError::invalid(e.to_string()))?;
                let place = place((start, stop), all, self.of_aggregates);
                if every_window.last() != Some(&place) {
                    every_window.push(place);
                }
                budget.add(0)?;
            }
        }
        for run in 0..batch.runs() {
            out.cut_run(
                run,
                batch.run(run),
                &times,
                window,
                all,
                &every_window,
                self.of_aggregates,
                &mut budget,
            )?;
        }
        // The rows, and a key for each window.
        let made = out.offsets.last().copied().unwrap_or(0) * 4 + out.runs.len() * 8 * batch.columns.len();
        let _made = means.memory.reserve(made + batch.memory_size())?;
        let rows = out.rows(batch.rows());
        let mut result = self.with_bounds(batch, out.runs, out.starts, out.stops, rows);
        result.offsets = out.offsets.into();
        result.check().map_err(FluxError::internal)?;
        Ok(result)
    }

    /// One window of all times, which tables without rows do not get into. With `back`, tables that become one stand side
    /// by side.
    fn one_window(&self, batch: &TableBatch, all: Bounds, back: bool) -> TableBatch {
        if self.create_empty {
            return self.all_of_time(batch, all);
        }
        let mut runs: Vec<usize> = (0..batch.runs()).filter(|run| !batch.run(*run).is_empty()).collect();
        if back {
            firsts(batch, &mut runs, [&self.start, &self.stop]);
        }
        // Runs without rows take no room between the others.
        let mut offsets: Vec<usize> = runs.iter().map(|run| batch.offsets[*run]).collect();
        offsets.push(batch.rows());
        let (starts, stops) = (vec![all.start; runs.len()], vec![all.stop; runs.len()]);
        let runs = runs.into_iter().map(|run| run as u32).collect();
        let mut result = self.with_bounds(batch, runs, starts, stops, None);
        result.offsets = offsets.into();
        result
    }

    /// One window of all times with empty windows: that of all of time is none that rows are in, so it is there beside, as
    /// in the reference.
    fn all_of_time(&self, batch: &TableBatch, all: Bounds) -> TableBatch {
        let (mut runs, mut starts, mut stops, mut offsets) = (Vec::new(), Vec::new(), Vec::new(), vec![0]);
        let mut push = |run: usize, (start, stop): (i64, i64), end: usize| {
            runs.push(run as u32);
            starts.push(start);
            stops.push(stop);
            offsets.push(end);
        };
        (0..batch.runs()).for_each(|run| push(run, (i64::MIN, i64::MAX), 0));
        for run in (0..batch.runs()).filter(|run| !batch.run(*run).is_empty()) {
            push(run, (all.start, all.stop), batch.run(run).end);
        }
        let mut result = self.with_bounds(batch, runs, starts, stops, None);
        result.offsets = offsets.into();
        result
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
                Some(i) if self.of_aggregates && !columns[i].is_key() => {
                    columns.remove(i);
                    columns.push(column);
                }
                Some(i) => columns[i] = column,
                None => columns.push(column),
            }
        }
        TableBatch { columns, offsets: Arc::clone(&batch.offsets), continues: false }
    }
}
