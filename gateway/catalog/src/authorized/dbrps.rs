//! Mappings of v1 names: their rights are those of the bucket they mean.

use weir_model::{Action, Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{Bucket, BucketKind, CatalogError, Dbrp, DbrpFilter, DbrpUpdate, NewDbrp};

impl Authorized {
    /// Makes a physical mapping.
    ///
    /// # Errors
    /// The bucket is not writable, then as [`crate::Catalog::create_dbrp`].
    pub async fn create_dbrp(&self, new: NewDbrp) -> Result<Dbrp> {
        self.check_one(Action::Write, ResourceType::Buckets, new.bucket_id, new.org_id)?;
        self.catalog.create_dbrp(new).await
    }

    /// The mapping of this id in an organization.
    ///
    /// # Errors
    /// Not found (also a virtual one whose bucket is not readable), then the bucket is not readable.
    pub async fn find_dbrp(&self, org: Id, id: Id) -> Result<Dbrp> {
        let dbrp = self.catalog.find_dbrp(org, id).await?;
        match self.check_one(Action::Read, ResourceType::Buckets, dbrp.bucket_id, dbrp.org_id) {
            Err(_) if dbrp.is_virtual => Err(CatalogError::DbrpNotFound.into()),
            other => other.map(|()| dbrp),
        }
    }

    /// The mappings of an organization that fit, of buckets that the caller may read or write (who may only write
    /// must still find where).
    ///
    /// # Errors
    /// The database's.
    pub async fn list_dbrps(&self, org: Id, filter: &DbrpFilter) -> Result<Vec<Dbrp>> {
        let mut dbrps = self.catalog.list_dbrps(org, filter).await?;
        let sees_system = self.sees_system_buckets(org);
        dbrps.retain(|dbrp| {
            // Names with an underscore in front are the system's alone.
            let of_system = dbrp.is_virtual && dbrp.database.starts_with('_');
            let may =
                |action| self.check_one(action, ResourceType::Buckets, dbrp.bucket_id, dbrp.org_id).is_ok();
            (sees_system || !of_system) && (may(Action::Read) || may(Action::Write))
        });
        Ok(dbrps)
    }

    /// Changes a physical mapping.
    ///
    /// # Errors
    /// Not found, then the bucket is not readable, then not writable, then as [`crate::Catalog::update_dbrp`].
    pub async fn update_dbrp(&self, org: Id, id: Id, update: DbrpUpdate) -> Result<Dbrp> {
        let dbrp = self.catalog.find_dbrp(org, id).await?;
        self.check_one(Action::Read, ResourceType::Buckets, dbrp.bucket_id, dbrp.org_id)?;
        self.check_one(Action::Write, ResourceType::Buckets, dbrp.bucket_id, dbrp.org_id)?;
        self.catalog.update_dbrp(org, id, update).await
    }

    /// Deletes a physical mapping.
    ///
    /// # Errors
    /// Not found, then the bucket is not writable.
    pub async fn delete_dbrp(&self, org: Id, id: Id) -> Result<()> {
        let dbrp = self.catalog.find_dbrp(org, id).await?;
        self.check_one(Action::Write, ResourceType::Buckets, dbrp.bucket_id, dbrp.org_id)?;
        self.catalog.delete_dbrp(org, id).await
    }

    /// The bucket that v1 names mean: that of the mapping of database and policy, or of the database's default.
    ///
    /// # Errors
    /// [`CatalogError::NoMapping`], also when the caller may neither read nor write the bucket.
    pub async fn bucket_of_dbrp(&self, org: Id, database: &str, policy: Option<&str>) -> Result<Bucket> {
        let bucket = self.catalog.resolve_dbrp(org, database, policy).await?;
        let may = |action| self.check_one(action, ResourceType::Buckets, bucket.id, bucket.org_id).is_ok();
        let hidden = bucket.kind == BucketKind::System && !self.sees_system_buckets(bucket.org_id);
        let found = !hidden && (may(Action::Read) || may(Action::Write));
        if found { Ok(bucket) } else { Err(CatalogError::NoMapping.into()) }
    }

    /// Whoever reads an organization reads its system buckets.
    fn sees_system_buckets(&self, org: Id) -> bool {
        self.check(Permission::read(Resource::one(ResourceType::Orgs, org))).is_ok()
    }
}
