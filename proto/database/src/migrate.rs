//! Versioned schemas, one list of migrations for each crate that owns tables.

use std::collections::BTreeSet;

use crate::{Backend, Database, DatabaseError, Executor, Result, sql};

/// A step of an owner's schema. Steps are never changed once released; a new one is appended.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Rising through the list, gaps allowed: steps that were made side by side may meet a database in either order.
    pub version: u32,
    /// A few words for the log and for finding a mix-up.
    pub name: &'static str,
    /// The statements, in the common subset (see the crate's page), separated by `;`, with no `?`.
    pub sql: &'static str,
}

/// "weir" in ASCII: all processes that migrate one PostgreSQL database wait for this lock.
const MIGRATION_LOCK: i64 = 0x7765_6972;

impl Database {
    /// Brings the tables of `owner` up to the newest of `migrations`. Any number of processes may start at once.
    ///
    /// # Errors
    /// [`DatabaseError::Schema`] if the database is newer than this program or was migrated by other steps; a
    /// failing step leaves the schema as it was.
    pub async fn migrate(&self, owner: &str, migrations: &[Migration]) -> Result<()> {
        let schema_error = |reason: String| DatabaseError::Schema { owner: owner.to_owned(), reason };
        for (before, migration) in migrations.iter().zip(migrations.iter().skip(1)) {
            if before.version >= migration.version {
                return Err(schema_error(format!(
                    "step {:?} does not have a higher number than the one before it",
                    migration.name
                )));
            }
        }
        let mut tx = self.begin().await?;
        tx.lock(MIGRATION_LOCK).await?;
        tx.execute_script(rewrite_types(
            "CREATE TABLE IF NOT EXISTS schema_version (
                owner TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (owner, version))",
            self.backend(),
        ))
        .await?;
        let done = tx
            .fetch_all(
                sql("SELECT version, name FROM schema_version WHERE owner = ? ORDER BY version").bind(owner),
            )
            .await?;
        let mut applied = BTreeSet::new();
        for row in &done {
            let (version, name): (i64, String) = (row.get("version")?, row.get("name")?);
            match migrations.iter().find(|known| i64::from(known.version) == version) {
                Some(known) if known.name == name => applied.insert(version),
                Some(known) => {
                    return Err(schema_error(format!(
                        "the database has step {version} {name:?} where this program has {:?}",
                        known.name
                    )));
                }
                None => {
                    return Err(schema_error(format!(
                        "the database has step {version} {name:?}, which this program does not know; run a newer one"
                    )));
                }
            };
        }
        for migration in migrations.iter().filter(|step| !applied.contains(&i64::from(step.version))) {
            tracing::info!(owner, version = migration.version, name = migration.name, "migrating the schema");
            tx.execute_script(rewrite_types(migration.sql, self.backend())).await?;
            tx.execute(
                sql("INSERT INTO schema_version (owner, version, name) VALUES (?, ?, ?)")
                    .bind(owner)
                    .bind(migration.version)
                    .bind(migration.name),
            )
            .await?;
        }
        tx.commit().await
    }
}

/// Puts PostgreSQL's words for our column types: byte-wise compared text, and `BYTEA`.
pub(crate) fn rewrite_types(text: &str, backend: Backend) -> String {
    if backend == Backend::Sqlite {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let take = if word == 0 { c.len_utf8() } else { word };
        let (token, tail) = rest.split_at(take);
        quoted ^= token == "'";
        out.push_str(match token {
            "TEXT" if !quoted => "TEXT COLLATE \"C\"",
            "BLOB" if !quoted => "BYTEA",
            _ => token,
        });
        rest = tail;
    }
    out
}
