//! An [`Environment`] over line protocol in memory, for tests and for the example that runs scripts.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    dead_code,
    reason = "shared by tests and an example, where a panic is a failure"
)]

use async_trait::async_trait;
use futures::{StreamExt, stream};
use parking_lot::Mutex;
use weir_batch::{Ends, ScanRequest, WriteBatch};
use weir_flux::env::{BucketInfo, Environment, NameOrId};
use weir_memory_rows::Rows;
use weir_model::{Error, Id, Result};
use weir_proto::ScanStream;

/// Buckets in memory.
#[derive(Default)]
pub struct MemoryEnvironment {
    buckets: Mutex<Vec<(BucketInfo, Rows)>>,
}

impl MemoryEnvironment {
    /// Adds a bucket with points.
    pub fn add(&self, name: &str, lines: &str) {
        let mut buckets = self.buckets.lock();
        let id = Id::new(buckets.len() as u64 + 1).unwrap();
        let info = BucketInfo { id, org: self.org(), name: name.to_owned(), retention_ns: 0 };
        buckets.push((info, Rows::parse(lines)));
    }

    fn find(&self, bucket: &NameOrId) -> Result<BucketInfo> {
        let buckets = self.buckets.lock();
        let found = buckets.iter().find(|(b, _)| match bucket {
            NameOrId::Name(name) => b.name == *name,
            NameOrId::Id(id) => b.id == *id,
        });
        found.map(|(b, _)| b.clone()).ok_or_else(|| match bucket {
            NameOrId::Name(name) => Error::not_found(format!("could not find bucket \"{name}\"")),
            NameOrId::Id(id) => Error::not_found(format!("could not find bucket {id}")),
        })
    }
}

#[async_trait]
impl Environment for MemoryEnvironment {
    async fn bucket_to_read(&self, bucket: &NameOrId, _org: Option<&NameOrId>) -> Result<BucketInfo> {
        self.find(bucket)
    }

    async fn bucket_to_write(&self, bucket: &NameOrId, _org: Option<&NameOrId>) -> Result<BucketInfo> {
        self.find(bucket)
    }

    async fn buckets(&self) -> Result<Vec<BucketInfo>> {
        Ok(self.buckets.lock().iter().map(|(b, _)| b.clone()).collect())
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        let buckets = self.buckets.lock();
        let rows = buckets.iter().find(|(b, _)| b.id == request.bucket);
        let batches = rows.map(|(_, rows)| rows.scan(&request)).unwrap_or_default();
        Ok(stream::iter(batches.into_iter().map(Ok)).boxed())
    }

    async fn ends(&self, request: ScanRequest, ends: Ends) -> Result<ScanStream> {
        let buckets = self.buckets.lock();
        let rows = buckets.iter().find(|(b, _)| b.id == request.bucket);
        let batches = rows.map(|(_, rows)| rows.ends(&request, ends)).unwrap_or_default();
        Ok(stream::iter(batches.into_iter().map(Ok)).boxed())
    }

    async fn write(&self, bucket: &BucketInfo, rows: WriteBatch) -> Result<()> {
        let mut buckets = self.buckets.lock();
        if let Some((_, stored)) = buckets.iter_mut().find(|(b, _)| b.id == bucket.id) {
            stored.insert(&rows);
        }
        Ok(())
    }

    async fn secret(&self, _key: &str) -> Result<Option<String>> {
        Ok(None)
    }

    fn org(&self) -> Id {
        Id::new(0xa).unwrap()
    }
}
