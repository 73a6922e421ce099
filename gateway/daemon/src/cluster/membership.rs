//! Being known to the others.

use weir_catalog::{Catalog, NodeRole};
use weir_model::Result;

use super::BEAT;

/// This process among the nodes of the catalog.
pub(crate) struct Membership {
    catalog: Catalog,
    name: String,
    role: NodeRole,
    address: String,
}

impl Membership {
    /// Makes this process known.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn join(catalog: Catalog, name: &str, role: NodeRole, address: &str) -> Result<Self> {
        catalog.register_node(name, role, address).await?;
        tracing::info!(name, role = role.as_str(), address, "joined the cluster");
        Ok(Self { catalog, name: name.to_owned(), role, address: address.to_owned() })
    }

    /// Says again and again that the process is alive. Never returns.
    pub(crate) async fn beat(&self) {
        let mut beats = tokio::time::interval(BEAT);
        loop {
            beats.tick().await;
            match self.catalog.heartbeat_node(&self.name).await {
                Ok(true) => {}
                Ok(false) => {
                    if let Err(error) = self.catalog.register_node(&self.name, self.role, &self.address).await
                    {
                        tracing::warn!(%error, "joining the cluster again failed");
                    }
                }
                Err(error) => tracing::warn!(%error, "a heartbeat failed"),
            }
        }
    }

    /// Leaves for good: nobody waits for what this process might have.
    pub(crate) async fn leave(self) {
        if let Err(error) = self.catalog.remove_node(&self.name).await {
            tracing::warn!(%error, "leaving the cluster failed");
        }
    }
}
