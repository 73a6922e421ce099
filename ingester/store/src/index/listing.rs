//! What of a bucket is visible, kept in memory as long as it is true.

use std::sync::Arc;

use weir_batch::TimeRange;
use weir_database::{Executor, sql};
use weir_model::Id;

use super::{FileIndex, Tombstone, segments, tombstones};
use crate::error::Result;
use crate::layout::SegmentMeta;

/// All segments and tombstones of a bucket at one moment.
#[derive(Debug)]
pub(crate) struct Listing {
    version: i64,
    /// By measurement, then by their first time.
    segments: Vec<Arc<SegmentMeta>>,
    tombstones: Vec<Tombstone>,
}

impl Listing {
    /// Roughly the memory it takes.
    pub(super) fn memory_size(&self) -> usize {
        let of = |s: &SegmentMeta| 400 + s.measurement.len() + 40 * (s.fields.len() + s.tag_keys.len());
        256 + self.segments.iter().map(|s| of(s)).sum::<usize>() + self.tombstones.len() * 300
    }

    /// The segments that may have rows in `range`; with `measurements` (sorted), only theirs.
    pub(crate) fn segments(
        &self,
        range: &TimeRange,
        measurements: Option<&[String]>,
    ) -> Vec<Arc<SegmentMeta>> {
        let overlapping = |s: &&Arc<SegmentMeta>| range.overlaps(s.min_time, s.max_time);
        let Some(names) = measurements else {
            return self.segments.iter().filter(overlapping).cloned().collect();
        };
        let mut found = Vec::new();
        for name in names {
            let start = self.segments.partition_point(|s| *s.measurement < **name);
            let of_name = self.segments[start..].iter().take_while(|s| *s.measurement == **name);
            found.extend(of_name.filter(overlapping).cloned());
        }
        found
    }

    /// The tombstones that overlap `range`.
    pub(crate) fn tombstones(&self, range: &TimeRange) -> Vec<Tombstone> {
        self.tombstones.iter().filter(|t| t.overlaps(range)).cloned().collect()
    }
}

impl FileIndex {
    /// What of the bucket is visible now: from memory, if nothing has changed.
    pub(crate) async fn listing(&self, bucket: Id) -> Result<Arc<Listing>> {
        let known = self.listings.get(&bucket);
        if let Some(known) = known
            && known.version == version(&mut &self.db, bucket).await?
        {
            return Ok(known);
        }
        // One moment for all three, so that a compaction shows wholly or not at all.
        let mut tx = self.db.begin_read().await?;
        let listing = Listing {
            version: version(&mut tx, bucket).await?,
            segments: segments::all(&mut tx, bucket).await?.into_iter().map(Arc::new).collect(),
            tombstones: tombstones::all(&mut tx, bucket).await?,
        };
        tx.rollback().await?;
        let listing = Arc::new(listing);
        self.listings.insert(bucket, listing.clone());
        Ok(listing)
    }
}

async fn version(db: &mut dyn Executor, bucket: Id) -> Result<i64> {
    let row =
        db.fetch_optional(sql("SELECT version FROM listing_versions WHERE bucket = ?").bind(bucket)).await?;
    row.map_or(Ok(0), |row| Ok(row.get(0)?))
}

/// Tells readers that the bucket's segments or tombstones change with this transaction.
pub(super) async fn changed(db: &mut dyn Executor, bucket: Id) -> Result<()> {
    db.execute(
        sql("INSERT INTO listing_versions (bucket, version) VALUES (?, 1)
             ON CONFLICT (bucket) DO UPDATE SET version = listing_versions.version + 1")
        .bind(bucket),
    )
    .await?;
    Ok(())
}
