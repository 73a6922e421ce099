//! Authorizations, which is what the API calls tokens.

use weir_database::{DatabaseError, Executor, Query, Row, Transaction, sql};
use weir_model::{Error, ErrorCode, Id, Permission, Result, Status, Timestamp};

use crate::paging::{Key, Listing};
use crate::{Catalog, CatalogError, Paging, generate_secret, hash_token};

/// A token, without the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// Its id.
    pub id: Id,
    /// Inactive tokens are known, and give nothing.
    pub status: Status,
    /// A description, possibly empty.
    pub description: String,
    /// The organization it was made in.
    pub org_id: Id,
    /// That organization's name; `None` if it is gone.
    pub org: Option<String>,
    /// The user it acts as.
    pub user_id: Id,
    /// That user's name; `None` if it is gone.
    pub user: Option<String>,
    /// Whether that user is there and active.
    pub user_active: bool,
    /// What it gives.
    pub permissions: Vec<Permission>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a token is made of.
#[derive(Debug, Clone)]
pub struct NewAuthorization {
    /// The organization.
    pub org_id: Id,
    /// The user it acts as.
    pub user_id: Id,
    /// The status.
    pub status: Status,
    /// The description.
    pub description: String,
    /// What it gives: at least one, none of another organization.
    pub permissions: Vec<Permission>,
    /// The token itself, when the caller chose it (setup only); else one is made.
    pub token: Option<String>,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct AuthorizationUpdate {
    /// A new status.
    pub status: Option<Status>,
    /// A new description.
    pub description: Option<String>,
}

/// Which tokens are listed; an id alone decides, the others all must fit.
#[derive(Debug, Clone, Default)]
pub struct AuthorizationFilter {
    /// This one.
    pub id: Option<Id>,
    /// Those made in this organization.
    pub org_id: Option<Id>,
    /// Those made in the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
    /// Those of this user.
    pub user_id: Option<Id>,
    /// Those of the user of this name; `user_id` goes before it.
    pub user: Option<String>,
    /// The part of them that is wanted.
    pub paging: Paging,
}

/// The columns of a table of tokens with what is shown of organization and user.
pub(crate) const COLUMNS: &str = "a.id, a.status, a.description, a.org_id, o.name AS org, a.user_id,
    u.name AS user_name, u.status AS user_status, a.permissions, a.created_at, a.updated_at";

/// Where these columns come from, after the table `a`.
pub(crate) const JOINS: &str = "a LEFT JOIN orgs o ON o.id = a.org_id LEFT JOIN users u ON u.id = a.user_id";

fn select(end: &str) -> Query {
    sql(format!("SELECT {COLUMNS} FROM authorizations {JOINS} WHERE {end}"))
}

pub(crate) fn read(row: &Row) -> Result<Authorization> {
    Ok(Authorization {
        id: row.get("id")?,
        status: row.get::<String, _>("status")?.parse()?,
        description: row.get("description")?,
        org_id: row.get("org_id")?,
        org: row.get("org")?,
        user_id: row.get("user_id")?,
        user: row.get("user_name")?,
        user_active: row.get::<Option<String>, _>("user_status")?.as_deref() == Some("active"),
        permissions: read_permissions(row)?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

pub(crate) fn read_permissions(row: &Row) -> Result<Vec<Permission>> {
    serde_json::from_str(&row.get::<String, _>("permissions")?).map_err(|error| {
        Error::from(DatabaseError::Column { column: "permissions".to_owned(), reason: error.to_string() })
    })
}

impl Authorization {
    pub(crate) fn change(&mut self, update: AuthorizationUpdate, now: Timestamp) {
        self.status = update.status.unwrap_or(self.status);
        if let Some(description) = update.description {
            self.description = description;
        }
        self.updated_at = now;
    }
}

pub(crate) fn permissions_text(permissions: &[Permission]) -> String {
    serde_json::to_string(permissions).expect("permissions are plain words and ids, which JSON can hold")
}

/// An organization or user that is missing is not named to whoever makes a token.
fn cannot_create(error: Error) -> Error {
    match error.code {
        ErrorCode::NotFound => CatalogError::CannotCreateToken.into(),
        _ => error,
    }
}

impl Catalog {
    /// Makes a token; the second value is the token itself, which is not kept.
    ///
    /// # Errors
    /// No permissions, permissions of another organization, an organization or a user that does not exist.
    pub async fn create_authorization(&self, new: NewAuthorization) -> Result<(Authorization, String)> {
        let mut tx = self.begin().await?;
        let made = self.create_authorization_in(&mut tx, new).await?;
        self.commit(tx).await?;
        Ok(made)
    }

    pub(crate) async fn create_authorization_in(
        &self,
        tx: &mut Transaction,
        new: NewAuthorization,
    ) -> Result<(Authorization, String)> {
        let token = new.token.clone().unwrap_or_else(|| generate_secret(self.surroundings()));
        let authorization = self.prepare_authorization_in(tx, new).await?;
        let insert = sql(
            "INSERT INTO authorizations (id, token_hash, status, description, org_id, user_id, permissions,
                          created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(authorization.id)
        .bind(hash_token(&token))
        .bind(authorization.status.as_str())
        .bind(&authorization.description)
        .bind(authorization.org_id)
        .bind(authorization.user_id)
        .bind(permissions_text(&authorization.permissions))
        .bind(authorization.created_at.0)
        .bind(authorization.updated_at.0);
        match tx.execute(insert).await {
            Err(error) if error.is_unique() => return Err(CatalogError::TokenExists.into()),
            other => other?,
        };
        Ok((authorization, token))
    }

    /// Checks what a token is to be made of, and makes everything but the token.
    pub(crate) async fn prepare_authorization_in(
        &self,
        tx: &mut Transaction,
        new: NewAuthorization,
    ) -> Result<Authorization> {
        if new.permissions.is_empty() {
            return Err(CatalogError::NoPermissions.into());
        }
        let foreign =
            |permission: &&Permission| permission.resource.org_id.is_some_and(|id| id != new.org_id);
        if let Some(permission) = new.permissions.iter().find(foreign) {
            return Err(CatalogError::PermissionOfOtherOrg(*permission, new.org_id).into());
        }
        let org = crate::orgs::by_id(tx, new.org_id).await.map_err(cannot_create)?;
        let user = crate::users::by_id(tx, new.user_id).await.map_err(cannot_create)?;
        let now = self.now();
        Ok(Authorization {
            id: self.new_id(),
            status: new.status,
            description: new.description,
            org_id: org.id,
            org: Some(org.name),
            user_id: user.id,
            user: Some(user.name),
            user_active: user.status.is_active(),
            permissions: new.permissions,
            created_at: now,
            updated_at: now,
        })
    }

    /// The token of this id.
    ///
    /// # Errors
    /// [`CatalogError::AuthorizationNotFound`].
    pub async fn find_authorization(&self, id: Id) -> Result<Authorization> {
        find_in(&mut self.database(), id).await
    }

    /// What is known of a token that a caller shows; `None` if it was never made or is deleted.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_authorization_by_token(&self, token: &str) -> Result<Option<Authorization>> {
        let query = select("a.token_hash = ?").bind(hash_token(token));
        self.database().fetch_optional(query).await?.as_ref().map(read).transpose()
    }

    /// The tokens that `filter` names, by id, without those whose organization or user is gone.
    ///
    /// # Errors
    /// When the one that is asked for by id does not exist, nor the organization or user asked for by name.
    pub async fn list_authorizations(&self, filter: &AuthorizationFilter) -> Result<Vec<Authorization>> {
        if let Some(id) = filter.id {
            return Ok(vec![self.find_authorization(id).await?]);
        }
        let rows = format!("SELECT {COLUMNS} FROM authorizations {JOINS}");
        let listing = Listing::new(rows, "authorizations a", &[Key::Text("a.id")]);
        let rows = self.read_authorizations(listing, filter).await?;
        let found: Vec<Authorization> = rows.iter().map(read).collect::<Result<_>>()?;
        // One whose user went while it was made has no mark.
        Ok(found.into_iter().filter(|found| found.org.is_some() && found.user.is_some()).collect())
    }

    /// Reads what `filter` asks for besides an id of a list of tokens by id.
    pub(crate) async fn read_authorizations(
        &self,
        listing: Listing,
        filter: &AuthorizationFilter,
    ) -> Result<Vec<Row>> {
        let mut listing = listing.after_id(&filter.paging);
        let user = match (filter.user_id, &filter.user) {
            (None, Some(name)) => Some(self.find_user_by_name(name).await?.id),
            (id, _) => id,
        };
        let org = match (filter.org_id, &filter.org) {
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (id, _) => id,
        };
        let query = listing.filter();
        query.push(" AND a.orphaned = FALSE");
        if let Some(org) = org {
            query.push_bind(" AND a.org_id = ?", org);
        }
        if let Some(user) = user {
            query.push_bind(" AND a.user_id = ?", user);
        }
        self.read_page(listing, &filter.paging).await
    }

    /// Changes a token.
    ///
    /// # Errors
    /// [`CatalogError::AuthorizationNotFound`].
    pub async fn update_authorization(&self, id: Id, update: AuthorizationUpdate) -> Result<Authorization> {
        let mut tx = self.begin().await?;
        let mut authorization = find_in(&mut tx, id).await?;
        authorization.change(update, self.now());
        let change =
            sql("UPDATE authorizations SET status = ?, description = ?, updated_at = ? WHERE id = ?")
                .bind(authorization.status.as_str())
                .bind(&authorization.description)
                .bind(authorization.updated_at.0)
                .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(authorization)
    }

    /// Deletes a token, which stops at once.
    ///
    /// # Errors
    /// [`CatalogError::AuthorizationNotFound`].
    pub async fn delete_authorization(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM authorizations WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::AuthorizationNotFound.into());
        }
        self.commit(tx).await
    }
}

/// Notes that the tokens of an organization or a user (`column` says which) are listed no more.
pub(crate) async fn orphan_in(tx: &mut Transaction, column: &str, id: Id) -> Result<()> {
    for table in ["authorizations", "legacy_authorizations"] {
        tx.execute(sql(format!("UPDATE {table} SET orphaned = TRUE WHERE {column} = ?")).bind(id)).await?;
    }
    Ok(())
}

async fn find_in(db: &mut dyn Executor, id: Id) -> Result<Authorization> {
    let row = db.fetch_optional(select("a.id = ?").bind(id)).await?;
    read(&row.ok_or(CatalogError::AuthorizationNotFound)?)
}
