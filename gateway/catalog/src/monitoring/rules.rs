//! Notification rules.

use weir_database::{Executor, Query, Row, Transaction, sql};
use weir_model::{ErrorCode, Id, Result, Status, Timestamp};

use super::script::{self, Told};
use super::task::TASK_COLUMNS;
use super::{Endpoint, MonitoringUpdate, NewRule, RuleBase, RuleKind, Tag, TagOperator, TaskState};
use super::{endpoints, json, parse_status, rule};
use crate::paging::{Key, Listing};
use crate::tasks::{HiddenTask, TaskUpdate};
use crate::{Catalog, CatalogError, Paging};

/// Who is told of which statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name; others may have it too.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// The user that made it.
    pub owner_id: Id,
    /// The task that runs it.
    pub task_id: Id,
    /// Where it tells.
    pub endpoint_id: Id,
    /// When it tells.
    pub base: RuleBase,
    /// What it tells.
    pub kind: RuleKind,
    /// What its task says of it.
    pub task: TaskState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Which rules are listed.
#[derive(Debug, Clone, Default)]
pub struct RuleFilter {
    /// Those of this organization.
    pub org_id: Option<Id>,
    /// Those of the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
    /// Those that would tell of statuses with these tags: each tag a rule asks for is among them.
    pub tags: Vec<Tag>,
}

fn columns() -> String {
    format!(
        "SELECT r.id, r.org_id, r.name, r.description, r.owner_id, r.task_id, r.endpoint_id, r.kind,
         r.created_at, r.updated_at, {TASK_COLUMNS}
         FROM notification_rules r LEFT JOIN tasks t ON t.id = r.task_id"
    )
}

