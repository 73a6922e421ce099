//! From stored rows to Flux tables: a table a series and field.
//!
//! A scan answers wide rows (all fields of a series side by side). Here they become tables with `_value` and `_field`,
//! or, where these would be pivoted at once, stay what they are (`wide`).
//! Tables of the same tags and value type go into one batch. The reference reads series by series, and field by field
//! within; where that can be seen (rows of several tables come together) the plan asks for that [`TableOrder`].
//! A series that goes on in the next batch of the scan is held back until it is whole.

pub(crate) mod side_by_side;
mod wide;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, StringBuilder};
use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, StringArray, UInt32Array,
    UInt64Array,
};
use weir_batch::{FieldArray, FieldType, SeriesBatch};
use weir_table::{Bools, Column, ColumnType, Floats, Ints, Strings, TableBatch, Uints};

use self::side_by_side::joined;
use crate::error::{FluxError, Result};
use crate::eval::Context;
use crate::exec::{Reservation, Run};
use crate::plan::Bounds;

/// Series with the same tag keys.
struct TagSet {
    keys: Arc<[String]>,
    /// The series' places in their batch.
    series: Vec<usize>,
    /// For each key the series' values.
    values: Vec<ArrayRef>,
}

impl TagSet {
    /// One of the series.
    fn slice(&self, place: usize) -> Self {
        Self {
            keys: Arc::clone(&self.keys),
            series: vec![self.series[place]],
            values: self.values.iter().map(|v| v.slice(place, 1)).collect(),
        }
    }
}

/// Series by the set of their tag keys, each set in order of first appearance; or series next to each other.
fn tag_sets(batch: &SeriesBatch, order: TableOrder) -> Vec<TagSet> {
    struct Growing {
        keys: Vec<String>,
        series: Vec<usize>,
        values: Vec<StringBuilder>,
    }
    let mut sets: Vec<Growing> = Vec::new();
    let mut index: HashMap<Vec<String>, usize> = HashMap::new();
    let mut last = 0;
    let mut tags = Vec::new();
    for (i, key) in batch.series.iter().enumerate() {
        tags.clear();
        tags.extend(key.tags());
        let same = |set: &Growing| {
            set.keys.len() == tags.len()
                && set.keys.iter().zip(&tags).all(|(known, (key, _))| *known == **key)
        };
        if !sets.get(last).is_some_and(same) {
            let keys: Vec<String> = tags.iter().map(|(key, _)| key.to_string()).collect();
            let known = if order == TableOrder::Any { index.get(&keys).copied() } else { None };
            last = known.unwrap_or_else(|| {
                if order == TableOrder::Any {
                    index.insert(keys.clone(), sets.len());
                }
                let values = keys.iter().map(|_| StringBuilder::new()).collect();
                sets.push(Growing { keys, series: Vec::new(), values });
                sets.len() - 1
            });
        }
        sets[last].series.push(i);
        sets[last].values.iter_mut().zip(&tags).for_each(|(values, (_, value))| values.append_value(value));
    }
    let finished = |mut values: StringBuilder| Arc::new(values.finish()) as ArrayRef;
    sets.into_iter()
        .map(|set| TagSet {
            keys: set.keys.into(),
            series: set.series,
            values: set.values.into_iter().map(finished).collect(),
        })
        .collect()
}

/// The order of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableOrder {
    /// As they fit into the fewest batches: by series and field among those of the same tags and type.
    Any,
    /// By series, whatever tags they have.
    Series,
    /// By series and field, whatever types the fields have.
    SeriesAndField,
}

/// What tables look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableForm {
    /// A table a series and field, with `_field` and `_value`.
    Tall,
    /// A table a series, with a column a field.
    Wide,
}

/// The columns that tables have beside tags.
const LABELS: [&str; 6] = ["_start", "_stop", "_time", "_value", "_field", "_measurement"];

/// Turns a stream of [`SeriesBatch`]es into batches of tables.
pub(crate) struct TableMaker {
    bounds: Bounds,
    order: TableOrder,
    form: TableForm,
    held: Vec<SeriesBatch>,
    reservation: Reservation,
    ready: VecDeque<TableBatch>,
    context: Context,
}

