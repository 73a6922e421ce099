//! Summaries of stretches of time: what a scan answers when only aggregates are wanted of its rows.
//!
//! A [`ReduceRequest`] asks for a scan cut into windows; a [`ReducedBatch`] answers one row a series and window that
//! has rows. Summaries of one window that come in parts (a series may be cut between batches) are put together by whoever
//! takes them, part after part, earlier times first.

mod combine;
mod kernels;
mod windows;

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, UInt64Array};

use crate::{FieldArray, FieldType, ScanRequest, SeriesBatch, SeriesKeys};

pub use windows::ScanWindows;

/// Which summaries are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reductions {
    /// Sums: integers wrap around.
    pub sum: bool,
    /// Sums as floats, which do not wrap around.
    pub float_sum: bool,
    /// Least values. Texts and booleans have none.
    pub min: bool,
    /// Greatest values.
    pub max: bool,
    /// The values of the earliest rows that have one.
    pub first: bool,
    /// The values of the latest rows that have one.
    pub last: bool,
    /// Whether the times of those rows are wanted too: of several least or greatest values, of the first.
    pub times: bool,
}

/// A scan of which only summaries are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct ReduceRequest {
    /// The rows.
    pub scan: ScanRequest,
    /// How they are cut.
    pub windows: ScanWindows,
    /// What is wanted of each window. How many values there are is always told.
    pub wanted: Reductions,
}

/// Summaries of rows of one measurement, sorted by series key, then window.
#[derive(Debug, Clone)]
pub struct ReducedBatch {
    /// The measurement's name.
    pub measurement: Arc<str>,
    /// The series, ascending; the first may be the last of the batch before.
    pub series: SeriesKeys,
    /// Where the windows of each series begin in what follows; one entry more than there are series.
    pub offsets: Vec<usize>,
    /// The start of each window; [`i64::MIN`] where all of time is one.
    pub starts: Vec<i64>,
    /// The summaries of each field that has values.
    pub fields: Vec<ReducedField>,
}

/// Summaries of a field, one a window.
#[derive(Debug, Clone)]
pub struct ReducedField {
    /// The field's name.
    pub name: Arc<str>,
    /// The type of its values.
    pub ty: FieldType,
    /// How many values each window has. All else is null where there are none.
    pub count: UInt64Array,
    /// Sums, of the field's type.
    pub sum: Option<ArrayRef>,
    /// Sums as floats.
    pub float_sum: Option<Float64Array>,
    /// Least values.
    pub min: Option<Picked>,
    /// Greatest values.
    pub max: Option<Picked>,
    /// First values.
    pub first: Option<Picked>,
    /// Last values.
    pub last: Option<Picked>,
}

/// Values that were picked out of windows.
#[derive(Debug, Clone)]
pub struct Picked {
    /// The values, of the field's type.
    pub values: ArrayRef,
    /// Their times, if these were wanted.
    pub times: Option<Int64Array>,
}

impl ReducedBatch {
    /// How many rows there are: pairs of series and window.
    pub fn rows(&self) -> usize {
        self.starts.len()
    }

    /// Bytes of memory the batch takes, roughly.
    pub fn memory_size(&self) -> usize {
        let of = |f: &ReducedField| {
            let picked = [&f.min, &f.max, &f.first, &f.last];
            let columns = 1
                + usize::from(f.sum.is_some())
                + usize::from(f.float_sum.is_some())
                + picked.iter().filter(|p| p.is_some()).count() * 2;
            columns * self.rows() * 8
        };
        self.series.memory_size() + self.rows() * 8 + self.fields.iter().map(of).sum::<usize>()
    }
}

impl FieldArray {
    /// Summaries of stretches of the field's rows, whose times are `times`; `None` if the array is of no field type.
    pub fn reduce(&self, times: &[i64], cuts: &[Range<usize>], wanted: Reductions) -> Option<ReducedField> {
        let ty = self.field_type()?;
        Some(kernels::reduce(&self.name, ty, &self.values, times, cuts, wanted))
    }
}

impl SeriesBatch {
    /// Summaries of the rows of this batch.
    pub fn reduce(&self, windows: &ScanWindows, wanted: Reductions) -> ReducedBatch {
        let times = self.times.values();
        let mut cuts = Vec::new();
        let mut starts = Vec::new();
        let mut offsets = vec![0];
        let mut kept = SeriesKeys::new();
        for run in 0..self.series.len() {
            let before = cuts.len();
            windows.cut(times, self.offsets[run]..self.offsets[run + 1], |start, rows| {
                starts.push(start);
                cuts.push(rows);
            });
            if cuts.len() > before {
                kept.push(self.series.get(run));
                offsets.push(cuts.len());
            }
        }
        let fields = self.fields.iter().filter_map(|field| field.reduce(times, &cuts, wanted)).collect();
        ReducedBatch { measurement: self.measurement.clone(), series: kept, offsets, starts, fields }
    }
}
