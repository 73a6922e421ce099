//! v1 users: authorizations whose token is a user name, with a password of their own.

use weir_database::{Executor, Query, Row, sql};
use weir_model::{Id, Result};

use crate::authorizations::{COLUMNS, JOINS, permissions_text, read as read_authorization};
use crate::paging::{Key, Listing};
use crate::{
    Authorization, AuthorizationFilter, AuthorizationUpdate, Catalog, CatalogError, NewAuthorization,
};

/// A v1 user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyAuthorization {
    /// What it has in common with a token.
    pub authorization: Authorization,
    /// The user name.
    pub token: String,
}

/// Which v1 users are listed. An id alone decides, then a user name.
#[derive(Debug, Clone, Default)]
pub struct LegacyFilter {
    /// As for tokens.
    pub of: AuthorizationFilter,
    /// The one of this user name.
    pub token: Option<String>,
}

fn select(end: &str) -> Query {
    sql(format!("SELECT {COLUMNS}, a.token, a.password_hash FROM legacy_authorizations {JOINS} WHERE {end}"))
}

fn read(row: &Row) -> Result<LegacyAuthorization> {
    Ok(LegacyAuthorization { authorization: read_authorization(row)?, token: row.get("token")? })
}

impl Catalog {
    /// Makes a v1 user, whose name is `new.token`. It opens nothing until it has a password.
    ///
    /// # Errors
    /// No user name or one that is taken; else as [`Catalog::create_authorization`].
    pub async fn create_legacy_authorization(&self, new: NewAuthorization) -> Result<LegacyAuthorization> {
        let token = new.token.clone().filter(|token| !token.is_empty());
        let token = token.ok_or(CatalogError::LegacyTokenRequired)?;
        let mut tx = self.begin().await?;
        let authorization = self.prepare_authorization_in(&mut tx, new).await?;
        let insert =
            sql("INSERT INTO legacy_authorizations (id, token, status, description, org_id, user_id,
                          permissions, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(authorization.id)
            .bind(&token)
            .bind(authorization.status.as_str())
            .bind(&authorization.description)
            .bind(authorization.org_id)
            .bind(authorization.user_id)
            .bind(permissions_text(&authorization.permissions))
            .bind(authorization.created_at.0)
            .bind(authorization.updated_at.0);
        match tx.execute(insert).await {
            Err(error) if error.is_unique() => return Err(CatalogError::TokenExists.into()),
            other => other?,
        };
        self.commit(tx).await?;
        Ok(LegacyAuthorization { authorization, token })
    }

    /// The v1 user of this id.
    ///
    /// # Errors
    /// [`CatalogError::AuthorizationNotFound`].
    pub async fn find_legacy_authorization(&self, id: Id) -> Result<LegacyAuthorization> {
        by_id(&mut self.database(), id).await
    }

    /// The v1 user of this name, and the hash of its password if it has one.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_legacy_login(
        &self,
        name: &str,
    ) -> Result<Option<(LegacyAuthorization, Option<String>)>> {
        let row = self.database().fetch_optional(select("a.token = ?").bind(name)).await?;
        row.map(|row| Ok((read(&row)?, row.get("password_hash")?))).transpose()
    }

    /// The v1 users that `filter` names, by id, without those whose organization or user is gone.
    ///
    /// # Errors
    /// When the one that is asked for by id or user name does not exist.
    pub async fn list_legacy_authorizations(
        &self,
        filter: &LegacyFilter,
    ) -> Result<Vec<LegacyAuthorization>> {
        if let Some(id) = filter.of.id {
            return Ok(vec![self.find_legacy_authorization(id).await?]);
        }
        if let Some(token) = &filter.token {
            let found = self.find_legacy_login(token).await?.ok_or(CatalogError::AuthorizationNotFound)?;
            return Ok(vec![found.0]);
        }
        let rows = format!("SELECT {COLUMNS}, a.token, a.password_hash FROM legacy_authorizations {JOINS}");
        let listing = Listing::new(rows, "legacy_authorizations a", &[Key::Text("a.id")]);
        self.read_authorizations(listing, &filter.of).await?.iter().map(read).collect()
    }

    /// Changes a v1 user.
    ///
    /// # Errors
    /// [`CatalogError::AuthorizationNotFound`].
    pub async fn update_legacy_authorization(
        &self,
        id: Id,
        update: AuthorizationUpdate,
    ) -> Result<LegacyAuthorization> {
        let mut tx = self.begin().await?;
        let mut found = by_id(&mut tx, id).await?;
        found.authorization.change(update, self.now());
        let change =
            sql("UPDATE legacy_authorizations SET status = ?, description = ?, updated_at = ? WHERE id = ?")
                .bind(found.authorization.status.as_str())
                .bind(&found.authorization.description)
                .bind(found.authorization.updated_at.0)
                .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(found)
    }

    /// Gives a v1 user the password of which this is the hash.
    ///
    /// # Errors
    /// [`CatalogError::AuthorizationNotFound`].
    pub async fn set_legacy_password_hash(&self, id: Id, hash: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let change =
            sql("UPDATE legacy_authorizations SET password_hash = ? WHERE id = ?").bind(hash).bind(id);
        if tx.execute(change).await? == 0 {
            return Err(CatalogError::AuthorizationNotFound.into());
        }
        self.commit(tx).await
    }

    /// Deletes a v1 user.
    ///
    /// # Errors
    /// [`CatalogError::AuthorizationNotFound`].
    pub async fn delete_legacy_authorization(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM legacy_authorizations WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::AuthorizationNotFound.into());
        }
        self.commit(tx).await
    }
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<LegacyAuthorization> {
    let row = db.fetch_optional(select("a.id = ?").bind(id)).await?;
    read(&row.ok_or(CatalogError::AuthorizationNotFound)?)
}
