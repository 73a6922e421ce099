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
/// Bytes after which the new segments go on in another object.
const OBJECT_BYTES: usize = 64 << 20;
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
    /// The object store's and the database's; then what was replaced is replaced wholly, and an object may be there
    /// that nothing refers to.
    pub async fn compact(&self, bucket: Id, shard_group: i64, how: Compaction) -> Result<usize> {
        let listing = self.index().listing(bucket).await?;
        let mut segments = listing.segments(&TimeRange::ALL, None);
        segments.retain(|s| s.shard_group == shard_group);
        self.compact_listed(bucket, shard_group, &segments, &listing.tombstones(&TimeRange::ALL), how).await
    }

    /// Compacts a shard group of which these are all segments, by measurement.
    pub(crate) async fn compact_listed(
        &self,
        bucket: Id,
        shard_group: i64,
        segments: &[Arc<SegmentMeta>],
        tombstones: &[Tombstone],
        how: Compaction,
    ) -> Result<usize> {
        // Deletes above the settled sequence may still have rows to hide that are not flushed yet; they wait.
        let tombstones = tombstones.iter().filter(|t| t.sequence <= how.settled).cloned().collect();
        let mut rewrite = Rewrite {
            store: self,
            bucket,
            shard_group,
            tombstones,
            how,
            old: Vec::new(),
            new: Vec::new(),
            encoded: Vec::new(),
            replaced: 0,
        };
        for measurement in segments.chunk_by(|a, b| a.measurement == b.measurement) {
            let chosen = choose(measurement, &rewrite.tombstones, how);
            if !chosen.is_empty() {
                rewrite.measurement(chosen).await?;
            }
        }
        rewrite.finish().await?;
        Ok(rewrite.replaced)
    }
}

/// A rewrite under way: the new segments of many measurements share an object.
struct Rewrite<'a> {
    store: &'a Store,
    bucket: Id,
    shard_group: i64,
    tombstones: Vec<Tombstone>,
    how: Compaction,
    old: Vec<Arc<SegmentMeta>>,
    /// New segments that are in the object store, but not visible yet.
    new: Vec<SegmentMeta>,
    /// New segments that are not in the object store yet.
    encoded: Vec<EncodedSegment>,
    replaced: usize,
}

impl Rewrite<'_> {
    async fn measurement(&mut self, old: Vec<Arc<SegmentMeta>>) -> Result<()> {
        let request = ScanRequest { bucket: self.bucket, range: TimeRange::ALL, predicate: Predicate::TRUE };
        let mut batches = self.store.compacted(request, old.clone(), self.tombstones.clone());
        self.old.extend(old);
        let mut held: Vec<SeriesBatch> = Vec::new();
        let mut rows = 0;
        while let Some(batch) = batches.try_next().await? {
            rows += batch.rows();
            held.push(batch);
            if rows >= SEGMENT_ROWS {
                self.segment(std::mem::take(&mut held)).await?;
                rows = 0;
            }
        }
        if !held.is_empty() {
            self.segment(held).await?;
        }
        // What is large is made visible at once, so that a failure loses little work.
        if self.new.is_empty() { Ok(()) } else { self.finish().await }
    }

    async fn segment(&mut self, batches: Vec<SeriesBatch>) -> Result<()> {
        self.encoded.push(tokio::task::spawn_blocking(move || encode_segment(&batches)).await??);
        let bytes: usize = self.encoded.iter().map(|e| e.parquet.len() + e.index.len()).sum();
        if bytes >= OBJECT_BYTES { self.put().await } else { Ok(()) }
    }

    async fn put(&mut self) -> Result<()> {
        // Deletes applied earlier stay applied.
        let applied = self.old.iter().map(|s| s.deletes_applied).min().unwrap_or_default();
        let applied = self.tombstones.iter().map(|t| t.sequence).max().unwrap_or_default().max(applied);
        let encoded = std::mem::take(&mut self.encoded);
        let how = self.how;
        let new = self.store.put(self.bucket, self.shard_group, how.now_millis, applied, encoded).await?;
        self.new.extend(new);
        Ok(())
    }

    /// Puts what is left and makes the rewrite visible.
    async fn finish(&mut self) -> Result<()> {
        self.put().await?;
        let (old, new) = (std::mem::take(&mut self.old), std::mem::take(&mut self.new));
        if old.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = old.iter().map(|s| s.id).collect();
        let done = self.store.index().replace_segments(&ids, &new, self.how.now_millis).await?;
        if done {
            self.replaced += old.len();
        }
        let (bucket, shard_group) = (self.bucket, self.shard_group);
        tracing::debug!(%bucket, shard_group, old = old.len(), new = new.len(), done, "compacted");
        Ok(())
    }
}

