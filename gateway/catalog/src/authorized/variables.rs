//! Variables: rights over the variable.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{NewVariable, Paging, Variable, VariableFilter, VariableUpdate};

const KIND: ResourceType = ResourceType::Variables;

impl Authorized {
    /// Makes a variable.
    ///
    /// # Errors
    /// `write:orgs/<org>/variables is unauthorized`, then as [`crate::Catalog::create_variable`].
    pub async fn create_variable(&self, new: NewVariable) -> Result<Variable> {
        self.check_create(KIND, new.org_id)?;
        self.catalog.create_variable(new).await
    }

    /// The variable of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_variable(&self, id: Id) -> Result<Variable> {
        let variable = self.catalog.find_variable(id).await?;
        self.check_one(Action::Read, KIND, id, variable.org_id)?;
        Ok(variable)
    }

    /// The variables that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_variables`].
    pub async fn list_variables(&self, filter: &VariableFilter, paging: &Paging) -> Result<Vec<Variable>> {
        let mut variables = self.catalog.list_variables(filter, paging).await?;
        variables.retain(|variable| self.may_read(KIND, variable.id, variable.org_id));
        Ok(variables)
    }

    /// Changes a variable.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_variable`].
    pub async fn update_variable(&self, id: Id, update: VariableUpdate) -> Result<Variable> {
        self.check_write_variable(id).await?;
        self.catalog.update_variable(id, update).await
    }

    /// Puts another variable in the place of one.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::replace_variable`].
    pub async fn replace_variable(&self, id: Id, new: NewVariable) -> Result<Variable> {
        self.check_write_variable(id).await?;
        self.catalog.replace_variable(id, new).await
    }

    /// Deletes a variable.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_variable(&self, id: Id) -> Result<()> {
        self.check_write_variable(id).await?;
        self.catalog.delete_variable(id).await
    }

    /// Whoever changes a variable reads it.
    async fn check_write_variable(&self, id: Id) -> Result<()> {
        let variable = self.find_variable(id).await?;
        self.check_one(Action::Write, KIND, id, variable.org_id)
    }
}
