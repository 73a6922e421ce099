//! Members and owners of resources.

use serde::{Deserialize, Serialize};
use weir_database::{Executor, Transaction, sql};
use weir_model::{Id, ResourceType, Result, Status};

use crate::{Catalog, CatalogError};

/// How a user belongs to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May read it.
    Member,
    /// May do anything with it.
    Owner,
}

impl Role {
    /// `member` or `owner`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Owner => "owner",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        if text == "owner" { Self::Owner } else { Self::Member }
    }
}

/// A user who belongs to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user_id: Id,
    /// The user's name.
    pub name: String,
    /// The user's status.
    pub status: Status,
    /// How the user belongs.
    pub role: Role,
}

impl Catalog {
    /// The users with this role on a resource, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_members(&self, resource: Id, role: Role) -> Result<Vec<Member>> {
        let query = sql("SELECT m.user_id, u.name, u.status FROM members m JOIN users u ON u.id = m.user_id
                         WHERE m.resource_id = ? AND m.role = ? ORDER BY m.user_id")
        .bind(resource)
        .bind(role.as_str());
        let rows = self.database().fetch_all(query).await?;
        let read = |row: &weir_database::Row| {
            Ok(Member {
                user_id: row.get("user_id")?,
                name: row.get("name")?,
                status: row.get::<String, _>("status")?.parse()?,
                role,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Gives a user a role on a resource.
    ///
    /// # Errors
    /// When there is no such user, or it has a role there already.
    pub async fn add_member(&self, kind: ResourceType, resource: Id, user: Id, role: Role) -> Result<Member> {
        let mut tx = self.begin().await?;
        let user = crate::users::by_id(&mut tx, user).await?;
        add_in(&mut tx, kind, resource, user.id, role).await?;
        self.commit(tx).await?;
        Ok(Member { user_id: user.id, name: user.name, status: user.status, role })
    }

    /// Takes away whatever role a user has on a resource; none is no error.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_member(&self, resource: Id, user: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        let remove =
            sql("DELETE FROM members WHERE resource_id = ? AND user_id = ?").bind(resource).bind(user);
        tx.execute(remove).await?;
        self.commit(tx).await
    }
}

pub(crate) async fn add_in(
    tx: &mut Transaction,
    kind: ResourceType,
    resource: Id,
    user: Id,
    role: Role,
) -> Result<()> {
    let insert = sql("INSERT INTO members (resource_id, user_id, resource_type, role) VALUES (?, ?, ?, ?)")
        .bind(resource)
        .bind(user)
        .bind(kind.as_str())
        .bind(role.as_str());
    match tx.execute(insert).await {
        Err(error) if error.is_unique() => Err(CatalogError::MemberExists(user).into()),
        other => other.map(drop).map_err(Into::into),
    }
}

/// Takes members, owners and labels off a resource that is being deleted.
pub(crate) async fn forget_resource_in(tx: &mut Transaction, resource: Id) -> Result<()> {
    tx.execute(sql("DELETE FROM members WHERE resource_id = ?").bind(resource)).await?;
    tx.execute(sql("DELETE FROM label_mappings WHERE resource_id = ?").bind(resource)).await?;
    Ok(())
}
