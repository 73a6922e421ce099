//! Segments: what of a bucket lies where in the object store.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use weir_batch::{FieldType, TimeRange};
use weir_database::{Executor, Row, Value, sql};
use weir_model::Id;

use super::listing::changed;
use super::{FileIndex, bucket_lock, malformed};
use crate::error::Result;
use crate::layout::SegmentMeta;

const COLUMNS: &str = "id, bucket, shard_group, measurement, object, data_start, data_stop, tail_start, index_start, \
                       index_stop, row_count, series_count, min_time, max_time, min_sequence, max_sequence, \
                       deletes_applied, fields, tag_keys, created";
const ROWS_A_STATEMENT: usize = 1000;

impl FileIndex {
    /// Makes written segments visible, all at once. Segments that are there already are left as they are, so a flush
    /// may be committed again. Segments of a shard group that was dropped meanwhile are garbage at once.
    ///
    /// # Errors
    /// The database's; then none is visible.
    pub async fn commit_segments(&self, segments: &[SegmentMeta]) -> Result<()> {
        let mut buckets: Vec<Id> = segments.iter().map(|s| s.bucket).collect();
        buckets.sort();
        buckets.dedup();
        let mut tx = self.db.begin().await?;
        let mut groups = HashSet::new();
        for bucket in buckets {
            tx.lock(bucket_lock(bucket)).await?;
            changed(&mut tx, bucket).await?;
            let rows = tx.fetch_all(sql("SELECT id FROM shard_groups WHERE bucket = ?").bind(bucket)).await?;
            for row in rows {
                groups.insert((bucket, row.get::<i64, _>(0)?));
            }
        }
        let (wanted, late): (Vec<_>, Vec<_>) =
            segments.iter().cloned().partition(|s| groups.contains(&(s.bucket, s.shard_group)));
        insert(&mut tx, &wanted).await?;
        if let Some(last) = late.last() {
            tracing::info!(segments = late.len(), "flushed rows of dropped shard groups are thrown away");
            let objects = late.iter().map(|s| s.object.to_string()).collect();
            super::garbage::collect(&mut tx, objects, last.created).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The segments of a bucket that may have rows in `range`, by measurement, oldest times first. With
    /// `measurements`, only theirs.
    ///
    /// # Errors
    /// The database's.
    pub async fn segments(
        &self,
        bucket: Id,
        range: TimeRange,
        measurements: Option<&[String]>,
    ) -> Result<Vec<SegmentMeta>> {
        let stop = if range.stop == i64::MAX { i64::MAX } else { range.stop.saturating_sub(1) };
        let mut query = sql(format!("SELECT {COLUMNS} FROM segments WHERE bucket = ?")).bind(bucket);
        if let Some(names) = measurements.filter(|names| names.len() <= ROWS_A_STATEMENT) {
            query.push(" AND measurement IN ");
            query.push_list(names.iter().map(Value::from));
        }
        query.push_bind(" AND max_time >= ?", range.start);
        query.push_bind(" AND min_time <= ?", stop);
        query.push(" ORDER BY measurement, min_time, id");
        let rows = self.db.fetch_all(query).await?;
        rows.iter().map(read).collect()
    }

    /// All segments of a shard group.
    ///
    /// # Errors
    /// The database's.
    pub async fn segments_of_shard_group(&self, bucket: Id, shard_group: i64) -> Result<Vec<SegmentMeta>> {
        let query = sql(format!(
            "SELECT {COLUMNS} FROM segments WHERE bucket = ? AND shard_group = ? ORDER BY measurement, min_time, id"
        ));
        let rows = self.db.fetch_all(query.bind(bucket).bind(shard_group)).await?;
        rows.iter().map(read).collect()
    }

    /// Puts the segments `new` in the place of the segments `old`, all at once: what compaction does. Answers false,
    /// and does nothing, if one of `old` is gone (a bucket or shard group was dropped meanwhile).
    ///
    /// # Errors
    /// The database's; then nothing changed.
    pub async fn replace_segments(&self, old: &[i64], new: &[SegmentMeta], now_millis: i64) -> Result<bool> {
        let mut tx = self.db.begin().await?;
        let mut gone = 0;
        let mut buckets = std::collections::BTreeSet::new();
        let mut objects = Vec::new();
        for part in old.chunks(ROWS_A_STATEMENT) {
            let mut delete = sql("DELETE FROM segments WHERE id IN ");
            delete.push_list(part.iter().map(|id| Value::from(*id)));
            delete.push(" RETURNING object, bucket");
            for row in tx.fetch_all(delete).await? {
                gone += 1;
                objects.push(row.get::<String, _>(0)?);
                buckets.insert(row.get::<Id, _>(1)?);
            }
        }
        if gone != old.len() {
            tx.rollback().await?;
            return Ok(false);
        }
        insert(&mut tx, new).await?;
        for bucket in buckets {
            changed(&mut tx, bucket).await?;
        }
        super::garbage::collect(&mut tx, objects, now_millis).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// All segments of a bucket, by measurement and first time.
pub(super) async fn all(db: &mut dyn Executor, bucket: Id) -> Result<Vec<SegmentMeta>> {
    let query =
        sql(format!("SELECT {COLUMNS} FROM segments WHERE bucket = ? ORDER BY measurement, min_time, id"));
    let rows = db.fetch_all(query.bind(bucket)).await?;
    rows.iter().map(read).collect()
}

async fn insert(db: &mut dyn Executor, segments: &[SegmentMeta]) -> Result<()> {
    for part in segments.chunks(ROWS_A_STATEMENT) {
        let mut insert = sql(format!("INSERT INTO segments ({COLUMNS}) VALUES "));
        insert.push_rows(part.iter().map(values));
        insert.push(" ON CONFLICT DO NOTHING");
        db.execute(insert).await?;
    }
    // An object written again is no garbage any more.
    let mut objects: Vec<&str> = segments.iter().map(|s| &*s.object).collect();
    objects.dedup();
    for object in objects {
        db.execute(sql("DELETE FROM garbage_objects WHERE object = ?").bind(object)).await?;
    }
    Ok(())
}

fn values(s: &SegmentMeta) -> Vec<Value> {
    let fields: Vec<Json> = s.fields.iter().map(|(name, ty)| json!([&**name, ty.as_str()])).collect();
    let tags: Vec<Json> = s.tag_keys.iter().map(|t| json!(&**t)).collect();
    vec![
        s.id.into(),
        s.bucket.into(),
        s.shard_group.into(),
        (&*s.measurement).into(),
        (&*s.object).into(),
        (s.data.start as i64).into(),
        (s.data.end as i64).into(),
        (s.tail as i64).into(),
        (s.index.start as i64).into(),
        (s.index.end as i64).into(),
        (s.rows as i64).into(),
        (s.series as i64).into(),
        s.min_time.into(),
        s.max_time.into(),
        (s.min_sequence as i64).into(),
        (s.max_sequence as i64).into(),
        (s.deletes_applied as i64).into(),
        Json::from(fields).to_string().into(),
        Json::from(tags).to_string().into(),
        s.created.into(),
    ]
}

fn read(row: &Row) -> Result<SegmentMeta> {
    let number = |i: usize| -> Result<u64> { Ok(row.get::<i64, _>(i)? as u64) };
    let fields: String = row.get(17)?;
    let tags: String = row.get(18)?;
    let fields: Vec<(String, String)> =
        serde_json::from_str(&fields).map_err(|e| malformed("segments.fields", e.to_string()))?;
    let tags: Vec<String> =
        serde_json::from_str(&tags).map_err(|e| malformed("segments.tag_keys", e.to_string()))?;
    Ok(SegmentMeta {
        id: row.get(0)?,
        bucket: row.get(1)?,
        shard_group: row.get(2)?,
        measurement: Arc::from(row.get::<String, _>(3)?),
        object: Arc::from(row.get::<String, _>(4)?),
        data: number(5)?..number(6)?,
        tail: number(7)?,
        index: number(8)?..number(9)?,
        rows: number(10)?,
        series: number(11)?,
        min_time: row.get(12)?,
        max_time: row.get(13)?,
        min_sequence: number(14)?,
        max_sequence: number(15)?,
        deletes_applied: number(16)?,
        fields: fields
            .into_iter()
            .map(|(name, ty)| {
                let ty = FieldType::from_name(&ty).ok_or_else(|| malformed("segments.fields", ty))?;
                Ok((Arc::from(name), ty))
            })
            .collect::<Result<_>>()?,
        tag_keys: tags.into_iter().map(Arc::from).collect(),
        created: row.get(19)?,
    })
}
