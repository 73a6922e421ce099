//! Buckets: read and write of `orgs/<org>/buckets/<id>`. System buckets are read by whoever reads the organization.

use weir_model::{Action, Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{Bucket, BucketFilter, BucketKind, BucketUpdate, NewBucket, Paging};

impl Authorized {
    /// Makes a bucket.
    ///
    /// # Errors
    /// `write:orgs/<org>/buckets is unauthorized`, then as [`crate::Catalog::create_bucket`].
    pub async fn create_bucket(&self, new: NewBucket) -> Result<Bucket> {
        self.check_create(ResourceType::Buckets, new.org_id)?;
        self.catalog.create_bucket(new).await
    }

    /// The bucket of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_bucket(&self, id: Id) -> Result<Bucket> {
        let bucket = self.catalog.find_bucket(id).await?;
        self.check_read_bucket(&bucket)?;
        Ok(bucket)
    }

    /// The bucket of this name in an organization.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_bucket_by_name(&self, org: Id, name: &str) -> Result<Bucket> {
        let bucket = self.catalog.find_bucket_by_name(org, name).await?;
        self.check_read_bucket(&bucket)?;
        Ok(bucket)
    }

    /// The buckets that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_buckets`].
    pub async fn list_buckets(&self, filter: &BucketFilter, paging: &Paging) -> Result<Vec<Bucket>> {
        let mut buckets = self.catalog.list_buckets(filter, paging).await?;
        buckets.retain(|bucket| self.check_read_bucket(bucket).is_ok());
        Ok(buckets)
    }

    /// Changes a bucket.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_bucket`].
    pub async fn update_bucket(&self, id: Id, update: BucketUpdate) -> Result<Bucket> {
        let bucket = self.catalog.find_bucket(id).await?;
        // A new name is compared with the old one, so the bucket is read.
        if update.name.is_some() {
            self.check_read_bucket(&bucket)?;
        }
        self.check_one(Action::Write, ResourceType::Buckets, id, bucket.org_id)?;
        self.catalog.update_bucket(id, update).await
    }

    /// Deletes a bucket; the one that is gone, so that its points can be dropped.
    ///
    /// # Errors
    /// Not found, then not writable, then a system bucket.
    pub async fn delete_bucket(&self, id: Id) -> Result<Bucket> {
        let bucket = self.catalog.find_bucket(id).await?;
        self.check_one(Action::Write, ResourceType::Buckets, id, bucket.org_id)?;
        self.catalog.delete_bucket(id).await?;
        Ok(bucket)
    }

    /// Refuses unless the caller may read a bucket.
    ///
    /// # Errors
    /// Not readable.
    pub fn check_read_bucket(&self, bucket: &Bucket) -> Result<()> {
        match bucket.kind {
            BucketKind::User => self.check_one(Action::Read, ResourceType::Buckets, bucket.id, bucket.org_id),
            BucketKind::System => {
                self.check(Permission::read(Resource::one(ResourceType::Orgs, bucket.org_id)))
            }
        }
    }
}
