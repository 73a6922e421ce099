//! Organizations: read and write of `orgs/<id>`; making one needs `write:orgs` without limits.

use weir_model::{Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{NewOrg, Org, OrgFilter, OrgUpdate, Paging};

fn org(id: Id) -> Resource {
    Resource::one(ResourceType::Orgs, id)
}

impl Authorized {
    /// Makes an organization, which the caller's user owns then.
    ///
    /// # Errors
    /// As [`crate::Catalog::create_org`]; `write:orgs is unauthorized`.
    pub async fn create_org(&self, new: NewOrg) -> Result<Org> {
        self.check(Permission::write(Resource::all(ResourceType::Orgs)))?;
        self.catalog.create_org(new, Some(self.caller.user_id)).await
    }

    /// The organization of this id.
    ///
    /// # Errors
    /// Not readable, then not found.
    pub async fn find_org(&self, id: Id) -> Result<Org> {
        self.check(Permission::read(org(id)))?;
        self.catalog.find_org(id).await
    }

    /// The organization of this name.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_org_by_name(&self, name: &str) -> Result<Org> {
        let found = self.catalog.find_org_by_name(name).await?;
        self.check(Permission::read(org(found.id)))?;
        Ok(found)
    }

    /// The organizations that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_orgs`].
    pub async fn list_orgs(&self, filter: &OrgFilter, paging: &Paging) -> Result<Vec<Org>> {
        let mut orgs = self.catalog.list_orgs(filter, paging).await?;
        orgs.retain(|found| self.caller.may(Permission::read(org(found.id))));
        Ok(orgs)
    }

    /// Changes an organization.
    ///
    /// # Errors
    /// Not writable, then not found, then as [`crate::Catalog::update_org`].
    pub async fn update_org(&self, id: Id, update: OrgUpdate) -> Result<Org> {
        self.check(Permission::write(org(id)))?;
        self.catalog.update_org(id, update).await
    }

    /// Deletes an organization.
    ///
    /// # Errors
    /// Not writable, then not found.
    pub async fn delete_org(&self, id: Id) -> Result<()> {
        self.check(Permission::write(org(id)))?;
        self.catalog.delete_org(id).await
    }
}
