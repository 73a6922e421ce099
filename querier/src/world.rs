//! The world as a script's caller may see it.

use std::sync::Arc;

use async_trait::async_trait;
use weir_batch::{Ends, ReduceRequest, ScanRequest, TimeRange, WriteBatch};
use weir_catalog::{Authorized, Bucket, BucketFilter, Paging};
use weir_flux::env::{
    BucketInfo, Environment, MqttMessages, NameOrId, OutgoingRequest, OutgoingResponse, SqlRows, SqlSource,
    widen,
};
use weir_model::{Action, Caller, Credential, Error, ErrorCode, Id, Permission, ResourceType, Result};
use weir_proto::{QueryRequest, ReduceStream, ScanStream, SeriesStream};

use crate::outgoing::Outgoing;
use crate::querier::World;
use crate::{databases, mqtt};

/// The world on behalf of one caller in one organization.
pub(crate) struct CallersWorld {
    world: Arc<World>,
    /// Sends requests to other servers; `None`: they are refused.
    outgoing: Option<Arc<Outgoing>>,
    authorized: Authorized,
    org: Id,
}

impl CallersWorld {
    /// The world of a request.
    ///
    /// # Errors
    /// The caller's permissions cannot be read.
    pub(crate) fn of(world: Arc<World>, request: &QueryRequest) -> Result<Self> {
        let held: Vec<Permission> =
            serde_json::from_str(&request.caller.permissions_json).map_err(|error| {
                tracing::error!(%error, "the permissions of a query's caller cannot be read");
                Error::internal("An internal error has occurred - check server logs")
            })?;
        // What is allowed is told by permissions alone; the user is for who looks at logs.
        let user = request.caller.user.unwrap_or(request.org);
        let authorized = world.catalog.authorized(Caller::new(user, Credential::System, held));
        Ok(Self { world, outgoing: None, authorized, org: request.org })
    }

    /// The same world, from which requests to other servers may be sent.
    pub(crate) fn sending(self, outgoing: Arc<Outgoing>) -> Self {
        Self { outgoing: Some(outgoing), ..self }
    }

    fn outgoing(&self) -> Result<&Outgoing> {
        let refused = || Error::new(ErrorCode::Forbidden, "requests to other servers are not sent from here");
        self.outgoing.as_deref().ok_or_else(refused)
    }

    async fn org_of(&self, org: Option<&NameOrId>) -> Result<Id> {
        match org {
            None => Ok(self.org),
            Some(NameOrId::Id(id)) => Ok(*id),
            Some(NameOrId::Name(name)) => match self.world.catalog.find_org_by_name(name).await {
                Ok(org) => Ok(org.id),
                Err(error) if error.code == ErrorCode::NotFound => {
                    Err(Error::not_found(format!("could not find organization \"{name}\"")))
                }
                Err(error) => Err(error),
            },
        }
    }

    /// A bucket that the caller may read; one that it may not read is as good as none.
    async fn readable(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<Bucket> {
        let found = match bucket {
            NameOrId::Id(id) => self.authorized.find_bucket(*id).await,
            NameOrId::Name(name) => {
                let org = self.org_of(org).await?;
                self.authorized.find_bucket_by_name(org, name).await
            }
        };
        found.map_err(|error| match (error.code, bucket) {
            (ErrorCode::NotFound | ErrorCode::Unauthorized, NameOrId::Name(name)) => {
                Error::not_found(format!("could not find bucket \"{name}\""))
            }
            (ErrorCode::NotFound | ErrorCode::Unauthorized, NameOrId::Id(id)) => {
                Error::not_found(format!("could not find bucket \"{id}\""))
            }
            _ => error,
        })
    }
}

fn info(bucket: Bucket) -> BucketInfo {
    BucketInfo { id: bucket.id, org: bucket.org_id, name: bucket.name, retention_ns: bucket.retention.period }
}

#[async_trait]
impl Environment for CallersWorld {
    async fn bucket_to_read(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo> {
        self.readable(bucket, org).await.map(info)
    }

    async fn bucket_to_write(&self, bucket: &NameOrId, org: Option<&NameOrId>) -> Result<BucketInfo> {
        if let Some(NameOrId::Id(id)) = org
            && *id != self.org
        {
            let message = "host must be specified when writing points to another org";
            return Err(Error::new(ErrorCode::Invalid, message));
        }
        let found = self.readable(bucket, org).await?;
        self.authorized
            .check_one(Action::Write, ResourceType::Buckets, found.id, found.org_id)
            .map_err(|error| Error::new(ErrorCode::Forbidden, error.message))?;
        Ok(info(found))
    }

    async fn buckets(&self) -> Result<Vec<BucketInfo>> {
        let filter = BucketFilter { org_id: Some(self.org), ..BucketFilter::default() };
        let found = self.authorized.list_buckets(&filter, &Paging::default()).await?;
        Ok(found.into_iter().map(info).collect())
    }

    async fn shard_group_range(&self, bucket: &BucketInfo, range: TimeRange) -> Result<TimeRange> {
        let bucket = self.world.catalog.find_bucket(bucket.id).await?;
        Ok(widen(range, bucket.retention.shard_group_duration))
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        self.world.reader.scan(request).await
    }

    async fn series(&self, request: ScanRequest) -> Result<SeriesStream> {
        self.world.reader.series(request).await
    }

    async fn ends(&self, request: ScanRequest, ends: Ends) -> Result<ScanStream> {
        self.world.reader.ends(request, ends).await
    }

    async fn reduce(&self, request: ReduceRequest) -> Result<ReduceStream> {
        self.world.reader.reduce(request).await
    }

    async fn write(&self, bucket: &BucketInfo, rows: WriteBatch) -> Result<()> {
        let retention = (bucket.retention_ns > 0).then_some(bucket.retention_ns);
        let known = weir_router::Bucket { id: bucket.id, retention };
        let now = self.world.catalog.now().nanoseconds();
        self.world.writer.write_rows(&known, rows, now).await?.into_result().map(drop)
    }

    async fn secret(&self, key: &str) -> Result<Option<String>> {
        self.authorized.find_secret(self.org, key).await
    }

    async fn send(&self, request: OutgoingRequest) -> Result<OutgoingResponse> {
        self.outgoing()?.send(request).await
    }

    async fn publish(&self, request: MqttMessages) -> Result<()> {
        mqtt::publish(self.outgoing()?, &request).await
    }

    async fn sql_query(&self, source: &SqlSource, query: &str) -> Result<SqlRows> {
        databases::query(self.outgoing()?, source, query).await
    }

    async fn sql_write(&self, source: &SqlSource, table: &str, rows: SqlRows) -> Result<()> {
        databases::write(self.outgoing()?, source, table, rows).await
    }

    fn org(&self) -> Id {
        self.org
    }
}
