//! What the gateway asks of the rest of the server, apart from the catalog and from queries.

use async_trait::async_trait;
use bytes::Bytes;
use weir_batch::{Predicate, TimeRange};
use weir_catalog::Bucket;
use weir_model::Result;

/// The unit of the timestamps in a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// Nanoseconds.
    #[default]
    Nanoseconds,
    /// Microseconds.
    Microseconds,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
}

impl Precision {
    /// The unit of a v2 write's `precision`.
    pub fn of_v2(text: &str) -> Option<Self> {
        Some(match text {
            "ns" => Self::Nanoseconds,
            "us" => Self::Microseconds,
            "ms" => Self::Milliseconds,
            "s" => Self::Seconds,
            _ => return None,
        })
    }

    /// The unit of a v1 write's `precision`. The units InfluxDB 1 had besides are taken too, where the reference
    /// silently reads nanoseconds; `None` for minutes and hours and for what is no unit.
    pub fn of_v1(text: &str) -> Option<Self> {
        Some(match text {
            "" | "n" => Self::Nanoseconds,
            "u" | "µ" => Self::Microseconds,
            other => return Self::of_v2(other),
        })
    }
}

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
