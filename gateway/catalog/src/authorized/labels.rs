//! Labels: rights over the label; putting one on a resource needs to write both.

use std::collections::BTreeMap;

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{CatalogError, Label, LabelFilter, LabelUpdate, NewLabel};

impl Authorized {
    /// Makes a label.
    ///
    /// # Errors
    /// An empty name, then `write:orgs/<org>/labels is unauthorized`, then as [`crate::Catalog::create_label`].
    pub async fn create_label(&self, new: NewLabel) -> Result<Label> {
        if new.name.trim().is_empty() {
            return Err(CatalogError::LabelNameRequired.into());
        }
        self.check_create(ResourceType::Labels, new.org_id)?;
        self.catalog.create_label(new).await
    }

    /// The label of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_label(&self, id: Id) -> Result<Label> {
        let label = self.catalog.find_label(id).await?;
        self.check_one(Action::Read, ResourceType::Labels, id, label.org_id)?;
        Ok(label)
    }

    /// The labels that `filter` names and the caller may read.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_labels(&self, filter: &LabelFilter) -> Result<Vec<Label>> {
        Ok(self.readable(self.catalog.list_labels(filter).await?))
    }

    /// Changes a label.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_label`].
    pub async fn update_label(&self, id: Id, update: LabelUpdate) -> Result<Label> {
        let label = self.catalog.find_label(id).await?;
        self.check_one(Action::Write, ResourceType::Labels, id, label.org_id)?;
        self.catalog.update_label(id, update).await
    }

    /// Deletes a label.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_label(&self, id: Id) -> Result<()> {
        let label = self.catalog.find_label(id).await?;
        self.check_one(Action::Write, ResourceType::Labels, id, label.org_id)?;
        self.catalog.delete_label(id).await
    }

    /// The labels of a resource of an organization that the caller may read.
    ///
    /// # Errors
    /// The resource is not readable.
    pub async fn list_labels_of(&self, kind: ResourceType, resource: Id, org: Id) -> Result<Vec<Label>> {
        self.check_one(Action::Read, kind, resource, org)?;
        Ok(self.readable(self.catalog.list_labels_of(resource).await?))
    }

    /// The labels of resources the caller has been shown, of which it may read the labels too; resources without
    /// any are absent.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_labels_of_all(&self, resources: &[Id]) -> Result<BTreeMap<Id, Vec<Label>>> {
        let found = self.catalog.list_labels_of_all(resources).await?;
        Ok(found.into_iter().map(|(id, labels)| (id, self.readable(labels))).collect())
    }

    /// Puts a label on a resource of an organization.
    ///
    /// # Errors
    /// No such label, then label not readable, then label or resource not writable, then it is there already.
    pub async fn add_label(&self, kind: ResourceType, resource: Id, org: Id, label: Id) -> Result<Label> {
        self.find_label(label).await?;
        self.check_label_and(kind, resource, org, label).await?;
        self.catalog.add_label(kind, resource, label).await
    }

    /// Takes a label off a resource of an organization; if it is not there, that is no error.
    ///
    /// # Errors
    /// No such label, then label or resource not writable.
    pub async fn remove_label(&self, kind: ResourceType, resource: Id, org: Id, label: Id) -> Result<()> {
        self.check_label_and(kind, resource, org, label).await?;
        self.catalog.remove_label(resource, label).await
    }

    async fn check_label_and(&self, kind: ResourceType, resource: Id, org: Id, label: Id) -> Result<()> {
        let label = self.catalog.find_label(label).await?;
        self.check_one(Action::Write, ResourceType::Labels, label.id, label.org_id)?;
        self.check_one(Action::Write, kind, resource, org)
    }

    fn readable(&self, mut labels: Vec<Label>) -> Vec<Label> {
        labels.retain(|label| self.may_read(ResourceType::Labels, label.id, label.org_id));
        labels
    }
}
