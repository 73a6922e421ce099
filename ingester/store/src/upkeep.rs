//! What has to be done from time to time: retention, compaction, forgetting deletes that are done.

use std::collections::HashMap;
use std::sync::Arc;

use weir_batch::TimeRange;
use weir_model::Id;

use crate::compact::{Compaction, hides};
use crate::error::Result;
use crate::layout::SegmentMeta;
use crate::store::Store;

/// Nothing is written to a shard group any more once its end is so long ago; late rows come, but few.
const COLD_AFTER_MILLIS: i64 = 3_600_000;
const NANOS_A_MILLI: i64 = 1_000_000;

/// What a turn of upkeep of a bucket is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upkeep {
    /// The time, milliseconds since 1970.
    pub now_millis: i64,
    /// Every write up to this sequence has been flushed by every ingester, and every delete up to it is in the file
    /// index. A minute behind the flushed watermark is safe.
    pub settled: u64,
    /// How long the bucket keeps points, nanoseconds; `None`: for ever.
    pub retention: Option<i64>,
}

/// What a turn of upkeep did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpkeepReport {
    /// Shard groups dropped since all their times are past retention.
    pub dropped_shard_groups: Vec<i64>,
    /// Segments rewritten.
    pub compacted: usize,
    /// Deletes that have nothing to hide any more.
    pub forgotten_deletes: usize,
}

impl Store {
    /// Does what is due in a bucket. Safe to be run by many at once.
    ///
    /// # Errors
    /// The object store's and the database's; what was not done is done the next time.
    pub async fn upkeep(&self, bucket: Id, how: Upkeep) -> Result<UpkeepReport> {
        let mut report = UpkeepReport::default();
        let now = how.now_millis.saturating_mul(NANOS_A_MILLI);
        if let Some(retention) = how.retention.filter(|r| *r > 0) {
            let horizon = now.saturating_sub(retention);
            report.dropped_shard_groups = self.index().drop_expired(bucket, horizon, how.now_millis).await?;
        }
        let listing = self.index().listing(bucket).await?;
        let tombstones = listing.tombstones(&TimeRange::ALL);
        let mut groups: HashMap<i64, Vec<Arc<SegmentMeta>>> = HashMap::new();
        for segment in listing.segments(&TimeRange::ALL, None) {
            groups.entry(segment.shard_group).or_default().push(segment);
        }
        for group in self.index().shard_groups(bucket, TimeRange::ALL).await? {
            let Some(segments) = groups.get(&group.id) else { continue };
            let cold = group.range.stop < now.saturating_sub(COLD_AFTER_MILLIS * NANOS_A_MILLI);
            let compaction = Compaction { settled: how.settled, cold, now_millis: how.now_millis };
            report.compacted +=
                self.compact_listed(bucket, group.id, segments, &tombstones, compaction).await?;
        }
        let listing = self.index().listing(bucket).await?;
        let segments = listing.segments(&TimeRange::ALL, None);
        for done in listing.tombstones(&TimeRange::ALL).iter().filter(|t| t.sequence <= how.settled) {
            if !segments.iter().any(|s| hides(done, s)) {
                self.index().remove_tombstone(bucket, done.sequence).await?;
                report.forgotten_deletes += 1;
            }
        }
        Ok(report)
    }
}
