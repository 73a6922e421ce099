//! Remotes: rights over the remote.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{NewRemote, Remote, RemoteFilter, RemoteUpdate};

const KIND: ResourceType = ResourceType::Remotes;

impl Authorized {
    /// Makes a remote.
    ///
    /// # Errors
    /// `write:orgs/<org>/remotes` is unauthorized; then as [`crate::Catalog::create_remote`].
    pub async fn create_remote(&self, new: NewRemote) -> Result<Remote> {
        self.check_create(KIND, new.org_id)?;
        self.catalog.create_remote(new).await
    }

    /// The remote of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_remote(&self, id: Id) -> Result<Remote> {
        let remote = self.catalog.find_remote(id).await?;
        self.check_one(Action::Read, KIND, id, remote.org_id)?;
        Ok(remote)
    }

    /// The remotes that `filter` names; of these those the caller may read, `None` if there are none to begin with.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_remotes`].
    pub async fn list_remotes(&self, filter: &RemoteFilter) -> Result<Option<Vec<Remote>>> {
        let mut remotes = self.catalog.list_remotes(filter).await?;
        if remotes.is_empty() {
            return Ok(None);
        }
        remotes.retain(|remote| self.may_read(KIND, remote.id, remote.org_id));
        Ok(Some(remotes))
    }

    /// Changes a remote.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_remote`].
    pub async fn update_remote(&self, id: Id, update: RemoteUpdate) -> Result<Remote> {
        let remote = self.catalog.find_remote(id).await?;
        self.check_one(Action::Write, KIND, id, remote.org_id)?;
        self.catalog.update_remote(id, update).await
    }

    /// Deletes a remote.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::delete_remote`].
    pub async fn delete_remote(&self, id: Id) -> Result<()> {
        let remote = self.catalog.find_remote(id).await?;
        self.check_one(Action::Write, KIND, id, remote.org_id)?;
        self.catalog.delete_remote(id).await
    }
}
