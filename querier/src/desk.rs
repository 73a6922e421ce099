//! The world of a script that a person runs on a machine of their own.

use async_trait::async_trait;
use weir_batch::{ScanRequest, WriteBatch};
use weir_flux::env::{
    BucketInfo, Environment, MqttMessages, NameOrId, Nowhere, OutgoingRequest, OutgoingResponse, SqlRows,
    SqlSource,
};
use weir_model::{Error, Id, Result};
use weir_proto::ScanStream;

use crate::outgoing::Outgoing;
use crate::{databases, mqtt};

/// A world without buckets and secrets, in which scripts may read files and talk to other servers: whoever runs them
/// could do so without them.
#[derive(Debug)]
pub struct Desk {
    outgoing: Outgoing,
}

impl Default for Desk {
    fn default() -> Self {
        Self { outgoing: Outgoing::new(false) }
    }
}

#[async_trait]
impl Environment for Desk {
    async fn bucket_to_read(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo> {
        Nowhere.bucket_to_read(bucket, org).await
    }

    async fn bucket_to_write(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo> {
        Nowhere.bucket_to_write(bucket, org).await
    }

    async fn buckets(&self) -> Result<Vec<BucketInfo>> {
        Nowhere.buckets().await
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        Nowhere.scan(request).await
    }

    async fn write(&self, bucket: &BucketInfo, rows: WriteBatch) -> Result<()> {
        Nowhere.write(bucket, rows).await
    }

    async fn secret(&self, key: &str) -> Result<Option<String>> {
        Nowhere.secret(key).await
    }

    async fn send(&self, request: OutgoingRequest) -> Result<OutgoingResponse> {
        self.outgoing.send(request).await
    }

    async fn publish(&self, request: MqttMessages) -> Result<()> {
        mqtt::publish(&self.outgoing, &request).await
    }

    async fn sql_query(&self, source: &SqlSource, query: &str) -> Result<SqlRows> {
        databases::query(&self.outgoing, source, query).await
    }

    async fn sql_write(&self, source: &SqlSource, table: &str, rows: SqlRows) -> Result<()> {
        databases::write(&self.outgoing, source, table, rows).await
    }

    async fn read_file(&self, path: &str) -> Result<String> {
        tokio::fs::read_to_string(path).await.map_err(|error| Error::invalid(format!("{path}: {error}")))
    }

    fn org(&self) -> Id {
        Nowhere.org()
    }
}
