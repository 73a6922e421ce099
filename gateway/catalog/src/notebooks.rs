//! Notebooks: documents of the user interface, kept as they are sent.

use serde_json::Value;
use weir_database::{DatabaseError, Executor, Row, sql};
use weir_model::{Id, Result, Timestamp};

use crate::{Catalog, CatalogError};

/// A document of the user interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Notebook {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name; others may have it too.
    pub name: String,
    /// What the interface put there.
    pub spec: Value,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a notebook is made of.
#[derive(Debug, Clone)]
pub struct NewNotebook {
    /// The organization.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// What the interface puts there.
    pub spec: Value,
}

const COLUMNS: &str = "SELECT n.id, n.org_id, n.name, n.spec, n.created_at, n.updated_at FROM notebooks n";

fn read(row: &Row) -> Result<Notebook> {
    let spec: String = row.get("spec")?;
    Ok(Notebook {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        spec: serde_json::from_str(&spec).map_err(|error| DatabaseError::Column {
            column: "spec".to_owned(),
            reason: error.to_string(),
        })?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Notebook> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE n.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::NotebookNotFound)?)
}

impl Catalog {
    /// Makes a notebook.
    ///
    /// # Errors
    /// The organization does not exist.
    pub async fn create_notebook(&self, new: NewNotebook) -> Result<Notebook> {
        let now = self.now();
        let notebook = Notebook {
            id: self.new_id(),
            org_id: new.org_id,
            name: new.name,
            spec: new.spec,
            created_at: now,
            updated_at: now,
        };
        let insert = sql(
            "INSERT INTO notebooks (id, org_id, name, spec, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(notebook.id)
        .bind(notebook.org_id)
        .bind(&notebook.name)
        .bind(notebook.spec.to_string())
        .bind(now.0)
        .bind(now.0);
        let mut tx = self.begin().await?;
        match tx.execute(insert).await {
            Err(DatabaseError::ForeignKey(_)) => return Err(CatalogError::OrgNotFound.into()),
            other => other?,
        };
        self.commit(tx).await?;
        Ok(notebook)
    }

    /// The notebook of this id.
    ///
    /// # Errors
    /// [`CatalogError::NotebookNotFound`].
    pub async fn find_notebook(&self, id: Id) -> Result<Notebook> {
        by_id(&mut self.database(), id).await
    }

    /// The notebooks of an organization, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_notebooks(&self, org: Id) -> Result<Vec<Notebook>> {
        let query = sql(format!("{COLUMNS} WHERE n.org_id = ? ORDER BY n.id")).bind(org);
        self.database().fetch_all(query).await?.iter().map(read).collect()
    }

    /// Puts another name and content in a notebook; it stays in its organization.
    ///
    /// # Errors
    /// [`CatalogError::NotebookNotFound`].
    pub async fn replace_notebook(&self, id: Id, name: String, spec: Value) -> Result<Notebook> {
        let mut tx = self.begin().await?;
        let old = by_id(&mut tx, id).await?;
        let notebook = Notebook { name, spec, updated_at: self.now(), ..old };
        let change = sql("UPDATE notebooks SET name = ?, spec = ?, updated_at = ? WHERE id = ?")
            .bind(&notebook.name)
            .bind(notebook.spec.to_string())
            .bind(notebook.updated_at.0)
            .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(notebook)
    }

    /// Deletes a notebook.
    ///
    /// # Errors
    /// [`CatalogError::NotebookNotFound`].
    pub async fn delete_notebook(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM notebooks WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::NotebookNotFound.into());
        }
        self.commit(tx).await
    }
}
