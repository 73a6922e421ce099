//! What a scan is asked for.

use weir_model::Id;

use crate::Predicate;

/// A half-open range of time, nanoseconds since 1970: `start <= time < stop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeRange {
    /// The first nanosecond.
    pub start: i64,
    /// The first nanosecond that is no longer in the range. `i64::MAX` also takes in the last representable one.
    pub stop: i64,
}

impl TimeRange {
    /// All of time.
    pub const ALL: Self = Self { start: i64::MIN, stop: i64::MAX };

    /// Whether `time` lies in the range.
    pub fn contains(&self, time: i64) -> bool {
        self.start <= time && (time < self.stop || self.stop == i64::MAX)
    }

    /// Whether some time between `min` and `max` (both inclusive) lies in the range.
    pub fn overlaps(&self, min: i64, max: i64) -> bool {
        min <= max && self.start <= max && (min < self.stop || self.stop == i64::MAX)
    }
}

/// Which rows and columns of a bucket a scan answers.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanRequest {
    /// The bucket.
    pub bucket: Id,
    /// The times wanted.
    pub range: TimeRange,
    /// Which series, fields and values are wanted; see [`Predicate`] for what an absent tag means. A value that is
    /// not wanted is null in the answer; a row without a value is not answered.
    pub predicate: Predicate,
}

/// Rows that are enough where not all are wanted: the first or the last of each field of each series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// How many.
    pub rows: u64,
    /// Whether the last ones are wanted.
    pub last: bool,
}