/// The segments of one measurement that are to become one.
fn choose(segments: &[Arc<SegmentMeta>], tombstones: &[Tombstone], how: Compaction) -> Vec<Arc<SegmentMeta>> {
    let mut settled: Vec<_> = segments.iter().filter(|s| s.max_sequence <= how.settled).cloned().collect();
    settled.sort_by_key(|s| (s.rows, s.id));
    let hidden = |s: &SegmentMeta| tombstones.iter().any(|t| hides(t, s));
    if how.cold && settled.iter().any(|s| hidden(s)) {
        return close(settled, segments, how.settled);
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
    settled.truncate(if count >= enough { count } else { 0 });
    close(settled, segments, how.settled)
}

/// Adds the segments that hold rows written between those of `chosen`, at the same times. Rows of one time become one
/// row with the newest sequence; were a row from between left outside, its values would seem older than they are.
fn close(mut chosen: Vec<Arc<SegmentMeta>>, all: &[Arc<SegmentMeta>], settled: u64) -> Vec<Arc<SegmentMeta>> {
    loop {
        let times = chosen.iter().map(|s| s.min_time).min().zip(chosen.iter().map(|s| s.max_time).max());
        let sequences =
            chosen.iter().map(|s| s.min_sequence).min().zip(chosen.iter().map(|s| s.max_sequence).max());
        let (Some(times), Some(sequences)) = (times, sequences) else { return chosen };
        let between = |s: &&Arc<SegmentMeta>| {
            s.min_time <= times.1
                && s.max_time >= times.0
                && s.min_sequence < sequences.1
                && s.max_sequence > sequences.0
                && !chosen.iter().any(|c| c.id == s.id)
        };
        match all.iter().find(between) {
            None => return chosen,
            Some(s) if s.max_sequence <= settled => chosen.push(s.clone()),
            // It waits until that one is settled too.
            Some(_) => return Vec::new(),
        }
    }
}

/// Whether a delete may hide rows that a segment still has.
pub(crate) fn hides(tombstone: &Tombstone, segment: &SegmentMeta) -> bool {
    tombstone.sequence > segment.deletes_applied
        && tombstone.sequence > segment.min_sequence
        && tombstone.range.overlaps(segment.min_time, segment.max_time)
        && Predicate::Constant(false) != tombstone.predicate.for_measurement(&segment.measurement)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(id: i64, rows: u64, times: (i64, i64), sequences: (u64, u64)) -> Arc<SegmentMeta> {
        Arc::new(SegmentMeta {
            id,
            bucket: Id::new(1).unwrap(),
            shard_group: 1,
            measurement: "m".into(),
            object: "o".into(),
            data: 0..1,
            tail: 0,
            index: 1..2,
            rows,
            series: 1,
            min_time: times.0,
            max_time: times.1,
            min_sequence: sequences.0,
            max_sequence: sequences.1,
            deletes_applied: 0,
            fields: Vec::new(),
            tag_keys: Vec::new(),
            created: 0,
        })
    }

    fn chosen(segments: &[Arc<SegmentMeta>], settled: u64) -> Vec<i64> {
        let how = Compaction { settled, cold: true, now_millis: 0 };
        let mut ids: Vec<i64> = choose(segments, &[], how).iter().map(|s| s.id).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn a_large_segment_is_left_alone_unless_its_rows_were_written_between() {
        let (a, c) = (segment(1, 10, (0, 9), (1, 5)), segment(3, 12, (0, 9), (20, 25)));
        let before = segment(2, 100_000, (0, 9), (0, 1));
        assert_eq!(chosen(&[a.clone(), before, c.clone()], 100), [1, 3]);
        let elsewhere = segment(2, 100_000, (10, 19), (8, 9));
        assert_eq!(chosen(&[a.clone(), elsewhere, c.clone()], 100), [1, 3]);
        let between = segment(2, 100_000, (5, 19), (8, 9));
        assert_eq!(chosen(&[a.clone(), between, c.clone()], 100), [1, 2, 3]);
        let unsettled = segment(2, 100_000, (5, 19), (8, 200));
        assert_eq!(chosen(&[a, unsettled, c], 100), [0i64; 0]);
    }

    #[test]
    fn full_segments_stay() {
        let full = |id, sequence| segment(id, SEGMENT_ROWS as u64, (0, 9), (sequence, sequence));
        assert_eq!(chosen(&[full(1, 1), full(2, 2)], 100), [0i64; 0]);
        assert_eq!(
            chosen(&[full(1, 1), segment(2, 5, (0, 9), (2, 2)), segment(3, 5, (0, 9), (3, 3))], 100),
            [2, 3]
        );
    }
}
