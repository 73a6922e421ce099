//! Tombstones: deletes that hide rows written before them.

use weir_batch::{Predicate, TimeRange};
use weir_database::sql;
use weir_model::Id;
use weir_proto::DeleteRequest;

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

impl FileIndex {
    pub(super) async fn put_tombstone(&self, delete: &DeleteRequest) -> Result<()> {
        let predicate = predicate_json::write(&delete.predicate).ok_or_else(|| {
            StoreError::Rows("a delete compares measurement and tags with text only".to_owned())
        })?;
        self.db
            .execute(
                sql("INSERT INTO tombstones (bucket, sequence, start_time, stop_time, predicate)
                     VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(delete.bucket)
                .bind(delete.sequence.0 as i64)
                .bind(delete.range.start)
                .bind(delete.range.stop)
                .bind(predicate.to_string()),
            )
            .await?;
        Ok(())
    }

    /// The tombstones of a bucket that overlap `range`, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn tombstones(&self, bucket: Id, range: TimeRange) -> Result<Vec<Tombstone>> {
        let rows = self
            .db
            .fetch_all(
                sql("SELECT sequence, start_time, stop_time, predicate FROM tombstones
                     WHERE bucket = ? ORDER BY sequence")
                .bind(bucket),
            )
            .await?;
        let mut tombstones = Vec::new();
        for row in rows {
            let text: String = row.get(3)?;
            let predicate = serde_json::from_str(&text)
                .ok()
                .and_then(|json| predicate_json::read(&json))
                .ok_or_else(|| malformed("tombstones.predicate", text))?;
            let tombstone = Tombstone {
                sequence: row.get::<i64, _>(0)? as u64,
                range: TimeRange { start: row.get(1)?, stop: row.get(2)? },
                predicate,
            };
            let last = if tombstone.range.stop == i64::MAX {
                i64::MAX
            } else {
                tombstone.range.stop.saturating_sub(1)
            };
            if range.overlaps(tombstone.range.start, last) {
                tombstones.push(tombstone);
            }
        }
        Ok(tombstones)
    }

    /// Removes tombstones that hide nothing any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_tombstone(&self, bucket: Id, sequence: u64) -> Result<()> {
        self.db
            .execute(
                sql("DELETE FROM tombstones WHERE bucket = ? AND sequence = ?")
                    .bind(bucket)
                    .bind(sequence as i64),
            )
            .await?;
        Ok(())
    }
}
