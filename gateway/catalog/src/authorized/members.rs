//! Members and owners of a resource: seeing them needs to read its organization, changing them to write it.

use weir_model::{Action, Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{CatalogError, Member, Role};

impl Authorized {
    /// The users with a role on a resource of an organization (of the type `orgs`, the organization itself). The
    /// caller has looked the resource up already.
    ///
    /// # Errors
    /// For organizations, buckets and dashboards, [`CatalogError::NotFound`] if the caller may not read the
    /// organization. Whoever may not read the resource sees nobody.
    pub async fn list_members(
        &self,
        kind: ResourceType,
        resource: Id,
        org: Id,
        role: Role,
    ) -> Result<Vec<Member>> {
        let of_org = matches!(kind, ResourceType::Orgs | ResourceType::Buckets | ResourceType::Dashboards);
        if of_org && !self.caller.may(Permission::read(Resource::one(ResourceType::Orgs, org))) {
            return Err(CatalogError::NotFound.into());
        }
        if !self.may_read(kind, resource, org) {
            return Ok(Vec::new());
        }
        self.catalog.list_members(resource, role).await
    }

    /// Gives a user a role on a resource of an organization.
    ///
    /// # Errors
    /// No such user, then the resource is not writable, then the user has a role there already.
    pub async fn add_member(
        &self,
        kind: ResourceType,
        resource: Id,
        org: Id,
        user: Id,
        role: Role,
    ) -> Result<Member> {
        self.catalog.find_user(user).await?;
        self.check_one(Action::Write, kind, resource, org)?;
        self.catalog.add_member(kind, resource, user, role).await
    }

    /// Takes away a user's role on a resource of an organization; where it has none, nothing is asked.
    ///
    /// # Errors
    /// The resource is not writable.
    pub async fn remove_member(&self, kind: ResourceType, resource: Id, org: Id, user: Id) -> Result<()> {
        let mut has_a_role = false;
        for role in [Role::Member, Role::Owner] {
            let holders = self.catalog.list_members(resource, role).await?;
            has_a_role |= holders.iter().any(|member| member.user_id == user);
        }
        if !has_a_role {
            return Ok(());
        }
        self.check_one(Action::Write, kind, resource, org)?;
        self.catalog.remove_member(resource, user).await
    }
}
