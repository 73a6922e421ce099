//! Runs of tasks: what is waiting, running or done.

use serde::{Deserialize, Serialize};
use weir_database::{DatabaseError, Row, sql};
use weir_model::{Id, Result, Timestamp};

use crate::{Catalog, CatalogError};

/// A run of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: Id,
    /// The task it is of.
    pub task_id: Id,
    /// `scheduled`, `started`, `success`, `failed` or `canceled`.
    pub status: String,
    /// What its script takes for now.
    pub scheduled_for: Timestamp,
    /// When it is due.
    pub run_at: Timestamp,
    /// When somebody asked for it by hand.
    pub requested_at: Option<Timestamp>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What happened in it.
    pub log: Vec<RunEvent>,
}

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEvent {
    /// When, in RFC 3339.
    pub time: String,
    /// What.
    pub message: String,
}

/// Which runs of a task are listed.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// Those that come after this one in the list.
    pub after: Option<Id>,
    /// Those for a later time.
    pub after_time: Option<Timestamp>,
    /// Those for an earlier time.
    pub before_time: Option<Timestamp>,
    /// At most so many.
    pub limit: u32,
}

const COLUMNS: &str =
    "SELECT r.id, r.task_id, r.status, r.scheduled_for, r.run_at, r.requested_at, r.started_at,
    r.finished_at, r.log FROM task_runs r";

fn read(row: &Row) -> Result<Run> {
    let moment = |column: &str| Ok::<_, DatabaseError>(row.get::<Option<i64>, _>(column)?.map(Timestamp));
    let log = serde_json::from_str(&row.get::<String, _>("log")?)
        .map_err(|error| DatabaseError::Column { column: "log".to_owned(), reason: error.to_string() })?;
    Ok(Run {
        id: row.get("id")?,
        task_id: row.get("task_id")?,
        status: row.get("status")?,
        scheduled_for: Timestamp(row.get("scheduled_for")?),
        run_at: Timestamp(row.get("run_at")?),
        requested_at: moment("requested_at")?,
        started_at: moment("started_at")?,
        finished_at: moment("finished_at")?,
        log,
    })
}

impl Catalog {
    /// The run of this id, if it is one of this task.
    ///
    /// # Errors
    /// [`CatalogError::RunNotFound`].
    pub async fn find_run(&self, task: Id, id: Id) -> Result<Run> {
        let query = sql(format!("{COLUMNS} WHERE r.id = ? AND r.task_id = ?")).bind(id).bind(task);
        let row = self.database().fetch_optional(query).await?;
        read(&row.ok_or(CatalogError::RunNotFound)?)
    }

    /// The runs of a task that `filter` names, those for the latest time first.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_runs(&self, task: Id, filter: &RunFilter) -> Result<Vec<Run>> {
        let mut query = sql(format!("{COLUMNS} WHERE r.task_id = ?")).bind(task);
        if let Some(time) = filter.after_time {
            query.push_bind(" AND r.scheduled_for > ?", time.0);
        }
        if let Some(time) = filter.before_time {
            query.push_bind(" AND r.scheduled_for < ?", time.0);
        }
        if let Some(after) = filter.after {
            let place = " AND (r.scheduled_for, r.id) < (SELECT a.scheduled_for, a.id FROM task_runs a WHERE a.id = ?)";
            query.push_bind(place, after);
        }
        query.push_bind(" ORDER BY r.scheduled_for DESC, r.id DESC LIMIT ?", filter.limit);
        self.database().fetch_all(query).await?.iter().map(read).collect()
    }
}
