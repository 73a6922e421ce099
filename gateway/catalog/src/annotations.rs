//! Annotations: notes that the user interface draws on graphs.

use std::collections::BTreeMap;

use weir_database::{DatabaseError, Executor, Row, sql};
use weir_model::{Id, Result, Timestamp};

use crate::{Catalog, CatalogError};

/// A note on a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// What it says.
    pub fields: AnnotationFields,
}

/// What an annotation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationFields {
    /// The name of its stream.
    pub stream: String,
    /// In a few words.
    pub summary: String,
    /// In more words, possibly none.
    pub message: String,
    /// Names and values to find it by.
    pub stickers: BTreeMap<String, String>,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
}

/// Which annotations are meant; everything that is present must fit.
#[derive(Debug, Clone)]
pub struct AnnotationFilter {
    /// Those that begin then or later.
    pub start: Timestamp,
    /// Those that end then or before.
    pub end: Timestamp,
    /// Those of these streams; all if there are none.
    pub streams: Vec<String>,
    /// Those of the stream of this id.
    pub stream_id: Option<Id>,
    /// Those that have all of these.
    pub stickers: BTreeMap<String, String>,
}

const COLUMNS: &str =
    "SELECT a.id, a.org_id, t.name AS stream, a.summary, a.message, a.stickers, a.start_time,
    a.end_time FROM annotations a JOIN streams t ON t.id = a.stream_id";

fn read(row: &Row) -> Result<Annotation> {
    let stickers: String = row.get("stickers")?;
    let fields = AnnotationFields {
        stream: row.get("stream")?,
        summary: row.get("summary")?,
        message: row.get("message")?,
        stickers: serde_json::from_str(&stickers).map_err(|error| DatabaseError::Column {
            column: "stickers".to_owned(),
            reason: error.to_string(),
        })?,
        start: Timestamp(row.get("start_time")?),
        end: Timestamp(row.get("end_time")?),
    };
    Ok(Annotation { id: row.get("id")?, org_id: row.get("org_id")?, fields })
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Annotation> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE a.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::AnnotationNotFound)?)
}

async fn listed(db: &mut dyn Executor, org: Id, filter: &AnnotationFilter) -> Result<Vec<Annotation>> {
    let mut query = sql(format!("{COLUMNS} WHERE a.org_id = ? AND a.start_time >= ? AND a.end_time <= ?"))
        .bind(org)
        .bind(filter.start.0)
        .bind(filter.end.0);
    if !filter.streams.is_empty() {
        query.push(" AND t.name IN ").push_list(filter.streams.iter().map(Into::into));
    }
    if let Some(id) = filter.stream_id {
        query.push_bind(" AND t.id = ?", id);
    }
    query.push(" ORDER BY a.id");
    let rows = db.fetch_all(query).await?;
    let mut all = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    // The two databases look into JSON in different words.
    all.retain(|annotation| {
        let has = &annotation.fields.stickers;
        filter.stickers.iter().all(|(name, value)| has.get(name) == Some(value))
    });
    Ok(all)
}

fn stickers(fields: &AnnotationFields) -> String {
    serde_json::json!(fields.stickers).to_string()
}

impl Catalog {
    /// Makes annotations, and the streams they name if they are not there.
    ///
    /// # Errors
    /// The organization does not exist.
    pub async fn create_annotations(
        &self,
        org_id: Id,
        new: Vec<AnnotationFields>,
    ) -> Result<Vec<Annotation>> {
        let mut tx = self.begin().await?;
        let mut made = Vec::with_capacity(new.len());
        for fields in new {
            let stream = self.put_stream_in(&mut tx, org_id, &fields.stream, "").await?;
            let annotation = Annotation { id: self.new_id(), org_id, fields };
            let insert = sql("INSERT INTO annotations (id, org_id, stream_id, summary, message, stickers,
                     start_time, end_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(annotation.id)
            .bind(org_id)
            .bind(stream.id)
            .bind(&annotation.fields.summary)
            .bind(&annotation.fields.message)
            .bind(stickers(&annotation.fields))
            .bind(annotation.fields.start.0)
            .bind(annotation.fields.end.0);
            tx.execute(insert).await?;
            made.push(annotation);
        }
        self.commit(tx).await?;
        Ok(made)
    }

    /// The annotation of this id.
    ///
    /// # Errors
    /// [`CatalogError::AnnotationNotFound`].
    pub async fn find_annotation(&self, id: Id) -> Result<Annotation> {
        by_id(&mut self.database(), id).await
    }

    /// The annotations of an organization that `filter` names, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_annotations(&self, org: Id, filter: &AnnotationFilter) -> Result<Vec<Annotation>> {
        listed(&mut self.database(), org, filter).await
    }

    /// Puts other words in an annotation, and into the stream they name.
    ///
    /// # Errors
    /// [`CatalogError::AnnotationNotFound`].
    pub async fn replace_annotation(&self, id: Id, fields: AnnotationFields) -> Result<Annotation> {
        let mut tx = self.begin().await?;
        let old = by_id(&mut tx, id).await?;
        let stream = self.put_stream_in(&mut tx, old.org_id, &fields.stream, "").await?;
        let change = sql("UPDATE annotations SET stream_id = ?, summary = ?, message = ?, stickers = ?,
                 start_time = ?, end_time = ? WHERE id = ?")
        .bind(stream.id)
        .bind(&fields.summary)
        .bind(&fields.message)
        .bind(stickers(&fields))
        .bind(fields.start.0)
        .bind(fields.end.0)
        .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(Annotation { fields, ..old })
    }

    /// Deletes the annotations that `filter` names.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete_annotations(&self, org: Id, filter: &AnnotationFilter) -> Result<()> {
        let mut tx = self.begin().await?;
        for annotation in listed(&mut tx, org, filter).await? {
            tx.execute(sql("DELETE FROM annotations WHERE id = ?").bind(annotation.id)).await?;
        }
        self.commit(tx).await
    }

    /// Deletes an annotation.
    ///
    /// # Errors
    /// [`CatalogError::AnnotationNotFound`].
    pub async fn delete_annotation(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM annotations WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::AnnotationNotFound.into());
        }
        self.commit(tx).await
    }
}
