//! Points on their way to the log.

use crate::{FieldType, FieldValues, SeriesKeys};

/// Points of one bucket as they were written, grouped by measurement, in the order of their lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WriteBatch {
    /// One entry a measurement; no measurement twice.
    pub measurements: Vec<MeasurementRows>,
}

impl WriteBatch {
    /// How many rows (lines) the batch has.
    pub fn rows(&self) -> usize {
        self.measurements.iter().map(|m| m.times.len()).sum()
    }

    /// Looks whether the invariants hold, which a batch from another process may break.
    ///
    /// # Errors
    /// What does not hold.
    pub fn check(&self) -> Result<(), &'static str> {
        self.measurements.iter().try_for_each(MeasurementRows::check)
    }

    /// Bytes of memory the batch takes, roughly.
    pub fn memory_size(&self) -> usize {
        self.measurements.iter().map(MeasurementRows::memory_size).sum()
    }
}

/// Rows of one measurement. Row `i` is of series `series.get(row_series[i])` at `times[i]`. Inside a batch two rows
/// may have the same series and time: the later row wins, field by field.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasurementRows {
    /// The measurement's name, unescaped.
    pub measurement: String,
    /// The distinct series of this batch, in order of first appearance.
    pub series: SeriesKeys,
    /// A row's index into `series`.
    pub row_series: Vec<u32>,
    /// A row's time, nanoseconds since 1970.
    pub times: Vec<i64>,
    /// The fields that any row has; no two of the same name.
    pub fields: Vec<FieldColumn>,
}

impl MeasurementRows {
    /// No rows of this measurement.
    pub fn new(measurement: impl Into<String>) -> Self {
        Self {
            measurement: measurement.into(),
            series: SeriesKeys::new(),
            row_series: Vec::new(),
            times: Vec::new(),
            fields: Vec::new(),
        }
    }

    fn check(&self) -> Result<(), &'static str> {
        let rows = self.times.len();
        if self.row_series.len() != rows {
            return Err("a batch's rows and times differ in number");
        }
        if self.row_series.iter().max().is_some_and(|last| *last as usize >= self.series.len()) {
            return Err("a batch's row is of a series that is not there");
        }
        let mut has_value = vec![rows == 0; rows];
        let mut all = rows == 0;
        for field in &self.fields {
            if field.values.len() != field.rows.as_ref().map_or(rows, Vec::len) {
                return Err("a batch's column is not as long as it says");
            }
            if !field.values.check() {
                return Err("a batch's texts do not lie where they should");
            }
            match &field.rows {
                None => all = true,
                Some(at) if !at.is_sorted_by(|a, b| a < b) => return Err("a batch's column is out of order"),
                Some(at) if at.last().is_some_and(|last| *last as usize >= rows) => {
                    return Err("a batch's column has more rows than the batch");
                }
                Some(at) if !all => at.iter().for_each(|row| has_value[*row as usize] = true),
                Some(_) => {}
            }
        }
        if all || has_value.iter().all(|has| *has) { Ok(()) } else { Err("a batch's row has no value") }
    }

    /// Bytes of memory the rows take, roughly.
    pub fn memory_size(&self) -> usize {
        self.series.memory_size()
            + self.row_series.capacity() * 4
            + self.times.capacity() * 8
            + self.fields.iter().map(FieldColumn::memory_size).sum::<usize>()
    }
}

/// The values of one field: dense (a value for each row) or sparse.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldColumn {
    /// The field's name, unescaped.
    pub name: String,
    /// The values.
    pub values: FieldValues,
    /// `None`: value `i` is row `i`'s and every row has one. `Some(rows)`: value `i` is row `rows[i]`'s, ascending.
    pub rows: Option<Vec<u32>>,
}

impl FieldColumn {
    /// The type of the field's values.
    pub fn field_type(&self) -> FieldType {
        self.values.field_type()
    }

    /// Bytes of memory the column takes, roughly.
    pub fn memory_size(&self) -> usize {
        self.values.memory_size() + self.rows.as_ref().map_or(0, |r| r.capacity() * 4)
    }
}
