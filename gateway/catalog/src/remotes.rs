//! Connections to other servers, which replications copy to.

use weir_database::{DatabaseError, Executor, Row, sql};
use weir_model::{Error, Id, Result};

use crate::{Catalog, CatalogError};

/// Another server. Its token is kept encrypted and given to whoever sends to it only ([`Catalog::remote_token`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name; others may have it too.
    pub name: String,
    /// A description, if one was given.
    pub description: Option<String>,
    /// Where it is.
    pub url: String,
    /// The organization there, for servers that have some.
    pub remote_org_id: Option<Id>,
    /// Whether certificates are not checked.
    pub allow_insecure_tls: bool,
}

/// What a remote is made of.
#[derive(Debug, Clone)]
pub struct NewRemote {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// A description.
    pub description: Option<String>,
    /// Where it is.
    pub url: String,
    /// The token that is sent there.
    pub token: String,
    /// The organization there.
    pub remote_org_id: Option<Id>,
    /// Whether certificates are not checked.
    pub allow_insecure_tls: bool,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct RemoteUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// A new address.
    pub url: Option<String>,
    /// A new token.
    pub token: Option<String>,
    /// Another organization there.
    pub remote_org_id: Option<Id>,
    /// Whether certificates are not checked.
    pub allow_insecure_tls: Option<bool>,
}

/// Which remotes are listed; everything that is present must fit.
#[derive(Debug, Clone)]
pub struct RemoteFilter {
    /// Those of this organization.
    pub org_id: Id,
    /// Those of this name.
    pub name: Option<String>,
    /// Those at this address.
    pub url: Option<String>,
}

const COLUMNS: &str = "SELECT r.id, r.org_id, r.name, r.description, r.url, r.remote_org_id, r.allow_insecure_tls FROM remotes r";

fn read(row: &Row) -> Result<Remote, DatabaseError> {
    Ok(Remote {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        url: row.get("url")?,
        remote_org_id: row.get("remote_org_id")?,
        allow_insecure_tls: row.get("allow_insecure_tls")?,
    })
}

/// Under which name the token of a remote is encrypted: it opens for this remote only.
fn place(id: Id) -> String {
    format!("remotes/{id}/token")
}

pub(crate) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Remote> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE r.id = ?")).bind(id)).await?;
    Ok(read(&row.ok_or(CatalogError::RemoteNotFound)?)?)
}

impl Catalog {
    fn seal_remote_token(&self, org: Id, id: Id, token: &str) -> Result<String> {
        let sealed =
            self.secret_keys().and_then(|keys| keys.seal(org, &place(id), token, self.surroundings()));
        sealed.ok_or_else(|| CatalogError::NoSecretKey.into())
    }

    /// Makes a remote. Nothing is sent to it.
    ///
    /// # Errors
    /// [`CatalogError::NoSecretKey`], or the organization does not exist.
    pub async fn create_remote(&self, new: NewRemote) -> Result<Remote> {
        let remote = Remote {
            id: self.new_id(),
            org_id: new.org_id,
            name: new.name,
            description: new.description,
            url: new.url,
            remote_org_id: new.remote_org_id,
            allow_insecure_tls: new.allow_insecure_tls,
        };
        let sealed = self.seal_remote_token(remote.org_id, remote.id, &new.token)?;
        let insert =
            sql("INSERT INTO remotes (id, org_id, name, description, url, sealed_token, remote_org_id,
                 allow_insecure_tls) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(remote.id)
            .bind(remote.org_id)
            .bind(&remote.name)
            .bind(remote.description.clone())
            .bind(&remote.url)
            .bind(sealed)
            .bind(remote.remote_org_id)
            .bind(remote.allow_insecure_tls);
        let mut tx = self.begin().await?;
        tx.execute(insert).await.map_err(|error| match error {
            DatabaseError::ForeignKey(_) => Error::from(CatalogError::OrgNotFound),
            other => other.into(),
        })?;
        self.commit(tx).await?;
        Ok(remote)
    }

    /// The remote of this id.
    ///
    /// # Errors
    /// [`CatalogError::RemoteNotFound`].
    pub async fn find_remote(&self, id: Id) -> Result<Remote> {
        by_id(&mut self.database(), id).await
    }

    /// The token of a remote, for sending to it. It is never shown.
    ///
    /// # Errors
    /// [`CatalogError::RemoteNotFound`], or it was encrypted with a key that is not there.
    pub async fn remote_token(&self, id: Id) -> Result<String> {
        let query = sql("SELECT org_id, sealed_token FROM remotes WHERE id = ?").bind(id);
        let row = self.database().fetch_optional(query).await?.ok_or(CatalogError::RemoteNotFound)?;
        let (org, sealed): (Id, String) = (row.get("org_id")?, row.get("sealed_token")?);
        let keys = self.secret_keys().ok_or(CatalogError::NoSecretKey)?;
        Ok(keys.open(org, &place(id), &sealed).ok_or(CatalogError::SecretUnreadable)?)
    }

    /// The remotes that `filter` names, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_remotes(&self, filter: &RemoteFilter) -> Result<Vec<Remote>> {
        let mut query = sql(format!("{COLUMNS} WHERE r.org_id = ?")).bind(filter.org_id);
        if let Some(name) = &filter.name {
            query.push_bind(" AND r.name = ?", name);
        }
        if let Some(url) = &filter.url {
            query.push_bind(" AND r.url = ?", url);
        }
        query.push(" ORDER BY r.id");
        let rows = self.database().fetch_all(query).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Changes a remote.
    ///
    /// # Errors
    /// [`CatalogError::RemoteNotFound`], or [`CatalogError::NoSecretKey`] for a new token.
    pub async fn update_remote(&self, id: Id, update: RemoteUpdate) -> Result<Remote> {
        let mut tx = self.begin().await?;
        let mut remote = by_id(&mut tx, id).await?;
        remote.name = update.name.unwrap_or(remote.name);
        remote.description = update.description.or(remote.description);
        remote.url = update.url.unwrap_or(remote.url);
        remote.remote_org_id = update.remote_org_id.or(remote.remote_org_id);
        remote.allow_insecure_tls = update.allow_insecure_tls.unwrap_or(remote.allow_insecure_tls);
        let change = sql("UPDATE remotes SET name = ?, description = ?, url = ?, remote_org_id = ?,
                 allow_insecure_tls = ? WHERE id = ?")
        .bind(&remote.name)
        .bind(remote.description.clone())
        .bind(&remote.url)
        .bind(remote.remote_org_id)
        .bind(remote.allow_insecure_tls)
        .bind(id);
        tx.execute(change).await?;
        if let Some(token) = update.token {
            let sealed = self.seal_remote_token(remote.org_id, id, &token)?;
            tx.execute(sql("UPDATE remotes SET sealed_token = ? WHERE id = ?").bind(sealed).bind(id)).await?;
        }
        self.commit(tx).await?;
        Ok(remote)
    }

    /// Deletes a remote that no replication copies to.
    ///
    /// # Errors
    /// [`CatalogError::RemoteNotFound`], [`CatalogError::RemoteInUse`].
    pub async fn delete_remote(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        by_id(&mut tx, id).await?;
        let using = sql("SELECT id FROM replications WHERE remote_id = ? LIMIT 1").bind(id);
        if tx.fetch_optional(using).await?.is_some() {
            return Err(CatalogError::RemoteInUse(id).into());
        }
        tx.execute(sql("DELETE FROM remotes WHERE id = ?").bind(id)).await?;
        self.commit(tx).await
    }
}
