//! The ingesters of a cluster: whom to write to, whom to ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use weir_catalog::{Catalog, Node, NodeRole};
use weir_model::{Id, Result};
use weir_proto::grpc::{Peer, ScanClient, Trust, WriteClient};
use weir_proto::{ScanService, WriteService};
use weir_router::IngesterHandle;

use super::{ALIVE, BEAT};
use crate::readiness::{self, Need};

/// How long ago a node may have been heard of to be tried when there are too few others, in nanoseconds.
const LATELY: i64 = 60_000_000_000;

/// Knows the ingesters that the catalog knows. A clone shares its connections.
#[derive(Clone)]
pub(crate) struct Directory {
    inner: Arc<Inner>,
}

struct Inner {
    catalog: Catalog,
    trust: Trust,
    /// How many ingesters keep each point.
    replication: usize,
    /// Connections by address.
    peers: Mutex<HashMap<String, Peer>>,
    /// The nodes that take writes, and their handles.
    current: RwLock<(Vec<Node>, Arc<[IngesterHandle]>)>,
}

impl Directory {
    /// Looks once, so that it knows who is there.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn open(catalog: Catalog, trust: Trust, replication: usize) -> Result<Self> {
        let current = RwLock::new((Vec::new(), Arc::from([])));
        let inner = Inner { catalog, trust, replication, peers: Mutex::default(), current };
        let directory = Self { inner: Arc::new(inner) };
        directory.look().await?;
        Ok(directory)
    }

    /// Looks again and again, and after `need` until enough of them were there. Never returns.
    pub(crate) async fn watch(self, need: Need) {
        let mut beats = tokio::time::interval(BEAT);
        let mut met = false;
        loop {
            beats.tick().await;
            if !met {
                let running = weir_router::Ingesters::current(&self).len();
                met = readiness::ingesters_met(&need, running, self.inner.replication);
            }
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the ingesters cannot be looked up; the last known ones are used");
            }
        }
    }

    async fn look(&self) -> Result<()> {
        let known = self.inner.catalog.list_nodes(NodeRole::Ingester).await?;
        let alive = candidates(known, self.inner.catalog.now().nanoseconds(), self.inner.replication);
        let same = |a: &Node, b: &Node| a.name == b.name && a.address == b.address;
        {
            let current = self.inner.current.read().unwrap_or_else(PoisonError::into_inner);
            if current.0.len() == alive.len() && current.0.iter().zip(&alive).all(|(a, b)| same(a, b)) {
                return Ok(());
            }
        }
        let mut handles = Vec::with_capacity(alive.len());
        for node in &alive {
            let service: Arc<dyn WriteService> = Arc::new(WriteClient::new(&self.peer(&node.address)?));
            handles.push(IngesterHandle { id: id_of(&node.name), service });
        }
        tracing::info!(ingesters = ?alive.iter().map(|n| n.name.as_str()).collect::<Vec<_>>(), "ingesters that take writes");
        *self.inner.current.write().unwrap_or_else(PoisonError::into_inner) = (alive, handles.into());
        Ok(())
    }

    fn peer(&self, address: &str) -> Result<Peer> {
        let mut peers = self.inner.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(peer) = peers.get(address) {
            return Ok(peer.clone());
        }
        let peer = Peer::connect(address, &self.inner.trust)?;
        peers.insert(address.to_owned(), peer.clone());
        Ok(peer)
    }
}

impl weir_router::Ingesters for Directory {
    fn current(&self) -> Arc<[IngesterHandle]> {
        self.inner.current.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

#[async_trait]
impl weir_store::Ingesters for Directory {
    /// Dead ones too: what they had not flushed is in their log, and a query must not pass over it in silence.
    async fn all(&self) -> Result<Vec<Arc<dyn ScanService>>> {
        let nodes = self.inner.catalog.list_nodes(NodeRole::Ingester).await?;
        let client = |node: &Node| -> Result<Arc<dyn ScanService>> {
            Ok(Arc::new(ScanClient::new(&self.peer(&node.address)?)))
        };
        nodes.iter().map(client).collect()
    }

    /// A write is acknowledged when more than half of its replicas keep it.
    fn dispensable(&self) -> usize {
        self.inner.replication.max(1) / 2
    }
}

/// The nodes to send writes to: those that were heard of just now. Where they are too few for a quorum, those that were
/// heard of lately are tried as well: a node that is short of time to say so may still take a write.
fn candidates(mut known: Vec<Node>, now: i64, replication: usize) -> Vec<Node> {
    let heard = |node: &Node, within: i64| now - node.heartbeat_at.nanoseconds() <= within;
    let alive = known.iter().filter(|node| heard(node, ALIVE)).count();
    let within = if alive > replication.max(1) / 2 { ALIVE } else { LATELY };
    known.retain(|node| heard(node, within));
    known
}

/// The id by which series choose an ingester: of its name, so that it is the same after a restart (FNV-1a).
fn id_of(name: &str) -> Id {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    Id::new(hash.max(1)).expect("at least one, which is not zero")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ingester_keeps_its_id() {
        assert_eq!(id_of("ingester-0").to_string(), id_of("ingester-0").to_string());
        assert_ne!(id_of("ingester-0"), id_of("ingester-1"));
        // On disk nothing depends on it, but series should not move at an update.
        assert_eq!(id_of("a").to_string(), "af63dc4c8601ec8c");
    }
}
