//! The part of the file index that writers need: shard groups, field types, tombstones.

use async_trait::async_trait;
use weir_batch::{FieldType, TimeRange};
use weir_model::{Id, Result};

use crate::DeleteRequest;

/// A shard group: a span of a bucket's time, created once, never overlapping another of the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShardGroup {
    /// Its id, unique among all buckets.
    pub id: i64,
    /// The times that belong to it.
    pub range: TimeRange,
}

/// A field that a writer is about to write, with the type it would give it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldClaim {
    /// The measurement's name.
    pub measurement: String,
    /// The field's name.
    pub field: String,
    /// The type it has in the rows at hand.
    pub field_type: FieldType,
}

/// What the file index answers to claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedTypes {
    /// The bucket's type version, see [`FileIndexService::field_types_version`].
    pub version: i64,
    /// The registered type of each claim, in the order of the claims; it differs from the claim's where another
    /// writer came first.
    pub types: Vec<FieldType>,
}

/// What writers ask of the file index. Implemented over SQL; every method is durable when it returns.
#[async_trait]
pub trait FileIndexService: Send + Sync {
    /// The shard group of the bucket that holds `time`; created if there is none, with the duration that the bucket
    /// has now, cut where a neighbour stands in the way. Two callers at once get the same group.
    ///
    /// # Errors
    /// `NotFound` if the bucket does not exist.
    async fn shard_group_for(&self, bucket: Id, time: i64) -> Result<ShardGroup>;

    /// The shard groups of the bucket that overlap `range`, ascending.
    async fn shard_groups_in(&self, bucket: Id, range: TimeRange) -> Result<Vec<ShardGroup>>;

    /// Registers the type of each field not registered yet in (bucket, shard group, measurement), and answers what is
    /// registered. Of two writers at once the first wins and both are told the same.
    async fn claim_field_types(
        &self,
        bucket: Id,
        shard_group: i64,
        claims: &[FieldClaim],
    ) -> Result<ClaimedTypes>;

    /// A number that grows whenever a registered type of the bucket is removed. Types learned under an older version
    /// must be asked for again.
    async fn field_types_version(&self, bucket: Id) -> Result<i64>;

    /// The measurements that have registered fields in a shard group.
    async fn registered_measurements(&self, bucket: Id, shard_group: i64) -> Result<Vec<String>>;

    /// Removes the field types of a measurement that has no rows left in the shard group, and moves the bucket's
    /// type version.
    async fn forget_field_types(&self, bucket: Id, shard_group: i64, measurement: &str) -> Result<()>;

    /// Keeps a delete as a tombstone: it hides rows with a lower sequence, until compaction has removed them all and
    /// every ingester has flushed past it.
    async fn insert_tombstone(&self, delete: &DeleteRequest) -> Result<()>;
}
