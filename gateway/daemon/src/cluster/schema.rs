//! The table of writer numbers.

use weir_catalog::Catalog;
use weir_database::Migration;
use weir_model::Result;

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "writer numbers",
    sql: "CREATE TABLE writer_numbers (
        number BIGINT PRIMARY KEY,
        holder TEXT NOT NULL,
        beat_at BIGINT NOT NULL
    )",
}];

/// Makes the table, or brings it up to date.
///
/// # Errors
/// The database's.
pub(crate) async fn migrate(catalog: &Catalog) -> Result<()> {
    Ok(catalog.database().migrate("cluster", MIGRATIONS).await?)
}
