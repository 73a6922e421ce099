//! Where points go: the one place where a missing permission is 403.

use weir_model::{Action, Caller, Error, Id, ResourceType, Result};

use super::Authorized;
use crate::{Bucket, CatalogError, NameOrId, Org};

/// The refusal of a write, with what more is known about the caller.
fn may_not_write(caller: &Caller) -> Error {
    let why = caller.permissions().err().map(|error| format!(": {error}")).unwrap_or_default();
    CatalogError::MayNotWrite(why).into()
}

impl Authorized {
    /// The organization that a write, query or delete names. No permission is asked for: what the caller may do in
    /// it is decided by what it asks for there.
    ///
    /// # Errors
    /// Not found.
    pub async fn resolve_org(&self, org: &NameOrId) -> Result<Org> {
        self.catalog.resolve_org(org).await
    }

    /// The bucket that points are to be written to.
    ///
    /// # Errors
    /// Not found, then [`CatalogError::MayNotWrite`].
    pub async fn bucket_to_write(&self, org: Id, bucket: &NameOrId) -> Result<Bucket> {
        let bucket = self.catalog.resolve_bucket(org, bucket).await?;
        self.check_write_points(&bucket)?;
        Ok(bucket)
    }

    /// The bucket that points are to be deleted from.
    ///
    /// # Errors
    /// Not found, then [`CatalogError::MayNotDelete`].
    pub async fn bucket_to_delete_from(&self, org: Id, bucket: &NameOrId) -> Result<Bucket> {
        let bucket = self.catalog.resolve_bucket(org, bucket).await?;
        match self.check_one(Action::Write, ResourceType::Buckets, bucket.id, bucket.org_id) {
            Ok(()) => Ok(bucket),
            Err(_) => Err(CatalogError::MayNotDelete.into()),
        }
    }

    /// The bucket that points are to be read from, named either way.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn bucket_to_read(&self, org: Id, bucket: &NameOrId) -> Result<Bucket> {
        let bucket = self.catalog.resolve_bucket(org, bucket).await?;
        self.check_read_bucket(&bucket)?;
        Ok(bucket)
    }

    /// Refuses unless the caller may write points into a bucket.
    ///
    /// # Errors
    /// [`CatalogError::MayNotWrite`].
    pub fn check_write_points(&self, bucket: &Bucket) -> Result<()> {
        self.check_one(Action::Write, ResourceType::Buckets, bucket.id, bucket.org_id)
            .map_err(|_| may_not_write(&self.caller))
    }
}
