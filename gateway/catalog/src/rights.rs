//! What a user may do because of what it belongs to.

use weir_database::{Executor, sql};
use weir_model::{Id, Permission, Resource, ResourceType, Result};

use crate::{Catalog, Role};

impl Catalog {
    /// The permissions of a user: those of its memberships, and the rights over itself. Owners of an organization
    /// hold everything in it, members read everything; a bucket's member reads it. Being a bucket's owner, or a
    /// member of anything else, gives nothing, as in the reference.
    ///
    /// # Errors
    /// The database's.
    pub async fn user_permissions(&self, user: Id) -> Result<Vec<Permission>> {
        let query = sql("SELECT resource_id, resource_type, role FROM members
                         WHERE user_id = ? AND resource_type IN ('orgs', 'buckets') ORDER BY resource_id")
        .bind(user);
        let mut permissions = Vec::new();
        for row in Executor::fetch_all(&mut self.database(), query).await? {
            let resource: Id = row.get("resource_id")?;
            let role = Role::parse(&row.get::<String, _>("role")?);
            match (row.get::<String, _>("resource_type")?.as_str(), role) {
                ("orgs", Role::Owner) => permissions.extend(Permission::owner(resource)),
                ("orgs", Role::Member) => permissions.extend(Permission::member(resource)),
                ("buckets", Role::Member) => {
                    permissions.push(Permission::read(Resource::one(ResourceType::Buckets, resource)));
                }
                _ => {}
            }
        }
        permissions.extend(Permission::own_user(user));
        Ok(permissions)
    }

    /// The permissions of a user's session: the user's own and those of all its active tokens.
    ///
    /// # Errors
    /// The database's.
    pub async fn session_permissions(&self, user: Id) -> Result<Vec<Permission>> {
        let mut permissions = self.user_permissions(user).await?;
        let query =
            sql("SELECT permissions FROM authorizations WHERE user_id = ? AND status = 'active'").bind(user);
        for row in self.database().fetch_all(query).await? {
            for permission in crate::authorizations::read_permissions(&row)? {
                if !permissions.contains(&permission) {
                    permissions.push(permission);
                }
            }
        }
        Ok(permissions)
    }
}
