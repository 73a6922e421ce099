//! Tasks: rights over the task, refused as [`CatalogError::TaskUnauthorized`]. Runs are the task's.

use weir_model::{Action, Error, ErrorCode, Id, ResourceType, Result};

use super::Authorized;
use crate::{CatalogError, NewTask, Run, RunFilter, Task, TaskFilter, TaskUpdate};

const KIND: ResourceType = ResourceType::Tasks;

/// What the reference makes of a missing permission here; other refusals stay.
fn distorted(error: Error) -> Error {
    match error.code {
        ErrorCode::Unauthorized => CatalogError::TaskUnauthorized.into(),
        _ => error,
    }
}

impl Authorized {
    /// Makes a task.
    ///
    /// # Errors
    /// Not writable, then as [`crate::Catalog::create_task`].
    pub async fn create_task(&self, new: NewTask) -> Result<Task> {
        self.check_create(KIND, new.org_id).map_err(distorted)?;
        self.catalog.create_task(new).await
    }

    /// The task of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_task(&self, id: Id) -> Result<Task> {
        self.task_for(Action::Read, id).await
    }

    /// The tasks that `filter` names and the caller may read.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_tasks(&self, filter: &TaskFilter) -> Result<Vec<Task>> {
        let mut tasks = self.catalog.list_tasks(filter).await?;
        tasks.retain(|task| self.may_read(KIND, task.id, task.org_id));
        Ok(tasks)
    }

    /// Changes a task.
    ///
    /// # Errors
    /// Not found, then not writable, then as [`crate::Catalog::update_task`].
    pub async fn update_task(&self, id: Id, update: TaskUpdate) -> Result<Task> {
        self.task_for(Action::Write, id).await?;
        self.catalog.update_task(id, update).await
    }

    /// Deletes a task.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_task(&self, id: Id) -> Result<()> {
        self.task_for(Action::Write, id).await?;
        self.catalog.delete_task(id).await
    }

    /// The run of this id of a task.
    ///
    /// # Errors
    /// No such task, then not readable, then no such run.
    pub async fn find_run(&self, task: Id, id: Id) -> Result<Run> {
        self.task_for(Action::Read, task).await?;
        self.catalog.find_run(task, id).await
    }

    /// The runs of a task that `filter` names.
    ///
    /// # Errors
    /// No such task, then not readable.
    pub async fn list_runs(&self, task: Id, filter: &RunFilter) -> Result<Vec<Run>> {
        self.task_for(Action::Read, task).await?;
        self.catalog.list_runs(task, filter).await
    }

    /// A run that the caller may stop.
    ///
    /// # Errors
    /// No such task, then not writable, then no such run.
    pub async fn run_to_cancel(&self, task: Id, id: Id) -> Result<Run> {
        self.task_for(Action::Write, task).await?;
        self.catalog.find_run(task, id).await
    }

    /// A task that the caller may have run now.
    ///
    /// # Errors
    /// Not found, then asleep, then not writable.
    pub async fn task_to_run(&self, id: Id) -> Result<Task> {
        let task = self.catalog.find_task(id).await?;
        if !task.status.is_active() {
            return Err(CatalogError::TaskInactive.into());
        }
        self.check_one(Action::Write, KIND, id, task.org_id).map_err(distorted)?;
        Ok(task)
    }

    /// A run that the caller may repeat.
    ///
    /// # Errors
    /// As [`Authorized::task_to_run`], then no such run.
    pub async fn run_to_retry(&self, task: Id, id: Id) -> Result<Run> {
        self.task_to_run(task).await?;
        self.catalog.find_run(task, id).await
    }

    async fn task_for(&self, action: Action, id: Id) -> Result<Task> {
        let task = self.catalog.find_task(id).await?;
        self.check_one(action, KIND, id, task.org_id).map_err(distorted)?;
        Ok(task)
    }
}
