//! Reading: querier → ingester, and querier → everything at once.

use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use weir_batch::{Ends, ReduceRequest, ReducedBatch, ScanRequest, SeriesBatch, SeriesSet};
use weir_model::{Id, Result};

/// A stream of sorted rows. Batches of one measurement follow each other; measurements ascend.
pub type ScanStream = BoxStream<'static, Result<SeriesBatch>>;

/// A stream of summaries, in the order of the rows that they are of.
pub type ReduceStream = BoxStream<'static, Result<ReducedBatch>>;

/// A stream of series; measurements ascend, and series within them.
pub type SeriesStream = BoxStream<'static, Result<SeriesSet>>;

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

    /// Starts a scan of which only some rows of each series are wanted. More may come.
    ///
    /// # Errors
    /// As [`ScanService::scan`].
    async fn ends(&self, request: ScanRequest, _ends: Ends) -> Result<ScanStream> {
        self.scan(request).await
    }

    /// Starts a scan of which only summaries are wanted. For sources that answer each point once.
    ///
    /// # Errors
    /// As [`ScanService::scan`].
    async fn reduce(&self, request: ReduceRequest) -> Result<ReduceStream> {
        let rows = self.scan(request.scan).await?;
        Ok(rows.map_ok(move |batch| batch.reduce(&request.windows, request.wanted)).boxed())
    }

    /// Starts a scan of which only series and their fields are wanted; see [`SeriesSet`] for how exactly.
    ///
    /// # Errors
    /// As [`ScanService::scan`].
    async fn series(&self, request: ScanRequest) -> Result<SeriesStream> {
        let rows = self.scan(request).await?;
        Ok(rows.map_ok(|batch| batch.series_set()).boxed())
    }

    /// Whether one of these names may be a field of one of the measurements; true where that cannot be told.
    ///
    /// # Errors
    /// What keeps it from being looked up.
    async fn may_be_fields(&self, _bucket: Id, _measurements: &[String], names: &[String]) -> Result<bool> {
        Ok(!names.is_empty())
    }
}
