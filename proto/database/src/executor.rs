//! What runs queries: a pool or a transaction.

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::connect::Pools;
use crate::row::Inner as RowInner;
use crate::transaction::Inner as TransactionInner;
use crate::{Database, Query, Result, Row, Transaction};

/// Runs queries. A function that takes `&mut dyn Executor` works alone (`&mut &database`) and inside a
/// [`Transaction`] (`&mut transaction`).
#[async_trait]
pub trait Executor: Send {
    /// Runs a statement; the number of rows it changed.
    async fn execute(&mut self, query: Query) -> Result<u64>;
    /// All rows of the answer.
    async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>>;
    /// The first row of the answer, if there is one.
    async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>>;
}

/// Runs `$method` on the connection or pool that `$target` yields for each database.
macro_rules! run {
    ($query:expr, $into:ident, $target:expr, $method:ident) => {{
        let (text, arguments) = $query.$into()?;
        sqlx::query_with(text, arguments).$method($target).await?
    }};
}

fn sqlite_row(row: SqliteRow) -> Row {
    Row(RowInner::Sqlite(row))
}

fn postgres_row(row: PgRow) -> Row {
    Row(RowInner::Postgres(row))
}

#[async_trait]
impl Executor for &Database {
    async fn execute(&mut self, query: Query) -> Result<u64> {
        Ok(match &self.pools {
            Pools::Sqlite { write, .. } => run!(query, into_sqlite, write, execute).rows_affected(),
            Pools::Postgres(pool) => run!(query, into_postgres, pool, execute).rows_affected(),
        })
    }

    async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>> {
        Ok(match &self.pools {
            Pools::Sqlite { read, write } => {
                let pool = if query.is_read() { read } else { write };
                run!(query, into_sqlite, pool, fetch_all).into_iter().map(sqlite_row).collect()
            }
            Pools::Postgres(pool) => {
                run!(query, into_postgres, pool, fetch_all).into_iter().map(postgres_row).collect()
            }
        })
    }

    async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>> {
        Ok(match &self.pools {
            Pools::Sqlite { read, write } => {
                let pool = if query.is_read() { read } else { write };
                run!(query, into_sqlite, pool, fetch_optional).map(sqlite_row)
            }
            Pools::Postgres(pool) => run!(query, into_postgres, pool, fetch_optional).map(postgres_row),
        })
    }
}

#[async_trait]
impl Executor for Transaction {
    async fn execute(&mut self, query: Query) -> Result<u64> {
        Ok(match &mut self.0 {
            TransactionInner::Sqlite(tx) => run!(query, into_sqlite, &mut **tx, execute).rows_affected(),
            TransactionInner::Postgres(tx) => run!(query, into_postgres, &mut **tx, execute).rows_affected(),
        })
    }

    async fn fetch_all(&mut self, query: Query) -> Result<Vec<Row>> {
        Ok(match &mut self.0 {
            TransactionInner::Sqlite(tx) => {
                run!(query, into_sqlite, &mut **tx, fetch_all).into_iter().map(sqlite_row).collect()
            }
            TransactionInner::Postgres(tx) => {
                run!(query, into_postgres, &mut **tx, fetch_all).into_iter().map(postgres_row).collect()
            }
        })
    }

    async fn fetch_optional(&mut self, query: Query) -> Result<Option<Row>> {
        Ok(match &mut self.0 {
            TransactionInner::Sqlite(tx) => {
                run!(query, into_sqlite, &mut **tx, fetch_optional).map(sqlite_row)
            }
            TransactionInner::Postgres(tx) => {
                run!(query, into_postgres, &mut **tx, fetch_optional).map(postgres_row)
            }
        })
    }
}

impl Database {
    /// Runs a statement in its own transaction; the number of rows it changed.
    ///
    /// # Errors
    /// Any [`crate::DatabaseError`].
    pub async fn execute(&self, query: Query) -> Result<u64> {
        Executor::execute(&mut &*self, query).await
    }

    /// All rows of the answer.
    ///
    /// # Errors
    /// Any [`crate::DatabaseError`].
    pub async fn fetch_all(&self, query: Query) -> Result<Vec<Row>> {
        Executor::fetch_all(&mut &*self, query).await
    }

    /// The first row of the answer, if there is one.
    ///
    /// # Errors
    /// Any [`crate::DatabaseError`].
    pub async fn fetch_optional(&self, query: Query) -> Result<Option<Row>> {
        Executor::fetch_optional(&mut &*self, query).await
    }
}
