//! Notebooks: rights over the notebook; a list asks for the right to read all of the organization's.

use serde_json::Value;
use weir_model::{Action, Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{NewNotebook, Notebook};

const KIND: ResourceType = ResourceType::Notebooks;

impl Authorized {
    /// Makes a notebook.
    ///
    /// # Errors
    /// `write:orgs/<org>/notebooks` is unauthorized; then as [`crate::Catalog::create_notebook`].
    pub async fn create_notebook(&self, new: NewNotebook) -> Result<Notebook> {
        self.check_create(KIND, new.org_id)?;
        self.catalog.create_notebook(new).await
    }

    /// The notebook of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_notebook(&self, id: Id) -> Result<Notebook> {
        let notebook = self.catalog.find_notebook(id).await?;
        self.check_one(Action::Read, KIND, id, notebook.org_id)?;
        Ok(notebook)
    }

    /// The notebooks of an organization.
    ///
    /// # Errors
    /// `read:orgs/<org>/notebooks` is unauthorized.
    pub async fn list_notebooks(&self, org: Id) -> Result<Vec<Notebook>> {
        self.check(Permission::read(Resource::in_org(KIND, org)))?;
        self.catalog.list_notebooks(org).await
    }

    /// Puts another name and content in a notebook.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn replace_notebook(&self, id: Id, name: String, spec: Value) -> Result<Notebook> {
        let notebook = self.catalog.find_notebook(id).await?;
        self.check_one(Action::Write, KIND, id, notebook.org_id)?;
        self.catalog.replace_notebook(id, name, spec).await
    }

    /// Deletes a notebook.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_notebook(&self, id: Id) -> Result<()> {
        let notebook = self.catalog.find_notebook(id).await?;
        self.check_one(Action::Write, KIND, id, notebook.org_id)?;
        self.catalog.delete_notebook(id).await
    }
}
