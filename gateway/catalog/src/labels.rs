//! Labels, and what bears them.

use std::collections::BTreeMap;

use serde::Deserialize;
use weir_database::{DatabaseError, Executor, Query, Row, sql};
use weir_model::{Error, Id, ResourceType, Result};

use crate::{Catalog, CatalogError};

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name, unique in the organization whatever the case.
    pub name: String,
    /// Its properties, `color` and `description` mostly.
    pub properties: BTreeMap<String, String>,
}

/// What a label is made of.
#[derive(Debug, Clone)]
pub struct NewLabel {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The name; surrounding space goes away.
    pub name: String,
    /// The properties.
    pub properties: BTreeMap<String, String>,
}

/// What changes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LabelUpdate {
    /// A new name; absent or empty for none.
    pub name: Option<String>,
    /// Properties to set; an empty value takes the property away; the others stay.
    pub properties: Option<BTreeMap<String, String>>,
}

/// Which labels are listed; everything that is present must fit.
#[derive(Debug, Clone, Default)]
pub struct LabelFilter {
    /// Those of this organization.
    pub org_id: Option<Id>,
    /// The one of this name, whatever the case.
    pub name: Option<String>,
}

const COLUMNS: &str = "SELECT l.id, l.org_id, l.name, l.properties FROM labels l";

fn read(row: &Row) -> Result<Label> {
    let properties = serde_json::from_str(&row.get::<String, _>("properties")?).map_err(|error| {
        Error::from(DatabaseError::Column { column: "properties".to_owned(), reason: error.to_string() })
    })?;
    Ok(Label { id: row.get("id")?, org_id: row.get("org_id")?, name: row.get("name")?, properties })
}

fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn properties_text(label: &Label) -> String {
    serde_json::to_string(&label.properties).expect("a map of strings, which JSON can hold")
}

fn taken(error: DatabaseError, name: &str) -> Error {
    match error {
        DatabaseError::Unique(_) => CatalogError::LabelExists(name.to_owned()).into(),
        DatabaseError::ForeignKey(_) => CatalogError::OrgNotFound.into(),
        other => other.into(),
    }
}

pub(crate) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Label> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE l.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::LabelNotFound)?)
}

impl Catalog {
    /// Makes a label.
    ///
    /// # Errors
    /// An empty name, one that is taken, or an organization that does not exist.
    pub async fn create_label(&self, new: NewLabel) -> Result<Label> {
        let name = new.name.trim().to_owned();
        if name.is_empty() {
            return Err(CatalogError::LabelNameRequired.into());
        }
        let label = Label { id: self.new_id(), org_id: new.org_id, name, properties: new.properties };
        let mut tx = self.begin().await?;
        let insert =
            sql("INSERT INTO labels (id, org_id, name, name_key, properties) VALUES (?, ?, ?, ?, ?)")
                .bind(label.id)
                .bind(label.org_id)
                .bind(&label.name)
                .bind(name_key(&label.name))
                .bind(properties_text(&label));
        tx.execute(insert).await.map_err(|error| taken(error, &label.name))?;
        self.commit(tx).await?;
        Ok(label)
    }

    /// The label of this id.
    ///
    /// # Errors
    /// [`CatalogError::LabelNotFound`].
    pub async fn find_label(&self, id: Id) -> Result<Label> {
        by_id(&mut self.database(), id).await
    }

    /// The labels that `filter` names, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_labels(&self, filter: &LabelFilter) -> Result<Vec<Label>> {
        let mut query = sql(format!("{COLUMNS} WHERE TRUE"));
        if let Some(org) = filter.org_id {
            query.push_bind(" AND l.org_id = ?", org);
        }
        if let Some(name) = &filter.name {
            query.push_bind(" AND l.name_key = ?", name_key(name));
        }
        query.push(" ORDER BY l.id");
        self.read_labels(query).await
    }

    /// Changes a label.
    ///
    /// # Errors
    /// When it does not exist, or the new name is taken.
    pub async fn update_label(&self, id: Id, update: LabelUpdate) -> Result<Label> {
        let mut tx = self.begin().await?;
        let mut label = by_id(&mut tx, id).await?;
        if let Some(name) = update.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()) {
            label.name = name;
        }
        for (key, value) in update.properties.unwrap_or_default() {
            if value.is_empty() {
                label.properties.remove(&key);
            } else {
                label.properties.insert(key, value);
            }
        }
        let change = sql("UPDATE labels SET name = ?, name_key = ?, properties = ? WHERE id = ?")
            .bind(&label.name)
            .bind(name_key(&label.name))
            .bind(properties_text(&label))
            .bind(id);
        tx.execute(change).await.map_err(|error| taken(error, &label.name))?;
        self.commit(tx).await?;
        Ok(label)
    }

    /// Deletes a label and takes it off everything that bears it.
    ///
    /// # Errors
    /// [`CatalogError::LabelNotFound`].
    pub async fn delete_label(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM labels WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::LabelNotFound.into());
        }
        self.commit(tx).await
    }

    /// The labels of a resource, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_labels_of(&self, resource: Id) -> Result<Vec<Label>> {
        let mut query = sql(format!("{COLUMNS} JOIN label_mappings m ON m.label_id = l.id"));
        query.push_bind(" WHERE m.resource_id = ? ORDER BY l.id", resource);
        self.read_labels(query).await
    }

    /// The labels of several resources, by resource and id: what a list shows. Resources without labels are absent.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_labels_of_all(&self, resources: &[Id]) -> Result<BTreeMap<Id, Vec<Label>>> {
        let mut found: BTreeMap<Id, Vec<Label>> = BTreeMap::new();
        for part in resources.chunks(500) {
            let mut query = sql("SELECT m.resource_id, l.id, l.org_id, l.name, l.properties FROM labels l
                 JOIN label_mappings m ON m.label_id = l.id WHERE m.resource_id IN ");
            query.push_list(part.iter().map(|id| (*id).into())).push(" ORDER BY l.id");
            for row in self.database().fetch_all(query).await? {
                found.entry(row.get("resource_id")?).or_default().push(read(&row)?);
            }
        }
        Ok(found)
    }

    /// Puts a label on a resource.
    ///
    /// # Errors
    /// When there is no such label, or the resource bears it already.
    pub async fn add_label(&self, kind: ResourceType, resource: Id, label: Id) -> Result<Label> {
        let mut tx = self.begin().await?;
        let label = by_id(&mut tx, label).await?;
        let insert =
            sql("INSERT INTO label_mappings (resource_id, label_id, resource_type) VALUES (?, ?, ?)")
                .bind(resource)
                .bind(label.id)
                .bind(kind.as_str());
        match tx.execute(insert).await {
            Err(error) if error.is_unique() => return Err(CatalogError::LabelOnResource.into()),
            other => other?,
        };
        self.commit(tx).await?;
        Ok(label)
    }

    /// Takes a label off a resource; if the resource does not bear it, that is no error.
    ///
    /// # Errors
    /// [`CatalogError::LabelNotFound`].
    pub async fn remove_label(&self, resource: Id, label: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        by_id(&mut tx, label).await?;
        let remove = sql("DELETE FROM label_mappings WHERE resource_id = ? AND label_id = ?")
            .bind(resource)
            .bind(label);
        tx.execute(remove).await?;
        self.commit(tx).await
    }

    async fn read_labels(&self, query: Query) -> Result<Vec<Label>> {
        self.database().fetch_all(query).await?.iter().map(read).collect()
    }
}
