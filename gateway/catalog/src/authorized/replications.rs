//! Replications: rights over the replication, and to read the bucket and the remote it joins.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{NewReplication, Remote, RemoteBucket, Replication, ReplicationFilter, ReplicationUpdate};

const KIND: ResourceType = ResourceType::Replications;

/// What is needed to send to the remote of a replication. The token is for sending, not for showing.
pub struct ReplicationTarget {
    /// The server.
    pub remote: Remote,
    /// Its token.
    pub token: String,
    /// The bucket there.
    pub bucket: RemoteBucket,
}

impl Authorized {
    fn check_new_replication(&self, new: &NewReplication) -> Result<()> {
        self.check_create(KIND, new.org_id)?;
        self.check_one(Action::Read, ResourceType::Buckets, new.local_bucket_id, new.org_id)?;
        self.check_one(Action::Read, ResourceType::Remotes, new.remote_id, new.org_id)
    }

    async fn check_replication_update(&self, id: Id, update: &ReplicationUpdate) -> Result<Replication> {
        let replication = self.catalog.find_replication(id).await?;
        self.check_one(Action::Write, KIND, id, replication.org_id)?;
        if let Some(remote) = update.remote_id {
            self.check_one(Action::Read, ResourceType::Remotes, remote, replication.org_id)?;
        }
        Ok(replication)
    }

    async fn target_of(&self, replication: Replication) -> Result<ReplicationTarget> {
        let remote = self.catalog.find_remote(replication.remote_id).await?;
        if remote.org_id != replication.org_id {
            return Err(crate::CatalogError::ReplicationRemote(remote.id).into());
        }
        let token = self.catalog.remote_token(remote.id).await?;
        Ok(ReplicationTarget { remote, token, bucket: replication.remote_bucket })
    }

    /// Makes a replication.
    ///
    /// # Errors
    /// `write:orgs/<org>/replications`, then the bucket, then the remote, is unauthorized; then as
    /// [`crate::Catalog::create_replication`].
    pub async fn create_replication(&self, new: NewReplication) -> Result<Replication> {
        self.check_new_replication(&new)?;
        self.catalog.create_replication(new).await
    }

    /// Where a replication would send to, without making it.
    ///
    /// # Errors
    /// As [`Authorized::create_replication`].
    pub async fn target_of_new_replication(&self, new: NewReplication) -> Result<ReplicationTarget> {
        self.check_new_replication(&new)?;
        let planned = self.catalog.plan_replication(new).await?;
        self.target_of(planned).await
    }

    /// Where a replication would send to after a change, without changing it.
    ///
    /// # Errors
    /// As [`Authorized::update_replication`].
    pub async fn target_of_updated_replication(
        &self,
        id: Id,
        update: ReplicationUpdate,
    ) -> Result<ReplicationTarget> {
        let mut replication = self.check_replication_update(id, &update).await?;
        update.apply(&mut replication);
        self.target_of(replication).await
    }

    /// Where a replication sends to.
    ///
    /// # Errors
    /// As [`Authorized::find_replication`].
    pub async fn target_of_replication(&self, id: Id) -> Result<ReplicationTarget> {
        let replication = self.find_replication(id).await?;
        self.target_of(replication).await
    }

    /// The replication of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_replication(&self, id: Id) -> Result<Replication> {
        let replication = self.catalog.find_replication(id).await?;
        self.check_one(Action::Read, KIND, id, replication.org_id)?;
        Ok(replication)
    }

    /// The replications that `filter` names; of these those the caller may read, `None` if there are none to begin
    /// with.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_replications`].
    pub async fn list_replications(&self, filter: &ReplicationFilter) -> Result<Option<Vec<Replication>>> {
        let mut replications = self.catalog.list_replications(filter).await?;
        if replications.is_empty() {
            return Ok(None);
        }
        replications.retain(|replication| self.may_read(KIND, replication.id, replication.org_id));
        Ok(Some(replications))
    }

    /// Changes a replication.
    ///
    /// # Errors
    /// Not found, then not writable, then the new remote is not readable, then as
    /// [`crate::Catalog::update_replication`].
    pub async fn update_replication(&self, id: Id, update: ReplicationUpdate) -> Result<Replication> {
        self.check_replication_update(id, &update).await?;
        self.catalog.update_replication(id, update).await
    }

    /// Deletes a replication.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_replication(&self, id: Id) -> Result<()> {
        let replication = self.catalog.find_replication(id).await?;
        self.check_one(Action::Write, KIND, id, replication.org_id)?;
        self.catalog.delete_replication(id).await
    }
}
