//! What the file index knows about a segment.

use std::ops::Range;
use std::sync::Arc;

use weir_batch::FieldType;
use weir_model::Id;

/// One measurement's rows of one flush: where they lie and what is in them.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentMeta {
    /// The segment's id: made of its place, so that the same flush has the same ids.
    pub id: i64,
    /// The bucket.
    pub bucket: Id,
    /// The shard group.
    pub shard_group: i64,
    /// The measurement.
    pub measurement: Arc<str>,
    /// Path of the object in the object store.
    pub object: Arc<str>,
    /// Where the Parquet file lies in the object.
    pub data: Range<u64>,
    /// Where the Parquet file's page index and footer begin in the object; they end with `data`.
    pub tail: u64,
    /// Where the series index lies in the object; it follows the Parquet file, so one read from `tail` gets all that
    /// planning a scan needs.
    pub index: Range<u64>,
    /// Rows.
    pub rows: u64,
    /// Series.
    pub series: u64,
    /// The first time.
    pub min_time: i64,
    /// The last time.
    pub max_time: i64,
    /// The lowest sequence of a row.
    pub min_sequence: u64,
    /// The highest sequence of a row.
    pub max_sequence: u64,
    /// Tombstones up to this sequence have been applied to the rows: what they hid is gone.
    pub deletes_applied: u64,
    /// The fields, sorted by name and type.
    pub fields: Vec<(Arc<str>, FieldType)>,
    /// The tag keys, sorted.
    pub tag_keys: Vec<Arc<str>>,
    /// When the segment was written, milliseconds since 1970.
    pub created: i64,
}

impl SegmentMeta {
    /// Bytes the segment takes in its object.
    pub fn size(&self) -> u64 {
        (self.data.end - self.data.start) + (self.index.end - self.index.start)
    }
}
