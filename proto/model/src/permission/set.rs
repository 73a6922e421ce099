//! Who calls, and what they may do.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Permission, Resource, ResourceType};
use crate::{Error, ErrorCode, Id, Result};

/// How a caller proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Credential {
    /// An API token. `active` is false for one that was switched off: it is known, but gives nothing.
    #[serde(rename_all = "camelCase")]
    Token {
        /// The authorization's id.
        id: Id,
        /// The organization the token was made in.
        org_id: Id,
        /// Whether it gives anything.
        active: bool,
    },
    /// A cookie of a sign-in.
    Session {
        /// The session's id (not its secret key).
        id: Id,
    },
    /// The server itself, on behalf of a user: a task's run, a check, a scrape.
    System,
}

/// An authenticated caller: an active user with a set of permissions. Crosses from the gateway to the queriers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// The user.
    pub user_id: Id,
    /// How the user was recognised.
    pub credential: Credential,
    /// What the credential gives; see [`Caller::permissions`].
    #[serde(with = "shared")]
    held: Arc<[Permission]>,
}

impl Caller {
    /// A caller who holds `permissions`.
    pub fn new(user_id: Id, credential: Credential, permissions: impl Into<Arc<[Permission]>>) -> Self {
        Self { user_id, credential, held: permissions.into() }
    }

    /// Everything the caller holds.
    ///
    /// # Errors
    /// `token is inactive` if the token was switched off: such a token is recognised, and every act that asks for a
    /// permission fails with this.
    pub fn permissions(&self) -> Result<&[Permission]> {
        match self.credential {
            Credential::Token { active: false, .. } => {
                Err(Error::new(ErrorCode::Unauthorized, "token is inactive"))
            }
            _ => Ok(&self.held),
        }
    }

    /// Refuses unless the caller holds what `needed` asks for.
    ///
    /// # Errors
    /// [`ErrorCode::Unauthorized`] `<permission> is unauthorized`, or `token is inactive`.
    pub fn check(&self, needed: Permission) -> Result<()> {
        if self.permissions()?.iter().any(|held| held.covers(&needed)) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::Unauthorized, format!("{needed} is unauthorized")))
    }

    /// Whether the caller holds what `needed` asks for.
    pub fn may(&self, needed: Permission) -> bool {
        self.check(needed).is_ok()
    }

    /// Refuses unless the caller may do anything: reads and writes every type without limits. The message names
    /// the first permission that is missing.
    ///
    /// # Errors
    /// As [`Caller::check`].
    pub fn check_operator(&self) -> Result<()> {
        ResourceType::ALL
            .into_iter()
            .filter(|kind| *kind != ResourceType::Instance)
            .flat_map(|kind| [Permission::read(Resource::all(kind)), Permission::write(Resource::all(kind))])
            .try_for_each(|needed| self.check(needed))
    }
}

/// An `Arc<[Permission]>` as a list, without serde's `rc` feature.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Permission;

    pub(super) fn serialize<S: Serializer>(
        held: &Arc<[Permission]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        held.as_ref().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<[Permission]>, D::Error> {
        Vec::<Permission>::deserialize(deserializer).map(Arc::from)
    }
}
