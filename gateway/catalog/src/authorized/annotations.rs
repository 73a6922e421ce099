//! Annotations and their streams: rights over annotations; lists and deletions by filter ask for all of an
//! organization's.

use weir_model::{Action, Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{Annotation, AnnotationFields, AnnotationFilter, Stream};

const KIND: ResourceType = ResourceType::Annotations;

impl Authorized {
    fn check_all_annotations(&self, action: Action, org: Id) -> Result<()> {
        self.check(Permission::new(action, Resource::in_org(KIND, org)))
    }

    /// Makes annotations.
    ///
    /// # Errors
    /// `write:orgs/<org>/annotations` is unauthorized; then as [`crate::Catalog::create_annotations`].
    pub async fn create_annotations(&self, org: Id, new: Vec<AnnotationFields>) -> Result<Vec<Annotation>> {
        self.check_create(KIND, org)?;
        self.catalog.create_annotations(org, new).await
    }

    /// The annotation of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_annotation(&self, id: Id) -> Result<Annotation> {
        let annotation = self.catalog.find_annotation(id).await?;
        self.check_one(Action::Read, KIND, id, annotation.org_id)?;
        Ok(annotation)
    }

    /// The annotations that `filter` names.
    ///
    /// # Errors
    /// `read:orgs/<org>/annotations` is unauthorized.
    pub async fn list_annotations(&self, org: Id, filter: &AnnotationFilter) -> Result<Vec<Annotation>> {
        self.check_all_annotations(Action::Read, org)?;
        self.catalog.list_annotations(org, filter).await
    }

    /// Puts other words in an annotation.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn replace_annotation(&self, id: Id, fields: AnnotationFields) -> Result<Annotation> {
        let annotation = self.catalog.find_annotation(id).await?;
        self.check_one(Action::Write, KIND, id, annotation.org_id)?;
        self.catalog.replace_annotation(id, fields).await
    }

    /// Deletes the annotations that `filter` names.
    ///
    /// # Errors
    /// `write:orgs/<org>/annotations` is unauthorized.
    pub async fn delete_annotations(&self, org: Id, filter: &AnnotationFilter) -> Result<()> {
        self.check_all_annotations(Action::Write, org)?;
        self.catalog.delete_annotations(org, filter).await
    }

    /// Deletes an annotation.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_annotation(&self, id: Id) -> Result<()> {
        let annotation = self.catalog.find_annotation(id).await?;
        self.check_one(Action::Write, KIND, id, annotation.org_id)?;
        self.catalog.delete_annotation(id).await
    }

    /// The stream of this name, made if it is not there.
    ///
    /// # Errors
    /// The stream, or making one, is unauthorized.
    pub async fn put_stream(&self, org: Id, name: &str, description: &str) -> Result<Stream> {
        match self.catalog.find_stream_by_name(org, name).await? {
            Some(known) => self.check_one(Action::Write, KIND, known.id, org)?,
            None => self.check_create(KIND, org)?,
        }
        self.catalog.put_stream(org, name, description).await
    }

    /// The streams of an organization; those of `names` only if there are some.
    ///
    /// # Errors
    /// `read:orgs/<org>/annotations` is unauthorized.
    pub async fn list_streams(&self, org: Id, names: &[String]) -> Result<Vec<Stream>> {
        self.check_all_annotations(Action::Read, org)?;
        self.catalog.list_streams(org, names).await
    }

    /// Gives a stream another name and description.
    ///
    /// # Errors
    /// Not found, then not writable; then as [`crate::Catalog::update_stream`].
    pub async fn update_stream(&self, id: Id, name: &str, description: &str) -> Result<Stream> {
        let stream = self.catalog.find_stream(id).await?;
        self.check_one(Action::Write, KIND, id, stream.org_id)?;
        self.catalog.update_stream(id, name, description).await
    }

    /// Deletes streams by name.
    ///
    /// # Errors
    /// `write:orgs/<org>/annotations` is unauthorized.
    pub async fn delete_streams(&self, org: Id, names: &[String]) -> Result<()> {
        self.check_all_annotations(Action::Write, org)?;
        self.catalog.delete_streams(org, names).await
    }

    /// Deletes a stream with its annotations.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_stream(&self, id: Id) -> Result<()> {
        let stream = self.catalog.find_stream(id).await?;
        self.check_one(Action::Write, KIND, id, stream.org_id)?;
        self.catalog.delete_stream(id).await
    }
}
