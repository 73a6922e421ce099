//! Checks.

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Error, Id, Result, Status, Timestamp};

use super::task::TASK_COLUMNS;
use super::{CheckKind, CheckQuery, MonitoringUpdate, NewCheck, TaskState, json, parse_status, script};
use crate::paging::{Key, Listing};
use crate::tasks::HiddenTask;
use crate::{Catalog, CatalogError, Paging};

/// A check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name, unique among the organization's checks.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// The user that made it.
    pub owner_id: Id,
    /// The task that runs it.
    pub task_id: Id,
    /// The query whose rows it looks at.
    pub query: CheckQuery,
    /// What it looks for.
    pub kind: CheckKind,
    /// What its task says of it.
    pub task: TaskState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Which checks are listed.
#[derive(Debug, Clone, Default)]
pub struct CheckFilter {
    /// Those of this organization.
    pub org_id: Option<Id>,
    /// Those of the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
}

fn columns() -> String {
    format!(
        "SELECT c.id, c.org_id, c.name, c.description, c.owner_id, c.task_id, c.query, c.kind, c.created_at,
         c.updated_at, {TASK_COLUMNS} FROM checks c LEFT JOIN tasks t ON t.id = c.task_id"
    )
}

fn read(row: &Row) -> Result<Check> {
    Ok(Check {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        owner_id: row.get("owner_id")?,
        task_id: row.get("task_id")?,
        query: json::read(&json::column(row, "query")?)?,
        kind: CheckKind::from_json(&json::column(row, "kind")?)?,
        task: TaskState::read(row)?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Check> {
    let row = db.fetch_optional(sql(format!("{} WHERE c.id = ?", columns())).bind(id)).await?;
    read(&row.ok_or(CatalogError::CheckNotFound(id))?)
}

fn taken(error: DatabaseError, name: &str) -> Error {
    match error {
        DatabaseError::Unique(_) => CatalogError::CheckExists(name.to_owned()).into(),
        DatabaseError::ForeignKey(_) => CatalogError::OrgNotFound.into(),
        other => other.into(),
    }
}

async fn refuse_taken(tx: &mut Transaction, check: &Check) -> Result<()> {
    let same = sql("SELECT id FROM checks WHERE org_id = ? AND name = ? AND id <> ?")
        .bind(check.org_id)
        .bind(&check.name)
        .bind(check.id);
    match tx.fetch_optional(same).await? {
        // Other words than those for new checks, as in the reference.
        Some(_) => Err(CatalogError::CheckNameNotUnique.into()),
        None => Ok(()),
    }
}

/// A refusal of the script or its task, told as the reference tells it of new checks.
fn no_task(error: impl std::fmt::Display) -> Error {
    Error::invalid(format!("Could not create task from check: {error}"))
}

impl Check {
    /// Refuses what no check can be; a custom one learns its id.
    fn settle(&mut self) -> Result<(), CatalogError> {
        if self.kind == CheckKind::Custom {
            self.query.text =
                script::custom(self.id, &self.name, &self.query.text).map_err(CatalogError::Monitoring)?;
        }
        self.kind.check(&self.name)
    }

    /// The script it stands for.
    ///
    /// # Errors
    /// Its query is none that could be checked.
    pub fn flux(&self) -> Result<String> {
        let made = script::check(self.id, &self.name, &self.query.text, &self.kind);
        made.map_err(|error| CatalogError::Monitoring(error).into())
    }

    fn hidden_task(&self, status: Status, flux: String) -> HiddenTask {
        HiddenTask {
            org_id: self.org_id,
            owner_id: self.owner_id,
            kind: self.kind.name().to_owned(),
            description: self.description.clone(),
            status,
            flux,
        }
    }

    fn query_text(&self) -> String {
        serde_json::to_string(&self.query).expect("texts, which JSON can hold")
    }
}

impl Catalog {
    /// Makes a check and the task that runs it.
    ///
    /// # Errors
    /// An organization that does not exist, a check that is refused, a name that is taken, a query that makes no script.
    pub async fn create_check(&self, org_id: Id, owner_id: Id, new: NewCheck) -> Result<Check> {
        let status = parse_status(&new.status)?;
        let now = self.now();
        let mut tx = self.begin().await?;
        crate::orgs::by_id(&mut tx, org_id).await?;
        let id = self.new_id();
        let mut check = Check {
            id,
            org_id,
            name: new.name,
            description: new.description,
            owner_id,
            // Until there is a task; none has the id of a check.
            task_id: id,
            query: new.query,
            kind: new.kind,
            task: TaskState::asleep(),
            created_at: now,
            updated_at: now,
        };
        check.settle()?;
        let made = script::check(id, &check.name, &check.query.text, &check.kind);
        let hidden = check.hidden_task(status, made.map_err(no_task)?);
        let task = self.run_by_task(&mut tx, hidden).await;
        (check.task_id, check.task) = task.map_err(|error| match error.code {
            weir_model::ErrorCode::Invalid => no_task(error.message),
            _ => error,
        })?;
        let insert = sql("INSERT INTO checks (id, org_id, name, description, owner_id, task_id, query, kind,
                 created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(check.id)
        .bind(check.org_id)
        .bind(&check.name)
        .bind(&check.description)
        .bind(check.owner_id)
        .bind(check.task_id)
        .bind(check.query_text())
        .bind(check.kind.json().to_string())
        .bind(now.0)
        .bind(now.0);
        tx.execute(insert).await.map_err(|error| taken(error, &check.name))?;
        self.commit(tx).await?;
        Ok(check)
    }

    /// The check of this id.
    ///
    /// # Errors
    /// [`CatalogError::CheckNotFound`].
    pub async fn find_check(&self, id: Id) -> Result<Check> {
        by_id(&mut self.database(), id).await
    }

    /// A page of the checks that `filter` names, by id.
    ///
    /// # Errors
    /// When the organization that is asked for by name does not exist.
    pub async fn list_checks(&self, filter: &CheckFilter, paging: &Paging) -> Result<Vec<Check>> {
        let org = match (filter.org_id, &filter.org) {
            (Some(id), _) => Some(id),
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (None, None) => None,
        };
        let mut listing = Listing::new(columns(), "checks c", &[Key::Text("c.id")]).after_id(paging);
        if let Some(org) = org {
            listing.filter().push_bind(" AND c.org_id = ?", org);
        }
        self.read_page(listing, paging).await?.iter().map(read).collect()
    }

    /// Changes a check.
    ///
    /// # Errors
    /// When it does not exist, or the new name is taken.
    pub async fn update_check(&self, id: Id, update: MonitoringUpdate) -> Result<Check> {
        let mut tx = self.begin().await?;
        let mut check = by_id(&mut tx, id).await?;
        check.name = update.name.unwrap_or(check.name);
        check.description = update.description.unwrap_or(check.description);
        self.store_check(tx, check, update.status).await
    }

    /// Puts another check in the place of one, in the same organization, with the same owner.
    ///
    /// # Errors
    /// When it does not exist, or as [`Catalog::create_check`].
    pub async fn replace_check(&self, id: Id, new: NewCheck) -> Result<Check> {
        let mut tx = self.begin().await?;
        let old = by_id(&mut tx, id).await?;
        let mut check =
            Check { name: new.name, description: new.description, query: new.query, kind: new.kind, ..old };
        refuse_taken(&mut tx, &check).await?;
        check.settle()?;
        let status = parse_status(&new.status)?;
        self.store_check(tx, check, Some(status)).await
    }

    async fn store_check(
        &self,
        mut tx: Transaction,
        mut check: Check,
        status: Option<Status>,
    ) -> Result<Check> {
        check.updated_at = self.now();
        check.settle()?;
        let hidden = check.hidden_task(check.task.status, check.flux()?);
        (check.task_id, check.task) = self.rerun_by_task(&mut tx, check.task_id, status, hidden).await?;
        let change = sql(
            "UPDATE checks SET name = ?, description = ?, task_id = ?, query = ?, kind = ?, updated_at = ?
                 WHERE id = ?",
        )
        .bind(&check.name)
        .bind(&check.description)
        .bind(check.task_id)
        .bind(check.query_text())
        .bind(check.kind.json().to_string())
        .bind(check.updated_at.0)
        .bind(check.id);
        tx.execute(change).await.map_err(|error| taken(error, &check.name))?;
        self.commit(tx).await?;
        Ok(check)
    }

    /// Deletes a check and its task.
    ///
    /// # Errors
    /// [`CatalogError::CheckNotFound`].
    pub async fn delete_check(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        let check = by_id(&mut tx, id).await?;
        self.delete_hidden_task_in(&mut tx, check.task_id).await?;
        tx.execute(sql("DELETE FROM checks WHERE id = ?").bind(id)).await?;
        crate::members::forget_resource_in(&mut tx, id).await?;
        self.commit(tx).await
    }
}
