//! v1 users: the rights over them are those over tokens.

use weir_model::{Action, Id, Result};

use super::Authorized;
use crate::{AuthorizationUpdate, CatalogError, LegacyAuthorization, LegacyFilter, NewAuthorization};

impl Authorized {
    /// Makes a v1 user, whose name is `new.token`.
    ///
    /// # Errors
    /// No user name or permissions; then as [`Authorized::create_authorization`].
    pub async fn create_legacy_authorization(&self, new: NewAuthorization) -> Result<LegacyAuthorization> {
        if new.token.as_deref().is_none_or(str::is_empty) {
            return Err(CatalogError::LegacyTokenRequired.into());
        }
        if new.permissions.is_empty() {
            return Err(CatalogError::NoPermissions.into());
        }
        self.check_give(&new)?;
        self.catalog.create_legacy_authorization(new).await
    }

    /// The v1 user of this id.
    ///
    /// # Errors
    /// Not found, then not readable; then its user or organization is gone.
    pub async fn find_legacy_authorization(&self, id: Id) -> Result<LegacyAuthorization> {
        let found = self.catalog.find_legacy_authorization(id).await?;
        self.check_shown(&found.authorization)?;
        Ok(found)
    }

    /// The v1 users that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_legacy_authorizations`].
    pub async fn list_legacy_authorizations(
        &self,
        filter: &LegacyFilter,
    ) -> Result<Vec<LegacyAuthorization>> {
        let mut found = self.catalog.list_legacy_authorizations(filter).await?;
        found.retain(|legacy| self.check_authorization(Action::Read, &legacy.authorization).is_ok());
        Ok(found)
    }

    /// Changes a v1 user.
    ///
    /// # Errors
    /// Not found, then not readable, then not writable.
    pub async fn update_legacy_authorization(
        &self,
        id: Id,
        update: AuthorizationUpdate,
    ) -> Result<LegacyAuthorization> {
        let found = self.find_legacy_authorization(id).await?;
        self.check_authorization(Action::Write, &found.authorization)?;
        self.catalog.update_legacy_authorization(id, update).await
    }

    /// Refuses unless the caller may set a v1 user's password: asked before the costly hashing.
    ///
    /// # Errors
    /// Not found, then its user not writable, then it is not.
    pub async fn check_set_legacy_password(&self, id: Id) -> Result<()> {
        let found = self.catalog.find_legacy_authorization(id).await?;
        self.check_set_password(found.authorization.user_id)?;
        self.check_authorization(Action::Write, &found.authorization)
    }

    /// Gives a v1 user the password of which this is the hash.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn set_legacy_password_hash(&self, id: Id, hash: &str) -> Result<()> {
        self.check_set_legacy_password(id).await?;
        self.catalog.set_legacy_password_hash(id, hash).await
    }

    /// Deletes a v1 user.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_legacy_authorization(&self, id: Id) -> Result<()> {
        let found = self.catalog.find_legacy_authorization(id).await?;
        self.check_authorization(Action::Write, &found.authorization)?;
        self.catalog.delete_legacy_authorization(id).await
    }
}
