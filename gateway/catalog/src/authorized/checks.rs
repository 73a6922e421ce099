//! Checks: rights over the check.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{Check, CheckFilter, MonitoringUpdate, NewCheck, Paging};

const KIND: ResourceType = ResourceType::Checks;

impl Authorized {
    /// Makes a check, which the caller owns.
    ///
    /// # Errors
    /// `write:orgs/<org>/checks is unauthorized`, then as [`crate::Catalog::create_check`].
    pub async fn create_check(&self, org: Id, new: NewCheck) -> Result<Check> {
        self.check_create(KIND, org)?;
        self.catalog.create_check(org, self.caller.user_id, new).await
    }

    /// The check of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_check(&self, id: Id) -> Result<Check> {
        let check = self.catalog.find_check(id).await?;
        self.check_one(Action::Read, KIND, id, check.org_id)?;
        Ok(check)
    }

    /// A page of the checks that `filter` names, without those the caller may not read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_checks`].
    pub async fn list_checks(&self, filter: &CheckFilter, paging: &Paging) -> Result<Vec<Check>> {
        let mut checks = self.catalog.list_checks(filter, paging).await?;
        checks.retain(|check| self.may_read(KIND, check.id, check.org_id));
        Ok(checks)
    }

    /// Changes a check.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_check`].
    pub async fn update_check(&self, id: Id, update: MonitoringUpdate) -> Result<Check> {
        self.check_write_check(id).await?;
        self.catalog.update_check(id, update).await
    }

    /// Puts another check in the place of one.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::replace_check`].
    pub async fn replace_check(&self, id: Id, new: NewCheck) -> Result<Check> {
        self.check_write_check(id).await?;
        self.catalog.replace_check(id, new).await
    }

    /// Deletes a check and its task.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_check(&self, id: Id) -> Result<()> {
        self.check_write_check(id).await?;
        self.catalog.delete_check(id).await
    }

    /// Whoever changes one reads it.
    async fn check_write_check(&self, id: Id) -> Result<()> {
        let check = self.find_check(id).await?;
        self.check_one(Action::Write, KIND, id, check.org_id)
    }
}
