//! Rows on their way to a query.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, UInt64Array};
use arrow_schema::DataType;

use crate::{FieldType, SeriesKeys};

/// Rows of one measurement, sorted by (series key, time).
///
/// Run `i` holds the rows `offsets[i]..offsets[i + 1]` of series `series.get(i)`; series ascend and differ. Within a
/// stream of batches of one measurement, series ascend too; the last series of a batch may go on as the first of
/// the next. A merged scan has each (series, time) once and no `sequences`; a scan of one source may have rows of
/// one (series, time) with different sequences, in ascending order of sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesBatch {
    /// The measurement's name.
    pub measurement: Arc<str>,
    /// The series, one a run.
    pub series: SeriesKeys,
    /// Row offsets of the runs; one entry more than there are series.
    pub offsets: Vec<usize>,
    /// Times in nanoseconds since 1970, never null.
    pub times: Int64Array,
    /// The sequence of each row's write, while sources still have to be merged.
    pub sequences: Option<UInt64Array>,
    /// The fields asked for that any row has; null where a row has none. Two fields of one name differ in type
    /// (shard groups may disagree).
    pub fields: Vec<FieldArray>,
}

impl SeriesBatch {
    /// How many rows the batch has.
    pub fn rows(&self) -> usize {
        self.times.len()
    }

    /// Bytes of memory the batch takes, roughly.
    pub fn memory_size(&self) -> usize {
        self.series.memory_size()
            + self.offsets.len() * 8
            + self.rows() * 16
            + self.fields.iter().map(|f| f.values.get_array_memory_size()).sum::<usize>()
    }
}

/// One field's column: Float64, Int64, UInt64, Boolean or Utf8.
#[derive(Debug, Clone)]
pub struct FieldArray {
    /// The field's name.
    pub name: Arc<str>,
    /// The values, as long as the batch.
    pub values: ArrayRef,
}

impl PartialEq for FieldArray {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && *self.values == *other.values
    }
}

impl FieldArray {
    /// The type of the values; `None` if the array is of no field type (a broken invariant of its maker).
    pub fn field_type(&self) -> Option<FieldType> {
        Some(match self.values.data_type() {
            DataType::Float64 => FieldType::Float,
            DataType::Int64 => FieldType::Integer,
            DataType::UInt64 => FieldType::Unsigned,
            DataType::Boolean => FieldType::Boolean,
            DataType::Utf8 => FieldType::String,
            _ => return None,
        })
    }
}
