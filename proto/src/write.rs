//! Writing and deleting: router → ingester.

use async_trait::async_trait;
use weir_batch::{Predicate, Sequence, TimeRange, WriteBatch};
use weir_model::{Id, Result};

/// Rows of one bucket whose times all lie in one shard group.
#[derive(Debug, Clone, PartialEq)]
pub struct ShardWrite {
    /// The bucket.
    pub bucket: Id,
    /// The shard group's id in the file index.
    pub shard_group: i64,
    /// The rows; field types are already agreed with the file index.
    pub rows: WriteBatch,
}

/// A write that an ingester keeps: all of it is in the log, synced, before the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteRequest {
    /// The place of the write in the order of all writes. One sequence for the whole request.
    pub sequence: Sequence,
    /// The rows by bucket and shard group.
    pub shards: Vec<ShardWrite>,
}

/// A delete: hides all points of the bucket in `range` whose series match, written before `sequence`.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteRequest {
    /// The place of the delete in the order of all writes.
    pub sequence: Sequence,
    /// The bucket.
    pub bucket: Id,
    /// The times; the API's inclusive stop has been made exclusive.
    pub range: TimeRange,
    /// Speaks of measurement and tags only. In a delete an absent tag matches nothing.
    pub predicate: Predicate,
}

/// What an ingester does with rows.
#[async_trait]
pub trait WriteService: Send + Sync {
    /// Keeps the rows: returns once they are in the log and synced, and can be scanned. The answer is the ingester's
    /// own clock as a sequence, from which the caller's clock learns.
    ///
    /// # Errors
    /// `Unavailable` (retry later) when the ingester is overloaded, draining, or its disk fails.
    async fn write(&self, request: WriteRequest) -> Result<Sequence>;

    /// Applies a delete to the unflushed rows and to what is being flushed. The durable tombstone in the file index is
    /// written by the caller before this call.
    async fn delete(&self, request: DeleteRequest) -> Result<Sequence>;

    /// Drops all unflushed rows of a bucket that has been deleted.
    async fn drop_bucket(&self, bucket: Id) -> Result<()>;
}
