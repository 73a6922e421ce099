//! Tasks: scripts that run again and again. When they run is for the engine; here is what they are.

mod cron;
mod duration;
mod edit;
mod hidden;
mod options;
pub(crate) mod runs;

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Error, Id, Result, Status, Timestamp};

use crate::{Catalog, CatalogError};

pub use edit::TaskOptionsUpdate;
pub use hidden::HiddenTask;
pub use options::{TaskDuration, TaskOptions};

/// The kind of the tasks that users make themselves; those of checks and rules have others, and are not listed.
pub(crate) const SYSTEM: &str = "system";

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// The organization's name.
    pub org: String,
    /// What it stands for: `system`, or the type of the check or rule that runs by it.
    pub kind: String,
    /// The user with whose rights it runs.
    pub owner_id: Id,
    /// Its name, as its script says; others may have it too.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// Whether it runs.
    pub status: Status,
    /// Its script.
    pub flux: String,
    /// How often it runs, a Flux duration; or empty.
    pub every: String,
    /// When it runs; or empty.
    pub cron: String,
    /// How much later than that it starts, in nanoseconds.
    pub offset: i64,
    /// What time its newest finished run was for; when it was made or woken, before that.
    pub latest_completed: Timestamp,
    /// What time its newest run was for.
    pub latest_scheduled: Timestamp,
    /// What time its newest run that went well was for.
    pub latest_success: Option<Timestamp>,
    /// What time its newest run that failed was for.
    pub latest_failure: Option<Timestamp>,
    /// How its newest run ended; empty before there is one.
    pub last_run_status: String,
    /// Why it failed, if it did.
    pub last_run_error: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed, if it ever was.
    pub updated_at: Option<Timestamp>,
}

/// What a task is made of.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The user with whose rights it runs.
    pub owner_id: Id,
    /// A description.
    pub description: String,
    /// Whether it runs.
    pub status: Status,
    /// Its script, which says the rest.
    pub flux: String,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct TaskUpdate {
    /// A new script.
    pub flux: Option<String>,
    /// Whether it runs.
    pub status: Option<Status>,
    /// A new description.
    pub description: Option<String>,
    /// What is to change in the script, the new or the old one.
    pub options: TaskOptionsUpdate,
}

/// Which tasks are listed, of those that users made; everything that is present must fit.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Those of this organization.
    pub org_id: Option<Id>,
    /// Those of this owner.
    pub owner_id: Option<Id>,
    /// Those of this name.
    pub name: Option<String>,
    /// Those that run, or do not.
    pub status: Option<Status>,
    /// Those that come after this one.
    pub after: Option<Id>,
    /// At most so many.
    pub limit: u32,
}

const COLUMNS: &str =
    "SELECT t.id, t.org_id, o.name AS org, t.kind, t.owner_id, t.name, t.description, t.status,
    t.flux, t.every, t.cron, t.time_offset, t.latest_completed, t.latest_scheduled, t.latest_success,
    t.latest_failure, t.last_run_status, t.last_run_error, t.created_at, t.updated_at
    FROM tasks t JOIN orgs o ON o.id = t.org_id";

fn read(row: &Row) -> Result<Task> {
    let moment = |column: &str| Ok::<_, DatabaseError>(row.get::<Option<i64>, _>(column)?.map(Timestamp));
    Ok(Task {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        org: row.get("org")?,
        kind: row.get("kind")?,
        owner_id: row.get("owner_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        status: row.get::<String, _>("status")?.parse()?,
        flux: row.get("flux")?,
        every: row.get("every")?,
        cron: row.get("cron")?,
        offset: row.get("time_offset")?,
        latest_completed: Timestamp(row.get("latest_completed")?),
        latest_scheduled: Timestamp(row.get("latest_scheduled")?),
        latest_success: moment("latest_success")?,
        latest_failure: moment("latest_failure")?,
        last_run_status: row.get("last_run_status")?,
        last_run_error: row.get("last_run_error")?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: moment("updated_at")?,
    })
}

/// Schedules count whole seconds.
fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp(time.0 - time.0.rem_euclid(1_000_000_000))
}

/// The task of this id, whatever its kind.
pub(crate) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Task> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE t.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::TaskNotFound)?)
}

impl Task {
    /// Takes over what a script says of itself.
    fn take(&mut self, flux: String) -> Result<(), CatalogError> {
        let said = TaskOptions::of_script(&flux)?;
        self.flux = flux;
        self.name = said.name;
        self.every = said.every;
        self.cron = said.cron;
        self.offset = said.offset;
        Ok(())
    }

    /// Falls asleep or wakes; what it would have done in its sleep is not made up for.
    fn turn(&mut self, status: Status, now: Timestamp) {
        if self.status == status {
            return;
        }
        self.status = status;
        self.updated_at = Some(now);
        if status.is_active() {
            self.latest_completed = whole_seconds(now);
            self.latest_scheduled = whole_seconds(now);
        }
    }
}

impl Catalog {
    /// Makes a task.
    ///
    /// # Errors
    /// A script that is refused ([`TaskOptions::of_script`]), or an organization that does not exist.
    pub async fn create_task(&self, new: NewTask) -> Result<Task> {
        let mut tx = self.begin().await?;
        let task = self.create_task_in(&mut tx, SYSTEM, new).await?;
        self.commit(tx).await?;
        Ok(task)
    }

