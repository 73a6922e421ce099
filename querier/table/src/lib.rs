//! Tables in bulk: the form in which query data flows, shared by Flux and InfluxQL.
//!
//! A million series is not a million little tables but a few [`TableBatch`]es. A batch holds many tables of one
//! shape: its rows lie one table ("run") after the other, `offsets` says where each begins, and each column is
//! either a *key column* (one value a run) or a *row column* (one value a row). So a window, an aggregate or a
//! filter is a kernel over slices, and an empty table keeps its group key: it is a run without rows.
//!
//! Invariants of a batch: `offsets` starts at 0, never falls, and has one entry more than there are runs; a key
//! column is as long as there are runs, a row column as long as there are rows; labels differ; a column is Boolean,
//! Int64 (also times), UInt64, Float64, Utf8 or Dictionary(UInt32, Utf8) as [`ColumnType`] says.
//! Within a stream the runs have distinct group keys, except that a batch with `continues` set begins with the rest
//! of the last table of the batch before.
//!
//! The crate deliberately knows no language, no storage and no async.

mod access;
mod batch;
mod builder;
mod column;
pub mod forecast;
mod group_key;
mod kernels;
mod slots;
pub mod text;
pub mod time;
mod value;
pub mod window;

pub use access::{Bools, Floats, Ints, Strings, Uints};
pub use batch::{Column, ColumnData, TableBatch, array_size, scalar_at};
pub use builder::ColumnBuilder;
pub use column::ColumnType;
pub use group_key::KeyEncoder;
pub use kernels::{concat, filter_rows, null_array, plain, repeat, repeat_each, slice_runs, take};
pub use slots::KeySlots;
pub use value::Scalar;
