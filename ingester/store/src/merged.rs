//! One scan over everything: the ingesters' unflushed rows and the store.

use std::sync::Arc;

use async_trait::async_trait;
use futures::future::join_all;
use weir_batch::{Ends, ReduceRequest, ScanRequest};
use weir_model::{ErrorCode, Id, Result};
use weir_proto::{ReduceStream, ScanService, ScanStream, SeriesStream};

use crate::scan::without_values;
use crate::store::Store;

/// Knows the ingesters.
#[async_trait]
pub trait Ingesters: Send + Sync {
    /// All ingesters that may have unflushed rows of anything.
    ///
    /// # Errors
    /// `Unavailable` if they cannot be told: a scan must not answer less than there is.
    async fn all(&self) -> Result<Vec<Arc<dyn ScanService>>>;

    /// How many of them need not answer, because every acknowledged row is kept by one more than that.
    fn dispensable(&self) -> usize {
        0
    }
}

/// Ingesters that do not change: those of a single process.
#[async_trait]
impl Ingesters for Vec<Arc<dyn ScanService>> {
    async fn all(&self) -> Result<Vec<Arc<dyn ScanService>>> {
        Ok(self.clone())
    }
}

/// Answers each point of a bucket once, whether it is flushed or not.
#[derive(Clone)]
pub struct MergedScan {
    ingesters: Arc<dyn Ingesters>,
    store: Store,
}

impl std::fmt::Debug for MergedScan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MergedScan").field("store", &self.store).finish_non_exhaustive()
    }
}

impl MergedScan {
    /// A reader over `ingesters` and `store`.
    pub fn new(ingesters: Arc<dyn Ingesters>, store: Store) -> Self {
        Self { ingesters, store }
    }

    /// Begins scans of all unflushed rows. This comes before the segments are listed: rows that are flushed meanwhile
    /// are then seen twice, with equal sequences, and never not at all.
    async fn live(&self, request: &ScanRequest) -> Result<Vec<ScanStream>> {
        let asked = ScanRequest { predicate: without_values(&request.predicate), ..request.clone() };
        let ingesters = self.ingesters.all().await?;
        let answers = join_all(ingesters.iter().map(|ingester| ingester.scan(asked.clone()))).await;
        let mut dispensable = self.ingesters.dispensable();
        let mut live = Vec::with_capacity(answers.len());
        for answer in answers {
            match answer {
                Ok(rows) => live.push(rows),
                Err(error) if dispensable > 0 && error.code == ErrorCode::Unavailable => {
                    tracing::debug!(%error, "a scan does without an ingester: others keep its rows too");
                    dispensable -= 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(live)
    }
}

#[async_trait]
impl ScanService for MergedScan {
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        let live = self.live(&request).await?;
        Ok(self.store.scan_with(request, live).await?)
    }

    async fn ends(&self, request: ScanRequest, ends: Ends) -> Result<ScanStream> {
        let live = self.live(&request).await?;
        Ok(self.store.ends_with(request, ends, live).await?)
    }

    async fn series(&self, request: ScanRequest) -> Result<SeriesStream> {
        let live = self.live(&request).await?;
        Ok(self.store.series_with(request, live).await?)
    }

    async fn reduce(&self, request: ReduceRequest) -> Result<ReduceStream> {
        let live = self.live(&request.scan).await?;
        Ok(self.store.reduce_with(request, live).await?)
    }

    /// Types of fields are written down before points are, so none is missed.
    async fn may_be_fields(&self, bucket: Id, measurements: &[String], names: &[String]) -> Result<bool> {
        Ok(self.store.index().are_fields(bucket, measurements, names).await?)
    }
}
