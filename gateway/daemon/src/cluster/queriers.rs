//! The queriers of a cluster, in turn.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use weir_catalog::{Catalog, NodeRole};
use weir_model::{Error, ErrorCode, Result};
use weir_proto::grpc::{Peer, QueryClient, Trust};
use weir_proto::{ByteStream, QueryRequest, QueryService};

use super::ALIVE;

/// Sends each query to the next querier that is alive.
pub(crate) struct Queriers {
    catalog: Catalog,
    trust: Trust,
    clients: Mutex<HashMap<String, QueryClient>>,
    turn: AtomicUsize,
}

impl Queriers {
    /// The queriers that `catalog` knows.
    pub(crate) fn new(catalog: Catalog, trust: Trust) -> Self {
        Self { catalog, trust, clients: Mutex::default(), turn: AtomicUsize::new(0) }
    }

    fn client(&self, address: &str) -> Result<QueryClient> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(address) {
            return Ok(client.clone());
        }
        let client = QueryClient::new(&Peer::connect(address, &self.trust)?);
        clients.insert(address.to_owned(), client.clone());
        Ok(client)
    }
}

#[async_trait]
impl QueryService for Queriers {
    /// A querier that cannot be reached costs a try of the next one: nothing of the answer has been sent yet, and
    /// what a script wrote is written again to the same points.
    async fn query(&self, request: QueryRequest) -> Result<ByteStream> {
        let nodes = self.catalog.live_nodes(NodeRole::Querier, ALIVE).await?;
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let mut refusal = Error::unavailable("no querier is running, try again later");
        for place in 0..nodes.len() {
            let node = &nodes[(turn + place) % nodes.len()];
            match self.client(&node.address)?.query(request.clone()).await {
                Err(error) if error.code == ErrorCode::Unavailable => {
                    tracing::warn!(querier = node.name, %error, "a querier did not answer");
                    refusal = error;
                }
                answer => return answer,
            }
        }
        Err(refusal)
    }
}
