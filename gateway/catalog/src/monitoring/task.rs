//! The task behind a check or a rule.

use weir_database::{Row, Transaction};
use weir_model::{ErrorCode, Id, Result, Status, Timestamp};

use crate::Catalog;
use crate::tasks::{HiddenTask, TaskUpdate};

/// What the task behind a check or a rule says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskState {
    /// Whether it runs. One whose task is gone does not.
    pub status: Status,
    /// What time its newest finished run was for.
    pub latest_completed: Option<Timestamp>,
    /// What time its newest run was for.
    pub latest_scheduled: Option<Timestamp>,
    /// How its newest run ended; empty before there is one.
    pub last_run_status: String,
    /// Why it failed, if it did.
    pub last_run_error: String,
}

/// The columns of [`TaskState::read`], from tasks `t` that may be absent.
pub(super) const TASK_COLUMNS: &str =
    "t.status AS task_status, t.latest_completed, t.latest_scheduled, t.last_run_status, t.last_run_error";

impl TaskState {
    /// That of one which has no task yet.
    pub(super) fn asleep() -> Self {
        Self {
            status: Status::Inactive,
            latest_completed: None,
            latest_scheduled: None,
            last_run_status: String::new(),
            last_run_error: String::new(),
        }
    }

    pub(super) fn read(row: &Row) -> Result<Self> {
        let text = |column: &str| row.get::<Option<String>, _>(column).map(Option::unwrap_or_default);
        let status = row.get::<Option<String>, _>("task_status")?;
        Ok(Self {
            status: status.map_or(Ok(Status::Inactive), |status| status.parse())?,
            latest_completed: row.get::<Option<i64>, _>("latest_completed")?.map(Timestamp),
            latest_scheduled: row.get::<Option<i64>, _>("latest_scheduled")?.map(Timestamp),
            last_run_status: text("last_run_status")?,
            last_run_error: text("last_run_error")?,
        })
    }
}

impl From<crate::tasks::Task> for TaskState {
    fn from(task: crate::tasks::Task) -> Self {
        Self {
            status: task.status,
            latest_completed: Some(task.latest_completed),
            latest_scheduled: Some(task.latest_scheduled),
            last_run_status: task.last_run_status,
            last_run_error: task.last_run_error,
        }
    }
}

impl Catalog {
    /// Makes a task that sleeps until the check or rule is there, and wakes it then if it is to run.
    pub(super) async fn run_by_task(&self, tx: &mut Transaction, new: HiddenTask) -> Result<(Id, TaskState)> {
        let status = new.status;
        let asleep = HiddenTask { status: Status::Inactive, ..new };
        let mut task = self.create_hidden_task_in(tx, asleep).await?;
        if status.is_active() {
            let wake = TaskUpdate { status: Some(status), ..TaskUpdate::default() };
            task = self.update_hidden_task_in(tx, task.id, wake).await?;
        }
        Ok((task.id, task.into()))
    }

    /// Brings the task behind a check or a rule up to date, or makes it anew if somebody deleted it. Without a status
    /// it stays awake or asleep.
    pub(super) async fn rerun_by_task(
        &self,
        tx: &mut Transaction,
        task: Id,
        status: Option<Status>,
        new: HiddenTask,
    ) -> Result<(Id, TaskState)> {
        let update = TaskUpdate {
            flux: Some(new.flux.clone()),
            description: Some(new.description.clone()),
            status,
            ..TaskUpdate::default()
        };
        match self.update_hidden_task_in(tx, task, update).await {
            Err(error) if error.code == ErrorCode::NotFound => {
                self.run_by_task(tx, HiddenTask { status: status.unwrap_or(new.status), ..new }).await
            }
            other => other.map(|task| (task.id, task.into())),
        }
    }
}
