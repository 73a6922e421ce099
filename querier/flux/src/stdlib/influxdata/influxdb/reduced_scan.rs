//! A scan of which only aggregates are wanted. Scripts don't call it; a rule makes it.
//!
//! It stands where a [`Scan`] stood, and answers tables of the same keys with fewer rows: what the rows of a window come
//! to. The operations behind it (group, window, the aggregate) do with these rows what they would do with all of them.

use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, UInt32Array, UInt64Array,
};
use weir_batch::{
    FieldArray, FieldType, Picked, ReduceRequest, ReducedBatch, ReducedField, Reductions, ScanWindows,
    SeriesBatch,
};
use weir_proto::{ReduceStream, ScanStream};
use weir_table::time::Duration;
use weir_table::{Column, ColumnType, Floats, Ints, TableBatch, Uints, plain, take};

use super::scan::Scan;
use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Operator, Reservation, Run};
use crate::plan::{Bounds, KeyUse, Node, Spec};
use crate::scan_tables::side_by_side::SideBySide;
use crate::scan_tables::{SUM, TableMaker, WEIGHT, beside};
use crate::tables::rows::{one_row_each, with_key};
use crate::tables::{aggregate, per_tables, select};

/// Sums of floats depend on their order. Fewer values than this of several series are added one by one, in the order of
/// the rows; more are added series by series, which is as exact.
const ORDERED_VALUES: u64 = 100_000;

/// What is wanted of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// How many values there are, as a value: wherever values of different types may come together.
    Total,
    /// How many values there are, beside values of their type.
    Count,
    /// Their sum.
    Sum,
    /// Their mean.
    Mean,
    /// The least and the greatest.
    Spread,
    /// One of them.
    Select(select::Kind),
}

/// The scan.
#[derive(Debug, Clone)]
pub(crate) struct ReducedScan {
    /// The rows.
    pub(crate) scan: Scan,
    /// How they are cut.
    pub(crate) windows: ScanWindows,
    /// What is wanted of a window.
    pub(crate) what: What,
    /// Whether rows of several series come together behind this.
    pub(crate) grouped: bool,
    /// Whether the times of selected values are looked at behind this.
    pub(crate) times: bool,
    /// Whether values that are no numbers are passed over.
    pub(crate) numbers: bool,
}

impl ReducedScan {
    fn wanted(&self) -> Reductions {
        let none = Reductions { times: self.times, ..Reductions::default() };
        match self.what {
            What::Count | What::Total => none,
            What::Sum => Reductions { sum: true, ..none },
            What::Mean => Reductions { float_sum: true, ..none },
            What::Spread => Reductions { min: true, max: true, ..none },
            What::Select(select::Kind::First) => Reductions { first: true, ..none },
            What::Select(select::Kind::Last) => Reductions { last: true, ..none },
            What::Select(select::Kind::Min) => Reductions { min: true, ..none },
            What::Select(select::Kind::Max) => Reductions { max: true, ..none },
        }
    }

    fn weighted(&self) -> bool {
        matches!(self.what, What::Mean | What::Count)
    }
}

impl Spec for ReducedScan {
    fn name(&self) -> &'static str {
        "ReadWindowAggregate"
    }

    fn bounds(&self, _inputs: &[Option<Bounds>]) -> Option<Bounds> {
        Some(self.scan.bounds)
    }

    fn validate(&self, node: &Node) -> Result<()> {
        self.scan.validate(node)
    }

    fn details(&self) -> String {
        let windows = match &self.windows {
            ScanWindows::Whole => "whole".to_owned(),
            ScanWindows::Every { every, offset } => {
                let text = format!("every {}", Duration::from_nanoseconds(*every));
                if *offset == 0 {
                    text
                } else {
                    format!("{text} from {}", Duration::from_nanoseconds(*offset))
                }
            }
            ScanWindows::Bounds(bounds) => format!("{} windows", bounds.len().saturating_sub(1)),
        };
        let what = match self.what {
            What::Total | What::Count => "count",
            What::Sum => "sum",
            What::Mean => "mean",
            What::Spread => "spread",
            What::Select(kind) => kind.name(),
        };
        let times = if self.times { " with its time" } else { "" };
        format!("{} of {windows}{times} {}", what, self.scan.details())
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let maker = TableMaker::new(self.scan.bounds, self.scan.order, run)?;
        Ok(Box::new(ReducedOperator {
            spec: self.clone(),
            run: run.clone(),
            state: State::Start,
            small: SideBySide::default(),
            maker,
        }))
    }
}

