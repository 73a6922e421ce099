//! The flush target of a running server: the object store with its file index.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use weir_batch::Sequence;
use weir_model::{Id, Result};
use weir_store::{Store, Upkeep, UpkeepReport};

use crate::clock::wall_clock;
use crate::flush_target::{FlushShard, FlushTarget};

/// Objects that nothing refers to are deleted after this long: no query that may still read them runs longer.
const GARBAGE_AFTER: Duration = Duration::from_secs(30 * 60);

/// How long buckets keep their points. The catalog knows.
#[async_trait]
pub trait Retentions: Send + Sync {
    /// All buckets, with the nanoseconds for which they keep points; `None`: for ever.
    async fn retentions(&self) -> Result<Vec<(Id, Option<i64>)>>;

    /// Told that this ingester has stored all its rows up to `own`, answers up to where all ingesters have. The default
    /// is for the only one.
    async fn settled(&self, own: Sequence) -> Result<Sequence> {
        Ok(own)
    }
}

/// Stores flushed rows in the object store, and tidies it up.
pub struct StoreTarget {
    store: Store,
    retentions: Arc<dyn Retentions>,
}

impl std::fmt::Debug for StoreTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreTarget").field("store", &self.store).finish_non_exhaustive()
    }
}

impl StoreTarget {
    /// A target over `store`.
    pub fn new(store: Store, retentions: Arc<dyn Retentions>) -> Self {
        Self { store, retentions }
    }
}

#[async_trait]
impl FlushTarget for StoreTarget {
    async fn flush(&self, shards: Vec<FlushShard>) -> Result<()> {
        let mut segments = Vec::new();
        for shard in shards {
            let batches = shard.measurements.into_iter().flatten().collect();
            let now = wall_clock() as i64;
            segments.extend(self.store.write_segments(shard.bucket, shard.shard_group, batches, now).await?);
        }
        // One commit, so that a flush is visible wholly or not at all.
        Ok(self.store.commit(&segments).await?)
    }

    async fn drop_bucket(&self, bucket: Id) -> Result<()> {
        Ok(self.store.index().drop_bucket(bucket, wall_clock() as i64).await?)
    }

    async fn upkeep(&self, settled: Sequence) -> Result<()> {
        let now_millis = wall_clock() as i64;
        let settled = self.retentions.settled(settled).await?;
        // In this order: a bucket that is made in between is not among the stored ones.
        let stored = self.store.index().buckets().await?;
        let buckets = self.retentions.retentions().await?;
        for bucket in stored {
            // Its drop did not reach every ingester, or rows came after it, or its whole organization went.
            if !buckets.iter().any(|(known, _)| *known == bucket) {
                self.store.index().drop_bucket(bucket, now_millis).await?;
                tracing::info!(%bucket, "dropped the points of a bucket that is no more");
            }
        }
        for (bucket, retention) in buckets {
            let report =
                self.store.upkeep(bucket, Upkeep { now_millis, settled: settled.0, retention }).await?;
            if report != UpkeepReport::default() {
                tracing::info!(
                    %bucket,
                    dropped_shard_groups = report.dropped_shard_groups.len(),
                    compacted_segments = report.compacted,
                    forgotten_deletes = report.forgotten_deletes,
                    "tidied up a bucket"
                );
            }
        }
        let deleted = self.store.collect_garbage(now_millis - GARBAGE_AFTER.as_millis() as i64).await?;
        if deleted > 0 {
            tracing::info!(objects = deleted, "deleted objects that nothing refers to");
        }
        Ok(())
    }
}