    async fn create_task_in(&self, tx: &mut Transaction, kind: &str, new: NewTask) -> Result<Task> {
        let said = TaskOptions::of_script(&new.flux)?;
        let org = crate::orgs::by_id(tx, new.org_id).await?;
        let now = whole_seconds(self.now());
        let task = Task {
            id: self.new_id(),
            org_id: org.id,
            org: org.name,
            kind: kind.to_owned(),
            owner_id: new.owner_id,
            name: said.name,
            description: new.description,
            status: new.status,
            flux: new.flux,
            every: said.every,
            cron: said.cron,
            offset: said.offset,
            latest_completed: now,
            latest_scheduled: now,
            latest_success: None,
            latest_failure: None,
            last_run_status: String::new(),
            last_run_error: String::new(),
            created_at: now,
            updated_at: None,
        };
        let insert = sql("INSERT INTO tasks (id, org_id, kind, owner_id, name, description, status, flux, every,
                 cron, time_offset, latest_completed, latest_scheduled, last_run_status, last_run_error, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?)")
        .bind(task.id)
        .bind(task.org_id)
        .bind(kind)
        .bind(task.owner_id)
        .bind(&task.name)
        .bind(&task.description)
        .bind(task.status.as_str())
        .bind(&task.flux)
        .bind(&task.every)
        .bind(&task.cron)
        .bind(task.offset)
        .bind(now.0)
        .bind(now.0)
        .bind(now.0);
        tx.execute(insert).await.map_err(without_org)?;
        Ok(task)
    }

    /// The task of this id, also if it belongs to a check or a rule.
    ///
    /// # Errors
    /// [`CatalogError::TaskNotFound`].
    pub async fn find_task(&self, id: Id) -> Result<Task> {
        by_id(&mut self.database(), id).await
    }

    /// The tasks that `filter` names, by id, without those of checks and rules.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_tasks(&self, filter: &TaskFilter) -> Result<Vec<Task>> {
        let mut query = sql(format!("{COLUMNS} WHERE t.kind = '{SYSTEM}'"));
        if let Some(org) = filter.org_id {
            query.push_bind(" AND t.org_id = ?", org);
        }
        if let Some(owner) = filter.owner_id {
            query.push_bind(" AND t.owner_id = ?", owner);
        }
        if let Some(name) = &filter.name {
            query.push_bind(" AND t.name = ?", name);
        }
        if let Some(status) = filter.status {
            query.push_bind(" AND t.status = ?", status.as_str());
        }
        if let Some(after) = filter.after {
            query.push_bind(" AND t.id > ?", after);
        }
        query.push_bind(" ORDER BY t.id LIMIT ?", filter.limit);
        self.database().fetch_all(query).await?.iter().map(read).collect()
    }

    /// Changes a task.
    ///
    /// # Errors
    /// When it does not exist, or its new script is refused.
    pub async fn update_task(&self, id: Id, update: TaskUpdate) -> Result<Task> {
        let mut tx = self.begin().await?;
        let task = self.update_task_in(&mut tx, id, update).await?;
        self.commit(tx).await?;
        Ok(task)
    }

    async fn update_task_in(&self, tx: &mut Transaction, id: Id, update: TaskUpdate) -> Result<Task> {
        let now = self.now();
        let mut task = by_id(tx, id).await?;
        if !update.options.is_empty() || update.flux.is_some() {
            let given = update.flux;
            let base = given.as_deref().filter(|flux| !flux.is_empty()).unwrap_or(&task.flux);
            let flux = if update.options.is_empty() {
                given.unwrap_or_default()
            } else {
                update.options.apply(base)?
            };
            task.take(flux)?;
            task.updated_at = Some(now);
        }
        if let Some(description) = update.description {
            task.description = description;
            task.updated_at = Some(now);
        }
        if let Some(status) = update.status {
            task.turn(status, now);
        }
        let change =
            sql("UPDATE tasks SET name = ?, description = ?, status = ?, flux = ?, every = ?, cron = ?,
                 time_offset = ?, latest_completed = ?, latest_scheduled = ?, updated_at = ? WHERE id = ?")
            .bind(&task.name)
            .bind(&task.description)
            .bind(task.status.as_str())
            .bind(&task.flux)
            .bind(&task.every)
            .bind(&task.cron)
            .bind(task.offset)
            .bind(task.latest_completed.0)
            .bind(task.latest_scheduled.0)
            .bind(task.updated_at.map(|time| time.0))
            .bind(id);
        tx.execute(change).await?;
        Ok(task)
    }

    /// Deletes a task with its runs.
    ///
    /// # Errors
    /// [`CatalogError::TaskNotFound`].
    pub async fn delete_task(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        self.delete_task_in(&mut tx, id).await?;
        self.commit(tx).await
    }

    async fn delete_task_in(&self, tx: &mut Transaction, id: Id) -> Result<()> {
        if tx.execute(sql("DELETE FROM tasks WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::TaskNotFound.into());
        }
        crate::members::forget_resource_in(tx, id).await
    }
}

fn without_org(error: DatabaseError) -> Error {
    match error {
        DatabaseError::ForeignKey(_) => CatalogError::OrgNotFound.into(),
        other => other.into(),
    }
}
