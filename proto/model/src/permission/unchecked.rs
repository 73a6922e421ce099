//! Permissions as a request spells them, before they are known to make sense.

use serde::{Deserialize, Serialize};

use super::{Action, Permission, Resource};
use crate::{Error, Id, Result};

/// A permission of a request: any words where an action and a type should stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UncheckedPermission {
    /// Should be `read` or `write`.
    pub action: String,
    /// What it is about.
    pub resource: UncheckedResource,
}

/// A resource of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UncheckedResource {
    /// Should name a [`super::ResourceType`].
    #[serde(rename = "type")]
    pub kind: String,
    /// The one resource.
    pub id: Option<Id>,
    /// The organization.
    #[serde(rename = "orgID")]
    pub org_id: Option<Id>,
}

impl UncheckedPermission {
    /// The permission, if its words are known.
    ///
    /// # Errors
    /// The v2 API's texts for an unknown type (looked at first) or action.
    pub fn check(&self) -> Result<Permission> {
        let kind = self
            .resource
            .kind
            .parse()
            .map_err(|error| Error::invalid(format!("invalid resource type for permission: {error}")))?;
        let action =
            Action::ALL.into_iter().find(|action| action.as_str() == self.action).ok_or_else(|| {
                Error::invalid("invalid action type for permission: unknown action for permission")
            })?;
        Ok(Permission::new(action, Resource { kind, id: self.resource.id, org_id: self.resource.org_id }))
    }
}
