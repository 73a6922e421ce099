//! Querying over gRPC.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use tonic::{Request, Response, Status};
use weir_model::Result;

use super::MESSAGE_LIMIT;
use super::channel::{Peer, Transport};
use super::convert::{id, malformed};
use super::pb::query as pb;
use super::pb::query::query_client::QueryClient as Client;
use super::pb::query::query_server::{Query, QueryServer};
use super::status::{error_of, status_of};
use crate::{ByteStream, Caller, CsvDialect, QueryLanguage, QueryRequest, QueryService, QueryText};

/// Longer pieces of an answer are cut.
const PIECE: usize = 1 << 20;

/// A querier on the other side of a connection.
#[derive(Debug, Clone)]
pub struct QueryClient {
    client: Client<Transport>,
}

impl QueryClient {
    /// A client over a connection.
    pub fn new(peer: &Peer) -> Self {
        let client = Client::new(peer.transport())
            .max_decoding_message_size(MESSAGE_LIMIT)
            .max_encoding_message_size(MESSAGE_LIMIT);
        Self { client }
    }
}

#[async_trait]
impl QueryService for QueryClient {
    async fn query(&self, request: QueryRequest) -> Result<ByteStream> {
        let answer = self.client.clone().query(put_request(request)).await.map_err(error_of)?;
        Ok(answer.into_inner().map_ok(|message| message.data).map_err(error_of).boxed())
    }
}

/// A query service as a gRPC server sees it.
pub(super) struct QueryFace(Arc<dyn QueryService>);

/// A server of a query service, to be added to a tonic server or router.
pub(super) fn query_server(service: Arc<dyn QueryService>) -> QueryServer<QueryFace> {
    QueryServer::new(QueryFace(service)).max_decoding_message_size(MESSAGE_LIMIT)
}

#[async_trait]
impl Query for QueryFace {
    type QueryStream = BoxStream<'static, Result<pb::QueryResponse, Status>>;

    async fn query(&self, request: Request<pb::QueryRequest>) -> Result<Response<Self::QueryStream>, Status> {
        let request = read_request(request.into_inner()).map_err(|e| status_of(&e))?;
        let answer = self.0.query(request).await.map_err(|e| status_of(&e))?;
        let pieces = |mut data: Bytes| {
            stream::iter(std::iter::from_fn(move || {
                (!data.is_empty())
                    .then(|| Ok(pb::QueryResponse { data: data.split_to(data.len().min(PIECE)) }))
            }))
        };
        Ok(Response::new(answer.map_ok(pieces).try_flatten().map_err(|e| status_of(&e)).boxed()))
    }
}

fn put_request(request: QueryRequest) -> pb::QueryRequest {
    pb::QueryRequest {
        org: request.org.get(),
        caller: Some(pb::Caller {
            user: request.caller.user.map(|user| user.get()),
            permissions: request.caller.permissions_json,
        }),
        language: match request.language {
            QueryLanguage::Flux => pb::Language::Flux,
            QueryLanguage::InfluxQl => pb::Language::Influxql,
        } as i32,
        text: Some(match request.text {
            QueryText::Source(text) => pb::query_request::Text::Source(text),
            QueryText::Ast(text) => pb::query_request::Text::Ast(text),
        }),
        extern_ast: request.extern_ast,
        now: request.now,
        dialect: Some(pb::Dialect {
            header: request.dialect.header,
            delimiter: request.dialect.delimiter.to_string(),
            annotations: request.dialect.annotations,
        }),
        discard: request.discard,
    }
}

fn read_request(message: pb::QueryRequest) -> Result<QueryRequest> {
    let caller = message.caller.ok_or_else(|| malformed("no caller"))?;
    let dialect = message.dialect.ok_or_else(|| malformed("no dialect"))?;
    Ok(QueryRequest {
        org: id(message.org)?,
        caller: Caller { user: caller.user.map(id).transpose()?, permissions_json: caller.permissions },
        language: match pb::Language::try_from(message.language) {
            Ok(pb::Language::Flux) => QueryLanguage::Flux,
            Ok(pb::Language::Influxql) => QueryLanguage::InfluxQl,
            _ => return Err(malformed("an unknown language")),
        },
        text: match message.text.ok_or_else(|| malformed("no text"))? {
            pb::query_request::Text::Source(text) => QueryText::Source(text),
            pb::query_request::Text::Ast(text) => QueryText::Ast(text),
        },
        extern_ast: message.extern_ast,
        now: message.now,
        dialect: CsvDialect {
            header: dialect.header,
            delimiter: dialect.delimiter.chars().next().ok_or_else(|| malformed("no delimiter"))?,
            annotations: dialect.annotations,
        },
        discard: message.discard,
    })
}
