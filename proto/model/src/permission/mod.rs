//! Permissions: what a caller may do, and the texts that say what it may not.

mod resource;
mod set;
mod unchecked;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use resource::{Resource, ResourceType};
pub use set::{Caller, Credential};
pub use unchecked::{UncheckedPermission, UncheckedResource};

use crate::Id;

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Look at it, or list it.
    Read,
    /// Make, change or delete it.
    Write,
}

impl Action {
    /// Both, in the order in which the v2 API lists them.
    pub const ALL: [Action; 2] = [Action::Read, Action::Write];

    /// `read` or `write`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A right that is held, or one that is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Permission {
    /// What may be done.
    pub action: Action,
    /// To what.
    pub resource: Resource,
}

impl Permission {
    /// `action` on `resource`.
    pub fn new(action: Action, resource: Resource) -> Self {
        Self { action, resource }
    }

    /// Reading `resource`.
    pub fn read(resource: Resource) -> Self {
        Self::new(Action::Read, resource)
    }

    /// Writing `resource`.
    pub fn write(resource: Resource) -> Self {
        Self::new(Action::Write, resource)
    }

    /// Whether holding `self` is enough for `needed`. `instance` matches every type; a permission without id and
    /// organization matches every resource of its type; one with an organization only, all of that organization;
    /// one with an id, that resource whatever organization is written beside it.
    pub fn covers(&self, needed: &Permission) -> bool {
        if self.action != needed.action {
            return false;
        }
        let (held, wanted) = (&self.resource, &needed.resource);
        if held.kind == ResourceType::Instance {
            return true;
        }
        if held.kind != wanted.kind {
            return false;
        }
        match (held.id, held.org_id) {
            (None, None) => true,
            (None, org) => org == wanted.org_id,
            (id, _) => id == wanted.id,
        }
    }

    /// Everything on every type but `instance`: what the first token of a server holds.
    pub fn operator() -> Vec<Permission> {
        Self::on_every_type(&Action::ALL, |kind| Resource { kind, id: None, org_id: None })
    }

    /// Everything in an organization: what its owners hold.
    pub fn owner(org: Id) -> Vec<Permission> {
        Self::on_every_type(&Action::ALL, |kind| Resource::scoped_to(kind, org))
    }

    /// Reading everything in an organization: what its members hold.
    pub fn member(org: Id) -> Vec<Permission> {
        Self::on_every_type(&[Action::Read], |kind| Resource::scoped_to(kind, org))
    }

    /// A user's rights over the user itself.
    pub fn own_user(user: Id) -> Vec<Permission> {
        Action::ALL.map(|action| Self::new(action, Resource::one(ResourceType::Users, user))).to_vec()
    }

    fn on_every_type(actions: &[Action], resource: impl Fn(ResourceType) -> Resource) -> Vec<Permission> {
        ResourceType::ALL
            .into_iter()
            .filter(|kind| *kind != ResourceType::Instance)
            .flat_map(|kind| actions.iter().map(move |action| (kind, *action)))
            .map(|(kind, action)| Self::new(action, resource(kind)))
            .collect()
    }
}

/// `read:orgs/<org>/buckets/<id>`, as it stands in the message of a refusal.
impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.action, self.resource)
    }
}

#[cfg(test)]
mod tests;
