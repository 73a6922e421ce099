//! From tables to points: what `to` and `wideTo` write through.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::ArrayRef;
use weir_batch::{FieldColumn, FieldType, FieldValues, MeasurementRows, SeriesKeyBuilder, WriteBatch};
use weir_table::time::format_rfc3339_nanos;
use weir_table::{ColumnType, Scalar, TableBatch};

use crate::error::{FluxError, Result};

/// Where the values of a batch's fields lie.
pub(super) enum Fields {
    /// A column with the name of the row's field, and one with its value.
    Named { names: ArrayRef, ty: ColumnType, values: ArrayRef },
    /// A column a field.
    Columns(Vec<(Arc<str>, ColumnType, ArrayRef)>),
}

/// A batch of tables as points: one cell a row in each array.
pub(super) struct Points {
    /// Times; rows without one are not written.
    pub times: ArrayRef,
    /// Whether rows without a time go on all the same.
    pub passes_timeless: bool,
    /// Names of measurements.
    pub measurements: ArrayRef,
    /// Tags by label.
    pub tags: Vec<(Arc<str>, ArrayRef)>,
    /// Field values.
    pub fields: Fields,
    /// Whether infinite floats and NaN, which no field can hold, are left out rather than refused.
    pub finite_only: bool,
}

/// Collects points for a write.
#[derive(Default)]
pub(super) struct PointBuilder {
    measurements: Vec<Measurement>,
    index: HashMap<Box<str>, usize>,
    rows: usize,
}

struct Measurement {
    rows: MeasurementRows,
    series: HashMap<Box<str>, u32>,
    fields: HashMap<Box<str>, usize>,
}

impl Measurement {
    fn new(name: &str) -> Self {
        Self { rows: MeasurementRows::new(name), series: HashMap::new(), fields: HashMap::new() }
    }

    fn series(&mut self, key: &str) -> u32 {
        if let Some(&at) = self.series.get(key) {
            return at;
        }
        let at = self.rows.series.push(weir_batch::SeriesKey(key));
        self.series.insert(key.into(), at);
        at
    }

    /// Whether a value of this type can go into the field; a field has one type in a batch.
    fn takes(&self, field: &str, ty: FieldType) -> bool {
        self.fields.get(field).is_none_or(|&i| self.rows.fields[i].field_type() == ty)
    }

    fn push(&mut self, field: &str, row: u32, value: &Scalar) {
        let Some(ty) = field_type(value) else { return };
        let at = match self.fields.get(field) {
            Some(&at) => at,
            None => {
                let name = field.to_owned();
                self.rows.fields.push(FieldColumn {
                    name,
                    values: FieldValues::empty(ty),
                    rows: Some(Vec::new()),
                });
                self.fields.insert(field.into(), self.rows.fields.len() - 1);
                self.rows.fields.len() - 1
            }
        };
        let column = &mut self.rows.fields[at];
        match (&mut column.values, value) {
            (FieldValues::Float(v), Scalar::Float(x)) => v.push(*x),
            (FieldValues::Integer(v), Scalar::Int(x)) => v.push(*x),
            (FieldValues::Unsigned(v), Scalar::UInt(x)) => v.push(*x),
            (FieldValues::Boolean(v), Scalar::Bool(x)) => v.push(*x),
            (FieldValues::String { offsets, bytes }, value) => {
                match value {
                    Scalar::String(x) => bytes.push_str(x),
                    Scalar::Time(t) => bytes.push_str(&format_rfc3339_nanos(*t)),
                    _ => return,
                }
                offsets.push(bytes.len() as u32);
            }
            _ => return,
        }
        if let Some(rows) = &mut column.rows {
            rows.push(row);
        }
    }
}

