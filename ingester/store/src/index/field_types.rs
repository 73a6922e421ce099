//! Field types: one a bucket, shard group, measurement and field; who comes first decides.

use std::collections::HashMap;

use weir_batch::FieldType;
use weir_database::{Executor, Value, sql};
use weir_model::Id;
use weir_proto::{ClaimedTypes, FieldClaim};

use super::{FileIndex, bucket_lock, malformed};
use crate::error::Result;

/// Parameters a statement: SQLite takes 32 766.
const ROWS_A_STATEMENT: usize = 1000;

impl FileIndex {
    /// Whether one of these names is a field of one of the measurements, in some shard group.
    ///
    /// # Errors
    /// The database's.
    pub async fn are_fields(&self, bucket: Id, measurements: &[String], names: &[String]) -> Result<bool> {
        for measurements in measurements.chunks(ROWS_A_STATEMENT) {
            for names in names.chunks(ROWS_A_STATEMENT) {
                let mut select = sql("SELECT 1 FROM field_types WHERE bucket = ?").bind(bucket);
                select.push(" AND measurement IN ");
                select.push_list(measurements.iter().map(Value::from));
                select.push(" AND field IN ");
                select.push_list(names.iter().map(Value::from));
                select.push(" LIMIT 1");
                if self.db.fetch_optional(select).await?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    pub(super) async fn claim(
        &self,
        bucket: Id,
        shard_group: i64,
        claims: &[FieldClaim],
    ) -> Result<ClaimedTypes> {
        let mut tx = self.db.begin().await?;
        // Locked, so that a removal of types moves the version either before or after this.
        tx.lock(bucket_lock(bucket)).await?;
        for part in claims.chunks(ROWS_A_STATEMENT) {
            let mut insert =
                sql("INSERT INTO field_types (bucket, shard_group, measurement, field, type) VALUES ");
            insert.push_rows(part.iter().map(|c| {
                [
                    Value::from(bucket),
                    shard_group.into(),
                    (&c.measurement).into(),
                    (&c.field).into(),
                    c.field_type.as_str().into(),
                ]
            }));
            insert.push(" ON CONFLICT DO NOTHING");
            tx.execute(insert).await?;
        }
        let mut registered: HashMap<(String, String), FieldType> = HashMap::new();
        let mut measurements: Vec<&String> = claims.iter().map(|c| &c.measurement).collect();
        measurements.sort();
        measurements.dedup();
        for part in measurements.chunks(ROWS_A_STATEMENT) {
            let mut select =
                sql("SELECT measurement, field, type FROM field_types WHERE bucket = ? AND shard_group = ?")
                    .bind(bucket)
                    .bind(shard_group);
            select.push(" AND measurement IN ");
            select.push_list(part.iter().map(|m| Value::from(*m)));
            for row in tx.fetch_all(select).await? {
                let name: String = row.get(2)?;
                let ty = FieldType::from_name(&name).ok_or_else(|| malformed("field_types.type", name))?;
                registered.insert((row.get(0)?, row.get(1)?), ty);
            }
        }
        let version = version(&mut tx, bucket).await?;
        tx.commit().await?;
        let types = claims
            .iter()
            .map(|c| {
                registered
                    .get(&(c.measurement.clone(), c.field.clone()))
                    .copied()
                    .ok_or_else(|| malformed("field_types.type", "a claim was not registered").into())
            })
            .collect::<Result<_>>()?;
        Ok(ClaimedTypes { version, types })
    }

    pub(super) async fn types_version(&self, bucket: Id) -> Result<i64> {
        version(&mut &self.db, bucket).await
    }

    pub(super) async fn measurements_registered(&self, bucket: Id, shard_group: i64) -> Result<Vec<String>> {
        let rows = self
            .db
            .fetch_all(
                sql("SELECT DISTINCT measurement FROM field_types
                     WHERE bucket = ? AND shard_group = ? ORDER BY measurement")
                .bind(bucket)
                .bind(shard_group),
            )
            .await?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect()
    }

    pub(super) async fn forget_types(&self, bucket: Id, shard_group: i64, measurement: &str) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.lock(bucket_lock(bucket)).await?;
        tx.execute(
            sql("DELETE FROM field_types WHERE bucket = ? AND shard_group = ? AND measurement = ?")
                .bind(bucket)
                .bind(shard_group)
                .bind(measurement),
        )
        .await?;
        move_version(&mut tx, bucket).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn version(db: &mut dyn Executor, bucket: Id) -> Result<i64> {
    let row = db
        .fetch_optional(sql("SELECT version FROM field_type_versions WHERE bucket = ?").bind(bucket))
        .await?;
    row.map_or(Ok(0), |row| Ok(row.get(0)?))
}

/// Tells writers that types they have learned may be gone.
pub(super) async fn move_version(db: &mut dyn Executor, bucket: Id) -> Result<()> {
    db.execute(
        sql("INSERT INTO field_type_versions (bucket, version) VALUES (?, 1)
             ON CONFLICT (bucket) DO UPDATE SET version = field_type_versions.version + 1")
        .bind(bucket),
    )
    .await?;
    Ok(())
}
