//! What an object holds, byte by byte; version 1 of what the crate's page draws.

mod bloom;
mod encode;
mod object;
mod rollup;
mod rows;
mod segment;
mod series_index;
mod tags;
mod varint;
mod write;

pub(crate) use bloom::pair;
pub(crate) use encode::power;
pub(crate) use object::assemble;
pub use object::read_footer;
pub(crate) use rollup::Stretches;
pub use segment::SegmentMeta;
pub(crate) use series_index::{BlockInfo, SeriesBlock, SeriesEntry, SeriesIndex};
pub(crate) use write::{EncodedSegment, encode_segment, field_column};

/// The version of objects and of the Parquet files in them.
pub(crate) const FORMAT_VERSION: u32 = 1;
/// Rows of a row group.
pub(crate) const ROW_GROUP_ROWS: usize = 100_000;
/// Rows of a page: what is decoded to read one row.
pub(crate) const PAGE_ROWS: usize = 8192;
/// Higher levels gain a few percent and cost more than all the rest of writing.
pub(crate) const ZSTD_LEVEL: i32 = 3;
/// The column of times.
pub(crate) const TIME_COLUMN: &str = "time";
/// The column of sequences.
pub(crate) const SEQUENCE_COLUMN: &str = "seq";
/// What stands before a tag's key in its column's name.
pub(crate) const TAG_PREFIX: &str = "tag:";
/// The key of the file's metadata under which its version stands.
pub(crate) const VERSION_KEY: &str = "weir.version";
