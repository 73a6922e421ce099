//! Tombstones: deletes that hide rows written before them.

use weir_batch::{Predicate, TimeRange};
use weir_database::{Executor, sql};
use weir_model::Id;
use weir_proto::DeleteRequest;

use super::listing::changed;
use super::{FileIndex, malformed, predicate_json};
use crate::error::{Result, StoreError};

/// A delete: hides the points in `range` of the series for which `predicate` holds, written before `sequence`.
#[derive(Debug, Clone, PartialEq)]
pub struct Tombstone {
    /// Rows with a lower sequence are hidden.
    pub sequence: u64,
    /// The times.
    pub range: TimeRange,
    /// Which series; an absent tag matches nothing.
    pub predicate: Predicate,
}

impl Tombstone {
    pub(crate) fn overlaps(&self, range: &TimeRange) -> bool {
        // The last time of all is in a range that ends there.
        let last = if self.range.stop == i64::MAX { i64::MAX } else { self.range.stop.saturating_sub(1) };
        range.overlaps(self.range.start, last)
    }
}

impl FileIndex {
    pub(super) async fn put_tombstone(&self, delete: &DeleteRequest) -> Result<()> {
        let predicate = predicate_json::write(&delete.predicate).ok_or_else(|| {
            StoreError::Rows("a delete compares measurement and tags with text only".to_owned())
        })?;
        let mut tx = self.db.begin().await?;
        tx.execute(
            sql("INSERT INTO tombstones (bucket, sequence, start_time, stop_time, predicate)
                 VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(delete.bucket)
            .bind(delete.sequence.0 as i64)
            .bind(delete.range.start)
            .bind(delete.range.stop)
            .bind(predicate.to_string()),
        )
        .await?;
        changed(&mut tx, delete.bucket).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The tombstones of a bucket that overlap `range`, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn tombstones(&self, bucket: Id, range: TimeRange) -> Result<Vec<Tombstone>> {
        let mut tombstones = all(&mut &self.db, bucket).await?;
        tombstones.retain(|t| t.overlaps(&range));
        Ok(tombstones)
    }

    /// Removes a tombstone that hides nothing any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_tombstone(&self, bucket: Id, sequence: u64) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let delete = sql("DELETE FROM tombstones WHERE bucket = ? AND sequence = ?");
        tx.execute(delete.bind(bucket).bind(sequence as i64)).await?;
        changed(&mut tx, bucket).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// All tombstones of a bucket, oldest first.
pub(super) async fn all(db: &mut dyn Executor, bucket: Id) -> Result<Vec<Tombstone>> {
    let select = sql("SELECT sequence, start_time, stop_time, predicate FROM tombstones
                      WHERE bucket = ? ORDER BY sequence");
    let rows = db.fetch_all(select.bind(bucket)).await?;
    rows.iter()
        .map(|row| {
            let text: String = row.get(3)?;
            let predicate = serde_json::from_str(&text)
                .ok()
                .and_then(|json| predicate_json::read(&json))
                .ok_or_else(|| malformed("tombstones.predicate", text))?;
            Ok(Tombstone {
                sequence: row.get::<i64, _>(0)? as u64,
                range: TimeRange { start: row.get(1)?, stop: row.get(2)? },
                predicate,
            })
        })
        .collect()
}
