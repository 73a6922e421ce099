//! How far the ingesters of a cluster have come, so that none forgets a delete that another still needs.

use async_trait::async_trait;
use weir_batch::Sequence;
use weir_database::sql;
use weir_ingester::Retentions;
use weir_model::{Id, Result};

use crate::buckets::CatalogBuckets;

/// The catalog's buckets, as one ingester of several looks at them.
pub(crate) struct Progress {
    pub(crate) buckets: CatalogBuckets,
    /// The ingester's name.
    pub(crate) name: String,
}

#[async_trait]
impl Retentions for Progress {
    async fn retentions(&self) -> Result<Vec<(Id, Option<i64>)>> {
        self.buckets.retentions().await
    }

    /// The least that any ingester has said; nothing, as long as one that is known has not said anything. One that
    /// joins later has no rows from before.
    async fn settled(&self, own: Sequence) -> Result<Sequence> {
        let database = self.buckets.0.database();
        let say = sql("INSERT INTO ingester_progress (name, settled) VALUES (?, ?)
                       ON CONFLICT (name) DO UPDATE SET settled = excluded.settled")
        .bind(&self.name)
        .bind(i64::try_from(own.0).unwrap_or(0));
        database.execute(say).await?;
        let least = sql("SELECT MIN(COALESCE(p.settled, 0)) FROM nodes n
                         LEFT JOIN ingester_progress p ON p.name = n.name WHERE n.role = 'ingester'");
        let least: Option<i64> = match database.fetch_optional(least).await? {
            Some(row) => row.get(0)?,
            None => None,
        };
        // This one may not have joined yet.
        Ok(least.map_or(own, |least| own.min(Sequence(u64::try_from(least).unwrap_or(0)))))
    }
}
