//! Telegraf configurations.

use weir_database::{DatabaseError, Executor, Row, sql};
use weir_model::{Id, Result};

use crate::{Catalog, CatalogError};

/// A configuration of a Telegraf agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telegraf {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name; others may have it too.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// The configuration, TOML.
    pub config: String,
    /// The names of the buckets the agent writes to.
    pub buckets: Vec<String>,
}

/// What a configuration is made of, or replaced by.
#[derive(Debug, Clone)]
pub struct NewTelegraf {
    /// The organization, which must exist. A configuration that is replaced stays in its own.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The configuration, TOML.
    pub config: String,
    /// The buckets; if there are none, those that the configuration's outputs name.
    pub buckets: Vec<String>,
}

/// The buckets of the outputs that write to a server of this API. A text that is no TOML names none: agents replace
/// variables in it first, and it may become TOML only then.
fn buckets_in(config: &str) -> Vec<String> {
    let Ok(table) = config.parse::<toml::Table>() else { return Vec::new() };
    let outputs = table.get("outputs").and_then(|all| all.get("influxdb_v2"));
    let outputs = outputs.and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
    let buckets = outputs.iter().filter_map(|output| output.get("bucket")?.as_str());
    buckets.filter(|bucket| !bucket.is_empty()).map(str::to_owned).collect()
}

const COLUMNS: &str = "SELECT t.id, t.org_id, t.name, t.description, t.config, t.buckets FROM telegrafs t";

fn read(row: &Row) -> Result<Telegraf> {
    let buckets = serde_json::from_str(&row.get::<String, _>("buckets")?)
        .map_err(|error| DatabaseError::Column { column: "buckets".to_owned(), reason: error.to_string() })?;
    Ok(Telegraf {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        config: row.get("config")?,
        buckets,
    })
}

fn made_of(id: Id, org_id: Id, new: NewTelegraf) -> Telegraf {
    let buckets = if new.buckets.is_empty() { buckets_in(&new.config) } else { new.buckets };
    Telegraf { id, org_id, name: new.name, description: new.description, config: new.config, buckets }
}

fn buckets_text(telegraf: &Telegraf) -> String {
    serde_json::json!(telegraf.buckets).to_string()
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Telegraf> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE t.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::TelegrafNotFound)?)
}

impl Catalog {
    /// Makes a configuration.
    ///
    /// # Errors
    /// An organization that does not exist.
    pub async fn create_telegraf(&self, new: NewTelegraf) -> Result<Telegraf> {
        let telegraf = made_of(self.new_id(), new.org_id, new);
        let mut tx = self.begin().await?;
        let insert =
            sql("INSERT INTO telegrafs (id, org_id, name, description, config, buckets) VALUES (?, ?, ?, ?, ?, ?)")
                .bind(telegraf.id)
                .bind(telegraf.org_id)
                .bind(&telegraf.name)
                .bind(&telegraf.description)
                .bind(&telegraf.config)
                .bind(buckets_text(&telegraf));
        match tx.execute(insert).await {
            Err(DatabaseError::ForeignKey(_)) => return Err(CatalogError::OrgNotFound.into()),
            other => other?,
        };
        self.commit(tx).await?;
        Ok(telegraf)
    }

    /// The configuration of this id.
    ///
    /// # Errors
    /// [`CatalogError::TelegrafNotFound`].
    pub async fn find_telegraf(&self, id: Id) -> Result<Telegraf> {
        by_id(&mut self.database(), id).await
    }

    /// All configurations, or those of an organization, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_telegrafs(&self, org: Option<Id>) -> Result<Vec<Telegraf>> {
        let mut query = sql(format!("{COLUMNS} WHERE TRUE"));
        if let Some(org) = org {
            query.push_bind(" AND t.org_id = ?", org);
        }
        query.push(" ORDER BY t.id");
        self.database().fetch_all(query).await?.iter().map(read).collect()
    }

    /// Puts another configuration in the place of one, in the same organization.
    ///
    /// # Errors
    /// [`CatalogError::TelegrafNotFound`].
    pub async fn replace_telegraf(&self, id: Id, new: NewTelegraf) -> Result<Telegraf> {
        let mut tx = self.begin().await?;
        let old = by_id(&mut tx, id).await?;
        let telegraf = made_of(id, old.org_id, new);
        let change =
            sql("UPDATE telegrafs SET name = ?, description = ?, config = ?, buckets = ? WHERE id = ?")
                .bind(&telegraf.name)
                .bind(&telegraf.description)
                .bind(&telegraf.config)
                .bind(buckets_text(&telegraf))
                .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(telegraf)
    }

    /// Deletes a configuration.
    ///
    /// # Errors
    /// [`CatalogError::TelegrafNotFound`].
    pub async fn delete_telegraf(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM telegrafs WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::TelegrafNotFound.into());
        }
        crate::members::forget_resource_in(&mut tx, id).await?;
        self.commit(tx).await
    }
}