enum State {
    Start,
    /// Summaries that were read ahead with the memory they take, and the rest of them.
    Summaries {
        ahead: std::vec::IntoIter<ReducedBatch>,
        stream: ReduceStream,
        _memory: Reservation,
    },
    Rows(ScanStream),
    Done,
}

struct ReducedOperator {
    spec: ReducedScan,
    run: Run,
    state: State,
    small: SideBySide,
    maker: TableMaker,
}

impl ReducedOperator {
    fn start(&self) -> Result<State> {
        let scan = self.spec.scan.request(&self.run)?;
        let request = ReduceRequest {
            scan: scan.clone(),
            windows: self.spec.windows.clone(),
            wanted: self.spec.wanted(),
        };
        let environment = Arc::clone(self.run.environment());
        let mut stream = self.run.block_on(async { environment.reduce(request).await })?;
        let mut ahead = Vec::new();
        let mut reservation = self.run.memory.reserve(0)?;
        if self.spec.grouped && matches!(self.spec.what, What::Sum | What::Mean) {
            let (mut values, mut floats) = (0, false);
            while values < ORDERED_VALUES {
                self.run.check()?;
                let Some(batch) = self.run.next_of(&mut stream)? else { break };
                reservation.grow(batch.memory_size())?;
                for field in &batch.fields {
                    floats |= field.ty == FieldType::Float;
                    values += field.count.values().iter().sum::<u64>();
                }
                ahead.push(batch);
            }
            if floats && values < ORDERED_VALUES {
                return Ok(State::Rows(self.run.block_on(async { environment.scan(scan).await })?));
            }
        }
        Ok(State::Summaries { ahead: ahead.into_iter(), stream, _memory: reservation })
    }
}

impl Operator for ReducedOperator {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            if let Some(batch) = self.maker.pop() {
                return Ok(Some(batch));
            }
            self.run.check()?;
            let rows = match &mut self.state {
                State::Start => {
                    self.state = self.start()?;
                    continue;
                }
                State::Done => return Ok(None),
                State::Summaries { ahead, stream, .. } => {
                    let next = match ahead.next() {
                        Some(batch) => Some(batch),
                        None => self.run.next_of(stream)?,
                    };
                    next.map(|batch| self.spec.rows_of(&batch))
                }
                State::Rows(stream) => {
                    let next = self.run.next_of(stream)?;
                    next.map(|batch| if self.spec.weighted() { with_weights(batch) } else { batch })
                }
            };
            match rows {
                Some(mut rows) => {
                    if self.spec.numbers {
                        rows.fields.retain(is_number);
                    }
                    if let Some(enough) = self.small.push(rows) {
                        self.maker.push(enough)?;
                    }
                }
                None => {
                    if let Some(rest) = self.small.take() {
                        self.maker.push(rest)?;
                    }
                    self.maker.finish()?;
                    self.state = State::Done;
                }
            }
        }
    }
}

/// Sums as they are if adding begins at zero, which takes its sign from a negative one.
fn from_zero(sums: &ArrayRef) -> ArrayRef {
    match Floats::of(sums) {
        Some(sums) => Arc::new(sums.0.unary::<_, Float64Type>(|sum| 0.0 + sum)),
        None => Arc::clone(sums),
    }
}

/// Whether a field's values are numbers.
fn is_number(field: &FieldArray) -> bool {
    matches!(field.field_type(), Some(FieldType::Float | FieldType::Integer | FieldType::Unsigned))
}

/// Rows as they are, each standing for itself.
fn with_weights(mut batch: SeriesBatch) -> SeriesBatch {
    let mut besides: Vec<FieldArray> = Vec::new();
    for field in &batch.fields {
        let valid = |i: usize| field.values.is_valid(i);
        let ones: Int64Array = (0..field.values.len()).map(|i| valid(i).then_some(1)).collect();
        let Some(ty) = field.field_type() else { continue };
        let name = |label| beside(label, &field.name, ty);
        besides.push(FieldArray { name: name(WEIGHT), values: Arc::new(ones) });
        besides.push(FieldArray { name: name(SUM), values: as_floats(&field.values) });
    }
    batch.fields.extend(besides);
    batch
}

