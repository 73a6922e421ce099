//! Writing over gRPC.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tonic::{Request, Response, Status};
use weir_batch::Sequence;
use weir_model::{Id, Result};

use super::WRITE_LIMIT;
use super::channel::{Peer, Transport};
use super::convert::{id, put_range, range};
use super::pb::write as pb;
use super::pb::write::write_client::WriteClient as Client;
use super::pb::write::write_server::{Write, WriteServer};
use super::predicate::{predicate, put_predicate};
use super::rows::{put_rows, rows};
use super::status::{error_of, status_of};
use crate::{DeleteRequest, ShardWrite, WriteRequest, WriteService};

/// A write that takes longer is given up; the caller is told to try again.
const DEADLINE: Duration = Duration::from_secs(30);

/// An ingester on the other side of a connection.
#[derive(Debug, Clone)]
pub struct WriteClient {
    client: Client<Transport>,
}

impl WriteClient {
    /// A client over a connection.
    pub fn new(peer: &Peer) -> Self {
        let client = Client::new(peer.transport())
            .max_decoding_message_size(WRITE_LIMIT)
            .max_encoding_message_size(WRITE_LIMIT);
        Self { client }
    }
}

fn timed<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(DEADLINE);
    request
}

#[async_trait]
impl WriteService for WriteClient {
    async fn write(&self, request: WriteRequest) -> Result<Sequence> {
        let shard = |shard: ShardWrite| pb::Shard {
            bucket: shard.bucket.get(),
            shard_group: shard.shard_group,
            measurements: put_rows(shard.rows),
        };
        let shards = request.shards.into_iter().map(shard).collect();
        let message = pb::WriteRequest { sequence: request.sequence.0, shards };
        let answer = self.client.clone().write(timed(message)).await.map_err(error_of)?;
        Ok(Sequence(answer.into_inner().sequence))
    }

    async fn delete(&self, request: DeleteRequest) -> Result<Sequence> {
        let message = pb::DeleteRequest {
            sequence: request.sequence.0,
            bucket: request.bucket.get(),
            range: put_range(request.range),
            predicate: Some(put_predicate(&request.predicate)),
        };
        let answer = self.client.clone().delete(timed(message)).await.map_err(error_of)?;
        Ok(Sequence(answer.into_inner().sequence))
    }

    async fn drop_bucket(&self, bucket: Id) -> Result<()> {
        let message = pb::DropBucketRequest { bucket: bucket.get() };
        self.client.clone().drop_bucket(timed(message)).await.map_err(error_of)?;
        Ok(())
    }
}

/// A write service as a gRPC server sees it.
pub(super) struct WriteFace(Arc<dyn WriteService>);

/// A server of a write service, to be added to a tonic server or router.
pub(super) fn write_server(service: Arc<dyn WriteService>) -> WriteServer<WriteFace> {
    WriteServer::new(WriteFace(service))
        .max_decoding_message_size(WRITE_LIMIT)
        .max_encoding_message_size(WRITE_LIMIT)
}

#[async_trait]
impl Write for WriteFace {
    async fn write(&self, request: Request<pb::WriteRequest>) -> Result<Response<pb::WriteResponse>, Status> {
        let message = request.into_inner();
        let shard = |shard: pb::Shard| {
            Ok(ShardWrite {
                bucket: id(shard.bucket)?,
                shard_group: shard.shard_group,
                rows: rows(shard.measurements)?,
            })
        };
        let shards: Result<_> = message.shards.into_iter().map(shard).collect();
        let request =
            WriteRequest { sequence: Sequence(message.sequence), shards: shards.map_err(|e| status_of(&e))? };
        let Sequence(sequence) = self.0.write(request).await.map_err(|e| status_of(&e))?;
        Ok(Response::new(pb::WriteResponse { sequence }))
    }

    async fn delete(
        &self,
        request: Request<pb::DeleteRequest>,
    ) -> Result<Response<pb::DeleteResponse>, Status> {
        let message = request.into_inner();
        let read = || {
            Ok(DeleteRequest {
                sequence: Sequence(message.sequence),
                bucket: id(message.bucket)?,
                range: range(message.range)?,
                predicate: predicate(message.predicate)?,
            })
        };
        let request = read().map_err(|e| status_of(&e))?;
        let Sequence(sequence) = self.0.delete(request).await.map_err(|e| status_of(&e))?;
        Ok(Response::new(pb::DeleteResponse { sequence }))
    }

    async fn drop_bucket(
        &self,
        request: Request<pb::DropBucketRequest>,
    ) -> Result<Response<pb::DropBucketResponse>, Status> {
        let bucket = id(request.into_inner().bucket).map_err(|e| status_of(&e))?;
        self.0.drop_bucket(bucket).await.map_err(|e| status_of(&e))?;
        Ok(Response::new(pb::DropBucketResponse {}))
    }
}
