//! Sources: rights over the source.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{Source, SourceFields};

const KIND: ResourceType = ResourceType::Sources;

impl Authorized {
    /// Makes a source.
    ///
    /// # Errors
    /// `write:orgs/<org>/sources is unauthorized`, then as [`crate::Catalog::create_source`].
    pub async fn create_source(&self, org: Id, fields: SourceFields) -> Result<Source> {
        self.check_create(KIND, org)?;
        self.catalog.create_source(org, fields).await
    }

    /// The source of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_source(&self, id: Id) -> Result<Source> {
        let source = self.catalog.find_source(id).await?;
        self.check_one(Action::Read, KIND, id, source.org_id)?;
        Ok(source)
    }

    /// The sources that the caller may read.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_sources(&self) -> Result<Vec<Source>> {
        let mut sources = self.catalog.list_sources().await?;
        sources.retain(|source| self.may_read(KIND, source.id, source.org_id));
        Ok(sources)
    }

    /// Changes a source: `change` gets its fields.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_source`].
    pub async fn update_source(&self, id: Id, change: impl FnOnce(&mut SourceFields)) -> Result<Source> {
        let mut source = self.catalog.find_source(id).await?;
        self.check_one(Action::Write, KIND, id, source.org_id)?;
        change(&mut source.fields);
        self.catalog.update_source(id, source.fields).await
    }

    /// Deletes a source.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::delete_source`].
    pub async fn delete_source(&self, id: Id) -> Result<()> {
        let source = self.catalog.find_source(id).await?;
        self.check_one(Action::Write, KIND, id, source.org_id)?;
        self.catalog.delete_source(id).await
    }
}