fn read(row: &Row) -> Result<Rule> {
    let (base, kind) = rule::from_json(&json::column(row, "kind")?)?;
    Ok(Rule {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        owner_id: row.get("owner_id")?,
        task_id: row.get("task_id")?,
        endpoint_id: row.get("endpoint_id")?,
        base,
        kind,
        task: TaskState::read(row)?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Rule> {
    let row = db.fetch_optional(sql(format!("{} WHERE r.id = ?", columns())).bind(id)).await?;
    read(&row.ok_or(CatalogError::RuleNotFound)?)
}

/// The endpoint of a rule of an organization; another organization's is none.
async fn endpoint_of(db: &mut dyn Executor, org: Id, endpoint: Id) -> Result<Endpoint> {
    let found = endpoints::by_id(db, endpoint).await?;
    if found.org_id == org { Ok(found) } else { Err(CatalogError::EndpointNotFound(endpoint).into()) }
}

fn filter_tags(query: &mut Query, tags: &[Tag]) {
    if tags.is_empty() {
        return;
    }
    // A rule stays unless it asks for a tag that none of these is.
    query.push(
        " AND NOT EXISTS (SELECT 1 FROM notification_rule_tags g WHERE g.rule_id = r.id AND NOT (FALSE",
    );
    for tag in tags {
        for (operator, compare) in [(TagOperator::Equal, "="), (TagOperator::NotEqual, "<>")] {
            query.push_bind(" OR (g.operator = ?", operator.as_str());
            query.push_bind(" AND g.tag = ?", &tag.key);
            query.push_bind(&format!(" AND g.value {compare} ?)"), &tag.value);
        }
    }
    query.push("))");
}

impl Rule {
    /// When and what it tells, as the API shows it.
    pub fn json(&self) -> serde_json::Value {
        rule::to_json(&self.base, &self.kind)
    }

    fn flux(&self, endpoint: &Endpoint) -> Result<String, CatalogError> {
        let told = Told {
            id: self.id,
            title: &self.name,
            base: &self.base,
            kind: &self.kind,
            endpoint: endpoint.id,
            endpoint_title: &endpoint.name,
            endpoint_kind: &endpoint.kind,
        };
        script::rule(told).map_err(CatalogError::Monitoring)
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

    async fn store_tags(&self, tx: &mut Transaction) -> Result<()> {
        tx.execute(sql("DELETE FROM notification_rule_tags WHERE rule_id = ?").bind(self.id)).await?;
        for rule in &self.base.tag_rules {
            let insert =
                sql("INSERT INTO notification_rule_tags (rule_id, tag, value, operator) VALUES (?, ?, ?, ?)")
                    .bind(self.id)
                    .bind(&rule.tag.key)
                    .bind(&rule.tag.value)
                    .bind(rule.operator.as_str());
            tx.execute(insert).await?;
        }
        Ok(())
    }
}

impl Catalog {
    /// Makes a rule and the task that runs it.
    ///
    /// # Errors
    /// An endpoint that is not in the organization or of another type, a rule that is refused.
    pub async fn create_rule(&self, org_id: Id, owner_id: Id, new: NewRule) -> Result<Rule> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let endpoint_id = new.endpoint_id.ok_or(CatalogError::EndpointKeyMissing)?;
        let endpoint = endpoint_of(&mut tx, org_id, endpoint_id).await?;
        let id = self.new_id();
        let mut rule = Rule {
            id,
            org_id,
            name: new.name,
            description: new.description,
            owner_id,
            // Until there is a task; none has the id of a rule.
            task_id: id,
            endpoint_id,
            base: new.base,
            kind: new.kind,
            task: TaskState::asleep(),
            created_at: now,
            updated_at: now,
        };
        // The script and its task speak first, then the rule itself; so does the reference.
        let hidden = rule.hidden_task(Status::Inactive, rule.flux(&endpoint)?);
        let (task_id, _) = self.run_by_task(&mut tx, hidden.clone()).await?;
        rule::check(&rule.name, &rule.base, &rule.kind)?;
        let status = parse_status(&new.status)?;
        (rule.task_id, rule.task) = self.rerun_by_task(&mut tx, task_id, Some(status), hidden).await?;
        let insert = sql("INSERT INTO notification_rules (id, org_id, name, description, owner_id, task_id,
                 endpoint_id, kind, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(rule.id)
        .bind(rule.org_id)
        .bind(&rule.name)
        .bind(&rule.description)
        .bind(rule.owner_id)
        .bind(rule.task_id)
        .bind(rule.endpoint_id)
        .bind(rule.json().to_string())
        .bind(now.0)
        .bind(now.0);
        tx.execute(insert).await?;
        rule.store_tags(&mut tx).await?;
        self.commit(tx).await?;
        Ok(rule)
    }

    /// The rule of this id.
    ///
    /// # Errors
    /// [`CatalogError::RuleNotFound`].
    pub async fn find_rule(&self, id: Id) -> Result<Rule> {
        by_id(&mut self.database(), id).await
    }

    /// The script that a rule stands for.
    ///
    /// # Errors
    /// Its endpoint is gone.
    pub async fn flux_of_rule(&self, rule: &Rule) -> Result<String> {
        let endpoint = endpoint_of(&mut self.database(), rule.org_id, rule.endpoint_id).await?;
        Ok(rule.flux(&endpoint)?)
    }

    /// A page of the rules that `filter` names, by id.
    ///
    /// # Errors
    /// When the organization that is asked for by name does not exist.
    pub async fn list_rules(&self, filter: &RuleFilter, paging: &Paging) -> Result<Vec<Rule>> {
        let org = match (filter.org_id, &filter.org) {
            (Some(id), _) => Some(id),
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (None, None) => None,
        };
        let mut listing =
            Listing::new(columns(), "notification_rules r", &[Key::Text("r.id")]).after_id(paging);
        if let Some(org) = org {
            listing.filter().push_bind(" AND r.org_id = ?", org);
        }
        filter_tags(listing.filter(), &filter.tags);
        self.read_page(listing, paging).await?.iter().map(read).collect()
    }

    /// Changes a rule.
    ///
    /// # Errors
    /// When it does not exist, or its endpoint is gone.
    pub async fn update_rule(&self, id: Id, update: MonitoringUpdate) -> Result<Rule> {
        let mut tx = self.begin().await?;
        let mut rule = by_id(&mut tx, id).await?;
        rule.name = update.name.unwrap_or(rule.name);
        rule.description = update.description.unwrap_or(rule.description);
        self.store_rule(tx, rule, update.status).await
    }

    /// Puts another rule in the place of one, in the same organization, with the same owner.
    ///
    /// # Errors
    /// When it does not exist, or as [`Catalog::create_rule`].
    pub async fn replace_rule(&self, id: Id, new: NewRule) -> Result<Rule> {
        let mut tx = self.begin().await?;
        let old = by_id(&mut tx, id).await?;
        rule::check(&new.name, &new.base, &new.kind)?;
        let status = parse_status(&new.status)?;
        let rule = Rule {
            name: new.name,
            description: new.description,
            endpoint_id: new.endpoint_id.ok_or(CatalogError::EndpointKeyMissing)?,
            base: new.base,
            kind: new.kind,
            ..old
        };
        self.store_rule(tx, rule, Some(status)).await
    }

    async fn store_rule(&self, mut tx: Transaction, mut rule: Rule, status: Option<Status>) -> Result<Rule> {
        rule.updated_at = self.now();
        let endpoint = endpoint_of(&mut tx, rule.org_id, rule.endpoint_id).await?;
        let hidden = rule.hidden_task(rule.task.status, rule.flux(&endpoint)?);
        (rule.task_id, rule.task) = self.rerun_by_task(&mut tx, rule.task_id, status, hidden).await?;
        let change = sql(
            "UPDATE notification_rules SET name = ?, description = ?, task_id = ?, endpoint_id = ?, kind = ?,
                 updated_at = ? WHERE id = ?",
        )
        .bind(&rule.name)
        .bind(&rule.description)
        .bind(rule.task_id)
        .bind(rule.endpoint_id)
        .bind(rule.json().to_string())
        .bind(rule.updated_at.0)
        .bind(rule.id);
        tx.execute(change).await?;
        rule.store_tags(&mut tx).await?;
        self.commit(tx).await?;
        Ok(rule)
    }

    /// Writes the scripts of all rules of an endpoint that was changed anew. A rule that has come to be of another type
    /// than its endpoint keeps its old one.
    pub(super) async fn rewrite_rules_of(&self, tx: &mut Transaction, endpoint: &Endpoint) -> Result<()> {
        let query = sql(format!("{} WHERE r.endpoint_id = ? AND r.org_id = ?", columns()))
            .bind(endpoint.id)
            .bind(endpoint.org_id);
        for row in tx.fetch_all(query).await? {
            let rule = read(&row)?;
            if let Ok(flux) = rule.flux(endpoint) {
                let update = TaskUpdate { flux: Some(flux), ..TaskUpdate::default() };
                match self.update_hidden_task_in(tx, rule.task_id, update).await {
                    // Somebody deleted the task; the rule gets a new one when it is changed itself.
                    Err(error) if error.code == ErrorCode::NotFound => {}
                    other => drop(other?),
                }
            }
        }
        Ok(())
    }

    /// Deletes a rule and its task.
    ///
    /// # Errors
    /// [`CatalogError::RuleNotFound`].
    pub async fn delete_rule(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        let rule = by_id(&mut tx, id).await?;
        self.delete_hidden_task_in(&mut tx, rule.task_id).await?;
        tx.execute(sql("DELETE FROM notification_rules WHERE id = ?").bind(id)).await?;
        crate::members::forget_resource_in(&mut tx, id).await?;
        self.commit(tx).await
    }
}
