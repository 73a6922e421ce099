//! Where flushed rows go.

use async_trait::async_trait;
use weir_batch::{Sequence, SeriesBatch};
use weir_model::{Id, Result};

/// The rows that a flush has of one shard group of a bucket.
#[derive(Debug)]
pub struct FlushShard {
    /// The bucket.
    pub bucket: Id,
    /// The shard group's id.
    pub shard_group: i64,
    /// By measurement, ascending: its rows, sorted, with sequences.
    pub measurements: Vec<Vec<SeriesBatch>>,
}

/// The object store with its file index, as the ingester sees it.
#[async_trait]
pub trait FlushTarget: Send + Sync {
    /// Stores rows. When it returns they are durable and every scan sees them; when it fails nobody sees any of
    /// them, or the same rows can be stored again without harm.
    ///
    /// # Errors
    /// Any; the ingester tries again.
    async fn flush(&self, shards: Vec<FlushShard>) -> Result<()>;

    /// Forgets what is stored of a bucket that was dropped while a flush of its rows was under way.
    ///
    /// # Errors
    /// Any; logged.
    async fn drop_bucket(&self, bucket: Id) -> Result<()>;

    /// Drops what is past its retention, compacts, deletes garbage: whatever the store has to do from time to time.
    ///
    /// All rows of this ingester up to `settled` are stored, and none with such a sequence will come any more.
    ///
    /// # Errors
    /// Any; logged, and tried again at the next turn.
    async fn upkeep(&self, settled: Sequence) -> Result<()>;
}
