//! The tasks by which checks and notification rules run: rows like any other, which lists do not show.
//!
//! Whoever keeps checks or rules calls these inside the transaction that changes the check or rule itself.

use weir_database::Transaction;
use weir_model::{Id, Result, Status};

use super::{NewTask, Task, TaskUpdate};
use crate::Catalog;

/// What the task behind a check or a rule is made of.
#[derive(Debug, Clone)]
pub struct HiddenTask {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The user with whose rights it runs.
    pub owner_id: Id,
    /// The type of the check or rule, such as `threshold`; never `system`.
    pub kind: String,
    /// The description.
    pub description: String,
    /// Whether it runs.
    pub status: Status,
    /// The generated script, with its `option task`.
    pub flux: String,
}

impl Catalog {
    /// Makes the task behind a check or a rule.
    ///
    /// # Errors
    /// As [`Catalog::create_task`].
    pub(crate) async fn create_hidden_task_in(&self, tx: &mut Transaction, new: HiddenTask) -> Result<Task> {
        let HiddenTask { org_id, owner_id, kind, description, status, flux } = new;
        self.create_task_in(tx, &kind, NewTask { org_id, owner_id, description, status, flux }).await
    }

    /// Changes the task behind a check or a rule: a script as it was generated anew, a description, a status.
    ///
    /// # Errors
    /// As [`Catalog::update_task`].
    pub(crate) async fn update_hidden_task_in(
        &self,
        tx: &mut Transaction,
        id: Id,
        update: TaskUpdate,
    ) -> Result<Task> {
        self.update_task_in(tx, id, update).await
    }

    /// Deletes the task behind a check or a rule with its runs. One that is gone already is no error: it can be
    /// deleted as a task, too.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn delete_hidden_task_in(&self, tx: &mut Transaction, id: Id) -> Result<()> {
        match self.delete_task_in(tx, id).await {
            Err(error) if error.code == weir_model::ErrorCode::NotFound => Ok(()),
            other => other,
        }
    }
}
