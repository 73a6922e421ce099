//! Secrets: rights over all secrets of the organization. Values are for scripts, handlers show names only.

use std::collections::BTreeMap;

use weir_model::{Id, Permission, Resource, ResourceType, Result};

use super::Authorized;

fn secrets(org: Id) -> Resource {
    Resource::in_org(ResourceType::Secrets, org)
}

impl Authorized {
    /// The names of an organization's secrets, sorted.
    ///
    /// # Errors
    /// `read:orgs/<org>/secrets is unauthorized`.
    pub async fn list_secrets(&self, org: Id) -> Result<Vec<String>> {
        self.check(Permission::read(secrets(org)))?;
        self.catalog.list_secrets(org).await
    }

    /// The value of a secret; `None` if there is none of that name.
    ///
    /// # Errors
    /// Not readable, then as [`crate::Catalog::find_secret`].
    pub async fn find_secret(&self, org: Id, name: &str) -> Result<Option<String>> {
        self.check(Permission::read(secrets(org)))?;
        self.catalog.find_secret(org, name).await
    }

    /// Sets secrets; the others stay.
    ///
    /// # Errors
    /// `write:orgs/<org>/secrets is unauthorized`, then as [`crate::Catalog::set_secrets`].
    pub async fn set_secrets(&self, org: Id, values: &BTreeMap<String, String>) -> Result<()> {
        self.check(Permission::write(secrets(org)))?;
        self.catalog.set_secrets(org, values).await
    }

    /// Deletes secrets; those that are not there are no error.
    ///
    /// # Errors
    /// Not writable.
    pub async fn delete_secrets(&self, org: Id, names: &[String]) -> Result<()> {
        self.check(Permission::write(secrets(org)))?;
        self.catalog.delete_secrets(org, names).await
    }
}
