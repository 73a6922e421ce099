//! Deletes that hide buffered rows.

use weir_batch::{Predicate, Sequence, SeriesKey, TimeRange};
use weir_model::Id;

/// A delete: hides rows of lower sequence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tombstone {
    /// The bucket.
    pub(crate) bucket: Id,
    /// Rows before this sequence are hidden.
    pub(crate) sequence: Sequence,
    /// The times hidden.
    pub(crate) range: TimeRange,
    /// The series hidden; an absent tag matches nothing.
    pub(crate) predicate: Predicate,
}

impl Tombstone {
    /// Whether rows of this series may be hidden.
    pub(crate) fn takes(&self, measurement: &str, key: SeriesKey<'_>) -> bool {
        self.predicate.deletes_series(measurement, key)
    }

    /// Whether it hides a row of a series that it takes.
    pub(crate) fn hides(&self, time: i64, sequence: Sequence) -> bool {
        sequence < self.sequence && self.range.contains(time)
    }
}
