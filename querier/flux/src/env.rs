//! What the engine needs from the world: buckets, scans, writes, secrets. The querier implements it over the catalog
//! and the merged reader; tests over memory.

use async_trait::async_trait;
use weir_batch::{ScanRequest, WriteBatch};
use weir_model::{Id, Result};
use weir_proto::ScanStream;

/// A bucket as scripts see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketInfo {
    /// Its id.
    pub id: Id,
    /// Its organization.
    pub org: Id,
    /// Its name.
    pub name: String,
    /// How long points are kept, nanoseconds; 0 is for ever.
    pub retention_ns: i64,
}

/// How a script names a bucket or an organization.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameOrId {
    /// By name.
    Name(String),
    /// By id.
    Id(Id),
}

/// The world a script runs in, on behalf of one caller in one organization: every answer is what this caller may see.
#[async_trait]
pub trait Environment: Send + Sync {
    /// The bucket to read; of the organization given, else of the caller's.
    ///
    /// # Errors
    /// `NotFound` when there is none or the caller may not read it.
    async fn bucket_to_read(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo>;

    /// The bucket to write.
    ///
    /// # Errors
    /// `NotFound` when there is none, `Forbidden` when the caller may not write it.
    async fn bucket_to_write(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo>;

    /// All buckets of the organization that the caller may read, by name.
    async fn buckets(&self) -> Result<Vec<BucketInfo>>;

    /// Rows of a bucket that one of the above answered.
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream>;

    /// Writes points.
    ///
    /// # Errors
    /// As a write over HTTP.
    async fn write(&self, bucket: &BucketInfo, rows: WriteBatch) -> Result<()>;

    /// The value of a secret of the organization; `None` if there is none.
    async fn secret(&self, key: &str) -> Result<Option<String>>;

    /// The caller's organization.
    fn org(&self) -> Id;
}
