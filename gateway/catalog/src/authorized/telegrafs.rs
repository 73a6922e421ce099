//! Telegraf configurations: rights over the configuration.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{NewTelegraf, Telegraf};

const KIND: ResourceType = ResourceType::Telegrafs;

impl Authorized {
    /// Makes a configuration.
    ///
    /// # Errors
    /// `write:orgs/<org>/telegrafs is unauthorized`, then as [`crate::Catalog::create_telegraf`].
    pub async fn create_telegraf(&self, new: NewTelegraf) -> Result<Telegraf> {
        self.check_create(KIND, new.org_id)?;
        self.catalog.create_telegraf(new).await
    }

    /// The configuration of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_telegraf(&self, id: Id) -> Result<Telegraf> {
        let telegraf = self.catalog.find_telegraf(id).await?;
        self.check_one(Action::Read, KIND, id, telegraf.org_id)?;
        Ok(telegraf)
    }

    /// The configurations, or those of an organization, that the caller may read.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_telegrafs(&self, org: Option<Id>) -> Result<Vec<Telegraf>> {
        let mut telegrafs = self.catalog.list_telegrafs(org).await?;
        telegrafs.retain(|telegraf| self.may_read(KIND, telegraf.id, telegraf.org_id));
        Ok(telegrafs)
    }

    /// Puts another configuration in the place of one.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn replace_telegraf(&self, id: Id, new: NewTelegraf) -> Result<Telegraf> {
        let telegraf = self.find_telegraf(id).await?;
        self.check_one(Action::Write, KIND, id, telegraf.org_id)?;
        self.catalog.replace_telegraf(id, new).await
    }

    /// Deletes a configuration.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_telegraf(&self, id: Id) -> Result<()> {
        let telegraf = self.find_telegraf(id).await?;
        self.check_one(Action::Write, KIND, id, telegraf.org_id)?;
        self.catalog.delete_telegraf(id).await
    }
}
