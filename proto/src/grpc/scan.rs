//! Scanning over gRPC.

use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use tonic::{Request, Response, Status};
use weir_batch::ScanRequest;
use weir_model::Result;

use super::MESSAGE_LIMIT;
use super::channel::{Peer, Transport};
use super::convert::{id, put_range, range};
use super::pb::scan as pb;
use super::pb::scan::scan_client::ScanClient as Client;
use super::pb::scan::scan_server::{Scan, ScanServer};
use super::predicate::{predicate, put_predicate};
use super::series_batch::{batch, put_batch};
use super::status::{error_of, status_of};
use crate::{ScanService, ScanStream};

/// A source of rows on the other side of a connection.
#[derive(Debug, Clone)]
pub struct ScanClient {
    client: Client<Transport>,
}

impl ScanClient {
    /// A client over a connection.
    pub fn new(peer: &Peer) -> Self {
        Self { client: Client::new(peer.transport()).max_decoding_message_size(MESSAGE_LIMIT) }
    }
}

#[async_trait]
impl ScanService for ScanClient {
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        let message = pb::ScanRequest {
            bucket: request.bucket.get(),
            range: put_range(request.range),
            predicate: Some(put_predicate(&request.predicate)),
        };
        let answer = self.client.clone().scan(message).await.map_err(error_of)?;
        Ok(answer.into_inner().map(|message| batch(message.map_err(error_of)?)).boxed())
    }
}

/// A scan service as a gRPC server sees it.
pub(super) struct ScanFace(Arc<dyn ScanService>);

/// A server of a scan service, to be added to a tonic server or router.
pub(super) fn scan_server(service: Arc<dyn ScanService>) -> ScanServer<ScanFace> {
    ScanServer::new(ScanFace(service)).max_encoding_message_size(MESSAGE_LIMIT)
}

#[async_trait]
impl Scan for ScanFace {
    type ScanStream = BoxStream<'static, Result<pb::ScanResponse, Status>>;

    async fn scan(&self, request: Request<pb::ScanRequest>) -> Result<Response<Self::ScanStream>, Status> {
        let message = request.into_inner();
        let read = || {
            Ok(ScanRequest {
                bucket: id(message.bucket)?,
                range: range(message.range)?,
                predicate: predicate(message.predicate)?,
            })
        };
        let request = read().map_err(|e| status_of(&e))?;
        let rows = self.0.scan(request).await.map_err(|e| status_of(&e))?;
        let messages = rows.map_ok(|batch| stream::iter(put_batch(batch))).try_flatten();
        Ok(Response::new(messages.map_err(|e| status_of(&e)).boxed()))
    }
}
