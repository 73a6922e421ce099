//! Secrets of an organization: encrypted in the database, or in another store ([`crate::SecretStore`]).

use std::collections::BTreeMap;

use weir_database::{DatabaseError, Executor, Transaction, sql};
use weir_model::{Id, Result};

use crate::{Catalog, CatalogError};

impl Catalog {
    /// The names of an organization's secrets, sorted.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_secrets(&self, org: Id) -> Result<Vec<String>> {
        if let Some(store) = self.secret_store() {
            return Ok(store.load(org).await?.into_keys().collect());
        }
        let query = sql("SELECT name FROM secrets WHERE org_id = ? ORDER BY name").bind(org);
        let rows = self.database().fetch_all(query).await?;
        Ok(rows.iter().map(|row| row.get("name")).collect::<Result<_, _>>()?)
    }

    /// The value of a secret; `None` if there is none of that name.
    ///
    /// # Errors
    /// [`CatalogError::NoSecretKey`], or it was encrypted with another key.
    pub async fn find_secret(&self, org: Id, name: &str) -> Result<Option<String>> {
        if let Some(store) = self.secret_store() {
            return Ok(store.load(org).await?.remove(name));
        }
        let query = sql("SELECT sealed FROM secrets WHERE org_id = ? AND name = ?").bind(org).bind(name);
        let Some(row) = self.database().fetch_optional(query).await? else { return Ok(None) };
        let keys = self.secret_keys().ok_or(CatalogError::NoSecretKey)?;
        let opened = keys.open(org, name, &row.get::<String, _>("sealed")?);
        Ok(Some(opened.ok_or(CatalogError::SecretUnreadable)?))
    }

    /// Sets secrets; the others stay.
    ///
    /// # Errors
    /// [`CatalogError::NoSecretKey`], or the organization does not exist.
    pub async fn set_secrets(&self, org: Id, secrets: &BTreeMap<String, String>) -> Result<()> {
        let mut tx = self.begin().await?;
        self.set_secrets_in(&mut tx, org, secrets).await?;
        self.commit(tx).await
    }

    /// [`Catalog::set_secrets`] as a part of a change.
    pub(crate) async fn set_secrets_in(
        &self,
        tx: &mut Transaction,
        org: Id,
        secrets: &BTreeMap<String, String>,
    ) -> Result<()> {
        if let Some(store) = self.secret_store().filter(|_| !secrets.is_empty()) {
            crate::orgs::by_id(tx, org).await?;
            return store.change(org, secrets, &[]).await;
        }
        for (name, value) in secrets {
            let keys = self.secret_keys().ok_or(CatalogError::NoSecretKey)?;
            let sealed = keys.seal(org, name, value, self.surroundings()).ok_or(CatalogError::NoSecretKey)?;
            let insert = sql("INSERT INTO secrets (org_id, name, sealed) VALUES (?, ?, ?)
                 ON CONFLICT (org_id, name) DO UPDATE SET sealed = excluded.sealed")
            .bind(org)
            .bind(name)
            .bind(sealed);
            match tx.execute(insert).await {
                Err(DatabaseError::ForeignKey(_)) => return Err(CatalogError::OrgNotFound.into()),
                other => other?,
            };
        }
        Ok(())
    }

    /// Deletes secrets; those that are not there are no error.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete_secrets(&self, org: Id, names: &[String]) -> Result<()> {
        if let Some(store) = self.secret_store() {
            return store.change(org, &BTreeMap::new(), names).await;
        }
        let mut tx = self.begin().await?;
        for name in names {
            let delete = sql("DELETE FROM secrets WHERE org_id = ? AND name = ?").bind(org).bind(name);
            tx.execute(delete).await?;
        }
        self.commit(tx).await
    }
}
