//! Notification endpoints.

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Error, Id, Result, Status, Timestamp};

use super::{EndpointKind, MonitoringUpdate, NewEndpoint, json};
use crate::paging::{Key, Listing};
use crate::{Catalog, CatalogError, Paging};

/// Where rules tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name, unique among the organization's endpoints.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// Whether it is in use; kept for clients.
    pub status: Status,
    /// Where it is.
    pub kind: EndpointKind,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Which endpoints are listed.
#[derive(Debug, Clone, Default)]
pub struct EndpointFilter {
    /// Those of this organization.
    pub org_id: Option<Id>,
    /// Those of the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
}

const COLUMNS: &str = "SELECT e.id, e.org_id, e.name, e.description, e.status, e.kind, e.created_at,
    e.updated_at FROM notification_endpoints e";

fn read(row: &Row) -> Result<Endpoint> {
    Ok(Endpoint {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        status: row.get::<String, _>("status")?.parse()?,
        kind: EndpointKind::from_json(&json::column(row, "kind")?)?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

pub(super) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Endpoint> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE e.id = ?")).bind(id)).await?;
    read(&row.ok_or(CatalogError::EndpointNotFound(id))?)
}

fn taken(error: DatabaseError, name: &str) -> Error {
    match error {
        DatabaseError::Unique(_) => CatalogError::EndpointExists(name.to_owned()).into(),
        DatabaseError::ForeignKey(_) => CatalogError::OrgNotFound.into(),
        other => other.into(),
    }
}

/// What is common to all endpoints: a name and a status. Its words for the latter are not those of the others.
fn check(name: &str, status: &str) -> Result<Status, CatalogError> {
    if name.is_empty() {
        return Err(CatalogError::Monitoring("Notification Endpoint Name can't be empty".to_owned()));
    }
    status.parse().map_err(|_| CatalogError::Monitoring("invalid status".to_owned()))
}

impl Catalog {
    /// Makes an endpoint and keeps its secrets.
    ///
    /// # Errors
    /// An organization that does not exist, an endpoint that is refused, a name that is taken, or
    /// [`CatalogError::NoSecretKey`].
    pub async fn create_endpoint(&self, org_id: Id, new: NewEndpoint) -> Result<Endpoint> {
        let (id, now) = (self.new_id(), self.now());
        let mut kind = new.kind;
        kind.name_secrets(id);
        let status = check(&new.name, &new.status)?;
        kind.check()?;
        let mut endpoint = Endpoint {
            id,
            org_id,
            name: new.name,
            description: new.description,
            status,
            kind,
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.begin().await?;
        let insert = sql(
            "INSERT INTO notification_endpoints (id, org_id, name, description, status, kind, created_at,
                 updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(endpoint.id)
        .bind(endpoint.org_id)
        .bind(&endpoint.name)
        .bind(&endpoint.description)
        .bind(endpoint.status.as_str())
        .bind(endpoint.kind.json().to_string())
        .bind(now.0)
        .bind(now.0);
        tx.execute(insert).await.map_err(|error| taken(error, &endpoint.name))?;
        self.set_secrets_in(&mut tx, org_id, &endpoint.kind.take_secrets()).await?;
        self.commit(tx).await?;
        Ok(endpoint)
    }

    /// The endpoint of this id.
    ///
    /// # Errors
    /// [`CatalogError::EndpointNotFound`].
    pub async fn find_endpoint(&self, id: Id) -> Result<Endpoint> {
        by_id(&mut self.database(), id).await
    }

    /// A page of the endpoints that `filter` names, by id.
    ///
    /// # Errors
    /// When the organization that is asked for by name does not exist.
    pub async fn list_endpoints(&self, filter: &EndpointFilter, paging: &Paging) -> Result<Vec<Endpoint>> {
        let org = match (filter.org_id, &filter.org) {
            (Some(id), _) => Some(id),
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (None, None) => None,
        };
        let mut listing =
            Listing::new(COLUMNS, "notification_endpoints e", &[Key::Text("e.id")]).after_id(paging);
        if let Some(org) = org {
            listing.filter().push_bind(" AND e.org_id = ?", org);
        }
        self.read_page(listing, paging).await?.iter().map(read).collect()
    }

    /// Changes an endpoint.
    ///
    /// # Errors
    /// When it does not exist, or the new name is taken.
    pub async fn update_endpoint(&self, id: Id, update: MonitoringUpdate) -> Result<Endpoint> {
        let mut tx = self.begin().await?;
        let mut endpoint = by_id(&mut tx, id).await?;
        endpoint.name = update.name.unwrap_or(endpoint.name);
        endpoint.description = update.description.unwrap_or(endpoint.description);
        endpoint.status = update.status.unwrap_or(endpoint.status);
        self.store_endpoint(tx, endpoint).await
    }

    /// Puts another endpoint in the place of one, in the same organization. Secrets it has no more stay with the
    /// organization's, as in the reference.
    ///
    /// # Errors
    /// When it does not exist, or as [`Catalog::create_endpoint`].
    pub async fn replace_endpoint(&self, id: Id, new: NewEndpoint) -> Result<Endpoint> {
        let mut tx = self.begin().await?;
        let old = by_id(&mut tx, id).await?;
        let status = check(&new.name, &new.status)?;
        let mut kind = new.kind;
        kind.name_secrets(id);
        kind.check()?;
        let endpoint = Endpoint { name: new.name, description: new.description, status, kind, ..old };
        self.store_endpoint(tx, endpoint).await
    }

    async fn store_endpoint(&self, mut tx: Transaction, mut endpoint: Endpoint) -> Result<Endpoint> {
        endpoint.updated_at = self.now();
        let change = sql(
            "UPDATE notification_endpoints SET name = ?, description = ?, status = ?, kind = ?, updated_at = ?
             WHERE id = ?",
        )
        .bind(&endpoint.name)
        .bind(&endpoint.description)
        .bind(endpoint.status.as_str())
        .bind(endpoint.kind.json().to_string())
        .bind(endpoint.updated_at.0)
        .bind(endpoint.id);
        tx.execute(change).await.map_err(|error| taken(error, &endpoint.name))?;
        self.set_secrets_in(&mut tx, endpoint.org_id, &endpoint.kind.take_secrets()).await?;
        self.rewrite_rules_of(&mut tx, &endpoint).await?;
        self.commit(tx).await?;
        Ok(endpoint)
    }

    /// Deletes an endpoint. Its secrets stay, as in the reference: others may have come to use them.
    ///
    /// # Errors
    /// [`CatalogError::EndpointNotFound`].
    pub async fn delete_endpoint(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        let delete = sql("DELETE FROM notification_endpoints WHERE id = ?").bind(id);
        if tx.execute(delete).await? == 0 {
            return Err(CatalogError::EndpointNotFound(id).into());
        }
        crate::members::forget_resource_in(&mut tx, id).await?;
        self.commit(tx).await
    }
}
