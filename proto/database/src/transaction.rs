//! Transactions.

use sqlx::{Postgres, Sqlite};

use crate::{Executor, Result, sql};

/// An open transaction: run queries through [`Executor`], then [`Transaction::commit`]. Dropped, it rolls back.
pub struct Transaction(pub(crate) Inner);

pub(crate) enum Inner {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Transaction {
    /// Makes everything done visible and durable.
    ///
    /// # Errors
    /// The database's; then nothing was done (or, if the connection broke meanwhile, it is not known).
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// The database's; the transaction is undone all the same.
    pub async fn rollback(self) -> Result<()> {
        match self.0 {
            Inner::Sqlite(tx) => tx.rollback().await?,
            Inner::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Waits until no other transaction holds the lock named `key`, and holds it to the end of this one. On SQLite
    /// a transaction of [`crate::Database::begin`] excludes every other already.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock(&mut self, key: i64) -> Result<()> {
        if matches!(self.0, Inner::Postgres(_)) {
            // PostgreSQL's answer is of type void, which is not read.
            self.execute(sql("SELECT pg_advisory_xact_lock(?)").bind(key)).await?;
        }
        Ok(())
    }

    /// Runs several statements without parameters. Only migrations do.
    pub(crate) async fn execute_script(&mut self, text: String) -> Result<()> {
        let script = sqlx::raw_sql(sqlx::AssertSqlSafe(text));
        match &mut self.0 {
            Inner::Sqlite(tx) => script.execute(&mut **tx).await.map(drop)?,
            Inner::Postgres(tx) => script.execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }
}
