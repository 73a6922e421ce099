//! How much there is, for metrics.

use weir_database::sql;
use weir_model::Result;

use crate::Catalog;

/// How many resources of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Organizations.
    pub orgs: i64,
    /// Users.
    pub users: i64,
    /// Buckets, those of the server included.
    pub buckets: i64,
    /// Tokens.
    pub tokens: i64,
}

impl Catalog {
    /// Counts the resources.
    ///
    /// # Errors
    /// The database's.
    pub async fn counts(&self) -> Result<Counts> {
        let query = sql("SELECT (SELECT COUNT(*) FROM orgs) AS orgs, (SELECT COUNT(*) FROM users) AS users,
            (SELECT COUNT(*) FROM buckets) AS buckets, (SELECT COUNT(*) FROM authorizations) AS tokens");
        let row = self.database().fetch_optional(query).await?;
        let Some(row) = row else { return Ok(Counts::default()) };
        Ok(Counts {
            orgs: row.get("orgs")?,
            users: row.get("users")?,
            buckets: row.get("buckets")?,
            tokens: row.get("tokens")?,
        })
    }
}
