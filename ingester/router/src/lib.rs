//! Routing of writes: from points to the ingesters that keep them.
//!
//! Purpose: everything a write needs before it is in a log. Lines are parsed; points older than the bucket's
//! retention and points whose field has another type in their shard group are left out and reported as InfluxDB 2.9
//! reports them; the rest gets one sequence, is split by shard group and by series, and is sent to the ingesters
//! that the series' hash chooses. Deletes become durable tombstones first and are then told to every ingester.
//!
//! Used by the gateway for the write routes, and by the querier for what tasks, checks and `to()` write.
//!
//! Invariants:
//! - `Ok` means that every point that is not reported as dropped is in the logs of a quorum of its replicas.
//! - A write that reached only some of its ingesters answers `Unavailable`; its parts may be visible, and a retry
//!   heals, because points are upserts.
//! - The type of a field is registered in the file index before a row with it is sent. What is learned of types and
//!   shard groups is cached; types that a delete frees elsewhere are noticed within a second, and before a conflict is
//!   reported.
//! - In the common case (one shard group, one ingester, types known) rows are moved, never copied.
//!
//! It deliberately does not know how ingesters keep rows, where the file index lives, or who may write.

mod cache;
mod clock;
mod delete;
mod error;
mod outcome;
mod placement;
mod router;
mod select;
mod send;
mod sort;

pub use clock::Clock;
pub use error::Error;
pub use outcome::{PartialWrite, WriteOutcome};
pub use placement::{IngesterHandle, Ingesters, OneIngester};
pub use router::{Bucket, Options, Router};
pub use weir_line_protocol::Precision;

#[cfg(test)]
mod tests;
