//! Cells and views: the rights over them are those over their dashboard.

use weir_model::{Id, Result};

use super::Authorized;
use crate::{Cell, CellUpdate, NewCell, View, ViewUpdate};

impl Authorized {
    /// Puts a cell on a dashboard.
    ///
    /// # Errors
    /// The dashboard is not found, then not writable.
    pub async fn add_cell(&self, dashboard: Id, new: NewCell) -> Result<Cell> {
        self.check_write_dashboard(dashboard).await?;
        self.catalog.add_cell(dashboard, new).await
    }

    /// Arranges a dashboard's cells anew.
    ///
    /// # Errors
    /// The dashboard is not found, then not writable, then as [`crate::Catalog::replace_cells`].
    pub async fn replace_cells(&self, dashboard: Id, cells: Vec<(Id, NewCell)>) -> Result<Vec<Cell>> {
        self.check_write_dashboard(dashboard).await?;
        self.catalog.replace_cells(dashboard, cells).await
    }

    /// Moves a cell or changes its size.
    ///
    /// # Errors
    /// The dashboard is not found, then not writable, then as [`crate::Catalog::update_cell`].
    pub async fn update_cell(&self, dashboard: Id, cell: Id, update: CellUpdate) -> Result<Cell> {
        self.check_write_dashboard(dashboard).await?;
        self.catalog.update_cell(dashboard, cell, update).await
    }

    /// Takes a cell off a dashboard.
    ///
    /// # Errors
    /// The dashboard is not found, then not writable, then there is no such cell on it.
    pub async fn remove_cell(&self, dashboard: Id, cell: Id) -> Result<()> {
        self.check_write_dashboard(dashboard).await?;
        self.catalog.remove_cell(dashboard, cell).await
    }

    /// The view of a cell.
    ///
    /// # Errors
    /// The dashboard is not found, then not readable, then there is no such view on it.
    pub async fn find_view(&self, dashboard: Id, cell: Id) -> Result<View> {
        self.find_dashboard(dashboard).await?;
        self.catalog.find_view(dashboard, cell).await
    }

    /// Changes the view of a cell.
    ///
    /// # Errors
    /// The dashboard is not found, then not writable, then as [`crate::Catalog::update_view`].
    pub async fn update_view(&self, dashboard: Id, cell: Id, update: ViewUpdate) -> Result<View> {
        self.check_write_dashboard(dashboard).await?;
        self.catalog.update_view(dashboard, cell, update).await
    }
}
