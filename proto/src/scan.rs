//! Reading: querier → ingester, and querier → everything at once.

use async_trait::async_trait;
use futures::stream::BoxStream;
use weir_batch::{ScanRequest, SeriesBatch};
use weir_model::Result;

/// A stream of sorted rows. Batches of one measurement follow each other; measurements ascend.
pub type ScanStream = BoxStream<'static, Result<SeriesBatch>>;

/// Answers sorted rows of a bucket.
///
/// An ingester answers its unflushed rows, with sequences, not deduplicated against Parquet; a merged reader answers
/// each point once, without sequences.
#[async_trait]
pub trait ScanService: Send + Sync {
    /// Starts a scan.
    ///
    /// # Errors
    /// `Unavailable` when rows that may match cannot be reached: a scan never answers less than there is.
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream>;
}
