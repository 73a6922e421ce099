//! An [`Environment`] over line protocol in memory, for the example that runs statements.

#![allow(clippy::unwrap_used, reason = "shared by tests and an example, where a panic is a failure")]

use async_trait::async_trait;
use futures::{StreamExt, stream};
use parking_lot::Mutex;
use weir_batch::{Predicate, ScanRequest, TimeRange};
use weir_influxql::env::{Environment, Mapping};
use weir_memory_rows::Rows;
use weir_model::{Id, Result};
use weir_proto::ScanStream;

/// Buckets in memory.
#[derive(Default)]
pub(crate) struct MemoryEnvironment {
    buckets: Mutex<Vec<(Mapping, Rows)>>,
}

impl MemoryEnvironment {
    /// Adds a bucket with points.
    pub(crate) fn add(&self, name: &str, lines: &str) {
        let mut buckets = self.buckets.lock();
        let id = Id::new(buckets.len() as u64 + 1).unwrap();
        let info =
            Mapping { database: name.to_owned(), policy: "autogen".to_owned(), default: true, bucket: id };
        buckets.push((info, Rows::parse(lines)));
    }
}

#[async_trait]
impl Environment for MemoryEnvironment {
    async fn mappings(&self) -> Result<Vec<Mapping>> {
        Ok(self.buckets.lock().iter().map(|(m, _)| m.clone()).collect())
    }

    async fn writable(&self) -> Result<Vec<Mapping>> {
        self.mappings().await
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        let buckets = self.buckets.lock();
        let rows = buckets.iter().find(|(b, _)| b.bucket == request.bucket);
        let batches = rows.map(|(_, rows)| rows.scan(&request)).unwrap_or_default();
        Ok(stream::iter(batches.into_iter().map(Ok)).boxed())
    }

    async fn delete(&self, bucket: Id, range: TimeRange, predicate: Predicate) -> Result<()> {
        let mut buckets = self.buckets.lock();
        if let Some((_, rows)) = buckets.iter_mut().find(|(b, _)| b.bucket == bucket) {
            rows.delete(range, &predicate);
        }
        Ok(())
    }
}
