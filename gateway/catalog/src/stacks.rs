//! Stacks: what the application of templates has made, event by event.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, Result, Timestamp};

use crate::{Catalog, CatalogError};

/// A stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// When it was made.
    pub created_at: Timestamp,
    /// What became of it, oldest first; there is at least one event.
    pub events: Vec<StackEvent>,
}

impl Stack {
    /// What it is now.
    pub fn latest(&self) -> StackEvent {
        self.events.last().cloned().unwrap_or_default()
    }
}

/// What happened to a stack, with all that it was from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackEvent {
    /// What happened.
    pub kind: StackEventKind,
    /// Its name; others may have it too.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// What belongs to it.
    pub resources: Vec<StackResource>,
    /// Where its templates came from, as they were named.
    pub sources: Vec<String>,
    /// Where templates are fetched from whenever it is applied.
    pub urls: Vec<String>,
    /// When it happened. The catalog says so itself.
    pub updated_at: Timestamp,
}

impl Default for StackEvent {
    fn default() -> Self {
        Self {
            kind: StackEventKind::Create,
            name: String::new(),
            description: String::new(),
            resources: Vec::new(),
            sources: Vec::new(),
            urls: Vec::new(),
            updated_at: Timestamp(0),
        }
    }
}

/// What may happen to a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackEventKind {
    /// It was made.
    Create,
    /// It was applied or changed.
    Update,
    /// All that belonged to it was deleted.
    Uninstall,
}

impl StackEventKind {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Uninstall => "uninstall",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "update" => Self::Update,
            "uninstall" => Self::Uninstall,
            _ => Self::Create,
        }
    }
}

/// A resource that belongs to a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StackResource {
    /// The version of the template language.
    pub api_version: String,
    /// The resource's id.
    pub id: Id,
    /// Its kind, in the words of templates.
    pub kind: String,
    /// What it is called in the template.
    pub meta_name: String,
    /// What it refers to.
    pub associations: Vec<StackAssociation>,
}

/// What a resource of a stack refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StackAssociation {
    /// The kind, in the words of templates.
    pub kind: String,
    /// What it is called in the template.
    pub meta_name: String,
}

/// What a stack is made of.
#[derive(Debug, Clone)]
pub struct NewStack {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Where templates are fetched from whenever it is applied.
    pub urls: Vec<String>,
}

/// Which stacks of an organization are listed: those of these ids and those of these names; all if there are none.
#[derive(Debug, Clone, Default)]
pub struct StackFilter {
    /// Ids.
    pub ids: Vec<Id>,
    /// Names.
    pub names: Vec<String>,
}

fn json<T: for<'a> Deserialize<'a>>(row: &Row, column: &str) -> Result<T> {
    Ok(serde_json::from_str(&row.get::<String, _>(column)?)
        .map_err(|error| DatabaseError::Column { column: column.to_owned(), reason: error.to_string() })?)
}

fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("lists of texts and ids, which JSON can hold")
}

