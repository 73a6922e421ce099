//! The tables of a cluster: writer numbers, and how far its ingesters have come.

use weir_catalog::Catalog;
use weir_database::Migration;
use weir_model::Result;

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "writer numbers",
        sql: "CREATE TABLE writer_numbers (
            number BIGINT PRIMARY KEY,
            holder TEXT NOT NULL,
            beat_at BIGINT NOT NULL
        )",
    },
    Migration {
        version: 2,
        name: "progress of ingesters",
        sql: "CREATE TABLE ingester_progress (
            name TEXT PRIMARY KEY,
            settled BIGINT NOT NULL
        )",
    },
];

/// Makes the tables, or brings them up to date.
///
/// # Errors
/// The database's.
pub(crate) async fn migrate(catalog: &Catalog) -> Result<()> {
    Ok(catalog.database().migrate("cluster", MIGRATIONS).await?)
}
