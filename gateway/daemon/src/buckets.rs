//! What the store and the ingester must know of buckets, asked of the catalog.

use async_trait::async_trait;
use weir_catalog::{BucketFilter, Catalog, Paging};
use weir_ingester::Retentions;
use weir_model::{ErrorCode, Id, Result};
use weir_store::Buckets;

/// The catalog's buckets.
pub(crate) struct CatalogBuckets(pub Catalog);

#[async_trait]
impl Buckets for CatalogBuckets {
    async fn shard_group_duration(&self, bucket: Id) -> Result<Option<i64>> {
        match self.0.find_bucket(bucket).await {
            Ok(bucket) => Ok(Some(bucket.retention.shard_group_duration)),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Retentions for CatalogBuckets {
    async fn retentions(&self) -> Result<Vec<(Id, Option<i64>)>> {
        let all = self.0.list_buckets(&BucketFilter::default(), &Paging::default()).await?;
        Ok(all.into_iter().map(|b| (b.id, (b.retention.period > 0).then_some(b.retention.period))).collect())
    }
}