/// The column of how many rows a row stands for.
pub(crate) const WEIGHT: &str = "\u{0}weight";

/// The column of what the values of those rows come to.
pub(crate) const SUM: &str = "\u{0}sum";

/// The name under which a column that goes with a field's values comes; a field of the same name may have another type.
pub(crate) fn beside(column: &str, field: &str, ty: FieldType) -> Arc<str> {
    format!("{column}\u{0}{ty}\u{0}{field}").into()
}

impl TableMaker {
    /// A maker for a query; series that are held back count in its memory.
    ///
    /// # Errors
    /// When the query's memory is used up.
    pub(crate) fn new(bounds: Bounds, order: TableOrder, run: &Run) -> Result<Self> {
        let (held, ready) = (Vec::new(), VecDeque::new());
        let (reservation, context) = (run.memory.reserve(0)?, run.context.clone());
        Ok(Self { bounds, order, form: TableForm::Tall, held, reservation, ready, context })
    }

    /// The same, of tables of another form.
    pub(crate) fn of_form(self, form: TableForm) -> Self {
        Self { form, ..self }
    }

    /// The next batch of tables that is ready.
    pub(crate) fn pop(&mut self) -> Option<TableBatch> {
        self.ready.pop_front()
    }

    /// Takes the next batch of the scan.
    pub(crate) fn push(&mut self, batch: SeriesBatch) -> Result<()> {
        if batch.series.is_empty() {
            return Ok(());
        }
        let goes_on = self.held.last().is_some_and(|h| {
            h.measurement == batch.measurement && h.series.get(h.series.len() - 1) == batch.series.get(0)
        });
        if goes_on && batch.series.len() == 1 {
            self.reservation.grow(batch.memory_size())?;
            self.held.push(batch);
            return Ok(());
        }
        let last = batch.series.len() - 1;
        if goes_on {
            self.held.push(slice(&batch, 0..1));
            self.flush()?;
            self.emit(&slice(&batch, 1..last))?;
        } else {
            self.flush()?;
            self.emit(&slice(&batch, 0..last))?;
        }
        let tail = slice(&batch, last..last + 1);
        self.reservation.grow(tail.memory_size())?;
        self.held.push(tail);
        Ok(())
    }

    /// The scan has ended.
    pub(crate) fn finish(&mut self) -> Result<()> {
        self.flush()
    }

    fn flush(&mut self) -> Result<()> {
        let held = std::mem::take(&mut self.held);
        let flushed = match held.as_slice() {
            [] => Ok(()),
            [one] => self.emit(one),
            parts => {
                // Parts, the series they make, and the tables made of that.
                self.reservation.grow(parts.iter().map(SeriesBatch::memory_size).sum::<usize>() * 2)?;
                self.emit(&joined(parts))
            }
        };
        drop(held);
        self.reservation.clear();
        flushed
    }

    fn emit(&mut self, batch: &SeriesBatch) -> Result<()> {
        if batch.series.is_empty() {
            return Ok(());
        }
        if self.form == TableForm::Wide {
            return wide::wide(batch, self.bounds, self.order, &mut self.ready);
        }
        let sets = tag_sets(batch, self.order);
        let mut fields: Vec<&FieldArray> =
            batch.fields.iter().filter(|f| !f.name.starts_with('\0')).collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        // Of a field with two types, or of series that differ in a tag that cannot be shown.
        if fields.windows(2).any(|w| w[0].name == w[1].name)
            || sets.iter().any(|set| set.keys.iter().any(|key| LABELS.contains(&key.as_str())))
        {
            self.context.note_twins();
        }
        let one_type = fields.windows(2).all(|w| w[0].field_type() == w[1].field_type());
        for set in &sets {
            if self.order == TableOrder::SeriesAndField && !one_type {
                for place in 0..set.series.len() {
                    let one = set.slice(place);
                    for fields in fields.chunk_by(|a, b| a.field_type() == b.field_type()) {
                        let Some(ty) = fields[0].field_type() else { continue };
                        self.ready.extend(tall(batch, self.bounds, &one, ty, fields)?);
                    }
                }
                continue;
            }
            for ty in [
                FieldType::Float,
                FieldType::Integer,
                FieldType::Unsigned,
                FieldType::Boolean,
                FieldType::String,
            ] {
                let fields: Vec<&FieldArray> =
                    fields.iter().copied().filter(|f| f.field_type() == Some(ty)).collect();
                if let Some(out) = tall(batch, self.bounds, set, ty, &fields)? {
                    self.ready.push_back(out);
                }
            }
        }
        Ok(())
    }
}

