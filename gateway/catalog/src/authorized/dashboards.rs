//! Dashboards: rights over the dashboard.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{Dashboard, DashboardFilter, DashboardUpdate, NewCell, NewDashboard, Paging};

const KIND: ResourceType = ResourceType::Dashboards;

impl Authorized {
    /// Makes a dashboard.
    ///
    /// # Errors
    /// `write:orgs/<org>/dashboards is unauthorized`, then as [`crate::Catalog::create_dashboard`].
    pub async fn create_dashboard(&self, new: NewDashboard) -> Result<Dashboard> {
        self.check_create(KIND, new.org_id)?;
        self.catalog.create_dashboard(new).await
    }

    /// The dashboard of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_dashboard(&self, id: Id) -> Result<Dashboard> {
        let dashboard = self.catalog.find_dashboard(id).await?;
        self.check_one(Action::Read, KIND, id, dashboard.org_id)?;
        Ok(dashboard)
    }

    /// The dashboards that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_dashboards`].
    pub async fn list_dashboards(&self, filter: &DashboardFilter, paging: &Paging) -> Result<Vec<Dashboard>> {
        let mut dashboards = self.catalog.list_dashboards(filter, paging).await?;
        dashboards.retain(|dashboard| self.may_read(KIND, dashboard.id, dashboard.org_id));
        Ok(dashboards)
    }

    /// Changes a dashboard.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_dashboard`].
    pub async fn update_dashboard(&self, id: Id, update: DashboardUpdate) -> Result<Dashboard> {
        self.check_write_dashboard(id).await?;
        // The answer shows the dashboard.
        self.find_dashboard(id).await?;
        self.catalog.update_dashboard(id, update).await
    }

    /// Makes a dashboard anew in the place of one.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn replace_dashboard(
        &self,
        id: Id,
        name: String,
        description: String,
        cells: Vec<NewCell>,
    ) -> Result<Dashboard> {
        self.check_write_dashboard(id).await?;
        self.catalog.replace_dashboard(id, name, description, cells).await
    }

    /// Deletes a dashboard.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_dashboard(&self, id: Id) -> Result<()> {
        self.check_write_dashboard(id).await?;
        self.catalog.delete_dashboard(id).await
    }

    pub(super) async fn check_write_dashboard(&self, id: Id) -> Result<()> {
        let dashboard = self.catalog.find_dashboard(id).await?;
        self.check_one(Action::Write, KIND, id, dashboard.org_id)
    }
}
