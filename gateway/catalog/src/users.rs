//! Users.

use serde::Deserialize;
use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, Result, Status};

use crate::paging::{Key, Listing};
use crate::{Catalog, CatalogError, Paging};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: Id,
    /// Its name, unique to the byte.
    pub name: String,
    /// Inactive users keep everything and may do nothing.
    pub status: Status,
}

/// What a user is made of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewUser {
    /// The name.
    pub name: String,
    /// The status.
    pub status: Status,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct UserUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new status.
    pub status: Option<Status>,
}

/// Which users are listed. The first that is present decides; without any, all.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// This one.
    pub id: Option<Id>,
    /// The one of this name.
    pub name: Option<String>,
}

const COLUMNS: &str = "SELECT u.id, u.name, u.status FROM users u";

fn read(row: &Row) -> Result<User> {
    Ok(User { id: row.get("id")?, name: row.get("name")?, status: row.get::<String, _>("status")?.parse()? })
}

pub(crate) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<User> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE u.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::UserNotFound)?)
}

pub(crate) async fn exists(db: &mut dyn Executor, id: Id) -> Result<bool> {
    Ok(db.fetch_optional(sql("SELECT id FROM users WHERE id = ?").bind(id)).await?.is_some())
}

impl Catalog {
    /// Makes a user, without a password.
    ///
    /// # Errors
    /// An empty name, or one that is taken.
    pub async fn create_user(&self, new: NewUser) -> Result<User> {
        let mut tx = self.begin().await?;
        let user = self.create_user_in(&mut tx, new).await?;
        self.commit(tx).await?;
        Ok(user)
    }

    pub(crate) async fn create_user_in(&self, tx: &mut Transaction, new: NewUser) -> Result<User> {
        if new.name.is_empty() {
            return Err(CatalogError::UserNameEmpty.into());
        }
        let user = User { id: self.new_id(), name: new.name, status: new.status };
        let insert = sql("INSERT INTO users (id, name, status) VALUES (?, ?, ?)")
            .bind(user.id)
            .bind(&user.name)
            .bind(user.status.as_str());
        tx.execute(insert).await.map_err(|error| taken(error, &user.name))?;
        Ok(user)
    }

    /// The user of this id.
    ///
    /// # Errors
    /// [`CatalogError::UserNotFound`].
    pub async fn find_user(&self, id: Id) -> Result<User> {
        by_id(&mut self.database(), id).await
    }

    /// The user of this name.
    ///
    /// # Errors
    /// [`CatalogError::UserNotFound`].
    pub async fn find_user_by_name(&self, name: &str) -> Result<User> {
        let query = sql(format!("{COLUMNS} WHERE u.name = ?")).bind(name);
        let row = self.database().fetch_optional(query).await?;
        read(&row.ok_or(CatalogError::UserNotFound)?)
    }

    /// The users that `filter` names, by id.
    ///
    /// # Errors
    /// When the one that is asked for by id or name does not exist.
    pub async fn list_users(&self, filter: &UserFilter, paging: &Paging) -> Result<Vec<User>> {
        if let Some(id) = filter.id {
            return Ok(vec![self.find_user(id).await?]);
        }
        if let Some(name) = &filter.name {
            return Ok(vec![self.find_user_by_name(name).await?]);
        }
        let listing = Listing::new(COLUMNS, "users u", &[Key::Text("u.id")]).after_id(paging);
        self.read_page(listing, paging).await?.iter().map(read).collect()
    }

    /// Changes a user.
    ///
    /// # Errors
    /// When it does not exist, or the new name is empty or taken.
    pub async fn update_user(&self, id: Id, update: UserUpdate) -> Result<User> {
        let mut tx = self.begin().await?;
        let mut user = by_id(&mut tx, id).await?;
        if let Some(name) = update.name {
            if name.is_empty() {
                return Err(CatalogError::UserNameEmpty.into());
            }
            user.name = name;
        }
        if let Some(status) = update.status {
            user.status = status;
        }
        let change = sql("UPDATE users SET name = ?, status = ? WHERE id = ?")
            .bind(&user.name)
            .bind(user.status.as_str())
            .bind(id);
        tx.execute(change).await.map_err(|error| taken(error, &user.name))?;
        self.commit(tx).await?;
        Ok(user)
    }

    /// Deletes a user with its password, sessions and memberships. Its tokens stay, and give nothing.
    ///
    /// # Errors
    /// [`CatalogError::UserNotFound`].
    pub async fn delete_user(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM users WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::UserNotFound.into());
        }
        crate::authorizations::orphan_in(&mut tx, "user_id", id).await?;
        self.commit(tx).await
    }
}

fn taken(error: DatabaseError, name: &str) -> weir_model::Error {
    if error.is_unique() { CatalogError::UserExists(name.to_owned()).into() } else { error.into() }
}