fn as_floats(values: &ArrayRef) -> ArrayRef {
    if let Some(v) = Ints::of(values) {
        return Arc::new((0..v.len()).map(|i| v.get(i).map(|v| v as f64)).collect::<Float64Array>());
    }
    if let Some(v) = Uints::of(values) {
        return Arc::new((0..v.len()).map(|i| v.get(i).map(|v| v as f64)).collect::<Float64Array>());
    }
    match Floats::of(values) {
        Some(_) => Arc::clone(values),
        None => {
            Arc::new((0..values.len()).map(|i| values.is_valid(i).then_some(0.0)).collect::<Float64Array>())
        }
    }
}

impl ReducedScan {
    /// Rows that stand for those that were summed up.
    fn rows_of(&self, batch: &ReducedBatch) -> SeriesBatch {
        match self.what {
            What::Select(kind) if self.times => self.selected_rows(batch, kind),
            What::Spread => {
                let twice: Vec<u32> = (0..batch.rows() as u32).flat_map(|row| [row, row]).collect();
                let low: Vec<bool> = (0..twice.len()).map(|i| i % 2 == 0).collect();
                let fields = batch.fields.iter().map(|f| FieldArray {
                    name: Arc::clone(&f.name),
                    values: match (&f.min, &f.max) {
                        (Some(min), Some(max)) => interleaved(&min.values, &max.values, &twice, &low),
                        _ => taken(&placeholder(f), &twice.iter().copied().map(Some).collect::<Vec<_>>()),
                    },
                });
                let mut rows = self.windowed(batch, fields.collect());
                rows.offsets.iter_mut().for_each(|o| *o *= 2);
                rows.times = twice.iter().map(|row| Some(rows.times.value(*row as usize))).collect();
                rows
            }
            _ => {
                let mut fields: Vec<FieldArray> = Vec::with_capacity(batch.fields.len());
                for field in &batch.fields {
                    fields.push(FieldArray { name: Arc::clone(&field.name), values: self.values(field) });
                    if self.weighted() {
                        let name = |label| beside(label, &field.name, field.ty);
                        fields.push(FieldArray { name: name(WEIGHT), values: counts(field) });
                        let sums: ArrayRef = match &field.float_sum {
                            Some(sums) => Arc::new(sums.unary::<_, Float64Type>(|sum| 0.0 + sum)),
                            None => as_floats(&placeholder(field)),
                        };
                        fields.push(FieldArray { name: name(SUM), values: sums });
                    }
                }
                self.windowed(batch, fields)
            }
        }
    }

    /// One row a window, at a time within it.
    fn windowed(&self, batch: &ReducedBatch, fields: Vec<FieldArray>) -> SeriesBatch {
        SeriesBatch {
            measurement: Arc::clone(&batch.measurement),
            series: batch.series.clone(),
            offsets: batch.offsets.clone(),
            times: batch.starts.iter().map(|start| Some((*start).max(self.scan.bounds.start))).collect(),
            sequences: None,
            fields,
        }
    }

    fn values(&self, field: &ReducedField) -> ArrayRef {
        let found: Option<ArrayRef> = match self.what {
            What::Sum => field.sum.as_ref().map(from_zero),
            What::Select(kind) => picked(field, kind).map(|p| Arc::clone(&p.values)),
            What::Total => Some(counts(field)),
            What::Count | What::Mean | What::Spread => None,
        };
        found.unwrap_or_else(|| placeholder(field))
    }

    /// The selected rows, each at its own time.
    fn selected_rows(&self, batch: &ReducedBatch, kind: select::Kind) -> SeriesBatch {
        let (mut offsets, mut times) = (vec![0], Vec::new());
        let mut places: Vec<Vec<Option<u32>>> = vec![Vec::new(); batch.fields.len()];
        let time_of = |field: &ReducedField, row: usize| match picked(field, kind) {
            // What cannot be selected is refused behind this, whatever its time.
            None => (field.count.value(row) > 0).then(|| batch.starts[row].max(self.scan.bounds.start)),
            Some(p) => p.times.as_ref().filter(|t| t.is_valid(row)).map(|t| t.value(row)),
        };
        for series in 0..batch.series.len() {
            let mut here: Vec<(i64, usize, u32)> = Vec::new();
            for row in batch.offsets[series]..batch.offsets[series + 1] {
                for (f, field) in batch.fields.iter().enumerate() {
                    here.extend(time_of(field, row).map(|time| (time, f, row as u32)));
                }
            }
            here.sort_unstable();
            for same in here.chunk_by(|a, b| a.0 == b.0) {
                times.push(same[0].0);
                places.iter_mut().for_each(|p| p.push(None));
                for (_, f, row) in same {
                    if let Some(place) = places[*f].last_mut() {
                        *place = Some(*row);
                    }
                }
            }
            offsets.push(times.len());
        }
        let fields = batch.fields.iter().zip(places).map(|(field, places)| FieldArray {
            name: Arc::clone(&field.name),
            values: taken(&self.values(field), &places),
        });
        SeriesBatch {
            measurement: Arc::clone(&batch.measurement),
            series: batch.series.clone(),
            offsets,
            fields: fields.collect(),
            times: times.into(),
            sequences: None,
        }
    }
}

