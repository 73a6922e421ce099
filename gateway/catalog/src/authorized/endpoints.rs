//! Notification endpoints: rights over the endpoint. Its secrets are set with it, and never read.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{Endpoint, EndpointFilter, MonitoringUpdate, NewEndpoint, Paging};

const KIND: ResourceType = ResourceType::NotificationEndpoints;

impl Authorized {
    /// Makes an endpoint.
    ///
    /// # Errors
    /// `write:orgs/<org>/notificationEndpoints is unauthorized`, then as [`crate::Catalog::create_endpoint`].
    pub async fn create_endpoint(&self, org: Id, new: NewEndpoint) -> Result<Endpoint> {
        self.check_create(KIND, org)?;
        self.catalog.create_endpoint(org, new).await
    }

    /// The endpoint of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_endpoint(&self, id: Id) -> Result<Endpoint> {
        let endpoint = self.catalog.find_endpoint(id).await?;
        self.check_one(Action::Read, KIND, id, endpoint.org_id)?;
        Ok(endpoint)
    }

    /// A page of the endpoints that `filter` names, without those the caller may not read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_endpoints`].
    pub async fn list_endpoints(&self, filter: &EndpointFilter, paging: &Paging) -> Result<Vec<Endpoint>> {
        let mut endpoints = self.catalog.list_endpoints(filter, paging).await?;
        endpoints.retain(|endpoint| self.may_read(KIND, endpoint.id, endpoint.org_id));
        Ok(endpoints)
    }

    /// Changes an endpoint.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_endpoint`].
    pub async fn update_endpoint(&self, id: Id, update: MonitoringUpdate) -> Result<Endpoint> {
        self.check_write_endpoint(id).await?;
        self.catalog.update_endpoint(id, update).await
    }

    /// Puts another endpoint in the place of one.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::replace_endpoint`].
    pub async fn replace_endpoint(&self, id: Id, new: NewEndpoint) -> Result<Endpoint> {
        self.check_write_endpoint(id).await?;
        self.catalog.replace_endpoint(id, new).await
    }

    /// Deletes an endpoint.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_endpoint(&self, id: Id) -> Result<()> {
        self.check_write_endpoint(id).await?;
        self.catalog.delete_endpoint(id).await
    }

    /// Whoever changes one reads it.
    async fn check_write_endpoint(&self, id: Id) -> Result<()> {
        let endpoint = self.find_endpoint(id).await?;
        self.check_one(Action::Write, KIND, id, endpoint.org_id)
    }
}
