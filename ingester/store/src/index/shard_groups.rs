//! Shard groups: spans of a bucket's time, created once, never overlapping.

use weir_batch::TimeRange;
use weir_database::{Executor, Row, sql};
use weir_model::{Error, Id};
use weir_proto::ShardGroup;

use super::{FileIndex, bucket_lock};
use crate::error::{Result, StoreError};

impl FileIndex {
    pub(super) async fn find_shard_group(&self, bucket: Id, time: i64) -> Result<Option<ShardGroup>> {
        find(&mut &self.db, bucket, time).await
    }

    /// The shard group that holds `time`, created if need be.
    pub(super) async fn make_shard_group(&self, bucket: Id, time: i64) -> Result<ShardGroup> {
        let duration = self
            .buckets
            .shard_group_duration(bucket)
            .await?
            .ok_or_else(|| StoreError::Source(Error::not_found("bucket not found")))?;
        let mut tx = self.db.begin().await?;
        tx.lock(bucket_lock(bucket)).await?;
        if let Some(found) = find(&mut tx, bucket, time).await? {
            return Ok(found);
        }
        let mut range = span(time, duration);
        // A bucket whose duration was changed has groups of other lengths: the new one fills the gap between them.
        let around = tx
            .fetch_all(
                sql("SELECT start_time, stop_time FROM shard_groups
                     WHERE bucket = ? AND start_time < ? AND stop_time > ?")
                .bind(bucket)
                .bind(range.stop)
                .bind(range.start),
            )
            .await?;
        for row in around {
            let (start, stop): (i64, i64) = (row.get(0)?, row.get(1)?);
            if stop <= time {
                range.start = range.start.max(stop);
            } else {
                range.stop = range.stop.min(start);
            }
        }
        let id: i64 = tx
            .fetch_optional(sql(
                "UPDATE store_counters SET value = value + 1 WHERE name = 'shard_group' RETURNING value",
            ))
            .await?
            .ok_or_else(|| super::malformed("store_counters.value", "there is no counter of shard groups"))?
            .get(0)?;
        tx.execute(
            sql("INSERT INTO shard_groups (id, bucket, start_time, stop_time) VALUES (?, ?, ?, ?)")
                .bind(id)
                .bind(bucket)
                .bind(range.start)
                .bind(range.stop),
        )
        .await?;
        tx.commit().await?;
        Ok(ShardGroup { id, range })
    }

    /// The shard groups of a bucket that overlap `range`, ascending.
    ///
    /// # Errors
    /// The database's.
    pub async fn shard_groups(&self, bucket: Id, range: TimeRange) -> Result<Vec<ShardGroup>> {
        let rows = self
            .db
            .fetch_all(
                sql(
                    "SELECT id, start_time, stop_time FROM shard_groups WHERE bucket = ? ORDER BY start_time",
                )
                .bind(bucket),
            )
            .await?;
        let groups = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        Ok(groups
            .into_iter()
            .filter(|g| {
                // The last group of time is closed at its end.
                let last = if g.range.stop == i64::MAX { i64::MAX } else { g.range.stop - 1 };
                range.overlaps(g.range.start, last)
            })
            .collect())
    }
}

async fn find(db: &mut dyn Executor, bucket: Id, time: i64) -> Result<Option<ShardGroup>> {
    let row = db
        .fetch_optional(
            sql("SELECT id, start_time, stop_time FROM shard_groups
                 WHERE bucket = ? AND start_time <= ? ORDER BY start_time DESC LIMIT 1")
            .bind(bucket)
            .bind(time),
        )
        .await?;
    let group = row.as_ref().map(read).transpose()?;
    Ok(group.filter(|g| g.range.contains(time)))
}

fn read(row: &Row) -> Result<ShardGroup> {
    Ok(ShardGroup { id: row.get(0)?, range: TimeRange { start: row.get(1)?, stop: row.get(2)? } })
}

/// The span of `duration` that holds `time`, counted from the year 1970, cut at the ends of time.
fn span(time: i64, duration: i64) -> TimeRange {
    if duration <= 0 {
        return TimeRange::ALL;
    }
    let start = i128::from(time.div_euclid(duration)) * i128::from(duration);
    let stop = start + i128::from(duration);
    TimeRange {
        start: i64::try_from(start).unwrap_or(i64::MIN),
        stop: i64::try_from(stop).unwrap_or(i64::MAX),
    }
}
