//! The processes that serve others: ingesters and queriers make themselves known here.

use weir_database::{DatabaseError, Row, sql};
use weir_model::{Result, Timestamp};

use crate::Catalog;

/// What a node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeRole {
    /// Takes writes, answers scans of what it has not flushed.
    Ingester,
    /// Answers queries, runs tasks.
    Querier,
}

impl NodeRole {
    /// `ingester` or `querier`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingester => "ingester",
            Self::Querier => "querier",
        }
    }
}

/// A process that serves others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, which it keeps over restarts (of a pod, the pod's).
    pub name: String,
    /// What it does.
    pub role: NodeRole,
    /// Where others reach it.
    pub address: String,
    /// When it last registered.
    pub started_at: Timestamp,
    /// When it last said that it is alive.
    pub heartbeat_at: Timestamp,
}

fn read(row: &Row) -> Result<Node, DatabaseError> {
    let role: String = row.get("role")?;
    Ok(Node {
        name: row.get("name")?,
        role: if role == "ingester" { NodeRole::Ingester } else { NodeRole::Querier },
        address: row.get("address")?,
        started_at: Timestamp(row.get("started_at")?),
        heartbeat_at: Timestamp(row.get("heartbeat_at")?),
    })
}

impl Catalog {
    /// Makes a node known, or known anew at another address.
    ///
    /// # Errors
    /// The database's.
    pub async fn register_node(&self, name: &str, role: NodeRole, address: &str) -> Result<()> {
        let now = self.now().0;
        let upsert =
            sql("INSERT INTO nodes (name, role, address, started_at, heartbeat_at) VALUES (?, ?, ?, ?, ?)
                          ON CONFLICT (name) DO UPDATE SET role = excluded.role, address = excluded.address,
                          started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at")
            .bind(name)
            .bind(role.as_str())
            .bind(address)
            .bind(now)
            .bind(now);
        self.database().execute(upsert).await?;
        Ok(())
    }

    /// Says that a node is alive. `false` if it is not registered (any more) and must register again.
    ///
    /// # Errors
    /// The database's.
    pub async fn heartbeat_node(&self, name: &str) -> Result<bool> {
        let beat = sql("UPDATE nodes SET heartbeat_at = ? WHERE name = ?").bind(self.now().0).bind(name);
        Ok(self.database().execute(beat).await? > 0)
    }

    /// Forgets a node that leaves for good.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_node(&self, name: &str) -> Result<()> {
        self.database().execute(sql("DELETE FROM nodes WHERE name = ?").bind(name)).await?;
        Ok(())
    }

    /// All nodes of a role, by name, alive or not.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_nodes(&self, role: NodeRole) -> Result<Vec<Node>> {
        let query = sql(
            "SELECT name, role, address, started_at, heartbeat_at FROM nodes WHERE role = ? ORDER BY name",
        )
        .bind(role.as_str());
        let rows = self.database().fetch_all(query).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The nodes of a role whose last heartbeat is no older than `within` nanoseconds.
    ///
    /// # Errors
    /// The database's.
    pub async fn live_nodes(&self, role: NodeRole, within: i64) -> Result<Vec<Node>> {
        let oldest = self.now().plus(-within);
        let mut nodes = self.list_nodes(role).await?;
        nodes.retain(|node| node.heartbeat_at >= oldest);
        Ok(nodes)
    }
}
