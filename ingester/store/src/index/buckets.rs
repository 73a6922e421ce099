//! What happens to a bucket's data as a whole: dropped, or past its retention.

use weir_database::{Executor, Query, sql};
use weir_model::Id;

use super::field_types::move_version;
use super::listing::changed;
use super::{FileIndex, bucket_lock, garbage};
use crate::error::Result;

impl FileIndex {
    /// The buckets that have shard groups, and so may have data.
    ///
    /// # Errors
    /// The database's.
    pub async fn buckets(&self) -> Result<Vec<Id>> {
        let rows = self.db.fetch_all(sql("SELECT DISTINCT bucket FROM shard_groups ORDER BY bucket")).await?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect()
    }

    /// Removes all that is known of a bucket; its objects become garbage.
    ///
    /// # Errors
    /// The database's; then nothing is removed.
    pub async fn drop_bucket(&self, bucket: Id, now_millis: i64) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.lock(bucket_lock(bucket)).await?;
        let delete = sql("DELETE FROM segments WHERE bucket = ? RETURNING object").bind(bucket);
        drop_segments(&mut tx, delete, now_millis).await?;
        for table in ["shard_groups", "field_types", "tombstones"] {
            tx.execute(sql(format!("DELETE FROM {table} WHERE bucket = ?")).bind(bucket)).await?;
        }
        move_version(&mut tx, bucket).await?;
        changed(&mut tx, bucket).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes the shard groups of a bucket that end at or before `horizon` (nanoseconds since 1970) with all they
    /// hold; answers their ids. Their objects become garbage.
    ///
    /// # Errors
    /// The database's; then nothing is removed.
    pub async fn drop_expired(&self, bucket: Id, horizon: i64, now_millis: i64) -> Result<Vec<i64>> {
        let expired = "SELECT id FROM shard_groups WHERE bucket = ? AND stop_time <= ?";
        if self.db.fetch_all(sql(expired).bind(bucket).bind(horizon)).await?.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        tx.lock(bucket_lock(bucket)).await?;
        let delete =
            format!("DELETE FROM segments WHERE bucket = ? AND shard_group IN ({expired}) RETURNING object");
        drop_segments(&mut tx, sql(delete).bind(bucket).bind(bucket).bind(horizon), now_millis).await?;
        let delete = format!("DELETE FROM field_types WHERE bucket = ? AND shard_group IN ({expired})");
        tx.execute(sql(delete).bind(bucket).bind(bucket).bind(horizon)).await?;
        let rows = tx
            .fetch_all(
                sql("DELETE FROM shard_groups WHERE bucket = ? AND stop_time <= ? RETURNING id")
                    .bind(bucket)
                    .bind(horizon),
            )
            .await?;
        // A tombstone whose times have all gone hides nothing any more.
        tx.execute(
            sql("DELETE FROM tombstones WHERE bucket = ? AND stop_time <= ?").bind(bucket).bind(horizon),
        )
        .await?;
        move_version(&mut tx, bucket).await?;
        changed(&mut tx, bucket).await?;
        tx.commit().await?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect()
    }
}

async fn drop_segments(db: &mut dyn Executor, delete: Query, now_millis: i64) -> Result<()> {
    let rows = db.fetch_all(delete).await?;
    let objects = rows.iter().map(|row| Ok(row.get(0)?)).collect::<Result<Vec<String>>>()?;
    garbage::collect(db, objects, now_millis).await
}