/// The type of the field that holds a value; times are written as text.
fn field_type(value: &Scalar) -> Option<FieldType> {
    Some(match value {
        Scalar::Null => return None,
        Scalar::Bool(_) => FieldType::Boolean,
        Scalar::Int(_) => FieldType::Integer,
        Scalar::UInt(_) => FieldType::Unsigned,
        Scalar::Float(_) => FieldType::Float,
        Scalar::String(_) | Scalar::Time(_) => FieldType::String,
    })
}

impl PointBuilder {
    /// How many points were collected.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds the rows of a batch from `from` on, until `limit` points are collected or a field changes its type.
    /// Answers the row to go on from; the number of rows when all were added.
    ///
    /// # Errors
    /// When a field has no name, or a value that no field can hold.
    pub(super) fn add(&mut self, points: &Points, from: usize, limit: usize) -> Result<usize> {
        let mut keys = SeriesKeyBuilder::new();
        let (mut key, mut fields): (String, Vec<(Arc<str>, Scalar)>) = (String::new(), Vec::new());
        let measurements = Text::of(&points.measurements)?;
        let tags: Vec<(&Arc<str>, Text<'_>)> =
            points.tags.iter().map(|(k, a)| Ok((k, Text::of(a)?))).collect::<Result<_>>()?;
        let view = View::of(&points.fields)?;
        let times = weir_table::Ints::of(&points.times)
            .ok_or_else(|| FluxError::internal("times are no integers"))?;
        for row in from..times.len() {
            if self.rows >= limit {
                return Ok(row);
            }
            // What has no time or no measurement is no point.
            let Some(time) = times.get(row) else { continue };
            let Some(measurement) = measurements.0.get(row).filter(|m| !m.is_empty()) else { continue };
            fields.clear();
            view.read(row, &mut fields);
            if fields.iter().any(|(name, _)| name.is_empty()) {
                return Err(FluxError::internal("all fields must have non-empty names"));
            }
            finite(&mut fields, points.finite_only)?;
            if fields.is_empty() {
                continue;
            }
            let at = match self.index.get(measurement) {
                Some(&at) => at,
                None => {
                    self.measurements.push(Measurement::new(measurement));
                    self.index.insert(measurement.into(), self.measurements.len() - 1);
                    self.measurements.len() - 1
                }
            };
            let target = &mut self.measurements[at];
            let fits = |(name, value): &(Arc<str>, Scalar)| {
                field_type(value).is_none_or(|ty| target.takes(name, ty))
            };
            if self.rows > 0 && !fields.iter().all(fits) {
                return Ok(row);
            }
            for (label, values) in &tags {
                if let Some(value) = values.0.get(row) {
                    keys.push(label, value);
                }
            }
            key.clear();
            keys.finish(&mut key);
            let series = target.series(&key);
            let index = target.rows.times.len() as u32;
            target.rows.times.push(time);
            target.rows.row_series.push(series);
            fields.iter().for_each(|(name, value)| target.push(name, index, value));
            self.rows += 1;
        }
        Ok(times.len())
    }

    /// What was collected, as a batch to write; the builder is empty afterwards.
    pub(super) fn finish(&mut self) -> WriteBatch {
        let collected = std::mem::take(self);
        let measurements = collected
            .measurements
            .into_iter()
            .filter(|m| !m.rows.times.is_empty())
            .map(|mut m| {
                let rows = m.rows.times.len();
                for field in &mut m.rows.fields {
                    if field.values.len() == rows {
                        field.rows = None;
                    }
                }
                m.rows
            })
            .collect();
        WriteBatch { measurements }
    }
}

/// Deals with floats that no field can hold.
fn finite(fields: &mut Vec<(Arc<str>, Scalar)>, leave_out: bool) -> Result<()> {
    let holds = |value: &Scalar| !matches!(value, Scalar::Float(x) if !x.is_finite());
    if leave_out {
        fields.retain(|(_, value)| holds(value));
        return Ok(());
    }
    match fields.iter().find(|(_, value)| !holds(value)) {
        Some((name, Scalar::Float(x))) => {
            let what = if x.is_nan() { "NaN" } else { "+/-Inf" };
            Err(FluxError::invalid(format!("{what} is an unsupported value for field {name}")))
        }
        _ => Ok(()),
    }
}

struct Text<'a>(weir_table::Strings<'a>);