/// The tables of some series (all with the same tag keys) and all fields of one type.
fn tall(
    batch: &SeriesBatch,
    bounds: Bounds,
    set: &TagSet,
    ty: FieldType,
    fields: &[&FieldArray],
) -> Result<Option<TableBatch>> {
    // Which (series, field) pairs have values, in order.
    let series = &set.series;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut offsets = vec![0usize];
    let mut dense = true;
    for (n, &s) in series.iter().enumerate() {
        let run = batch.offsets[s]..batch.offsets[s + 1];
        for (f, field) in fields.iter().enumerate() {
            let nulls = field.values.nulls().map_or(0, |b| b.slice(run.start, run.len()).null_count());
            let count = run.len() - nulls;
            if count > 0 {
                dense &= nulls == 0;
                pairs.push((n as u32, f as u32));
                offsets.push(offsets[offsets.len() - 1] + count);
            }
        }
    }
    if pairs.is_empty() {
        return Ok(None);
    }
    let rows = offsets[offsets.len() - 1];
    let whole = fields.len() == 1 && dense && rows == batch.rows();
    let (times, values): (ArrayRef, ArrayRef) = if whole {
        (Arc::new(batch.times.clone()), Arc::clone(&fields[0].values))
    } else {
        let runs: Vec<_> = pairs
            .iter()
            .map(|&(n, f)| {
                let s = series[n as usize];
                (fields[f as usize], batch.offsets[s]..batch.offsets[s + 1])
            })
            .collect();
        (gather_times(&batch.times, &runs, rows), gather(ty, &runs, rows)?)
    };
    let mut besides = Vec::new();
    let of_type = ty;
    for (label, ty) in [(WEIGHT, FieldType::Integer), (SUM, FieldType::Float)] {
        let of = |f: &&FieldArray| {
            let name = beside(label, &f.name, of_type);
            batch.fields.iter().find(|b| b.name == name)
        };
        let Some(found) = fields.iter().map(of).collect::<Option<Vec<_>>>() else { continue };
        let runs: Vec<_> = pairs
            .iter()
            .map(|&(n, f)| {
                let s = series[n as usize];
                (found[f as usize], batch.offsets[s]..batch.offsets[s + 1])
            })
            .collect();
        besides.push(Column::row(label, column_type(ty), gather(ty, &runs, rows)?));
    }
    let runs = pairs.len();
    let time_key = |t: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![t; runs])) };
    let mut columns = vec![
        Column::key("_start", ColumnType::Time, time_key(bounds.start)),
        Column::key("_stop", ColumnType::Time, time_key(bounds.stop)),
        Column::row("_time", ColumnType::Time, times),
        Column::row("_value", column_type(ty), values),
        Column::key(
            "_field",
            ColumnType::String,
            coded(pairs.iter().map(|p| p.1).collect(), texts(fields.iter().map(|f| &*f.name).collect()))?,
        ),
        Column::key(
            "_measurement",
            ColumnType::String,
            coded(vec![0; runs], texts(vec![&batch.measurement]))?,
        ),
    ];
    let places: Vec<u32> = pairs.iter().map(|p| p.0).collect();
    let tags = tag_columns(set, &places, |tag| columns.iter().any(|c| *c.label == *tag))?;
    columns.extend(tags);
    columns.extend(besides);
    Ok(Some(TableBatch::new(columns, offsets)))
}

/// The columns of the tags of some series. A tag that is called as another column cannot be shown beside it.
fn tag_columns(set: &TagSet, places: &[u32], hidden: impl Fn(&str) -> bool) -> Result<Vec<Column>> {
    let shown = set.keys.iter().zip(&set.values).filter(|(key, _)| !hidden(key));
    shown
        .map(|(key, values)| {
            let values = coded(places.to_vec(), Arc::clone(values))?;
            Ok(Column::key(key.as_str(), ColumnType::String, values))
        })
        .collect()
}

