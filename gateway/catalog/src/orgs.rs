//! Organizations.

use serde::Deserialize;
use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, ResourceType, Result, Timestamp};

use crate::buckets::SYSTEM_BUCKETS;
use crate::paging::{Key, Listing};
use crate::{Catalog, CatalogError, Paging, Role};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// Its id.
    pub id: Id,
    /// Its name, unique but for surrounding space.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What an organization is made of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewOrg {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OrgUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
}

/// Which organizations are listed. The first that is present decides: id, name, user; without any, all.
#[derive(Debug, Clone, Default)]
pub struct OrgFilter {
    /// This one.
    pub id: Option<Id>,
    /// The one of this name.
    pub name: Option<String>,
    /// Those this user is a member or owner of.
    pub user_id: Option<Id>,
}

const COLUMNS: &str = "SELECT o.id, o.name, o.description, o.created_at, o.updated_at FROM orgs o";

fn read(row: &Row) -> Result<Org, DatabaseError> {
    Ok(Org {
        id: row.get("id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

fn name_key(name: &str) -> Result<&str> {
    match name.trim() {
        "" => Err(CatalogError::OrgNameEmpty.into()),
        key => Ok(key),
    }
}

pub(crate) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Org> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE o.id = ?")).bind(id)).await?;
    Ok(read(&row.ok_or(CatalogError::OrgNotFound)?)?)
}

pub(crate) async fn by_name(db: &mut dyn Executor, name: &str) -> Result<Org> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE o.name_key = ?")).bind(name.trim())).await?;
    Ok(read(&row.ok_or_else(|| CatalogError::OrgNameNotFound(name.to_owned()))?)?)
}

impl Catalog {
    /// Makes an organization with its system buckets; `owner` becomes its owner.
    ///
    /// # Errors
    /// An empty name, or one that is taken.
    pub async fn create_org(&self, new: NewOrg, owner: Option<Id>) -> Result<Org> {
        let mut tx = self.begin().await?;
        let org = self.create_org_in(&mut tx, new, owner).await?;
        self.commit(tx).await?;
        Ok(org)
    }

    pub(crate) async fn create_org_in(
        &self,
        tx: &mut Transaction,
        new: NewOrg,
        owner: Option<Id>,
    ) -> Result<Org> {
        let key = name_key(&new.name)?.to_owned();
        let now = self.now();
        let org = Org {
            id: self.new_embeddable_id(),
            name: new.name,
            description: new.description,
            created_at: now,
            updated_at: now,
        };
        let insert = sql("INSERT INTO orgs (id, name, name_key, description, created_at, updated_at)
                          VALUES (?, ?, ?, ?, ?, ?)")
        .bind(org.id)
        .bind(&org.name)
        .bind(&key)
        .bind(&org.description)
        .bind(now.0)
        .bind(now.0);
        tx.execute(insert).await.map_err(|error| taken(error, &org.name))?;
        if let Some(owner) = owner {
            // A caller whose user is gone owns nothing; the organization is made all the same.
            if crate::users::exists(tx, owner).await? {
                crate::members::add_in(tx, ResourceType::Orgs, org.id, owner, Role::Owner).await?;
            }
        }
        for system in &SYSTEM_BUCKETS {
            self.create_system_bucket_in(tx, org.id, system).await?;
        }
        Ok(org)
    }

    /// The organization of this id.
    ///
    /// # Errors
    /// [`CatalogError::OrgNotFound`].
    pub async fn find_org(&self, id: Id) -> Result<Org> {
        by_id(&mut self.database(), id).await
    }

    /// The organization of this name.
    ///
    /// # Errors
    /// [`CatalogError::OrgNameNotFound`].
    pub async fn find_org_by_name(&self, name: &str) -> Result<Org> {
        by_name(&mut self.database(), name).await
    }

    /// The organizations that `filter` names, by id.
    ///
    /// # Errors
    /// When the one that is asked for by id or name does not exist.
    pub async fn list_orgs(&self, filter: &OrgFilter, paging: &Paging) -> Result<Vec<Org>> {
        if let Some(id) = filter.id {
            return Ok(vec![self.find_org(id).await?]);
        }
        if let Some(name) = &filter.name {
            return Ok(vec![self.find_org_by_name(name).await?]);
        }
        let mut listing = Listing::new(COLUMNS, "orgs o", &[Key::Text("o.id")]).after_id(paging);
        if let Some(user) = filter.user_id {
            let mine = " AND o.id IN (SELECT m.resource_id FROM members m WHERE m.resource_type = 'orgs' AND m.user_id = ?)";
            listing.filter().push_bind(mine, user);
        }
        let rows = self.read_page(listing, paging).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Changes an organization.
    ///
    /// # Errors
    /// When it does not exist, or the new name is empty or taken.
    pub async fn update_org(&self, id: Id, update: OrgUpdate) -> Result<Org> {
        let mut tx = self.begin().await?;
        let mut org = by_id(&mut tx, id).await?;
        if let Some(name) = update.name {
            org.name = name;
        }
        if let Some(description) = update.description {
            org.description = description;
        }
        org.updated_at = self.now();
        let change =
            sql("UPDATE orgs SET name = ?, name_key = ?, description = ?, updated_at = ? WHERE id = ?")
                .bind(&org.name)
                .bind(name_key(&org.name)?)
                .bind(&org.description)
                .bind(org.updated_at.0)
                .bind(id);
        tx.execute(change).await.map_err(|error| taken(error, &org.name))?;
        self.commit(tx).await?;
        Ok(org)
    }

    /// Deletes an organization with its buckets, their mappings and members, and its labels. Tokens and users stay.
    ///
    /// # Errors
    /// [`CatalogError::OrgNotFound`].
    pub async fn delete_org(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        for members in [
            "DELETE FROM members WHERE resource_id IN (SELECT id FROM buckets WHERE org_id = ?)",
            "DELETE FROM members WHERE resource_id IN (SELECT id FROM tasks WHERE org_id = ?)",
            "DELETE FROM members WHERE resource_id = ?",
        ] {
            tx.execute(sql(members).bind(id)).await?;
        }
        if tx.execute(sql("DELETE FROM orgs WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::OrgNotFound.into());
        }
        crate::authorizations::orphan_in(&mut tx, "org_id", id).await?;
        self.commit(tx).await
    }
}

fn taken(error: DatabaseError, name: &str) -> weir_model::Error {
    if error.is_unique() { CatalogError::OrgExists(name.to_owned()).into() } else { error.into() }
}
