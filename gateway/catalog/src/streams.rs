//! Streams: the groups that annotations are in.

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, Result, Timestamp};

use crate::{Catalog, CatalogError};

/// A group of annotations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name, unique in the organization.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const COLUMNS: &str =
    "SELECT t.id, t.org_id, t.name, t.description, t.created_at, t.updated_at FROM streams t";

fn read(row: &Row) -> Result<Stream, DatabaseError> {
    Ok(Stream {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Stream> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE t.id = ?")).bind(id)).await?;
    Ok(read(&row.ok_or(CatalogError::StreamNotFound)?)?)
}

async fn by_name(db: &mut dyn Executor, org: Id, name: &str) -> Result<Option<Stream>> {
    let query = sql(format!("{COLUMNS} WHERE t.org_id = ? AND t.name = ?")).bind(org).bind(name);
    Ok(db.fetch_optional(query).await?.map(|row| read(&row)).transpose()?)
}

impl Catalog {
    /// The stream of this name, made if it is not there; a description that is not empty replaces the old one.
    ///
    /// # Errors
    /// The organization does not exist.
    pub async fn put_stream(&self, org: Id, name: &str, description: &str) -> Result<Stream> {
        let mut tx = self.begin().await?;
        let stream = self.put_stream_in(&mut tx, org, name, description).await?;
        self.commit(tx).await?;
        Ok(stream)
    }

    pub(crate) async fn put_stream_in(
        &self,
        tx: &mut Transaction,
        org: Id,
        name: &str,
        description: &str,
    ) -> Result<Stream> {
        let now = self.now().0;
        let upsert = sql(
            "INSERT INTO streams (id, org_id, name, description, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (org_id, name) DO UPDATE SET updated_at = excluded.updated_at,
             description = CASE WHEN excluded.description = '' THEN streams.description
                 ELSE excluded.description END",
        )
        .bind(self.new_id())
        .bind(org)
        .bind(name)
        .bind(description)
        .bind(now)
        .bind(now);
        match tx.execute(upsert).await {
            Err(DatabaseError::ForeignKey(_)) => return Err(CatalogError::OrgNotFound.into()),
            other => other?,
        };
        by_name(tx, org, name).await?.ok_or_else(|| CatalogError::StreamNotFound.into())
    }

    /// The stream of this id.
    ///
    /// # Errors
    /// [`CatalogError::StreamNotFound`].
    pub async fn find_stream(&self, id: Id) -> Result<Stream> {
        by_id(&mut self.database(), id).await
    }

    /// The stream of this name.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_stream_by_name(&self, org: Id, name: &str) -> Result<Option<Stream>> {
        by_name(&mut self.database(), org, name).await
    }

    /// The streams of an organization, by id; those of `names` only if there are some.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_streams(&self, org: Id, names: &[String]) -> Result<Vec<Stream>> {
        let mut query = sql(format!("{COLUMNS} WHERE t.org_id = ?")).bind(org);
        if !names.is_empty() {
            query.push(" AND t.name IN ").push_list(names.iter().map(Into::into));
        }
        query.push(" ORDER BY t.id");
        let rows = self.database().fetch_all(query).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Gives a stream another name and description.
    ///
    /// # Errors
    /// [`CatalogError::StreamNotFound`], [`CatalogError::StreamExists`].
    pub async fn update_stream(&self, id: Id, name: &str, description: &str) -> Result<Stream> {
        let mut tx = self.begin().await?;
        let change = sql("UPDATE streams SET name = ?, description = ?, updated_at = ? WHERE id = ?")
            .bind(name)
            .bind(description)
            .bind(self.now().0)
            .bind(id);
        match tx.execute(change).await {
            Err(error) if error.is_unique() => return Err(CatalogError::StreamExists(name.to_owned()).into()),
            other => other?,
        };
        let stream = by_id(&mut tx, id).await?;
        self.commit(tx).await?;
        Ok(stream)
    }

    /// Deletes streams with their annotations; those that are not there are no error.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete_streams(&self, org: Id, names: &[String]) -> Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let mut delete = sql("DELETE FROM streams WHERE org_id = ? AND name IN ").bind(org);
        delete.push_list(names.iter().map(Into::into));
        tx.execute(delete).await?;
        self.commit(tx).await
    }

    /// Deletes a stream with its annotations.
    ///
    /// # Errors
    /// [`CatalogError::StreamNotFound`].
    pub async fn delete_stream(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM streams WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::StreamNotFound.into());
        }
        self.commit(tx).await
    }
}