/// Texts by their places among some.
fn coded(codes: Vec<u32>, texts: ArrayRef) -> Result<ArrayRef> {
    DictionaryArray::<UInt32Type>::try_new(UInt32Array::from(codes), texts)
        .map(|d| Arc::new(d) as ArrayRef)
        .map_err(|e| FluxError::internal(e.to_string()))
}

fn texts(texts: Vec<&str>) -> ArrayRef {
    Arc::new(StringArray::from(texts))
}

fn column_type(ty: FieldType) -> ColumnType {
    match ty {
        FieldType::Float => ColumnType::Float,
        FieldType::Integer => ColumnType::Int,
        FieldType::Unsigned => ColumnType::UInt,
        FieldType::Boolean => ColumnType::Bool,
        FieldType::String => ColumnType::String,
    }
}

type Runs<'a> = [(&'a FieldArray, std::ops::Range<usize>)];

fn gather_times(times: &Int64Array, runs: &Runs<'_>, rows: usize) -> ArrayRef {
    let mut out = Vec::with_capacity(rows);
    for (field, run) in runs {
        match field.values.nulls().filter(|n| n.slice(run.start, run.len()).null_count() > 0) {
            None => out.extend_from_slice(&times.values()[run.clone()]),
            Some(nulls) => out.extend(run.clone().filter(|i| nulls.is_valid(*i)).map(|i| times.value(i))),
        }
    }
    Arc::new(Int64Array::from(out))
}

macro_rules! gather_primitive {
    ($runs:expr, $rows:expr, $view:ident, $array:ident) => {{
        let mut out = Vec::with_capacity($rows);
        for (field, run) in $runs {
            let a = $view::of(&field.values).ok_or_else(wrong_type)?;
            match a.0.nulls().filter(|n| n.slice(run.start, run.len()).null_count() > 0) {
                None => out.extend_from_slice(&a.0.values()[run.clone()]),
                Some(nulls) => out.extend(run.clone().filter(|i| nulls.is_valid(*i)).map(|i| a.0.value(i))),
            }
        }
        Arc::new($array::from(out))
    }};
}

fn gather(ty: FieldType, runs: &Runs<'_>, rows: usize) -> Result<ArrayRef> {
    Ok(match ty {
        FieldType::Float => gather_primitive!(runs, rows, Floats, Float64Array),
        FieldType::Integer => gather_primitive!(runs, rows, Ints, Int64Array),
        FieldType::Unsigned => gather_primitive!(runs, rows, Uints, UInt64Array),
        FieldType::Boolean => {
            let mut out = BooleanBuilder::with_capacity(rows);
            for (field, run) in runs {
                let a = Bools::of(&field.values).ok_or_else(wrong_type)?;
                run.clone().filter_map(|i| a.get(i)).for_each(|v| out.append_value(v));
            }
            let array: BooleanArray = out.finish();
            Arc::new(array)
        }
        FieldType::String => {
            let mut out = StringBuilder::with_capacity(rows, rows * 8);
            for (field, run) in runs {
                let a = Strings::of(&field.values).ok_or_else(wrong_type)?;
                run.clone().filter_map(|i| a.get(i)).for_each(|v| out.append_value(v));
            }
            Arc::new(out.finish())
        }
    })
}

fn wrong_type() -> FluxError {
    FluxError::internal("a field's array is not of its type")
}

/// Some series of a batch, without copying.
fn slice(batch: &SeriesBatch, series: std::ops::Range<usize>) -> SeriesBatch {
    if series.start == 0 && series.end == batch.series.len() {
        return batch.clone();
    }
    let (start, end) = (batch.offsets[series.start], batch.offsets[series.end]);
    SeriesBatch {
        measurement: Arc::clone(&batch.measurement),
        series: series.clone().map(|i| batch.series.get(i)).collect(),
        offsets: batch.offsets[series.start..=series.end].iter().map(|o| o - start).collect(),
        times: batch.times.slice(start, end - start),
        sequences: None,
        fields: batch
            .fields
            .iter()
            .map(|f| FieldArray { name: Arc::clone(&f.name), values: f.values.slice(start, end - start) })
            .collect(),
    }
}
