//! What the gateway asks of the rest of the server, apart from the catalog and from queries.

use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use weir_batch::{Predicate, TimeRange};
use weir_catalog::Bucket;
use weir_line_protocol::Precision;
use weir_model::Result;
use weir_router::Router;

/// Where points go, and where they are deleted. The caller's right to do so has been checked.
#[async_trait]
pub trait Writer: Send + Sync {
    /// Keeps the points of a body of line protocol; returns once they are durable.
    ///
    /// # Errors
    /// `Invalid` when a line does not parse (nothing is written then); `UnprocessableEntity` when some points were
    /// refused and the others written; `Unavailable` when the caller should try again.
    async fn write(&self, bucket: &Bucket, lines: Bytes, precision: Precision) -> Result<()>;

    /// Deletes the bucket's points in a range.
    ///
    /// # Errors
    /// `Unavailable` when the caller should try again.
    async fn delete(&self, bucket: &Bucket, range: TimeRange, predicate: Predicate) -> Result<()>;

    /// Drops what is left of a bucket that has been deleted.
    ///
    /// # Errors
    /// `Unavailable` when that has to be done later.
    async fn forget(&self, bucket: &Bucket) -> Result<()>;
}

#[async_trait]
impl Writer for Router {
    async fn write(&self, bucket: &Bucket, lines: Bytes, precision: Precision) -> Result<()> {
        self.write(&known(bucket), lines, precision, now()).await?.into_result().map(drop)
    }

    async fn delete(&self, bucket: &Bucket, range: TimeRange, predicate: Predicate) -> Result<()> {
        Ok(self.delete(bucket.id, range, predicate, now()).await?)
    }

    async fn forget(&self, bucket: &Bucket) -> Result<()> {
        Ok(self.drop_bucket(bucket.id).await?)
    }
}

fn known(bucket: &Bucket) -> weir_router::Bucket {
    let period = bucket.retention.period;
    weir_router::Bucket { id: bucket.id, retention: (period > 0).then_some(period) }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
