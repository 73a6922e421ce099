//! One way to SQL for every crate that owns tables: SQLite embedded, PostgreSQL in a cluster.
//!
//! Purpose: connect, run one set of SQL texts on both databases, transactions, and migrations named by owner.
//! Several crates keep their tables in one database; each knows only its own.
//!
//! Rules for SQL texts, which is what makes one text enough:
//! - parameters are written `?` (rewritten to `$n` for PostgreSQL, outside quotes);
//! - column types are `TEXT`, `BIGINT`, `BOOLEAN`, `DOUBLE PRECISION` and `BLOB`; in migrations `TEXT` becomes
//!   `TEXT COLLATE "C"` and `BLOB` becomes `BYTEA` on PostgreSQL, so both compare text by its bytes;
//! - folded and sort keys are computed in Rust; `lower()`, `LIKE` and the clock differ and are not used;
//! - `ON CONFLICT … DO UPDATE/NOTHING`, `RETURNING` and `CASE` mean the same on both; `sum()` of a `BIGINT`
//!   needs `CAST(… AS BIGINT)`; boolean literals are `TRUE` and `FALSE`.
//!
//! Invariants: a SQLite file has one writing connection (every transaction of [`Database::begin`] takes the write
//! lock at once, so none fails half way because of another), many readers, WAL journal, `synchronous=FULL`,
//! foreign keys on. A migration runs once, in order, in a transaction, whoever starts first.
//!
//! It deliberately does not know what is stored, nor any resource or permission.

mod connect;
mod error;
mod executor;
mod migrate;
mod query;
mod row;
mod transaction;

pub use connect::{Backend, Database, Options, Tls, TlsMode};
pub use error::{DatabaseError, Result};
pub use executor::Executor;
pub use migrate::Migration;
pub use query::{Query, Value, sql};
pub use row::{ColumnType, Row};
pub use transaction::Transaction;

#[cfg(test)]
mod tests;