fn read_event(row: &Row) -> Result<StackEvent> {
    Ok(StackEvent {
        kind: StackEventKind::parse(&row.get::<String, _>("kind")?),
        name: row.get("name")?,
        description: row.get("description")?,
        resources: json(row, "resources")?,
        sources: json(row, "sources")?,
        urls: json(row, "urls")?,
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

fn read(row: &Row) -> Result<Stack, DatabaseError> {
    Ok(Stack {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        created_at: Timestamp(row.get("created_at")?),
        events: Vec::new(),
    })
}

async fn events_of(db: &mut dyn Executor, stacks: &[Id]) -> Result<BTreeMap<Id, Vec<StackEvent>>> {
    let mut found: BTreeMap<Id, Vec<StackEvent>> = BTreeMap::new();
    for part in stacks.chunks(500) {
        let mut query =
            sql("SELECT e.stack_id, e.kind, e.name, e.description, e.resources, e.sources, e.urls,
            e.updated_at FROM stack_events e WHERE e.stack_id IN ");
        query.push_list(part.iter().map(|id| (*id).into())).push(" ORDER BY e.stack_id, e.place");
        for row in db.fetch_all(query).await? {
            found.entry(row.get("stack_id")?).or_default().push(read_event(&row)?);
        }
    }
    Ok(found)
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Stack> {
    let query = sql("SELECT s.id, s.org_id, s.created_at FROM stacks s WHERE s.id = ?").bind(id);
    let mut stack = read(&db.fetch_optional(query).await?.ok_or(CatalogError::StackNotFound(id))?)?;
    stack.events = events_of(db, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(stack)
}

async fn insert_event(tx: &mut Transaction, stack: Id, place: usize, event: &StackEvent) -> Result<()> {
    let insert =
        sql("INSERT INTO stack_events (stack_id, place, kind, name, description, resources, sources, urls,
         updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(stack)
        .bind(i64::try_from(place).unwrap_or(i64::MAX))
        .bind(event.kind.as_str())
        .bind(&event.name)
        .bind(&event.description)
        .bind(text(&event.resources))
        .bind(text(&event.sources))
        .bind(text(&event.urls))
        .bind(event.updated_at.0);
    tx.execute(insert).await?;
    Ok(())
}

impl Catalog {
    /// Makes a stack to which nothing belongs yet.
    ///
    /// # Errors
    /// An organization that does not exist.
    pub async fn create_stack(&self, new: NewStack) -> Result<Stack> {
        let now = self.now();
        let (id, org_id) = (self.new_id(), new.org_id);
        let event = StackEvent {
            name: new.name,
            description: new.description,
            urls: new.urls,
            updated_at: now,
            ..StackEvent::default()
        };
        let mut tx = self.begin().await?;
        let insert = sql("INSERT INTO stacks (id, org_id, name, created_at) VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(org_id)
            .bind(&event.name)
            .bind(now.0);
        match tx.execute(insert).await {
            Err(DatabaseError::ForeignKey(_)) => return Err(CatalogError::StackOrgNotFound(org_id).into()),
            other => other?,
        };
        insert_event(&mut tx, id, 0, &event).await?;
        self.commit(tx).await?;
        Ok(Stack { id, org_id, created_at: now, events: vec![event] })
    }

    /// The stack of this id.
    ///
    /// # Errors
    /// [`CatalogError::StackNotFound`].
    pub async fn find_stack(&self, id: Id) -> Result<Stack> {
        by_id(&mut self.database(), id).await
    }

    /// The stacks of an organization that `filter` names, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_stacks(&self, org: Id, filter: &StackFilter) -> Result<Vec<Stack>> {
        let mut query = sql("SELECT s.id, s.org_id, s.created_at FROM stacks s WHERE TRUE");
        query.push_bind(" AND s.org_id = ?", org);
        if !filter.ids.is_empty() || !filter.names.is_empty() {
            query.push(" AND (FALSE");
            if !filter.ids.is_empty() {
                query.push(" OR s.id IN ").push_list(filter.ids.iter().map(|id| (*id).into()));
            }
            for name in &filter.names {
                query.push_bind(" OR s.name = ?", name);
            }
            query.push(")");
        }
        query.push(" ORDER BY s.id");
        let rows = self.database().fetch_all(query).await?;
        let mut stacks: Vec<Stack> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let ids: Vec<Id> = stacks.iter().map(|stack| stack.id).collect();
        let mut events = events_of(&mut self.database(), &ids).await?;
        for stack in &mut stacks {
            stack.events = events.remove(&stack.id).unwrap_or_default();
        }
        Ok(stacks)
    }

    /// Adds to what became of a stack; the event's time is now.
    ///
    /// # Errors
    /// [`CatalogError::StackNotFound`].
    pub async fn add_stack_event(&self, id: Id, event: StackEvent) -> Result<Stack> {
        let event = StackEvent { updated_at: self.now(), ..event };
        let mut tx = self.begin().await?;
        let mut stack = by_id(&mut tx, id).await?;
        insert_event(&mut tx, id, stack.events.len(), &event).await?;
        tx.execute(sql("UPDATE stacks SET name = ? WHERE id = ?").bind(&event.name).bind(id)).await?;
        self.commit(tx).await?;
        stack.events.push(event);
        Ok(stack)
    }

    /// Forgets a stack, but not what belongs to it.
    ///
    /// # Errors
    /// [`CatalogError::StackNotFound`].
    pub async fn delete_stack(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM stacks WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::StackNotFound(id).into());
        }
        self.commit(tx).await
    }
}
