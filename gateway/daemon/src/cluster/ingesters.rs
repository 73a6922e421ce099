//! The ingesters of a cluster: whom to write to, whom to ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use weir_catalog::{Catalog, Node, NodeRole};
use weir_model::{Id, Result};
use weir_proto::grpc::{ClusterSecret, Peer, ScanClient, WriteClient};
use weir_proto::{ScanService, WriteService};
use weir_router::IngesterHandle;

use super::{ALIVE, BEAT};

/// Knows the ingesters that the catalog knows. A clone shares its connections.
#[derive(Clone)]
pub(crate) struct Directory {
    inner: Arc<Inner>,
}

struct Inner {
    catalog: Catalog,
    secret: Option<ClusterSecret>,
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
    pub(crate) async fn open(
        catalog: Catalog,
        secret: Option<ClusterSecret>,
        replication: usize,
    ) -> Result<Self> {
        let current = RwLock::new((Vec::new(), Arc::from([])));
        let inner = Inner { catalog, secret, replication, peers: Mutex::default(), current };
        let directory = Self { inner: Arc::new(inner) };
        directory.look().await?;
        Ok(directory)
    }

    /// Looks again and again. Never returns.
    pub(crate) async fn watch(self) {
        let mut beats = tokio::time::interval(BEAT);
        loop {
            beats.tick().await;
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the ingesters cannot be looked up; the last known ones are used");
            }
        }
    }

    async fn look(&self) -> Result<()> {
        let alive = self.inner.catalog.live_nodes(NodeRole::Ingester, ALIVE).await?;
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
        let peer = Peer::connect(address, self.inner.secret.as_ref())?;
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