fn picked(field: &ReducedField, kind: select::Kind) -> Option<&Picked> {
    match kind {
        select::Kind::First => field.first.as_ref(),
        select::Kind::Last => field.last.as_ref(),
        select::Kind::Min => field.min.as_ref(),
        select::Kind::Max => field.max.as_ref(),
    }
}

fn counts(field: &ReducedField) -> ArrayRef {
    let count = |n: &u64| (*n > 0).then_some(*n as i64);
    Arc::new(field.count.values().iter().map(count).collect::<Int64Array>())
}

/// Some values of the field's type, where it has values: an aggregate that does not take the type tells by it.
fn placeholder(field: &ReducedField) -> ArrayRef {
    let has = field.count.values().iter().map(|n| *n > 0);
    match field.ty {
        FieldType::Float => Arc::new(has.map(|h| h.then_some(0.0)).collect::<Float64Array>()),
        FieldType::Integer => Arc::new(has.map(|h| h.then_some(0)).collect::<Int64Array>()),
        FieldType::Unsigned => Arc::new(has.map(|h| h.then_some(0)).collect::<UInt64Array>()),
        FieldType::String => Arc::new(has.map(|h| h.then_some("")).collect::<StringArray>()),
        FieldType::Boolean => Arc::new(has.map(|h| h.then_some(false)).collect::<BooleanArray>()),
    }
}

/// The values at some places, laid out as a field's are.
fn taken(values: &ArrayRef, places: &[Option<u32>]) -> ArrayRef {
    plain(&take(values, &UInt32Array::from(places.to_vec())))
}

/// At each place a row of the one array or the other.
fn interleaved(a: &ArrayRef, b: &ArrayRef, rows: &[u32], of_a: &[bool]) -> ArrayRef {
    let both = weir_table::concat(&[Arc::clone(a), Arc::clone(b)]);
    let places = rows.iter().zip(of_a).map(|(row, of_a)| if *of_a { *row } else { a.len() as u32 + row });
    taken(&both, &places.map(Some).collect::<Vec<_>>())
}

/// The mean, or the count, of rows that stand for several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weighted {
    /// The sum of their sums by the sum of their counts.
    Mean,
    /// The sum of their counts.
    Count,
    /// The sum of their counts, which are their values.
    Total,
}

impl Spec for Weighted {
    fn name(&self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Count | Self::Total => "count",
        }
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let spec = *self;
        per_tables(inputs, run, node, move |batch| {
            let values = aggregate::aggregated(&batch, "_value")?;
            let numbers = matches!(values.ty, ColumnType::Float | ColumnType::Int | ColumnType::UInt);
            if spec == Self::Mean && !numbers {
                return Err(FluxError::invalid(format!("unsupported aggregate column type {}", values.ty)));
            }
            let sum = |label: &str| {
                let column = if spec == Self::Total { Some(values) } else { batch.column(label) }?;
                let sums = aggregate::Kind::Sum.compute(column.ty, column.data.array(), &batch.offsets)?;
                Some(sums.1)
            };
            let (sums, weights) = (sum(SUM), sum(WEIGHT));
            let weights = weights.as_ref().and_then(|w| Ints::of(w));
            let weight = |run: usize| weights.as_ref().and_then(|w| w.get(run));
            let column = match spec {
                Self::Count | Self::Total => {
                    let counts: Int64Array =
                        (0..batch.runs()).map(|run| Some(weight(run).unwrap_or(0))).collect();
                    Column::row("_value", ColumnType::Int, Arc::new(counts))
                }
                Self::Mean => {
                    let sums = sums.as_ref().and_then(|s| Floats::of(s));
                    let mean = |run: usize| Some(sums.as_ref()?.get(run)? / weight(run)? as f64);
                    let means: Float64Array = (0..batch.runs()).map(mean).collect();
                    Column::row("_value", ColumnType::Float, Arc::new(means))
                }
            };
            with_key(&batch, vec![column], one_row_each(batch.runs())).map(Some)
        })
    }
}
