//! Compaction: many segments of a shard group become few, overlaps are merged, deletes applied for good.

use std::sync::Arc;

use futures::TryStreamExt;
use weir_batch::{Predicate, ScanRequest, SeriesBatch, TimeRange};
use weir_model::Id;

use crate::error::Result;
use crate::index::Tombstone;
use crate::layout::{EncodedSegment, SegmentMeta, encode_segment};
use crate::store::Store;

/// Rows after which a measurement's rows go on in another segment: what is held in memory at once.
const SEGMENT_ROWS: usize = 2_000_000;
/// Small segments that make a rewrite worth while, as long as writes come in.
const FAN_IN: usize = 12;
/// A segment is rewritten with smaller ones if it is at most so many times as large as they are together, so that
/// each row is rewritten a few times in its life, not once a flush.
const GROWTH: u64 = 3;

/// What may be compacted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compaction {
    /// Every write up to this sequence has been flushed by every ingester: no older row can come any more. Rows above
    /// it stay as they are.
    pub settled: u64,
    /// Whether writes have ceased: two segments are then worth a rewrite.
    pub cold: bool,
    /// The time, milliseconds since 1970.
    pub now_millis: i64,
}

impl Store {
    /// Rewrites what is worth it in a shard group; answers how many segments were replaced. Safe to be run by many at
    /// once: who comes late changes nothing.
    ///
    /// # Errors
    /// The object store's and the database's; then nothing changed, or an object is there that nothing refers to.
    pub async fn compact(&self, bucket: Id, shard_group: i64, how: Compaction) -> Result<usize> {
        let segments = self.index().segments_of_shard_group(bucket, shard_group).await?;
        if segments.is_empty() {
            return Ok(0);
        }
        // Deletes above the settled sequence may still have rows to hide that are not flushed yet; they wait.
        let mut tombstones = self.index().tombstones(bucket, TimeRange::ALL).await?;
        tombstones.retain(|t| t.sequence <= how.settled);
        let mut replaced = 0;
        for measurement in segments.chunk_by(|a, b| a.measurement == b.measurement) {
            let chosen = choose(measurement, &tombstones, how);
            if !chosen.is_empty() && self.rewrite(bucket, shard_group, &chosen, &tombstones, how).await? {
                replaced += chosen.len();
            }
        }
        Ok(replaced)
    }

    async fn rewrite(
        &self,
        bucket: Id,
        shard_group: i64,
        old: &[SegmentMeta],
        tombstones: &[Tombstone],
        how: Compaction,
    ) -> Result<bool> {
        let request = ScanRequest { bucket, range: TimeRange::ALL, predicate: Predicate::TRUE };
        let mut batches =
            self.compacted(request, old.iter().cloned().map(Arc::new).collect(), tombstones.to_vec());
        let mut encoded: Vec<EncodedSegment> = Vec::new();
        let mut held: Vec<SeriesBatch> = Vec::new();
        let mut rows = 0;
        while let Some(batch) = batches.try_next().await? {
            rows += batch.rows();
            held.push(batch);
            if rows >= SEGMENT_ROWS {
                encoded.push(encode(std::mem::take(&mut held)).await?);
                rows = 0;
            }
        }
        if !held.is_empty() {
            encoded.push(encode(held).await?);
        }
        let applied = tombstones.iter().map(|t| t.sequence).max().unwrap_or_default();
        // Deletes applied earlier stay applied.
        let applied = old.iter().map(|s| s.deletes_applied).min().unwrap_or_default().max(applied);
        let new = self.put(bucket, shard_group, how.now_millis, applied, encoded).await?;
        let ids: Vec<i64> = old.iter().map(|s| s.id).collect();
        let done = self.index().replace_segments(&ids, &new, how.now_millis).await?;
        tracing::debug!(%bucket, shard_group, old = old.len(), new = new.len(), done, "compacted");
        Ok(done)
    }
}

async fn encode(batches: Vec<SeriesBatch>) -> Result<EncodedSegment> {
    tokio::task::spawn_blocking(move || encode_segment(&batches)).await?
}

/// The segments of one measurement that are to become one.
fn choose(segments: &[SegmentMeta], tombstones: &[Tombstone], how: Compaction) -> Vec<SegmentMeta> {
    let mut settled: Vec<&SegmentMeta> = segments.iter().filter(|s| s.max_sequence <= how.settled).collect();
    settled.sort_by_key(|s| (s.rows, s.id));
    let hidden = |s: &SegmentMeta| tombstones.iter().any(|t| hides(t, s));
    if how.cold && settled.iter().any(|s| hidden(s)) {
        return settled.into_iter().cloned().collect();
    }
    // Full segments are not merged with others, unless there is something to take away.
    let mut rows = 0u64;
    let mut count = 0;
    for segment in &settled {
        if segment.rows >= SEGMENT_ROWS as u64 || (count > 1 && segment.rows > rows * GROWTH) {
            break;
        }
        rows += segment.rows;
        count += 1;
    }
    let enough = if how.cold { 2 } else { FAN_IN };
    if count >= enough { settled[..count].iter().map(|s| (*s).clone()).collect() } else { Vec::new() }
}

/// Whether a delete may hide rows that a segment still has.
pub(crate) fn hides(tombstone: &Tombstone, segment: &SegmentMeta) -> bool {
    tombstone.sequence > segment.deletes_applied
        && tombstone.sequence > segment.min_sequence
        && tombstone.range.overlaps(segment.min_time, segment.max_time)
        && Predicate::Constant(false) != tombstone.predicate.for_measurement(&segment.measurement)
}
