//! The catalog as one caller may see and change it.
//!
//! The order of checks is the reference's: what is missing is reported first (404), then the permission that is
//! missing (401, naming it); of organizations and users, whose ids are all that permissions name, the other way round.
//! Lists are paged first and lose the rows the caller may not read after, so a page may be
//! short.

mod annotations;
mod authorizations;
mod buckets;
mod cells;
mod checks;
mod dashboards;
mod dbrps;
mod endpoints;
mod labels;
mod legacy;
mod members;
mod notebooks;
mod orgs;
mod remotes;
mod replications;
mod rules;
mod scrapers;
mod secrets;
mod sources;
mod stacks;
mod targets;
mod tasks;
mod telegrafs;
mod users;
mod variables;

pub use replications::ReplicationTarget;
use weir_model::{Action, Caller, Id, Permission, Resource, ResourceType, Result};

use crate::{Catalog, ResolvedPermission};

/// The catalog as one caller may see and change it. This is what handlers hold.
#[derive(Debug, Clone)]
pub struct Authorized {
    catalog: Catalog,
    caller: Caller,
}

impl Authorized {
    pub(crate) fn new(catalog: Catalog, caller: Caller) -> Self {
        Self { catalog, caller }
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The time, as the catalog is told.
    pub fn now(&self) -> weir_model::Timestamp {
        self.catalog.now()
    }

    /// Refuses unless the caller holds a permission.
    ///
    /// # Errors
    /// As [`Caller::check`].
    pub fn check(&self, needed: Permission) -> Result<()> {
        self.caller.check(needed)
    }

    /// Refuses unless the caller may read (or write) one resource of an organization.
    ///
    /// # Errors
    /// As [`Caller::check`].
    pub fn check_one(&self, action: Action, kind: ResourceType, id: Id, org: Id) -> Result<()> {
        self.caller.check(Permission::new(action, Resource::one_in_org(kind, id, org)))
    }

    /// Refuses unless the caller may make resources of a type in an organization.
    ///
    /// # Errors
    /// As [`Caller::check`].
    pub fn check_create(&self, kind: ResourceType, org: Id) -> Result<()> {
        self.caller.check(Permission::write(Resource::in_org(kind, org)))
    }

    /// Whether the caller may read one resource of an organization: what lists are filtered by.
    pub fn may_read(&self, kind: ResourceType, id: Id, org: Id) -> bool {
        self.check_one(Action::Read, kind, id, org).is_ok()
    }

    /// The names beside the ids of permissions that the caller has been shown already.
    ///
    /// # Errors
    /// The database's.
    pub async fn resolve_permissions(&self, permissions: &[Permission]) -> Result<Vec<ResolvedPermission>> {
        self.catalog.resolve_permissions(permissions).await
    }
}
