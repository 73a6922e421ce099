//! Password hashes. What a good password is and how it is hashed is for the auth crate.

use weir_database::{Executor, Transaction, sql};
use weir_model::{Id, Result};

use crate::{Catalog, CatalogError};

impl Catalog {
    /// The hash of a user's password; `None` if it has none (or there is no such user).
    ///
    /// # Errors
    /// The database's.
    pub async fn password_hash(&self, user: Id) -> Result<Option<String>> {
        let query = sql("SELECT hash FROM passwords WHERE user_id = ?").bind(user);
        let row = self.database().fetch_optional(query).await?;
        Ok(row.map(|row| row.get("hash")).transpose()?)
    }

    /// Gives a user the password of which this is the hash. Sessions stay.
    ///
    /// # Errors
    /// [`CatalogError::PasswordOfNobody`].
    pub async fn set_password_hash(&self, user: Id, hash: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        if !crate::users::exists(&mut tx, user).await? {
            return Err(CatalogError::PasswordOfNobody.into());
        }
        set_in(&mut tx, user, hash).await?;
        self.commit(tx).await
    }
}

pub(crate) async fn set_in(tx: &mut Transaction, user: Id, hash: &str) -> Result<()> {
    let upsert = sql("INSERT INTO passwords (user_id, hash) VALUES (?, ?)
                      ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash")
    .bind(user)
    .bind(hash);
    tx.execute(upsert).await?;
    Ok(())
}
