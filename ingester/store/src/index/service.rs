//! The file index as writers see it.

use async_trait::async_trait;
use weir_batch::TimeRange;
use weir_model::{Id, Result};
use weir_proto::{ClaimedTypes, DeleteRequest, FieldClaim, FileIndexService, ShardGroup};

use super::FileIndex;

#[async_trait]
impl FileIndexService for FileIndex {
    async fn shard_group_for(&self, bucket: Id, time: i64) -> Result<ShardGroup> {
        match self.find_shard_group(bucket, time).await? {
            Some(group) => Ok(group),
            None => Ok(self.make_shard_group(bucket, time).await?),
        }
    }

    async fn shard_groups_in(&self, bucket: Id, range: TimeRange) -> Result<Vec<ShardGroup>> {
        Ok(self.shard_groups(bucket, range).await?)
    }

    async fn claim_field_types(
        &self,
        bucket: Id,
        shard_group: i64,
        claims: &[FieldClaim],
    ) -> Result<ClaimedTypes> {
        Ok(self.claim(bucket, shard_group, claims).await?)
    }

    async fn field_types_version(&self, bucket: Id) -> Result<i64> {
        Ok(self.types_version(bucket).await?)
    }

    async fn registered_measurements(&self, bucket: Id, shard_group: i64) -> Result<Vec<String>> {
        Ok(self.measurements_registered(bucket, shard_group).await?)
    }

    async fn forget_field_types(&self, bucket: Id, shard_group: i64, measurement: &str) -> Result<()> {
        Ok(self.forget_types(bucket, shard_group, measurement).await?)
    }

    async fn insert_tombstone(&self, delete: &DeleteRequest) -> Result<()> {
        Ok(self.put_tombstone(delete).await?)
    }
}
