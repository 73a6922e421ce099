//! The columnar shapes in which points travel between roles.
//!
//! Two shapes, because writing and reading want different things:
//! - [`WriteBatch`]: points as they were written, unsorted, of several measurements, with interned series keys
//!   and sparse typed columns. The line protocol parser fills it, the log keeps it, the buffer takes it over.
//! - [`SeriesBatch`]: rows of one measurement, sorted by (canonical series key, time), one row a point, with
//!   Arrow columns. Every scan (buffer, Parquet, merged) answers a stream of it.
//!
//! [`Predicate`] and [`ScanRequest`] say which rows a scan wants. [`SeriesBatch::reduce`] makes summaries of windows of rows,
//! which is all that aggregates need of a scan.
//!
//! Invariants: a series key is canonical (see [`SeriesKey`]); `offsets` has one entry more than there are runs;
//! all columns of a batch have the length of its `times`. The crate deliberately knows no IO, no SQL, no Parquet,
//! and no query language.

mod field;
mod predicate;
mod reduce;
mod scan;
mod sequence;
mod series;
mod series_batch;
mod series_set;
mod write_batch;

pub use field::{FieldType, FieldValues};
pub use predicate::{ColumnRef, CompareOp, Literal, Predicate};
pub use reduce::{Picked, ReduceRequest, ReducedBatch, ReducedField, Reductions, ScanWindows};
pub use scan::{Ends, ScanRequest, TimeRange};
pub use sequence::Sequence;
pub use series::{SeriesKey, SeriesKeyBuilder, SeriesKeys};
pub use series_batch::{FieldArray, SeriesBatch};
pub use series_set::SeriesSet;
pub use write_batch::{FieldColumn, MeasurementRows, WriteBatch};
