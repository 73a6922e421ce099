//! Users: read and write of `users/<id>`; making one needs `write:users` without limits.

use weir_model::{Id, Permission, Resource, ResourceType, Result};

use super::Authorized;
use crate::{NewUser, Paging, User, UserFilter, UserUpdate};

fn user(id: Id) -> Resource {
    Resource::one(ResourceType::Users, id)
}

impl Authorized {
    /// Makes a user.
    ///
    /// # Errors
    /// `write:users is unauthorized`, then as [`crate::Catalog::create_user`].
    pub async fn create_user(&self, new: NewUser) -> Result<User> {
        self.check(Permission::write(Resource::all(ResourceType::Users)))?;
        self.catalog.create_user(new).await
    }

    /// The user of this id.
    ///
    /// # Errors
    /// Not readable, then not found.
    pub async fn find_user(&self, id: Id) -> Result<User> {
        self.check(Permission::read(user(id)))?;
        self.catalog.find_user(id).await
    }

    /// The caller's own user, if its credential lets it see that.
    ///
    /// # Errors
    /// Not readable.
    pub async fn me(&self) -> Result<User> {
        self.find_user(self.caller.user_id).await
    }

    /// The users that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_users`].
    pub async fn list_users(&self, filter: &UserFilter, paging: &Paging) -> Result<Vec<User>> {
        let mut users = self.catalog.list_users(filter, paging).await?;
        users.retain(|found| self.caller.may(Permission::read(user(found.id))));
        Ok(users)
    }

    /// Changes a user.
    ///
    /// # Errors
    /// Not writable, then not found, then as [`crate::Catalog::update_user`].
    pub async fn update_user(&self, id: Id, update: UserUpdate) -> Result<User> {
        self.check(Permission::write(user(id)))?;
        self.catalog.update_user(id, update).await
    }

    /// Deletes a user.
    ///
    /// # Errors
    /// Not writable, then not found.
    pub async fn delete_user(&self, id: Id) -> Result<()> {
        self.check(Permission::write(user(id)))?;
        self.catalog.delete_user(id).await
    }

    /// What a user may do by its memberships (without its tokens).
    ///
    /// # Errors
    /// Not readable.
    pub async fn user_permissions(&self, id: Id) -> Result<Vec<Permission>> {
        self.check(Permission::read(user(id)))?;
        self.catalog.user_permissions(id).await
    }

    /// Whether the caller may set a user's password: asked before the costly hashing.
    ///
    /// # Errors
    /// Not writable.
    pub fn check_set_password(&self, id: Id) -> Result<()> {
        self.check(Permission::write(user(id)))
    }

    /// Gives a user the password of which this is the hash.
    ///
    /// # Errors
    /// Not writable, then [`crate::CatalogError::PasswordOfNobody`].
    pub async fn set_password_hash(&self, id: Id, hash: &str) -> Result<()> {
        self.check_set_password(id)?;
        self.catalog.set_password_hash(id, hash).await
    }
}
