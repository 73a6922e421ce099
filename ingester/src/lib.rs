//! The ingester role: keeps rows safe, readable at once, and moves them to the object store.
//!
//! A write goes to the log (one sync for all writes that wait), then into the buffer, and is then acknowledged; a scan
//! that begins after the acknowledgement sees it. When the buffer is large or old enough it is frozen, sorted, stored
//! through a [`FlushTarget`], released, and only then may the log forget it:
//!
//! ```text
//! write ── log ── active generation ── freeze ── frozen generation ── store ── release ── retire the log
//!                      └──────────── scans ────────────┘
//! ```
//!
//! Invariants:
//! - The buffer holds exactly the records of the log that have not been retired. A freeze waits for the writes that
//!   are between the two, so that the end of the log is the end of the frozen generation.
//! - A generation is released after its rows are visible in the file index; a reader that asks ingesters first misses
//!   nothing, and may see a row twice, with the same sequence.
//! - Generations are stored in order, one at a time. A store that fails costs memory up to a limit, beyond which
//!   writes are refused; it never costs rows.
//! - A write is stamped again if its sequence is not above all that was acknowledged for its bucket.
//! - Rows of one (series, time) are joined in a flush only where the later ones replace the earlier wholly: a row that
//!   keeps a value of its own keeps its own sequence.
//!
//! It deliberately does not know line protocol, field types' agreement, shard groups' times, or Parquet: rows come
//! typed and split, and go to the [`FlushTarget`] as sorted batches.

mod buffer;
mod clock;
mod flush;
mod flush_target;
mod ingester;
mod log;
mod options;
mod scan;
mod state;
mod store_target;
mod wal_log;
mod write;

pub use flush_target::{FlushShard, FlushTarget};
pub use ingester::Ingester;
pub use options::Options;
pub use store_target::{Retentions, StoreTarget};

#[cfg(test)]
mod tests;