impl<'a> Text<'a> {
    fn of(array: &'a ArrayRef) -> Result<Self> {
        weir_table::Strings::of(array)
            .map(Self)
            .ok_or_else(|| FluxError::internal("a text column holds no text"))
    }
}

/// Reads the fields of a row.
enum View<'a> {
    Named { names: Text<'a>, values: TableBatch },
    Columns { names: Vec<Arc<str>>, values: TableBatch },
}

impl<'a> View<'a> {
    fn of(fields: &'a Fields) -> Result<Self> {
        let batch = |columns: Vec<weir_table::Column>| {
            let rows = columns.first().map_or(0, |c| c.data.array().len());
            TableBatch { columns, offsets: vec![0, rows].into(), continues: false }
        };
        Ok(match fields {
            Fields::Named { names, ty, values } => Self::Named {
                names: Text::of(names)?,
                values: batch(vec![weir_table::Column::row("_value", *ty, Arc::clone(values))]),
            },
            Fields::Columns(columns) => Self::Columns {
                names: columns.iter().map(|c| Arc::clone(&c.0)).collect(),
                values: batch(
                    columns
                        .iter()
                        .map(|(l, t, a)| weir_table::Column::row(Arc::clone(l), *t, Arc::clone(a)))
                        .collect(),
                ),
            },
        })
    }

    /// Appends the row's fields that have a value.
    fn read(&self, row: usize, out: &mut Vec<(Arc<str>, Scalar)>) {
        match self {
            Self::Named { names, values } => {
                let value = values.cell(0, 0, row);
                if let (Some(name), false) = (names.0.get(row), value.is_null()) {
                    out.push((name.into(), value));
                }
            }
            Self::Columns { names, values } => {
                for (i, name) in names.iter().enumerate() {
                    let value = values.cell(i, 0, row);
                    if !value.is_null() {
                        out.push((Arc::clone(name), value));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Float64Array, Int64Array, StringArray};

    use super::*;

    fn points(ty: ColumnType, values: ArrayRef) -> Points {
        Points {
            times: Arc::new(Int64Array::from(vec![1, 2, 3])),
            measurements: Arc::new(StringArray::from(vec!["m", "m", "n"])),
            tags: vec![("t".into(), Arc::new(StringArray::from(vec![Some("a"), Some(""), None])))],
            fields: Fields::Columns(vec![("f".into(), ty, values)]),
            finite_only: true,
            passes_timeless: false,
        }
    }

    #[test]
    fn rows_without_values_are_left_out_and_batches_hold_together() {
        let values: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), None, Some(3.0)]));
        let mut builder = PointBuilder::default();
        assert_eq!(builder.add(&points(ColumnType::Float, values), 0, 100), Ok(3));
        let batch = builder.finish();
        assert_eq!(batch.check(), Ok(()));
        assert_eq!(batch.rows(), 2);
        assert_eq!(batch.measurements[0].series.get(0).0, "t=a");
        assert_eq!(batch.measurements[1].series.get(0).0, "", "neither an empty tag nor an absent one");
        assert_eq!(builder.rows(), 0);
    }

    #[test]
    fn a_field_of_another_type_waits_for_the_next_write() {
        let mut builder = PointBuilder::default();
        let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0]));
        let ints: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        assert_eq!(builder.add(&points(ColumnType::Float, floats), 0, 100), Ok(3));
        let ints = points(ColumnType::Int, ints);
        assert_eq!(builder.add(&ints, 0, 100), Ok(0), "nothing fits");
        assert_eq!(builder.finish().rows(), 3);
        assert_eq!(builder.add(&ints, 0, 2), Ok(2), "the limit");
        assert_eq!(builder.add(&ints, 2, 100), Ok(3));
    }
}
