//! Sessions of signed-in users. They do not raise the catalog's version: they are asked for by their key each time.

use weir_database::sql;
use weir_model::{Id, Result, Timestamp};

use crate::{Catalog, generate_secret, hash_token};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which is not secret.
    pub id: Id,
    /// Whose it is.
    pub user_id: Id,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends unless it is renewed.
    pub expires_at: Timestamp,
}

impl Catalog {
    /// Begins a session of `length` nanoseconds; the second value is its secret key, which is stored hashed.
    /// Sessions that have ended are swept out on the way.
    ///
    /// # Errors
    /// The database's.
    pub async fn create_session(&self, user: Id, length: i64) -> Result<(Session, String)> {
        let now = self.now();
        let session =
            Session { id: self.new_id(), user_id: user, created_at: now, expires_at: now.plus(length) };
        let key = generate_secret(self.surroundings());
        self.database().execute(sql("DELETE FROM sessions WHERE expires_at < ?").bind(now.0)).await?;
        let insert = sql(
            "INSERT INTO sessions (id, key_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(session.id)
        .bind(hash_token(&key))
        .bind(user)
        .bind(now.0)
        .bind(session.expires_at.0);
        self.database().execute(insert).await?;
        Ok((session, key))
    }

    /// The session of this key, unless it has ended.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_session(&self, key: &str) -> Result<Option<Session>> {
        let query = sql(
            "SELECT id, user_id, created_at, expires_at FROM sessions WHERE key_hash = ? AND expires_at >= ?",
        )
        .bind(hash_token(key))
        .bind(self.now().0);
        let Some(row) = self.database().fetch_optional(query).await? else { return Ok(None) };
        Ok(Some(Session {
            id: row.get("id")?,
            user_id: row.get("user_id")?,
            created_at: Timestamp(row.get("created_at")?),
            expires_at: Timestamp(row.get("expires_at")?),
        }))
    }

    /// Lets a session end no earlier than `until`.
    ///
    /// # Errors
    /// The database's.
    pub async fn renew_session(&self, id: Id, until: Timestamp) -> Result<()> {
        let renew = sql("UPDATE sessions SET expires_at = ? WHERE id = ? AND expires_at < ?")
            .bind(until.0)
            .bind(id)
            .bind(until.0);
        self.database().execute(renew).await?;
        Ok(())
    }

    /// Ends a session; one that is over already is no error.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete_session(&self, id: Id) -> Result<()> {
        self.database().execute(sql("DELETE FROM sessions WHERE id = ?").bind(id)).await?;
        Ok(())
    }
}
