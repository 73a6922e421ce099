//! The store: rows at rest as Parquet on an object store, and the index in SQL that says what lies where.
//!
//! Purpose: a flush hands over sorted rows of one shard group ([`Store::write_segments`], [`Store::commit`]); scans
//! read them back ([`Store::scan`]) or merged with what ingesters have not flushed yet ([`MergedScan`]). Writers ask
//! the [`FileIndex`] for shard groups, field types and tombstones.
//!
//! ```text
//! object   data/BUCKET/SHARD GROUP/LOWEST-HIGHEST SEQUENCE-HASH.weir
//!   [Parquet file | series index]  segment: the rows of one measurement
//!   [Parquet file | series index]  …
//!   footer: what the file index knows of the segments, compressed JSON; its length, version, magic
//!
//! Parquet file: rows sorted by (series key, time, sequence); row groups of 100,000 rows, pages of 8192
//!   tag:KEY …           text, dictionary
//!   time                timestamp in ns, delta
//!   seq                 u64, dictionary or delta
//!   TYPE:FIELD …        nullable where a row lacks it; integers delta; floats as decimals where that is lossless,
//!                       else byte-stream split; text dictionary
//!   all zstd; the page index always; metadata weir.version, weir.measurement
//!
//! series index: for each series its key, rows, times, which fields it has (see `layout::series_index`)
//! ```
//!
//! Invariants:
//! - A segment is visible exactly when its row in SQL is; its object is complete before that. Objects whose last
//!   segment went are garbage, deleted only after a grace in which running queries end.
//! - Writing is idempotent: paths and ids are made of the content.
//! - A scan answers each (series, time) once: of each field the value with the highest sequence, tombstones applied
//!   before that, the predicate on values after it. Rows are only compared where times of one series overlap.
//! - Scans never read tag columns: series are chosen in the series index, rows by position. The tag columns make the
//!   files readable for others.
//! - Memory is bounded by the jobs in flight (about 64k rows each, unless overlapping rows of one series are more) and
//!   by the caches. A whole flush is encoded in memory; ingesters bound it.
//! - One set of SQL texts for SQLite and PostgreSQL; nothing is assumed of clocks, which are handed in.
//!
//! It deliberately does not know line protocol, logs, HTTP, query languages, nor who owns buckets (see [`Buckets`]).

mod compact;
mod error;
mod frames;
mod index;
mod layout;
mod merged;
mod read;
mod scan;
mod store;
mod upkeep;

pub use compact::Compaction;
pub use error::{Result, StoreError};
pub use index::{Buckets, FileIndex, Tombstone};
pub use layout::{SegmentMeta, read_footer};
pub use merged::{Ingesters, MergedScan};
pub use read::CacheSizes;
pub use store::{Store, StoreOptions};
pub use upkeep::{Upkeep, UpkeepReport};

#[cfg(test)]
mod tests;
