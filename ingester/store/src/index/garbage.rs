//! Objects without segments: kept for a while, since a running query may still read them, then deleted.

use weir_database::{Executor, sql};

use super::FileIndex;
use crate::error::Result;

impl FileIndex {
    /// Objects that have had no segment since `before_millis` or longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn garbage(&self, before_millis: i64) -> Result<Vec<String>> {
        let rows = self
            .db
            .fetch_all(
                sql("SELECT object FROM garbage_objects WHERE since <= ? ORDER BY since").bind(before_millis),
            )
            .await?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect()
    }

    /// Whether anything refers to an object: a segment, or the list of garbage.
    ///
    /// # Errors
    /// The database's.
    pub async fn knows_object(&self, object: &str) -> Result<bool> {
        let row = self
            .db
            .fetch_optional(
                sql("SELECT 1 FROM segments WHERE object = ?
                     UNION ALL SELECT 1 FROM garbage_objects WHERE object = ? LIMIT 1")
                .bind(object)
                .bind(object),
            )
            .await?;
        Ok(row.is_some())
    }

    /// Notes that an object is deleted.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget_garbage(&self, object: &str) -> Result<()> {
        self.db.execute(sql("DELETE FROM garbage_objects WHERE object = ?").bind(object)).await?;
        Ok(())
    }
}

/// Notes those of `objects` that have no segment left, in the transaction that removed segments.
pub(super) async fn collect(db: &mut dyn Executor, mut objects: Vec<String>, now_millis: i64) -> Result<()> {
    objects.sort();
    objects.dedup();
    for object in objects {
        db.execute(
            sql("INSERT INTO garbage_objects (object, since)
                 SELECT CAST(? AS TEXT), CAST(? AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM segments WHERE object = ?)
                 ON CONFLICT DO NOTHING")
            .bind(&object)
            .bind(now_millis)
            .bind(&object),
        )
        .await?;
    }
    Ok(())
}
