//! Sources: the old list of servers to read from. Nothing reads from them any more; clients may still keep the list.

use serde::{Deserialize, Serialize};
use weir_database::{DatabaseError, Executor, Row, sql};
use weir_model::{Id, Result};

use crate::{Catalog, CatalogError};

/// A source.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Whether it is the one that stands for this server.
    pub default: bool,
    /// Everything else.
    pub fields: SourceFields,
}

/// What a source says of a server. Passwords and shared secrets are neither kept nor shown: nothing here uses them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SourceFields {
    /// Its name.
    pub name: String,
    /// `v1`, `v2` or `self`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it is.
    pub url: String,
    /// Whether certificates are not checked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insecure_skip_verify: bool,
    /// The database that Telegraf writes to.
    pub telegraf: String,
    /// A token for it, as a request gives it.
    pub token: String,
    /// A user of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// Where its metadata are.
    #[serde(rename = "metaUrl", skip_serializing_if = "String::is_empty")]
    pub meta_url: String,
    /// The retention policy of queries that name none.
    #[serde(rename = "defaultRP")]
    pub default_rp: String,
}

/// The source that stands for this server, and the organization that it is in, which does not exist.
const OWN: (u64, u64) = (0x020f_755c_3c08_2000, 0x5061_6e67_652c_206c);

fn own() -> Option<Source> {
    let fields =
        SourceFields { name: "autogen".to_owned(), kind: "self".to_owned(), ..SourceFields::default() };
    Some(Source { id: Id::new(OWN.0)?, org_id: Id::new(OWN.1)?, default: true, fields })
}

fn is_own(id: Id) -> bool {
    id.get() == OWN.0
}

fn read(row: &Row) -> Result<Source> {
    let fields = serde_json::from_str(&row.get::<String, _>("fields")?)
        .map_err(|error| DatabaseError::Column { column: "fields".to_owned(), reason: error.to_string() })?;
    Ok(Source { id: row.get("id")?, org_id: row.get("org_id")?, default: false, fields })
}

fn text(fields: &SourceFields) -> String {
    serde_json::to_string(fields).expect("texts and a boolean, which JSON can hold")
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Source> {
    let query = sql("SELECT s.id, s.org_id, s.fields FROM sources s WHERE s.id = ?").bind(id);
    read(&db.fetch_optional(query).await?.ok_or(CatalogError::SourceNotFound)?)
}

impl Catalog {
    /// Makes a source.
    ///
    /// # Errors
    /// An organization that does not exist.
    pub async fn create_source(&self, org_id: Id, fields: SourceFields) -> Result<Source> {
        let source = Source { id: self.new_id(), org_id, default: false, fields };
        let mut tx = self.begin().await?;
        let insert = sql("INSERT INTO sources (id, org_id, fields) VALUES (?, ?, ?)")
            .bind(source.id)
            .bind(org_id)
            .bind(text(&source.fields));
        match tx.execute(insert).await {
            Err(DatabaseError::ForeignKey(_)) => return Err(CatalogError::OrgNotFound.into()),
            other => other?,
        };
        self.commit(tx).await?;
        Ok(source)
    }

    /// The source of this id.
    ///
    /// # Errors
    /// [`CatalogError::SourceNotFound`].
    pub async fn find_source(&self, id: Id) -> Result<Source> {
        match own().filter(|own| own.id == id) {
            Some(own) => Ok(own),
            None => by_id(&mut self.database(), id).await,
        }
    }

    /// All sources: the one that stands for this server, then the others by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_sources(&self) -> Result<Vec<Source>> {
        let query = sql("SELECT s.id, s.org_id, s.fields FROM sources s ORDER BY s.id");
        let rows = self.database().fetch_all(query).await?;
        own().into_iter().map(Ok).chain(rows.iter().map(read)).collect()
    }

    /// Puts other fields in the place of a source's.
    ///
    /// # Errors
    /// When it does not exist, or stands for this server.
    pub async fn update_source(&self, id: Id, fields: SourceFields) -> Result<Source> {
        if is_own(id) {
            return Err(CatalogError::SourceFixed.into());
        }
        let mut tx = self.begin().await?;
        let source = Source { fields, ..by_id(&mut tx, id).await? };
        let change = sql("UPDATE sources SET fields = ? WHERE id = ?").bind(text(&source.fields)).bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(source)
    }

    /// Deletes a source.
    ///
    /// # Errors
    /// When it does not exist, or stands for this server.
    pub async fn delete_source(&self, id: Id) -> Result<()> {
        if is_own(id) {
            return Err(CatalogError::SourceFixed.into());
        }
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM sources WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::SourceNotFound.into());
        }
        self.commit(tx).await
    }
}
