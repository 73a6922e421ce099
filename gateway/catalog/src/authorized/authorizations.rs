//! Tokens: rights over the token and over its user; nobody gives more than they hold.

use weir_model::{Action, Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{Authorization, AuthorizationFilter, AuthorizationUpdate, CatalogError, NewAuthorization};

impl Authorized {
    /// Makes a token; the second value is the token itself.
    ///
    /// # Errors
    /// No permissions; `write:orgs/<org>/authorizations`, then `write:users/<user>` is unauthorized; a permission
    /// that the caller does not hold ([`CatalogError::PermissionNotHeld`]); then as
    /// [`crate::Catalog::create_authorization`].
    pub async fn create_authorization(&self, new: NewAuthorization) -> Result<(Authorization, String)> {
        if new.permissions.is_empty() {
            return Err(CatalogError::NoPermissions.into());
        }
        self.check_give(&new)?;
        // Tokens are always made here: what a request chooses is not secret enough.
        self.catalog.create_authorization(NewAuthorization { token: None, ..new }).await
    }

    /// The token of this id.
    ///
    /// # Errors
    /// Not found, then not readable; then its user or organization is gone.
    pub async fn find_authorization(&self, id: Id) -> Result<Authorization> {
        let found = self.catalog.find_authorization(id).await?;
        self.check_shown(&found)?;
        Ok(found)
    }

    /// The tokens that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_authorizations`].
    pub async fn list_authorizations(&self, filter: &AuthorizationFilter) -> Result<Vec<Authorization>> {
        let mut found = self.catalog.list_authorizations(filter).await?;
        found.retain(|authorization| self.check_authorization(Action::Read, authorization).is_ok());
        Ok(found)
    }

    /// Changes a token.
    ///
    /// # Errors
    /// Not found, then not readable, then not writable.
    pub async fn update_authorization(&self, id: Id, update: AuthorizationUpdate) -> Result<Authorization> {
        let found = self.find_authorization(id).await?;
        self.check_authorization(Action::Write, &found)?;
        self.catalog.update_authorization(id, update).await
    }

    /// Deletes a token.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_authorization(&self, id: Id) -> Result<()> {
        let found = self.catalog.find_authorization(id).await?;
        self.check_authorization(Action::Write, &found)?;
        self.catalog.delete_authorization(id).await
    }

    /// Refuses unless the caller may make this token.
    pub(super) fn check_give(&self, new: &NewAuthorization) -> Result<()> {
        self.check_create(ResourceType::Authorizations, new.org_id)?;
        self.check(Permission::write(Resource::one(ResourceType::Users, new.user_id)))?;
        for permission in &new.permissions {
            self.check(*permission)
                .map_err(|why| CatalogError::PermissionNotHeld(*permission, why.message))?;
        }
        Ok(())
    }

    /// Refuses unless the caller may read this token and it can be shown with its names.
    pub(super) fn check_shown(&self, found: &Authorization) -> Result<()> {
        self.check_authorization(Action::Read, found)?;
        if found.org.is_none() {
            return Err(CatalogError::OrgNotFound.into());
        }
        if found.user.is_none() {
            return Err(CatalogError::UserNotFound.into());
        }
        Ok(())
    }

    pub(super) fn check_authorization(&self, action: Action, found: &Authorization) -> Result<()> {
        self.check_one(action, ResourceType::Authorizations, found.id, found.org_id)?;
        self.check(Permission::new(action, Resource::one(ResourceType::Users, found.user_id)))
    }
}
